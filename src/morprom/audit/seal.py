"""The sealer: takes settled rows in order into the tree of the day, signs its head and shows it to the witness."""

import asyncio
from datetime import date
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import httpx
import structlog

from morprom.audit import store
from morprom.audit.head import Signer, current_signer
from morprom.audit.merkle import grown, root_of_peaks
from morprom.audit.model import Batch
from morprom.audit.rules import leaf
from morprom.audit.witness import Witness, witness_of
from morprom.kernel import Settings
from morprom.storage import Database, KeyRing, Tx

START = (0, UUID(int=0))
"""Before the first row."""
BATCH_ROWS = 20_000
DAYS_SHOWN = 7
log = structlog.get_logger()


def log_name(settings: Settings) -> str:
    """What the heads call this history: the platform's host, `/history`."""
    return f"{urlsplit(settings.public_url).netloc}/history"


async def seal_batch(tx: Tx, signer: Signer, most: int = BATCH_ROWS) -> Batch | None:
    """Seal up to `most` rows that no running transaction can still come before; None when there is nothing to do.

    A row belongs to the tree of the day on which it is sealed. Only one transaction seals at a time.
    """
    if not await store.try_sealer_lock(tx):
        return None
    last = await store.last_batch(tx)
    rows = await store.settled_rows(tx, last.upto if last else START, most)
    if not rows:
        return None
    day = await store.today(tx)
    size, peaks = 0, ()
    if last and last.head.day >= day:  # a clock that was set back does not open an old day again
        day, size, peaks = last.head.day, last.head.size, last.peaks
    leaves = tuple(leaf(row) for row in rows)
    peaks = grown(peaks, size, leaves)
    head = signer.head(day, size + len(leaves), root_of_peaks(peaks))
    batch = Batch(size, leaves, (rows[-1].txid, rows[-1].row.id), peaks, head)
    await store.insert_batch(tx, batch)
    return batch


async def seal_all(database: Database, signer: Signer) -> int:
    """Seal what waits; how many rows that were. Each batch is a transaction of its own."""
    sealed = 0
    while True:
        async with database.transaction() as tx:
            batch = await seal_batch(tx, signer)
        if batch is None:
            return sealed
        sealed += len(batch.leaves)


async def show_heads(database: Database, witness: Witness, shown: dict[date, int]) -> None:
    """Show the witness the newest head of each late day whose size is not the one in `shown`, and put it there."""
    async with database.transaction() as tx:
        heads = await store.latest_heads(tx, DAYS_SHOWN)
    for head in heads:
        if shown.get(head.day) != head.size:
            await witness.show(head)
            shown[head.day] = head.size


async def run_sealer(database: Database, ring: KeyRing, settings: Settings, every: float = 10) -> None:
    """Seal for ever, as role sealer, every `every` seconds; one process of the platform does. Ends when cancelled.

    A database or witness that does not answer is tried again on the next round; rows and heads wait for it.
    """
    witness, name = witness_of(settings), log_name(settings)
    shown: dict[date, int] = {}
    while True:
        try:
            await seal_all(database, current_signer(ring, name))
            await show_heads(database, witness, shown)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, httpx.HTTPError) as error:
            log.warning("history_not_sealed", error=type(error).__name__)
        await asyncio.sleep(every)
