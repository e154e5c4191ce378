"""Notes that nobody took in time."""

from morprom.pasteboard import store
from morprom.storage import Tx


async def purge(tx: Tx) -> int:
    """Delete them; how many there were."""
    return await store.purge(tx)
