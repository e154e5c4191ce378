"""People's pages for a browser: the platform in a thread, slips to redeem, and phones with a passkey's hardware."""

import asyncio
import os
import threading
from collections.abc import Awaitable, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any, TypeVar

import asyncpg
from playwright.sync_api import Browser, Page

from browser.pages import PHONE
from conftest import KeysInMemory
from doors.citizens import Town, town_on
from morprom.app.server import listen, server_for
from morprom.kernel import Settings
from morprom.proofing.model import Slip
from morprom.storage import Database, EmbeddedPostgres, KeyRing, Role
from platform_process import free_port
from units.cast import Time

NAME = f"id_browser{os.getpid()}"
Made = TypeVar("Made")


class IdPlace:
    """What a test works with, from its own thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, town: Town, origin: str) -> None:
        self._loop, self.town, self.origin = loop, town, origin

    def do(self, work: Awaitable[Made]) -> Made:
        """Do something there."""

        async def done() -> Made:
            return await work

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result(60)

    def slip(self, cid: str) -> Slip:
        """What a counter printed."""
        return self.do(self.town.slip(cid))

    def later(self, seconds: float) -> None:
        """Let time pass for the platform."""
        self.town.clock.unix += seconds


@contextmanager
def phone(browser: Browser, *, has_key: bool = True, **context: Any) -> Iterator[Page]:
    """A page on somebody's own phone, whose fingerprint is right at once; a script that fails fails the test."""
    inside = browser.new_context(viewport=PHONE, locale="th-TH", **context)  # type: ignore[arg-type]
    page = inside.new_page()
    page.set_default_timeout(20_000)
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("console", lambda said: failed.append(said.text) if "Security Policy" in said.text else None)
    if has_key:
        wire = inside.new_cdp_session(page)
        wire.send("WebAuthn.enable")
        wire.send("WebAuthn.addVirtualAuthenticator", {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }})  # fmt: skip
    yield page
    inside.close()
    assert failed == []


@contextmanager
def id_place(postgres: EmbeddedPostgres) -> Iterator[IdPlace]:
    """Serve until the tests are over."""
    ready, over = threading.Event(), threading.Event()
    found: list[IdPlace] = []

    async def execute(statement: str) -> None:
        admin = await asyncpg.connect(postgres.url(database="postgres"))
        await admin.execute(statement)
        await admin.close()

    async def run() -> None:
        async with AsyncExitStack() as stack:
            await execute(f"create database {NAME} template morprom")
            stack.push_async_callback(execute, f"drop database {NAME} with (force)")
            url, port = postgres.url(database=NAME), free_port()
            database = await Database.connect(url, Role.OWNER, most=4)
            stack.push_async_callback(database.close)
            origin = f"http://localhost:{port}"  # passkeys know no addresses, only names
            town = await stack.enter_async_context(
                town_on(url, database, KeyRing(KeysInMemory()), Time(), origin=origin)
            )
            settings = Settings(port=port, public_url=origin)
            server = server_for(town.app, settings)
            serving = asyncio.create_task(server.serve(sockets=[listen(settings)]))
            found.append(IdPlace(asyncio.get_running_loop(), town, origin))
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
