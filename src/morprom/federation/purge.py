"""What is long over goes. Consents stay: they are receipts."""

from datetime import datetime, timedelta
from typing import Final

from morprom.federation import request_store, store
from morprom.storage import Tx

TOKENS_KEPT: Final = timedelta(hours=1)
SIGN_INS_KEPT: Final = timedelta(days=31)  # no session is longer


async def purge(tx: Tx, now: datetime) -> None:
    """Delete requests, proofs, tokens and sign-ins that nobody can use."""
    await request_store.purge(tx, now)
    await store.purge(tx, now - TOKENS_KEPT, now - SIGN_INS_KEPT)
