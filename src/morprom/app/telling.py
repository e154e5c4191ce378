"""Telling relying parties that somebody signed out (OpenID Connect Back-Channel Logout 1.0)."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import asyncpg
import httpx
import structlog

from morprom.federation import IdTokens, logout
from morprom.kernel import Settings, utc_now
from morprom.storage import Database, KeyRing

TELL_EVERY: Final = 2.0

log = structlog.get_logger(__name__)


async def tell_clients(identity: Database, ring: KeyRing, settings: Settings) -> None:
    """Run for ever."""
    tokens = IdTokens(ring, settings.public_url)
    async with httpx.AsyncClient(follow_redirects=False) as http:
        while True:
            try:
                while await tell_some(identity, ring, tokens, http):
                    pass
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("telling_failed", error=type(error).__name__)
            await asyncio.sleep(TELL_EVERY)


async def tell_some(
    identity: Database,
    ring: KeyRing,
    tokens: IdTokens,
    http: httpx.AsyncClient,
    clock: Callable[[], datetime] = utc_now,
) -> int:
    """Tell those who are due, all at once; how many there were. Nothing of the database waits for a client."""
    async with identity.transaction() as tx:
        due = await logout.due(tx, ring, tokens, clock())
    took = await asyncio.gather(*(logout.tell(http, one) for one in due))
    async with identity.transaction() as tx:
        for one, is_told in zip(due, took, strict=True):
            if is_told:
                await logout.told(tx, one)
    return len(due)
