"""Proofs that count once: their numbers are kept for as long as they would be taken."""

import hashlib
from datetime import datetime

from morprom.federation import request_store as store
from morprom.storage import Tx


async def is_first(tx: Tx, what: tuple[str, ...], ends_at: datetime) -> bool:
    """Whether nobody showed that before; it has been shown from now on."""
    return await store.show(tx, hashlib.sha256("\0".join(what).encode("utf-8", "replace")).digest(), ends_at)
