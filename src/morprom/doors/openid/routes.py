"""The calls and pages of this door, as `app` mounts them."""

from collections.abc import Sequence

from litestar import Router

from morprom.doors.openid.ask import ask_page, decide
from morprom.doors.openid.authorize import authorize
from morprom.doors.openid.discovery import configuration, keys
from morprom.doors.openid.grants import grants_page, take_back_grant
from morprom.doors.openid.introspect import introspection
from morprom.doors.openid.leave import leave, leave_page
from morprom.doors.openid.par import push_request
from morprom.doors.openid.reply import oauth
from morprom.doors.openid.revoke import revocation
from morprom.doors.openid.token import token
from morprom.doors.openid.userinfo import userinfo
from morprom.doors.pages import asset_routes, paged


def handlers() -> Sequence[Router]:
    """Everything of this door."""
    calls = oauth(configuration, introspection, keys, push_request, revocation, token, userinfo)
    files = asset_routes("/oidc/files", "morprom.doors.openid")
    pages = paged(ask_page, authorize, decide, files, grants_page, leave, leave_page, take_back_grant)
    return [*calls, *pages]
