"""The provider for a browser: the platform in a thread, clients, and people who are signed in."""

import asyncio
import os
import threading
from collections.abc import Awaitable, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import TypeVar
from uuid import UUID

import asyncpg

from conftest import KeysInMemory
from doors.relying import House, relying
from morprom.app.server import listen, server_for
from morprom.kernel import Mode, Settings
from morprom.storage import Database, EmbeddedPostgres, KeyRing, Role
from platform_process import free_port

NAME = f"openid_browser{os.getpid()}"
Made = TypeVar("Made")


class OpenidPlace:
    """What a test works with, from its own thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, house: House, origin: str) -> None:
        self._loop, self.house, self.origin = loop, house, origin

    def do(self, work: Awaitable[Made]) -> Made:
        """Do something there."""

        async def done() -> Made:
            return await work

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result(60)

    def cookie(self, person: UUID | None = None) -> str:
        """The session of somebody who has just signed in with a passkey; Malee's by default."""
        browser = self.house.browser()
        self.do(self.house.sign_in(browser, person=person))
        return browser.http.cookies["morprom"]


@contextmanager
def openid_place(postgres: EmbeddedPostgres) -> Iterator[OpenidPlace]:
    """Serve until the tests are over."""
    ready, over = threading.Event(), threading.Event()
    found: list[OpenidPlace] = []

    async def execute(statement: str) -> None:
        admin = await asyncpg.connect(postgres.url(database="postgres"))
        await admin.execute(statement)
        await admin.close()

    async def run() -> None:
        async with AsyncExitStack() as stack:
            await execute(f"create database {NAME} template morprom")
            stack.push_async_callback(execute, f"drop database {NAME} with (force)")
            url, port = postgres.url(database=NAME), free_port()
            settings = Settings(mode=Mode.DEMO, port=port, public_url=f"http://127.0.0.1:{port}")
            database = await Database.connect(url, Role.OWNER, most=4)
            stack.push_async_callback(database.close)
            ring = KeyRing(KeysInMemory())
            house = await stack.enter_async_context(relying(database, url, ring, settings=settings))
            server = server_for(house.app, settings)
            serving = asyncio.create_task(server.serve(sockets=[listen(settings)]))
            found.append(OpenidPlace(asyncio.get_running_loop(), house, settings.public_url))
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
