"""Signed heads as notes that other log tools read too: C2SP tlog-checkpoint over C2SP signed-note, Ed25519.

A note is three lines (origin, size, root in base64), an empty line, and `— name base64(key hash · signature)`.
The origin names the log and the day: `phr.example.go.th/history/2026-05-01`.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from morprom.audit.model import Head, Signed
from morprom.kernel import Secret
from morprom.storage import KeyKind, KeyRing

ED25519 = b"\x01"  # signature type of signed-note


def public_keys(ring: KeyRing) -> dict[int, bytes]:
    """The public halves of every head_signing key of the ring, by key id."""
    return {
        key_id: _load(pem).public_key().public_bytes_raw() for key_id, pem in ring.all(KeyKind.HEAD_SIGNING).items()
    }


def current_signer(ring: KeyRing, name: str) -> "Signer":
    """The signer that new heads are signed by."""
    return Signer(name, *ring.current(KeyKind.HEAD_SIGNING))


class Signer:
    """A key of the ring that signs heads under the log's name."""

    def __init__(self, name: str, key_id: int, pem: Secret[bytes]) -> None:
        self.name = name
        self.key_id = key_id
        self._key = _load(pem)

    def head(self, day: date, size: int, root: bytes) -> Head:
        """The signed head of a tree."""
        body = f"{self.name}/{day.isoformat()}\n{size}\n{base64.b64encode(root).decode()}\n"
        public = self._key.public_key().public_bytes_raw()
        signature = _key_hash(self.name, public) + self._key.sign(body.encode())
        note = f"{body}\n— {self.name} {base64.b64encode(signature).decode()}\n"
        return Head(day, size, note, self.key_id)


def read_note(note: str, public_keys: Mapping[int, bytes]) -> Signed | None:
    """The head that a note signs with one of `public_keys`; None for a note that is not one, or not theirs."""
    body, gap, last = note.partition("\n\n")
    origin, _, rest = body.partition("\n")
    size, _, root = rest.partition("\n")
    name, _, day = origin.rpartition("/")
    try:
        if not gap or not last.startswith("— ") or not last.endswith("\n"):
            return None
        signer, _, packed = last[2:-1].rpartition(" ")
        signature = base64.b64decode(packed, validate=True)
        key_id = _signed_by(signer, signature, f"{body}\n".encode(), public_keys)
        if key_id is None or signer != name:
            return None
        return Signed(date.fromisoformat(day), int(size), base64.b64decode(root, validate=True), key_id)
    except (ValueError, binascii.Error):
        return None


def _signed_by(name: str, signature: bytes, body: bytes, public_keys: Mapping[int, bytes]) -> int | None:
    for key_id, public_key in public_keys.items():
        if signature[:4] == _key_hash(name, public_key):
            try:
                Ed25519PublicKey.from_public_bytes(public_key).verify(signature[4:], body)
            except InvalidSignature:
                continue
            return key_id
    return None


def _load(pem: Secret[bytes]) -> Ed25519PrivateKey:
    return cast(Ed25519PrivateKey, serialization.load_pem_private_key(pem.reveal(), password=None))


def _key_hash(name: str, public_key: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:4]
