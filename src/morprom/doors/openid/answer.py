"""Sending a browser back to its client (RFC 6749, 4.1.2; RFC 9207; OAuth 2.0 Form Post Response Mode)."""

from typing import Final

from litestar import Response

from morprom.doors.openid.reply import issuer_of
from morprom.doors.pages import Pages
from morprom.doors.pages.away import answered_at, onward, origin_of
from morprom.doors.wire import Call
from morprom.federation import Refused, Request
from morprom.federation.read_request import Way
from morprom.kernel import Secret

PAGES: Final = Pages("morprom.doors.openid")


def way_of(request: Request) -> Way:
    """Where the answer to a request goes."""
    return Way(request.redirect_uri, request.response_mode, request.state)


def answered(request: Call, way: Way, found: Secret[str] | Refused) -> Response[bytes]:
    """A code, or an error, with `iss` and the state as it came."""
    if isinstance(found, Refused):
        members = {"error": found.error, "error_description": found.words.en}
    else:
        members = {"code": found.reveal()}
    members |= {"iss": issuer_of(request)}
    if way.response_mode == "form_post":
        members |= {"state": way.state} if way.state is not None else {}
        origin = origin_of(way.redirect_uri)
        return PAGES.show(request, "form_post.html", form_action=[origin], action=way.redirect_uri, members=members)
    return onward(request, answered_at(way.redirect_uri, way.state, **members))
