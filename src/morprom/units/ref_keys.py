"""Each unit's ref key: 32 random bytes its visit refs are hashed under, wrapped by a key of the ring."""

import os

from cryptography.hazmat.primitives.keywrap import aes_key_unwrap_with_padding, aes_key_wrap_with_padding

from morprom.kernel import Category, Problem, Secret, Words
from morprom.storage import KeyKind, KeyRing, Tx
from morprom.units import store


async def ref_key(tx: Tx, ring: KeyRing, hcode: str) -> Secret[bytes]:
    """A unit's ref key. It never changes: `Directory.ref_key` remembers it. Raises Problem UNIT_UNKNOWN."""
    stored = await store.wrapped_key(tx, hcode)
    if stored is None:
        raise unknown_unit(hcode)
    return _unwrap(ring, stored)


async def rewrap_keys(tx: Tx, ring: KeyRing) -> int:
    """Rewrap every ref key that is not under the current unit_wrap key; how many. Needs the role `keys`."""
    current, _ = ring.current(KeyKind.UNIT_WRAP)
    stale = await store.keys_wrapped_otherwise(tx, current)
    for key in stale:
        await store.rewrap_key(tx, _wrap(ring, key.hcode, _unwrap(ring, key)))
    return len(stale)


def new_key(ring: KeyRing, hcode: str) -> store.WrappedKey:
    """A fresh ref key for a unit."""
    return _wrap(ring, hcode, Secret(os.urandom(32)))


def unknown_unit(hcode: str) -> Problem:
    """What is said of a hospital that nobody has added."""
    return Problem(
        Category.NOT_FOUND,
        "UNIT_UNKNOWN",
        Words(f"ไม่รู้จักหน่วยบริการ {hcode}", f"there is no unit {hcode} here; add it first"),
    )


def _wrap(ring: KeyRing, hcode: str, key: Secret[bytes]) -> store.WrappedKey:
    wrap_id, wrapping = ring.current(KeyKind.UNIT_WRAP)
    return store.WrappedKey(hcode, wrap_id, aes_key_wrap_with_padding(wrapping.reveal(), key.reveal()))


def _unwrap(ring: KeyRing, key: store.WrappedKey) -> Secret[bytes]:
    return Secret(aes_key_unwrap_with_padding(ring.get(KeyKind.UNIT_WRAP, key.wrap_id).reveal(), key.wrapped))
