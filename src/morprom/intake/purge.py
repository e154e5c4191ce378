"""Deleting what was held long enough. A legal hold stops it."""

from typing import Final

from morprom.intake import store
from morprom.storage import Tx

MOST_AT_ONCE: Final = 5_000


async def purge(tx: Tx) -> tuple[int, int]:
    """Delete superseded and removed versions whose time is over: how many documents, how many rows of the ledger."""
    return await store.purge(tx, MOST_AT_ONCE)
