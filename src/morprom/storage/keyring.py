"""The secrets of the platform by kind, each with an id, several alive at once while one replaces another.

A rotation has three steps, so that no process meets a key it does not know: the new key is *accepted* everywhere,
then it becomes *current* and the old one is only *accepted*, then the old one goes. Processes read the ring again
every few seconds (`refresh`), and a step waits for that.
"""

import base64
import os
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap_with_padding, aes_key_wrap_with_padding

from morprom.kernel import Category, Problem, Secret, Words, utc_now
from morprom.storage.provider import KeyProvider, changed_meanwhile

SHARDS: Final = 4096
SHARDS_A_DOCUMENT: Final = 64
RING: Final = "ring"


class KeyKind(StrEnum):
    """What a secret is for."""

    PEPPER = "pepper"  # hashes person identifiers
    OTP = "otp"  # hashes one-time codes
    TOKEN_SIGNING = "token_signing"  # RS512 key pair of Account Center tokens
    HEALTH_ID_SIGNING = "health_id_signing"  # RS256 key pair of Health ID tokens
    PROVIDER_SIGNING = "provider_signing"  # RS256 key pair of Provider ID tokens
    OPENID_RSA = "openid_rsa"  # RS256 key pair of ID tokens, for clients that know nothing newer
    OPENID_EC = "openid_ec"  # ES256 key pair of ID tokens
    HEAD_SIGNING = "head_signing"  # Ed25519 key pair of the history's daily heads
    UNIT_WRAP = "unit_wrap"  # wraps each unit's ref key
    ACCOUNTS = "accounts"  # seals what people sign in with
    HISTORY = "history"  # seals history rows that belong to no person


class KeyState(StrEnum):
    """Where a key stands in its rotation."""

    ACCEPTED = "accepted"
    CURRENT = "current"


class RingKey(msgspec.Struct, frozen=True):
    """One key of the ring, as it is kept."""

    key_id: int
    state: KeyState
    created_at: datetime
    material: str  # base64

    def __repr__(self) -> str:
        return f"RingKey({self.key_id}, {self.state})"


class RingDocument(msgspec.Struct, frozen=True):
    """The ring as it is kept. `shards_changed` counts changes of shard keys, which have documents of their own."""

    keys: dict[KeyKind, list[RingKey]] = msgspec.field(default_factory=dict[KeyKind, list[RingKey]])
    shards_changed: int = 0


Shards = dict[int, dict[int, str]]  # shard → version → base64


