"""A counter for a browser: platform, real card station, and a PC/SC service with a virtual reader, in a thread."""

import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import BrowserContext

from agent.card.pcsc_service import Service, own_folder
from agent.card.station import Station, running
from agent.card.virtual_card import Slot, VirtualCard
from conftest import KeysInMemory
from doors.counter_desk import Counter, Officer, counter_on
from morprom.identity import clients
from morprom.kernel import Mode, Settings
from morprom.storage import EmbeddedPostgres, KeyRing
from morprom_agent.card.pcsc import PcscReader
from platform_process import free_port, until
from served import Threaded, in_a_thread, own_database, serving
from units.cast import KHON_KAEN

NAME: Final = "counter_browser"


class Place(Threaded):
    """What a test works with, from its own thread."""

    def __init__(self, counter: Counter, station: Station, service: Service, origin: str) -> None:
        super().__init__()
        self.counter, self.station, self.service, self.origin = counter, station, service, origin
        self.slot: Slot = service.slot(0)

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
        until(lambda: PcscReader().look().state == "empty")
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
    service.start()
    try:
        with in_a_thread(lambda: _place(postgres, service)) as place:
            yield place
    finally:
        service.stop()


@asynccontextmanager
async def _place(postgres: EmbeddedPostgres, service: Service) -> AsyncIterator[Place]:
    port = free_port()
    origin = f"http://localhost:{port}"
    folder = tempfile.TemporaryDirectory(prefix="morprom-station-")
    async with (
        own_database(postgres, NAME) as (url, database),
        counter_on(database, url, KeyRing(KeysInMemory()), origin=origin) as counter,
        serving(counter.app, Settings(port=port, public_url=origin)),
    ):
        counter.time.unix = time.time()  # the station's clock is the real one
        with folder as named:
            async with running(PcscReader(), Path(named), origin) as station:
                yield Place(counter, station, service, origin)
