"""What holds for every reply, whatever route made it: how browsers take it, no body after HEAD, which pages may call.

A page of any origin may call the protocol where people are invented (demo, sandbox), without the browser's credentials:
a vendor's programmer tries calls from a page of their own. Production allows none. WHATWG Fetch, 3.3 (CORS protocol).
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

Scope = dict[str, Any]
Message = dict[str, Any]
Header = tuple[bytes, bytes]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

PROTOCOL: Final = ("/api/", "/token", "/oauth2/token", "/idp/", "/openapi.json")
"""Where pages of other origins may call. Not `/metrics`, which trusts whoever is on this machine, browsers included."""

NO_SNIFFING: Final = (b"x-content-type-options", b"nosniff")
ALWAYS_HTTPS: Final = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
"""Two years; RFC 6797, ASVS 5 3.4.1. Sent where the public address is https, whoever ends TLS."""

FOR_REPLIES: Final = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"retry-after, www-authenticate"),
)
FOR_PREFLIGHT: Final = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, HEAD, POST, DELETE"),
    (b"access-control-allow-headers", b"authorization, content-type, content-encoding"),
    (b"access-control-max-age", b"600"),
)


def edge(application: Application, *, open_to_pages: bool, is_https: bool) -> Application:
    """The application with its edge around it."""
    always = (NO_SNIFFING, ALWAYS_HTTPS) if is_https else (NO_SNIFFING,)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            send = _with_headers(send, always)
            if open_to_pages and scope["path"].startswith(PROTOCOL):
                if _is_preflight(scope):
                    await _answer_preflight(send)
                    return
                send = _with_headers(send, FOR_REPLIES)
            if scope["method"] == "HEAD":
                send = _without_body(send)
        await application(scope, receive, send)

    return answer


def _is_preflight(scope: Scope) -> bool:
    return scope["method"] == "OPTIONS" and any(
        name == b"access-control-request-method" for name, _ in scope["headers"]
    )


async def _answer_preflight(send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": list(FOR_PREFLIGHT)})
    await send({"type": "http.response.body", "body": b""})


def _with_headers(send: Send, added: Sequence[Header]) -> Send:
    """What is said already is not said twice."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            said = {name for name, _ in message["headers"]}
            message = {**message, "headers": [*message["headers"], *(one for one in added if one[0] not in said)]}
        await send(message)

    return sent


def _without_body(send: Send) -> Send:
    async def sent(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return sent
