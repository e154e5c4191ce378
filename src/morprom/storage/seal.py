"""Sealing: minified JSON → zstd with a trained dictionary → padded → AES-256-GCM.

Blob: format (1) · data-key id (2) · dictionary id (4) · nonce (12) · ciphertext · tag (16). The associated data bind
format, key id, dictionary id, person, kind, unit, ref and version, so that no row and no old version can stand in for
another. Padding to 64 bytes keeps the length from telling one short visit from another.
"""

import hmac
import os
import struct
import threading
from functools import lru_cache
from importlib import resources
from typing import Final
from uuid import UUID

import zstandard
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from morprom.kernel import Secret

FORMAT: Final = 1
PAD_TO: Final = 64
NONCE_BYTES: Final = 12
LEVEL: Final = 5  # docs/performance.md has what the levels cost and save
LARGEST_DOCUMENT: Final = 64_000_000
NO_DICTIONARY: Final = 0
_HEAD = struct.Struct(">BHI")
_PLACE = struct.Struct(">16sHI")


class DataKey:
    """A person's data key, with the subkeys that are derived from it."""

    __slots__ = ("_subkeys", "cipher", "key_id", "secret")

    def __init__(self, key_id: int, secret: Secret[bytes]) -> None:
        self.key_id = key_id
        self.secret = secret
        self.cipher = AESGCM(secret.reveal())
        self._subkeys: dict[bytes, bytes] = {}

    def subkey(self, label: bytes) -> bytes:
        """32 bytes that stand for `label` under this key: HMAC-SHA256(data key, label)."""
        found = self._subkeys.get(label)
        if found is None:
            found = self._subkeys[label] = hmac.digest(self.secret.reveal(), label, "sha256")
        return found

    def content_hash(self, content: bytes) -> bytes:
        """16 bytes that tell whether content is the same, and tell nothing to who lacks the key."""
        return hmac.digest(self.subkey(b"content-hash"), content, "sha256")[:16]


def seal(content: bytes, key: DataKey, *, person_id: UUID, kind: int, unit: str, ref: bytes, version: int) -> bytes:
    """The blob of a document. `ref` is the keyed ref of the row."""
    dictionary_id, compressor = _tools().compress
    head = _HEAD.pack(FORMAT, key.key_id, dictionary_id)
    packed = compressor.compress(content)
    packed += b"\0" * (-len(packed) % PAD_TO)
    nonce = os.urandom(NONCE_BYTES)
    place = _PLACE.pack(person_id.bytes, kind, version)
    return head + nonce + key.cipher.encrypt(nonce, packed, head + place + unit.encode() + b"\0" + ref)


def unseal(blob: bytes, key: DataKey, *, person_id: UUID, kind: int, unit: str, ref: bytes, version: int) -> bytes:
    """The content of a blob. Raises cryptography's InvalidTag when it is not this row's."""
    head = blob[: _HEAD.size]
    form, key_id, dictionary_id = _HEAD.unpack(head)
    if form != FORMAT or key_id != key.key_id:
        raise ValueError("sealed in a format or under a key that this reader does not have")
    start = _HEAD.size + NONCE_BYTES
    place = _PLACE.pack(person_id.bytes, kind, version)
    packed = key.cipher.decrypt(blob[_HEAD.size : start], blob[start:], head + place + unit.encode() + b"\0" + ref)
    return _tools().decompressor(dictionary_id).decompress(packed, max_output_size=LARGEST_DOCUMENT)


def seal_small(plain: bytes, key: bytes, associated: bytes) -> bytes:
    """Seal a short value under a 32-byte key: nonce (12) · ciphertext · tag (16)."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, associated)


def open_small(blob: bytes, key: bytes, associated: bytes) -> bytes:
    """Open what `seal_small` sealed."""
    return AESGCM(key).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], associated)


class _Tools(threading.local):
    """zstd contexts are not shared between threads; each thread makes its own, once."""

    def __init__(self) -> None:
        newest = newest_dictionary()
        dictionary = dictionaries()[newest] if newest else None
        self.compress = (newest, zstandard.ZstdCompressor(level=LEVEL, dict_data=dictionary, write_checksum=False))
        self._decompressors: dict[int, zstandard.ZstdDecompressor] = {}

    def decompressor(self, dictionary_id: int) -> zstandard.ZstdDecompressor:
        found = self._decompressors.get(dictionary_id)
        if found is None:
            dictionary = dictionaries()[dictionary_id] if dictionary_id else None
            found = self._decompressors[dictionary_id] = zstandard.ZstdDecompressor(dict_data=dictionary)
        return found


@lru_cache(maxsize=1)
def _tools() -> _Tools:
    return _Tools()


@lru_cache(maxsize=1)
def dictionaries() -> dict[int, zstandard.ZstdCompressionDict]:
    """Every dictionary by its id: the first 4 bytes of its SHA-256, which is also its file's name."""
    folder = resources.files("morprom.storage") / "dictionaries"
    found: dict[int, zstandard.ZstdCompressionDict] = {}
    for file in folder.iterdir():
        if file.name.endswith(".zdict"):
            loaded = zstandard.ZstdCompressionDict(file.read_bytes())
            loaded.precompute_compress(level=LEVEL)  # pyright: ignore[reportUnknownMemberType]
            found[int(file.name.split("-")[-1].removesuffix(".zdict"), 16)] = loaded
    return found


@lru_cache(maxsize=1)
def newest_dictionary() -> int:
    """The id of the dictionary that new documents are sealed with; files are named `NNNN-id.zdict`."""
    folder = resources.files("morprom.storage") / "dictionaries"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".zdict"))
    return int(names[-1].split("-")[-1].removesuffix(".zdict"), 16) if names else NO_DICTIONARY
