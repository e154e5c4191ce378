"""A counter for a browser: the platform in a thread, a station that speaks as real ones do, a signed-in nurse."""

import asyncio
import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from typing import Any, Final, TypeVar

import asyncpg
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from conftest import KeysInMemory
from doors.counter_desk import Counter, Officer, counter_on
from morprom.app.server import listen, server_for
from morprom.kernel import Settings
from morprom.proofing.model import CardFields
from morprom.storage import Database, EmbeddedPostgres, KeyRing, Role
from morprom_wire.card import fingerprint
from platform_process import free_port

SECRET: Final = "a-secret-of-this-run-of-the-station"
NAME: Final = "counter_browser"
FACE: Final = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4z"
    "NDL/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z"
)  # one grey pixel

Made = TypeVar("Made")


class FakeStation:
    """Says what a station says (morprom_wire.card), when the test lets a card in and presses its button."""

    def __init__(self, counter: Counter) -> None:
        self._station = counter.station
        self._pages: set[ServerConnection] = set()
        self._asking: ServerConnection | None = None
        self._card: CardFields | None = None
        self._insertions = 0
        self.refused: list[str] = []
        self.port = free_port()

    async def talk(self, page: ServerConnection) -> None:
        """One page."""
        with suppress(ConnectionClosed):
            said = json.loads(await page.recv())
            if said != {"type": "hello", "secret": SECRET}:
                self.refused.append(str(said))
                return
            self._pages.add(page)
            public = self._station.public
            await self._say(page, "hello", public_key=b64encode(public).decode(), fingerprint=fingerprint(public),
                            name="เคาน์เตอร์ 1", version="0")  # fmt: skip
            await self._state(page)
            async for raw in page:
                await self._hear(page, json.loads(raw))
        self._pages.discard(page)
        if self._asking is page:
            self._asking = None

    async def insert(self, card: CardFields | None) -> None:
        """Put a card in, or take it out."""
        self._card = card
        self._insertions += card is not None
        for page in list(self._pages):
            await self._state(page)

    async def press(self) -> bool:
        """The button in the station's window; False when no page asks."""
        if self._asking is None or self._card is None:
            return False
        await self._say(self._asking, "go")
        return True

    async def fail(self) -> None:
        """The card was pulled out."""
        if self._asking is not None:
            await self._say(self._asking, "failed", code="removed", th="บัตรถูกดึงออกระหว่างอ่าน", en="it was pulled out")

    async def _hear(self, page: ServerConnection, said: dict[str, Any]) -> None:
        if said["type"] == "ask":
            self._asking = page
            await self._say(page, "waiting", th="รอกดปุ่มที่หน้าต่างเครื่องอ่าน", en="waiting for the button")
        elif said["type"] == "nonce" and self._card is not None:
            self._station.station_id = said["station_id"]
            await self._say(page, "progress", done=10, of=20)
            await self._say(page, "reading", reading=self._reading(said["nonce"], self._card))

    def _reading(self, nonce: str, card: CardFields) -> dict[str, Any]:
        return self._station.reading(nonce, card, shown=b64decode(FACE)) | {"is_simulated": False}

    async def _state(self, page: ServerConnection) -> None:
        there = self._card is not None
        await self._say(
            page, "state", state="card" if there else "empty", reader="test",
            insertion=str(self._insertions) if there else "", th="มีบัตรในเครื่องอ่าน" if there else "ยังไม่มีบัตร",
            en="there is a card" if there else "no card",
        )  # fmt: skip

    async def _say(self, page: ServerConnection, kind: str, **members: Any) -> None:
        with suppress(ConnectionClosed):
            await page.send(json.dumps({"type": kind, "is_simulated": False, **members}))


class Place:
    """What a test works with, from its own thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, counter: Counter, station: FakeStation, origin: str) -> None:
        self._loop = loop
        self.counter, self.station, self.origin = counter, station, origin

    def do(self, work: Awaitable[Made]) -> Made:
        """Do something there."""

        async def done() -> Made:
            return await work

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result(60)

    def officer(self, middle: str) -> tuple[Officer, str]:
        """A nurse, and the cookie of their session."""
        officer = self.do(self.counter.officer(middle))
        return officer, str(officer.http.cookies.get("morprom"))

    @property
    def opening(self) -> str:
        """The address that the station's window opens."""
        return f"/counter#card={self.station.port}.{SECRET}"


@contextmanager
def counter_place(postgres: EmbeddedPostgres) -> Iterator[Place]:
    """Serve a counter until the test is over."""
    ready, over = threading.Event(), threading.Event()
    found: list[Place] = []

    async def run() -> None:
        async with AsyncExitStack() as stack:
            url = await stack.enter_async_context(_database(postgres))
            port = free_port()
            origin = f"http://127.0.0.1:{port}"
            database = await Database.connect(url, Role.OWNER, most=4)
            stack.push_async_callback(database.close)
            counter = await stack.enter_async_context(counter_on(database, url, KeyRing(KeysInMemory()), origin=origin))
            settings = Settings(port=port, public_url=origin)
            server = server_for(counter.app, settings)
            serving = asyncio.create_task(server.serve(sockets=[listen(settings)]))
            station = FakeStation(counter)
            await stack.enter_async_context(serve(station.talk, "127.0.0.1", station.port))
            found.append(Place(asyncio.get_running_loop(), counter, station, origin))
            ready.set()
            await asyncio.to_thread(over.wait)
            server.should_exit = True
            await serving

    thread = threading.Thread(target=asyncio.run, args=[run()], daemon=True)
    thread.start()
    assert ready.wait(60)
    try:
        yield found[0]
    finally:
        over.set()
        thread.join(30)


class _database:  # noqa: N801 (used as a function)
    """A database of its own."""

    def __init__(self, postgres: EmbeddedPostgres) -> None:
        self._postgres = postgres

    async def __aenter__(self) -> str:
        await self._execute(f"create database {NAME} template morprom")
        return self._postgres.url(database=NAME)

    async def __aexit__(self, *_: object) -> None:
        await self._execute(f"drop database {NAME} with (force)")

    async def _execute(self, statement: str) -> None:
        admin = await asyncpg.connect(self._postgres.url(database="postgres"))
        await admin.execute(statement)
        await admin.close()
