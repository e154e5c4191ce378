"""How a note is kept: a hash of its code, and a key derived from it."""

import hashlib
from datetime import timedelta
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LIFE: Final = timedelta(hours=1)
LARGEST: Final = 65_536
MOST_OF_A_UNIT: Final = 1_000
"""Notes of one hospital that wait at once: 64 MB of them at most."""
RETRY_SECONDS: Final = 600


def code_hash(code: UUID) -> bytes:
    """What is kept of a code: it is 122 random bits, so a plain hash is enough."""
    return hashlib.sha256(b"morprom pasteboard code" + code.bytes).digest()


def key_of(code: UUID) -> bytes:
    """The key of a note (HKDF-SHA256, RFC 5869)."""
    return HKDF(hashes.SHA256(), length=32, salt=None, info=b"morprom pasteboard note").derive(code.bytes)
