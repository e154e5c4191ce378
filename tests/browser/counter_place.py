"""A counter for a browser: platform, real card station, and a PC/SC service with a virtual reader, in a thread."""

import asyncio
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final, TypeVar

import asyncpg
from playwright.sync_api import BrowserContext

from agent.card.pcsc_service import Service, own_folder
from agent.card.station import Station, running
from agent.card.virtual_card import Slot, VirtualCard
from conftest import KeysInMemory
from doors.counter_desk import Counter, Officer, counter_on
from morprom.app.server import listen, server_for
from morprom.identity import clients
from morprom.kernel import Mode, Settings
from morprom.storage import Database, EmbeddedPostgres, KeyRing, Role
from morprom_agent.card.pcsc import PcscReader
from platform_process import free_port, until
from units.cast import KHON_KAEN

NAME: Final = "counter_browser"

Made = TypeVar("Made")


class Place:
    """What a test works with, from its own thread."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, counter: Counter, station: Station, service: Service, origin: str
    ) -> None:
        self._loop = loop
        self.counter, self.station, self.service, self.origin = counter, station, service, origin
        self.slot: Slot = service.slot(0)

    def do(self, work: Awaitable[Made]) -> Made:
        """Do something there."""

        async def done() -> Made:
            return await work

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result(60)

    def officer(self, middle: str, context: BrowserContext) -> Officer:
        """A nurse who is signed in, in a browser of their own."""
        officer = self.do(self.counter.officer(middle))
        context.add_cookies([
            {"name": "morprom", "value": str(officer.http.cookies["morprom"]), "url": self.origin, "httpOnly": True}
        ])  # fmt: skip
        return officer

    async def client(self, back: str) -> str:
        """A programme of the hospital that sends people to the card page; its id."""
        async with self.counter.database.transaction() as tx:
            made = await clients.register(tx, "HIS ทดสอบ", KHON_KAEN, [back], Mode.SANDBOX)
        return made.client.client_id

    async def is_vouched(self) -> bool:
        """Whether DOPA vouched for the last card that a programme was shown."""
        async with self.counter.database.transaction() as tx:
            return await tx.fetchval("select is_vouched from card_code order by issued_at desc limit 1")

    def insert(self, card: VirtualCard) -> VirtualCard:
        """Put a card into the reader, which sees first that the one before is out: it looks a few times a second."""
        self.slot.pull()
        until(lambda: PcscReader().look().state == "empty", patience=30)
        return self.slot.insert(card)

    @property
    def opening(self) -> str:
        """The address that the station's window opens."""
        return f"/counter#card={self.station.port}.{self.station.secrets.counter}"

    @property
    def window(self) -> str:
        """The station's window, as the file that the station writes leads to it."""
        return f"http://127.0.0.1:{self.station.port}/#{self.station.secrets.station}"

    @property
    def fingerprint(self) -> str:
        """What that window shows."""
        return self.station.enrolled[self.origin].fingerprint


@contextmanager
def counter_place(postgres: EmbeddedPostgres) -> Iterator[Place]:
    """A counter until the test is over. Skips, or fails, where there is no PC/SC."""
    service = Service(own_folder())
    ready, over = threading.Event(), threading.Event()
    found: list[Place] = []

    async def run() -> None:
        async with _place(postgres, service) as place:
            found.append(place)
            ready.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=asyncio.run, args=[run()], daemon=True)
    service.start()
    thread.start()
    try:
        assert ready.wait(60)
        yield found[0]
    finally:
        over.set()
        thread.join(30)
        service.stop()


@asynccontextmanager
async def _place(postgres: EmbeddedPostgres, service: Service) -> AsyncIterator[Place]:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(_database(postgres))
        port = free_port()
        origin = f"http://localhost:{port}"
        database = await Database.connect(url, Role.OWNER, most=4)
        stack.push_async_callback(database.close)
        counter = await stack.enter_async_context(counter_on(database, url, KeyRing(KeysInMemory()), origin=origin))
        counter.time.unix = time.time()  # the station's clock is the real one
        settings = Settings(port=port, public_url=origin)
        server = server_for(counter.app, settings)
        serving = asyncio.create_task(server.serve(sockets=[listen(settings)]))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="morprom-station-")))
        station = await stack.enter_async_context(running(PcscReader(), folder, origin))
        yield Place(asyncio.get_running_loop(), counter, station, service, origin)
        server.should_exit = True
        await serving


@asynccontextmanager
async def _database(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """A database of its own."""
    await _execute(postgres, f"create database {NAME} template morprom")
    yield postgres.url(database=NAME)
    await _execute(postgres, f"drop database {NAME} with (force)")


async def _execute(postgres: EmbeddedPostgres, statement: str) -> None:
    admin = await asyncpg.connect(postgres.url(database="postgres"))
    await admin.execute(statement)
    await admin.close()
