"""A hospital's own visit number, as the database may know it.

Sealed deterministically under the unit's key (AES-SIV, RFC 5297): the same number gives the same bytes, which only
that key reads back. The first 16 bytes, the synthetic IV, are a keyed hash of the number: the `ref` of a document.
"""

import hmac
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from morprom.kernel import Secret

KEYED_BYTES: Final = 16
REMEMBERED_UNITS: Final = 20_000


class UnitRefs:
    """Refs of one unit. The visit's number is given without the hospital in front."""

    __slots__ = ("_siv",)

    def __init__(self, ref_key: Secret[bytes]) -> None:
        self._siv = _cipher(ref_key.reveal())

    def sealed(self, ref: str) -> bytes:
        """The ledger's form of a visit's number."""
        return self._siv.encrypt(ref.encode(), None)

    def opened(self, sealed: bytes) -> str:
        """The visit's number."""
        return self._siv.decrypt(sealed, None).decode()

    def only(self, kind: int) -> bytes:
        """The ref of a document that a person has one of per hospital."""
        return _only(self._siv, kind)


@lru_cache(maxsize=REMEMBERED_UNITS)
def _cipher(ref_key: bytes) -> AESSIV:
    return AESSIV(hmac.digest(ref_key, b"visit refs", "sha512"))


@lru_cache(maxsize=REMEMBERED_UNITS)
def _only(cipher: AESSIV, kind: int) -> bytes:
    return cipher.encrypt(bytes([kind]), [b"only one"])[:KEYED_BYTES]


def keyed(sealed: bytes) -> bytes:
    """A document's ref, of the ledger's."""
    return sealed[:KEYED_BYTES]
