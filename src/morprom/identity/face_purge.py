"""What the faces keep no longer: codes, sessions that are over, people who did not come back from ThaID."""

from datetime import datetime, timedelta
from typing import Final

from morprom.identity import face_store, upstream_store
from morprom.identity.sessions import KEPT
from morprom.identity.upstream import LIFE
from morprom.storage import Tx

CODES_KEPT: Final = timedelta(days=1)
"""A code that comes again within this time still ends what was made of it."""


async def purge(tx: Tx, now: datetime) -> None:
    """Delete it. Needs the role identity."""
    await face_store.forget(tx, now - CODES_KEPT, now - KEPT)
    await upstream_store.forget(tx, now - LIFE)
