"""Sending a browser back to its client (RFC 6749, 4.1.2; RFC 9207; OAuth 2.0 Form Post Response Mode)."""

from typing import Final
from urllib.parse import urlencode, urlsplit

from litestar import Response

from morprom.doors.openid.reply import issuer_of
from morprom.doors.pages import Pages, see_other
from morprom.doors.wire import Call
from morprom.federation import Refused, Request
from morprom.federation.read_request import Way
from morprom.kernel import Secret

PAGES: Final = Pages("morprom.doors.openid")


def way_of(request: Request) -> Way:
    """Where the answer to a request goes."""
    return Way(request.redirect_uri, request.response_mode, request.state)


def origin_of(uri: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def answered(request: Call, way: Way, found: Secret[str] | Refused) -> Response[bytes]:
    """A code, or an error, with `iss` and the state as it came."""
    if isinstance(found, Refused):
        members = {"error": found.error, "error_description": found.words.en}
    else:
        members = {"code": found.reveal()}
    members |= {"iss": issuer_of(request)} | ({"state": way.state} if way.state is not None else {})
    origin = origin_of(way.redirect_uri)
    if way.response_mode == "form_post":
        return PAGES.show(request, "form_post.html", form_action=[origin], action=way.redirect_uri, members=members)
    joint = "&" if "?" in way.redirect_uri else "?"
    return onward(request, f"{way.redirect_uri}{joint}{urlencode(members)}")


def onward(request: Call, url: str) -> Response[bytes]:
    """303 to another site. From a page of ours by a small page instead: Chromium holds the `form-action` of the form
    that began a chain of redirects against every step of it, and the sign-in form allows none elsewhere.
    """
    if request.method == "GET" and request.headers.get("sec-fetch-site") == "same-origin":
        return PAGES.show(request, "onward.html", url=url, origin=origin_of(url))
    return see_other(url)
