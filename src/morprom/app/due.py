"""Work that falls due: sealing the history, purging what was held, deriving levels anew, telling who signed out.

One process of an instance does it.
"""

import asyncio
import signal
from typing import Final

import asyncpg
import structlog

from morprom import pasteboard
from morprom.accounts import events, sessions
from morprom.app.telling import tell_clients
from morprom.audit import run_sealer
from morprom.federation import purge as federation
from morprom.identity import card, face_purge
from morprom.intake import purge
from morprom.kernel import Settings, utc_now
from morprom.oversight import exercise
from morprom.proofing import events as proofings
from morprom.proofing.left import drop_left
from morprom.storage import Database, KeyRing, Role

SEAL_EVERY: Final = 10.0
PURGE_EVERY: Final = 600.0

log = structlog.get_logger(__name__)


async def due_work(settings: Settings, url: str, ring: KeyRing) -> None:
    """Run until the process is told to stop."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    sealer = await Database.connect(url, Role.SEALER, most=2)
    intake = await Database.connect(url, Role.INTAKE, most=1)
    oversight = await Database.connect(url, Role.OVERSIGHT, most=1)
    reader = await Database.connect(url, Role.READER, most=1)
    identity = await Database.connect(url, Role.IDENTITY, most=1)
    work = [
        asyncio.create_task(run_sealer(sealer, ring, settings, every=SEAL_EVERY)),
        asyncio.create_task(_purge(intake, oversight, reader, identity, ring)),
        asyncio.create_task(tell_clients(identity, ring, settings)),
    ]
    await asyncio.wait([*work, asyncio.create_task(stopping.wait())], return_when=asyncio.FIRST_COMPLETED)
    for task in work:
        if task.done():
            task.result()  # work that ends by itself is a bug: crash, and be started again
        task.cancel()
    await sealer.close()
    await intake.close()
    await oversight.close()
    await reader.close()
    await identity.close()


async def _purge(intake: Database, oversight: Database, reader: Database, identity: Database, ring: KeyRing) -> None:
    while True:
        try:
            async with oversight.transaction() as tx:
                await exercise.purge_tried(tx, utc_now())
            async with reader.transaction() as tx:
                await pasteboard.purge(tx)
                await card.purge(tx)
            async with identity.transaction() as tx:
                await federation.purge(tx, utc_now())
                await face_purge.purge(tx, utc_now())
                await proofings.drop_photos(tx, utc_now())
                await drop_left(tx, utc_now())
                await sessions.tidy(tx, utc_now())
                await events.tidy(tx)
            await _derive(identity, ring)
            async with intake.transaction() as tx:
                documents, items = await purge(tx)
            if documents:
                log.info("purged", documents=documents, items=items)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("purge_failed", error=type(error).__name__)
        await asyncio.sleep(PURGE_EVERY)


async def _derive(identity: Database, ring: KeyRing) -> None:
    """Levels whose card has expired or whose table is another, some people a transaction."""
    is_more = True
    while is_more:
        async with identity.transaction() as tx:
            is_more = await proofings.derive_due(tx, ring, utc_now())