class KeyRing:
    """The keys of this process. `refresh` reads what another process changed."""

    def __init__(self, provider: KeyProvider) -> None:
        self._provider = provider
        self._ring = RingDocument()
        self._secrets: dict[KeyKind, dict[int, Secret[bytes]]] = {}
        self._mark: str | None = None
        self._shards: dict[int, Shards] = {}
        self._shard_marks: dict[int, str | None] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read the ring again; make the first keys of every kind that has none."""
        while True:
            stored = self._provider.read(RING)
            ring = msgspec.json.decode(stored[0].reveal(), type=RingDocument) if stored else RingDocument()
            self._hold(ring, stored and stored[1])
            missing = [kind for kind in KeyKind if not ring.keys.get(kind)]
            if not missing:
                return
            made = {kind: [_make(kind, 1, KeyState.CURRENT)] for kind in missing}
            try:
                self._save(msgspec.structs.replace(ring, keys={**ring.keys, **made}))
            except Problem as problem:
                if problem.code != "KEYS_CHANGED":
                    raise

    def keys(self, kind: KeyKind | str) -> list[RingKey]:
        """Every live key of a kind, oldest first."""
        return self._ring.keys[KeyKind(kind)]

    def all(self, kind: KeyKind | str) -> dict[int, Secret[bytes]]:
        """Every live key of a kind by its id."""
        return self._secrets[KeyKind(kind)]

    def current(self, kind: KeyKind | str) -> tuple[int, Secret[bytes]]:
        """The key that new things are made with."""
        key = next(key for key in self.keys(kind) if key.state is KeyState.CURRENT)
        return key.key_id, self._secrets[KeyKind(kind)][key.key_id]

    def get(self, kind: KeyKind | str, key_id: int) -> Secret[bytes]:
        """A key by its id. Raises Problem KEY_UNKNOWN when it was retired."""
        found = self._secrets[KeyKind(kind)].get(key_id)
        if found is None:
            raise _unknown(str(kind), key_id)
        return found

    def accept_new(self, kind: KeyKind) -> int:
        """First step of a rotation: a new key that every process will accept. Its id."""
        key_id = max(key.key_id for key in self.keys(kind)) + 1
        self._change(kind, lambda keys: [*keys, _make(kind, key_id, KeyState.ACCEPTED)])
        return key_id

    def make_current(self, kind: KeyKind, key_id: int) -> None:
        """Second step: new things are made with `key_id`, older keys are still accepted."""

        def promoted(keys: list[RingKey]) -> list[RingKey]:
            state = {True: KeyState.CURRENT, False: KeyState.ACCEPTED}
            return [msgspec.structs.replace(key, state=state[key.key_id == key_id]) for key in keys]

        self._change(kind, promoted)

    def retire(self, kind: KeyKind, key_id: int) -> None:
        """Last step: the key is destroyed."""
        self._change(kind, lambda keys: [key for key in keys if key.key_id != key_id or key.state is KeyState.CURRENT])

    def wrap(self, shard: int, key: Secret[bytes]) -> tuple[int, bytes]:
        """Wrap a person's data key (AES-KWP, NIST SP 800-38F) under the newest key of `shard`: (version, wrapped)."""
        versions = self._shard(shard)
        version = max(versions)
        return version, aes_key_wrap_with_padding(base64.b64decode(versions[version]), key.reveal())

    def unwrap(self, shard: int, version: int, wrapped: bytes) -> Secret[bytes]:
        """Unwrap a person's data key. Raises Problem KEY_UNKNOWN when that shard key was destroyed."""
        versions = self._shard(shard)
        if version not in versions:
            self._read_shards(shard // SHARDS_A_DOCUMENT)  # another process may have rotated it
            versions = self._shard(shard)
        if version not in versions:
            raise _unknown(f"shard {shard}", version)
        return Secret(aes_key_unwrap_with_padding(base64.b64decode(versions[version]), wrapped))

    def shard_versions(self, shard: int) -> list[int]:
        """The live versions of a shard's key."""
        self._read_shards(shard // SHARDS_A_DOCUMENT)
        return sorted(self._shard(shard))

    def add_shard_version(self, shard: int) -> int:
        """A new newest key of a shard; what it wraps from now on is wrapped with it."""
        version = max(self.shard_versions(shard)) + 1
        self._change_shard(shard, lambda versions: {**versions, version: _random()})
        return version

    def destroy_shard_version(self, shard: int, version: int) -> None:
        """Destroy an old key of a shard: what it alone wrapped is lost for good."""
        self._change_shard(shard, lambda versions: {v: key for v, key in versions.items() if v != version})

    def announce_shards(self) -> None:
        """Let every process read the shard keys again at its next `refresh`."""
        self.refresh()
        self._save(msgspec.structs.replace(self._ring, shards_changed=self._ring.shards_changed + 1))

    def _shard(self, shard: int) -> dict[int, str]:
        group = shard // SHARDS_A_DOCUMENT
        if group not in self._shards:
            self._read_shards(group)
        return self._shards[group][shard]

    def _read_shards(self, group: int) -> None:
        name = f"shards-{group:02x}"
        stored = self._provider.read(name)
        if stored is None:
            first = group * SHARDS_A_DOCUMENT
            made: Shards = {shard: {1: _random()} for shard in range(first, first + SHARDS_A_DOCUMENT)}
            try:
                self._provider.write(name, Secret(msgspec.json.encode(made)), None)
            except Problem as problem:
                if problem.code != "KEYS_CHANGED":
                    raise
            stored = self._provider.read(name)
            if stored is None:
                raise changed_meanwhile()
        self._shards[group] = msgspec.json.decode(stored[0].reveal(), type=Shards)
        self._shard_marks[group] = stored[1]

    def _change_shard(self, shard: int, change: Callable[[dict[int, str]], dict[int, str]]) -> None:
        group = shard // SHARDS_A_DOCUMENT
        self._read_shards(group)
        changed = {**self._shards[group], shard: change(self._shards[group][shard])}
        self._provider.write(f"shards-{group:02x}", Secret(msgspec.json.encode(changed)), self._shard_marks[group])
        self._read_shards(group)

    def _change(self, kind: KeyKind, change: Callable[[list[RingKey]], list[RingKey]]) -> None:
        self.refresh()
        keys = {**self._ring.keys, kind: change(self._ring.keys[kind])}
        self._save(msgspec.structs.replace(self._ring, keys=keys))

    def _save(self, ring: RingDocument) -> None:
        self._provider.write(RING, Secret(msgspec.json.encode(ring)), self._mark)
        stored = self._provider.read(RING)
        if stored is None:
            raise changed_meanwhile()
        self._hold(ring, stored[1])

    def _hold(self, ring: RingDocument, mark: str | None) -> None:
        if ring.shards_changed != self._ring.shards_changed:
            self._shards.clear()
        self._ring, self._mark = ring, mark
        self._secrets = {
            kind: {key.key_id: Secret(base64.b64decode(key.material)) for key in keys}
            for kind, keys in ring.keys.items()
        }


def _make(kind: KeyKind, key_id: int, state: KeyState) -> RingKey:
    return RingKey(key_id, state, utc_now(), base64.b64encode(_material(kind)).decode())


def _material(kind: KeyKind) -> bytes:
    match kind:
        case KeyKind.TOKEN_SIGNING | KeyKind.HEALTH_ID_SIGNING | KeyKind.PROVIDER_SIGNING | KeyKind.OPENID_RSA:
            private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        case KeyKind.OPENID_EC:
            private = ec.generate_private_key(ec.SECP256R1())
        case KeyKind.HEAD_SIGNING:
            private = ed25519.Ed25519PrivateKey.generate()
        case _:
            return os.urandom(32)
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _random() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def _unknown(kind: str, key_id: int) -> Problem:
    return Problem(
        Category.GONE,
        "KEY_UNKNOWN",
        Words(f"ไม่มีกุญแจ {kind} หมายเลข {key_id} แล้ว", f"there is no {kind} key {key_id} any more"),
    )
