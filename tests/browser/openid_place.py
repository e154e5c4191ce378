"""The provider for a browser: the platform in a thread, clients, and people who are signed in."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from uuid import UUID

from conftest import KeysInMemory
from doors.relying import House, relying
from morprom.kernel import Mode, Settings
from morprom.storage import EmbeddedPostgres, KeyRing
from platform_process import free_port
from served import Threaded, in_a_thread, own_database, serving

NAME = f"openid_browser{os.getpid()}"


class OpenidPlace(Threaded):
    """What a test works with, from its own thread."""

    def __init__(self, house: House, origin: str) -> None:
        super().__init__()
        self.house, self.origin = house, origin

    def cookie(self, person: UUID | None = None) -> str:
        """The session of somebody who has just signed in with a passkey; Malee's by default."""
        browser = self.house.browser()
        self.do(self.house.sign_in(browser, person=person))
        return browser.http.cookies["morprom"]


@contextmanager
def openid_place(postgres: EmbeddedPostgres) -> Iterator[OpenidPlace]:
    """Serve until the tests are over."""
    with in_a_thread(lambda: _place(postgres)) as place:
        yield place


@asynccontextmanager
async def _place(postgres: EmbeddedPostgres) -> AsyncIterator[OpenidPlace]:
    port = free_port()
    settings = Settings(mode=Mode.DEMO, port=port, public_url=f"http://127.0.0.1:{port}")
    async with (
        own_database(postgres, NAME) as (url, database),
        relying(database, url, KeyRing(KeysInMemory()), settings=settings) as house,
        serving(house.app, settings),
    ):
        yield OpenidPlace(house, settings.public_url)
