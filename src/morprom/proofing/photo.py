"""The chip's photo, sealed beside its event under a key of its own, so that it can go before the event does."""

import hmac
from typing import Final
from uuid import UUID

from morprom.storage import KeyKind, KeyRing, seal_small

TABLE: Final = b"proofing_photo"


def sealed_photo(ring: KeyRing, key_id: int, event_id: UUID, photo: bytes) -> bytes | None:
    """The photo for one event; None when there is none."""
    if not photo:
        return None
    key = hmac.digest(ring.get(KeyKind.ACCOUNTS, key_id).reveal(), TABLE, "sha256")
    return seal_small(photo, key, event_id.bytes)
