"""The way from a page of ours to the address of a programme (RFC 6749, 4.1.2). The caller has checked the address."""

from typing import Final
from urllib.parse import urlencode, urlsplit

from litestar import Response

from morprom.doors.pages.page import Pages, see_other
from morprom.doors.wire import Call

PAGES: Final = Pages("morprom.doors.pages")


def origin_of(uri: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def answered_at(uri: str, state: str | None, **members: str) -> str:
    """The address with an answer in its query, and the state as it came, bytes that are no UTF-8 included."""
    given = members | ({"state": state} if state is not None else {})
    joint = "&" if "?" in uri else "?"
    return f"{uri}{joint}{urlencode(given, errors='surrogateescape')}" if given else uri


def onward(request: Call, url: str) -> Response[bytes]:
    """303 to another site. From a page of ours by a small page instead: Chromium holds the `form-action` of the form
    that began a chain of redirects against every step of it, and the sign-in form allows none elsewhere.
    """
    if request.method == "GET" and request.headers.get("sec-fetch-site") == "same-origin":
        return PAGES.show(request, "onward.html", url=url, origin=origin_of(url))
    return see_other(url)
