"""SQL of owners' settings. The reader's role may write them by one function, and no other document."""

from datetime import timedelta
from uuid import UUID

from morprom.storage import Tx


async def write(
    tx: Tx, hold: timedelta, *, person_id: UUID, version: int, key_id: int, content_hash: bytes, sealed: bytes
) -> bool:
    """Store the next version; False when another came first, and nothing was changed."""
    return await tx.fetchval(
        "select controls_write($1, $2, $3, $4, $5, $6)", hold, person_id, version, key_id, content_hash, sealed
    )
