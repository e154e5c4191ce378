"""Challenges that say themselves when they were made, under a key: what is given to anybody is kept for nobody.

32 random bytes, the microsecond, the key's id, an HMAC over these. The caller remembers those that were used.
"""

import hmac
import secrets
from datetime import datetime
from typing import Final

from morprom.storage import KeyKind, KeyRing

RANDOM: Final = 32
BODY: Final = RANDOM + 8 + 4
LENGTH: Final = BODY + 32
MILLION: Final = 1_000_000


def made(ring: KeyRing, now: datetime) -> bytes:
    """A new one."""
    key_id, key = ring.current(KeyKind.ACCOUNTS)
    body = secrets.token_bytes(RANDOM) + _instant(now).to_bytes(8) + key_id.to_bytes(4)
    return body + _mac(key.reveal(), body)


def is_ours(ring: KeyRing, challenge: bytes, since: datetime) -> bool:
    """Whether it was made here, since then."""
    body = challenge[:BODY]
    key = ring.all(KeyKind.ACCOUNTS).get(int.from_bytes(body[-4:]))
    if len(challenge) != LENGTH or key is None or not hmac.compare_digest(_mac(key.reveal(), body), challenge[BODY:]):
        return False
    return int.from_bytes(body[RANDOM:-4]) >= _instant(since)


def _instant(at: datetime) -> int:
    return int(at.timestamp() * MILLION)


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, b"passkey challenge\0" + body, "sha256")
