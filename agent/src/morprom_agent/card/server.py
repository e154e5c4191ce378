"""The station's server: pages and WebSockets on 127.0.0.1, for this user's browser alone."""

import asyncio
import json
import logging
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus
from importlib.resources import files
from typing import Any, Final, cast
from uuid import UUID

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from morprom_agent.card.desk import Desk, Message, Page
from morprom_agent.card.guard import Secrets, Way, is_here, may_open

HELLO_SECONDS: Final = 5.0
LARGEST: Final = 4096
MOST: Final = 32
UNWANTED: Final = 4401  # no hello, or not with this run's secret
WAYS: Final[dict[str, Way]] = {"/counter": "counter", "/station": "station"}
PAGES: Final = {
    "/": ("station.html", "text/html; charset=utf-8"),
    "/station.css": ("station.css", "text/css; charset=utf-8"),
    "/station.js": ("station.js", "text/javascript; charset=utf-8"),
}

quiet = logging.getLogger("morprom_agent.card.socket")
quiet.setLevel(logging.CRITICAL)  # its debug lines would hold whole readings


class StationServer:
    """Serves one desk."""

    def __init__(self, desk: Desk, secrets: Secrets, port: int) -> None:
        self._desk = desk
        self._secrets = secrets
        self._port = port
        self._open = 0

    def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Answer what is no WebSocket; None opens one."""
        if not is_here(request.headers.get_all("Host"), self._port):
            return _plain(HTTPStatus.MISDIRECTED_REQUEST)
        path = request.path.partition("?")[0]
        if request.method == "OPTIONS":
            return self._preflight(request)
        if request.method != "GET":
            return _plain(HTTPStatus.METHOD_NOT_ALLOWED)
        if path in PAGES:
            return self._page(path)
        way = WAYS.get(path)
        if way is None:
            return _plain(HTTPStatus.NOT_FOUND)
        if not may_open(way, request.headers.get_all("Origin"), self._port, self._desk.stations):
            return _plain(HTTPStatus.FORBIDDEN)
        return None if self._open < MOST else _plain(HTTPStatus.SERVICE_UNAVAILABLE)

    async def talk(self, connection: ServerConnection) -> None:
        """One WebSocket from hello to its end."""
        self._open += 1
        try:
            request = cast("Request", connection.request)
            way = WAYS[request.path.partition("?")[0]]
            if not await self._is_known(connection, way):
                await connection.close(UNWANTED)
                return
            async with _outbox(connection) as send:
                if way == "station":
                    await self._window(connection, send)
                else:
                    await self._counter(connection, request.headers["Origin"], send)
        except ConnectionClosed:
            pass
        finally:
            self._open -= 1

    async def _is_known(self, connection: ServerConnection, way: Way) -> bool:
        try:
            said = _message(await asyncio.wait_for(connection.recv(), HELLO_SECONDS))
        except TimeoutError:
            return False
        return said.get("type") == "hello" and self._secrets.fits(way, said.get("secret"))

    async def _counter(self, connection: ServerConnection, origin: str, send: "_Outbox") -> None:
        page = Page(self._desk.stations[origin], send)
        self._desk.join(page)
        try:
            async for raw in connection:
                self._said(page, _message(raw))
        finally:
            self._desk.leave(page)

    def _said(self, page: Page, message: Message) -> None:
        match message:
            case {"type": "ask"}:
                self._desk.ask(page)
            case {"type": "cancel"}:
                self._desk.cancel(page)
            case {"type": "nonce", "nonce": str(nonce), "station_id": str(station_id)}:
                try:
                    self._desk.nonce(page, nonce, UUID(station_id))
                except ValueError:
                    return
            case _:
                return

    async def _window(self, connection: ServerConnection, send: "_Outbox") -> None:
        self._desk.open_window(send)
        try:
            async for raw in connection:
                if _message(raw).get("type") == "press":
                    self._desk.press()
        finally:
            self._desk.close_window(send)

    def _preflight(self, request: Request) -> Response:
        """What Chrome asked before it had a permission of its own for this (Private Network Access)."""
        origins = request.headers.get_all("Origin")
        if not may_open("counter", origins, self._port, self._desk.stations):
            return _plain(HTTPStatus.FORBIDDEN)
        allowed = Headers({"Access-Control-Allow-Origin": origins[0], "Vary": "Origin", "Content-Length": "0"})
        allowed["Access-Control-Allow-Private-Network"] = "true"
        return Response(HTTPStatus.NO_CONTENT, "No Content", allowed)

    def _page(self, path: str) -> Response:
        name, kind = PAGES[path]
        body = files("morprom_agent.card").joinpath("page", name).read_bytes()
        own = f"ws://127.0.0.1:{self._port}"
        policy = f"default-src 'none'; script-src 'self'; style-src 'self'; connect-src {own}; frame-ancestors 'none'"
        return _answer(HTTPStatus.OK, body, kind, policy + "; base-uri 'none'; form-action 'none'")


class _Outbox:
    """Messages in order, without waiting for a slow page: a page that is far behind is dropped."""

    MOST = 200

    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection
        self._waiting: asyncio.Queue[Message] = asyncio.Queue(self.MOST)

    def __call__(self, message: Message) -> None:
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            self._connection.transport.abort()

    async def empty(self) -> None:
        """Send for as long as the connection lives."""
        while True:
            message = await self._waiting.get()
            await self._connection.send(json.dumps(message, ensure_ascii=False))


@asynccontextmanager
async def _outbox(connection: ServerConnection) -> AsyncGenerator[_Outbox]:
    outbox = _Outbox(connection)
    task = asyncio.get_running_loop().create_task(_until_closed(outbox))
    try:
        yield outbox
    finally:
        task.cancel()


async def _until_closed(outbox: _Outbox) -> None:
    try:
        await outbox.empty()
    except ConnectionClosed:
        return


@asynccontextmanager
async def serving(desk: Desk, secrets: Secrets, listening: socket.socket) -> AsyncGenerator[None]:
    """Serve on a socket that listens on 127.0.0.1."""
    station = StationServer(desk, secrets, listening.getsockname()[1])
    async with serve(
        station.talk, sock=listening, process_request=station.admit, max_size=LARGEST, compression=None,
        server_header=None, logger=quiet, open_timeout=HELLO_SECONDS, close_timeout=1,
    ):  # fmt: skip
        yield


def listen(port: int) -> socket.socket:
    """A socket on 127.0.0.1 that nobody else can take over; port 0 is any. Raises OSError."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)  # Windows lets others share a port otherwise
    if exclusive is not None:
        listening.setsockopt(socket.SOL_SOCKET, exclusive, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError:
        listening.close()
        raise
    return listening


def _message(raw: str | bytes) -> Message:
    try:
        said: Any = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return cast("Message", said) if isinstance(said, dict) else {}


def _plain(status: HTTPStatus) -> Response:
    body = f"{status.value} {status.phrase}\n".encode()
    return _answer(status, body, "text/plain; charset=utf-8", "default-src 'none'")


def _answer(status: HTTPStatus, body: bytes, kind: str, policy: str) -> Response:
    headers = Headers({
        "Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close", "Cache-Control": "no-store",
        "Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    })  # fmt: skip
    return Response(status.value, status.phrase, headers, body)
