"""A platform in a thread of its own, on its own database, for what speaks to it from outside: browsers, programs."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import TypeVar

import asyncpg

from morprom.app.asgi import Application
from morprom.app.server import listen, server_for
from morprom.kernel import Settings
from morprom.storage import Database, EmbeddedPostgres, Role
from platform_process import PATIENCE

Made = TypeVar("Made")
Place = TypeVar("Place")


class Threaded:
    """What lives in the thread; made there."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def do(self, work: Awaitable[Made]) -> Made:
        """Do something there."""

        async def done() -> Made:
            return await work

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result(PATIENCE)


@contextmanager
def in_a_thread(opened: Callable[[], AbstractAsyncContextManager[Place]]) -> Iterator[Place]:
    """What is opened in a thread, until the tests are over."""
    ready, over = threading.Event(), threading.Event()
    found: list[Place] = []

    async def run() -> None:
        async with opened() as place:
            found.append(place)
            ready.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=asyncio.run, args=[run()], daemon=True)
    thread.start()
    try:
        assert ready.wait(PATIENCE)
        yield found[0]
    finally:
        over.set()
        thread.join(30)


@asynccontextmanager
async def own_database(postgres: EmbeddedPostgres, name: str) -> AsyncIterator[tuple[str, Database]]:
    """A migrated database of that name, by its address and opened as its owner."""

    async def execute(statement: str) -> None:
        admin = await asyncpg.connect(postgres.url(database="postgres"))
        await admin.execute(statement)
        await admin.close()

    await execute(f"create database {name} template morprom")
    url = postgres.url(database=name)
    database = await Database.connect(url, Role.OWNER, most=4)
    try:
        yield url, database
    finally:
        await database.close()
        await execute(f"drop database {name} with (force)")


@asynccontextmanager
async def serving(app: Application, settings: Settings) -> AsyncIterator[None]:
    """The application at the port of its settings."""
    server = server_for(app, settings)
    running = asyncio.create_task(server.serve(sockets=[listen(settings)]))
    try:
        yield
    finally:
        server.should_exit = True
        await running
