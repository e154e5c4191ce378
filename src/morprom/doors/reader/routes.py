"""The calls of this door, as `app` mounts them."""

from collections.abc import Sequence

from litestar import Router

from morprom.doors.reader.request_token import request_token
from morprom.doors.reader.web_app import web_app
from morprom.doors.wire import routed


def handlers() -> Sequence[Router]:
    """The calls of this door."""
    return routed(request_token, web_app)
