"""People's pages for a browser: the platform in a thread, slips to redeem, and phones with a passkey's hardware."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

from browser.pages import PATIENCE_MS, PHONE
from conftest import KeysInMemory
from doors.citizens import Town, town_on
from morprom.kernel import Settings
from morprom.proofing.model import Slip
from morprom.storage import EmbeddedPostgres, KeyRing
from platform_process import free_port
from served import Threaded, in_a_thread, own_database, serving
from units.cast import Time

NAME = f"id_browser{os.getpid()}"


class IdPlace(Threaded):
    """What a test works with, from its own thread."""

    def __init__(self, town: Town, origin: str) -> None:
        super().__init__()
        self.town, self.origin = town, origin

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
    page.set_default_timeout(PATIENCE_MS)
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
    with in_a_thread(lambda: _place(postgres)) as place:
        yield place


@asynccontextmanager
async def _place(postgres: EmbeddedPostgres) -> AsyncIterator[IdPlace]:
    port = free_port()
    origin = f"http://localhost:{port}"  # passkeys know no addresses, only names
    async with (
        own_database(postgres, NAME) as (url, database),
        town_on(url, database, KeyRing(KeysInMemory()), Time(), origin=origin) as town,
        serving(town.app, Settings(port=port, public_url=origin)),
    ):
        yield IdPlace(town, origin)
