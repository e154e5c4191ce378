"""The HTTP server: uvicorn, with a deadline for clients who never finish their headers."""

import asyncio
import socket
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from morprom.kernel import Settings

HEADER_SECONDS: Final = 15.0
KEEP_ALIVE_SECONDS: Final = 75
BACKLOG: Final = 2048


class PunctualProtocol(HttpToolsProtocol):
    """Closes a connection that has not said what it wants within `HEADER_SECONDS` of its first byte.

    uvicorn's own time-out watches idle connections only; a client that sends one header byte a minute would hold its
    connection for ever.
    """

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch()

    def on_message_begin(self) -> None:
        self._watch()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._unwatch()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        super().connection_lost(exc)

    def _watch(self) -> None:
        self._unwatch()
        self._deadline = self.loop.call_later(HEADER_SECONDS, self.transport.close)

    def _unwatch(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None


def listen(settings: Settings) -> socket.socket:
    """The socket that all workers share. Raises OSError when the port is taken."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
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
            http=PunctualProtocol,
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
