"""The HTTP server: uvicorn, with deadlines for clients who never finish what they say, or never hear the answer."""

import asyncio
import socket
import time
from typing import Any, ClassVar, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from morprom.kernel import Settings, Words
from morprom.mophphr import envelope

HEADER_SECONDS: Final = 15.0
BODY_SECONDS: Final = 125.0  # a little more than the doors take, so that they can still say why
UNHEARD_SECONDS: Final = 60
KEEP_ALIVE_SECONDS: Final = 75
BACKLOG: Final = 2048
HEAD_BYTES: Final = 262_144
"""First line and headers of one request, about: what came before the limit was seen is at most one read more."""

NOT_HTTP: Final = Words("คำขอไม่ใช่ HTTP ที่อ่านได้", "the request is not HTTP that can be read")
HEAD_TOO_LARGE: Final = Words("ส่วนหัวของคำขอใหญ่เกินไป", "the head of the request is too large")


class PunctualProtocol(HttpToolsProtocol):
    """Closes a connection that has not said what it wants within `HEADER_SECONDS`, or all of it in `BODY_SECONDS` more.

    uvicorn's own time-out watches idle connections only; a client that sends one byte a minute would hold its
    connection for ever, also after it was answered. Its parser keeps a head of any size; `HEAD_BYTES` ends that.
    What cannot be parsed is answered in the envelope that every reply has.
    """

    settings: ClassVar[Settings] = Settings()
    _deadline: asyncio.TimerHandle | None = None
    _head: int | None = 0  # bytes of the head that is being read; None between it and the next

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch(HEADER_SECONDS)

    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            self._head += len(data)
        super().data_received(data)
        if self._head is not None and self._head > HEAD_BYTES:
            self._refuse(413, "Content Too Large", HEAD_TOO_LARGE)

    def send_400_response(self, msg: str) -> None:
        self._refuse(400, "Bad Request", NOT_HTTP)

    def on_message_begin(self) -> None:
        self._watch(HEADER_SECONDS)
        self._head = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._watch(BODY_SECONDS)
        self._head = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._unwatch()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        super().connection_lost(exc)

    def _refuse(self, status: int, reason: str, words: Words) -> None:
        self._head = None
        if self.transport.is_closing():
            return
        body = envelope(
            None, status=status, message=str(words), started=time.monotonic(),
            label=self.settings.endpoint_label, port=self.settings.port,
        )  # fmt: skip
        head = (
            f"HTTP/1.1 {status} {reason}\r\ncontent-type: application/json\r\ncache-control: no-store\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def _watch(self, seconds: float) -> None:
        self._unwatch()
        self._deadline = self.loop.call_later(seconds, self.transport.close)

    def _unwatch(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None


def listen(settings: Settings) -> socket.socket:
    """The socket that all workers share. Raises OSError when the port is taken."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # inherited by every connection: a reader who does not read is cut (Linux)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNHEARD_SECONDS * 1000)
    listening.bind((settings.host, settings.port))
    listening.listen(BACKLOG)
    listening.set_inheritable(True)
    return listening


def server_for(application: Any, settings: Settings) -> uvicorn.Server:
    """A server for one worker. Access is recorded by us, never by an access log with paths in it.

    A client's address is taken from a proxy's header only when the proxy is named: throttles count by address.
    """
    return uvicorn.Server(
        uvicorn.Config(
            application,
            loop="uvloop",
            http=type("PunctualProtocolHere", (PunctualProtocol,), {"settings": settings}),
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            date_header=True,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=20,
            ws="none",
        )
    )
