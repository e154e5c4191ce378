"""The calls and pages of this door, as `app` mounts them."""

from collections.abc import Sequence

from litestar import Router

from morprom.doors.faces.answers import health_refused, provider_refused, routed
from morprom.doors.faces.health import health_account, health_key, health_token
from morprom.doors.faces.provider import provider_key, provider_token
from morprom.doors.faces.provider_oauth import provider_oauth_token
from morprom.doors.faces.provider_profile import provider_profile
from morprom.doors.faces.redirect import health_redirect, provider_authorize
from morprom.doors.pages import paged


def handlers() -> Sequence[Router]:
    """Everything of this door."""
    health = routed(health_account, health_key, health_token, told=health_refused)
    provider = routed(provider_key, provider_oauth_token, provider_profile, provider_token, told=provider_refused)
    return [*health, *provider, *paged(health_redirect, provider_authorize)]
