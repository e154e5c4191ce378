"""A hospital's own numbers of visits and other items, as the database may know them.

Sealed deterministically under the unit's key (AES-SIV, RFC 5297): the same number gives the same bytes, which only
that key reads back. The first 16 bytes, the synthetic IV, are a keyed hash of the number: the `ref` of a document. The
kind is bound to it, so that a visit and a referral of the same number do not meet. A label is sealed with a nonce, so
that whoever holds the database cannot tell which two are equal.
"""

import hmac
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from morprom.kernel import Secret
from morprom.record import Kind
from morprom.storage import open_small, seal_small

KEYED_BYTES: Final = 16
LABEL_PAD: Final = 16
REMEMBERED_UNITS: Final = 20_000


class UnitRefs:
    """Refs and labels of one unit. A number is given without the hospital in front."""

    __slots__ = ("_ref_key", "_siv")

    def __init__(self, ref_key: Secret[bytes]) -> None:
        self._ref_key = ref_key
        self._siv = _cipher(ref_key.reveal())

    def sealed(self, ref: str, kind: Kind = Kind.VISIT) -> bytes:
        """The ledger's form of a number."""
        return self._siv.encrypt(ref.encode(), _bound_to(kind))

    def opened(self, sealed: bytes, kind: Kind = Kind.VISIT) -> str:
        """The number."""
        return self._siv.decrypt(sealed, _bound_to(kind)).decode()

    def sealed_label(self, label: str, sealed_ref: bytes) -> bytes:
        """The ledger's form of a label; its length shows in steps of 16 bytes."""
        plain = label.encode()
        plain += b"\0" * (-len(plain) % LABEL_PAD)
        return seal_small(plain, _label_key(self._ref_key.reveal()), sealed_ref)

    def opened_label(self, sealed: bytes, sealed_ref: bytes) -> str:
        """The label."""
        return open_small(sealed, _label_key(self._ref_key.reveal()), sealed_ref).rstrip(b"\0").decode()

    def only(self, kind: int) -> bytes:
        """The ref of a document that a person has one of per hospital."""
        return _only(self._siv, kind)


@lru_cache(maxsize=REMEMBERED_UNITS)
def _cipher(ref_key: bytes) -> AESSIV:
    return AESSIV(hmac.digest(ref_key, b"visit refs", "sha512"))


@lru_cache(maxsize=REMEMBERED_UNITS)
def _label_key(ref_key: bytes) -> bytes:
    return hmac.digest(ref_key, b"ledger labels", "sha256")


def _bound_to(kind: Kind) -> list[bytes] | None:
    return None if kind is Kind.VISIT else [bytes([kind])]


@lru_cache(maxsize=REMEMBERED_UNITS)
def _only(cipher: AESSIV, kind: int) -> bytes:
    return cipher.encrypt(bytes([kind]), [b"only one"])[:KEYED_BYTES]


def keyed(sealed: bytes) -> bytes:
    """A document's ref, of the ledger's."""
    return sealed[:KEYED_BYTES]
