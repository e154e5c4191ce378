"""Rotating every kind of secret while the platform serves.

Each kind takes the three steps of storage/keyring.py; `pause` is long enough for every process to have read the ring
again. Keys that only new things are made with stay accepted for as long as the old things live.
"""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Final

from morprom.kernel import utc_now
from morprom.people import rotate as people
from morprom.storage import Database, KeyKind, KeyRing
from morprom.units import administration

PAUSE: Final = 5.0  # seconds; twice the interval at which processes read the ring, and a little
SHARDS: Final = "shards"

OVERLAP: Final = {
    KeyKind.OTP: timedelta(hours=2),  # a code and its grant live an hour
    KeyKind.TOKEN_SIGNING: timedelta(hours=5),  # a token lives four hours at most
    KeyKind.HEALTH_ID_SIGNING: timedelta(hours=13),  # twelve
    KeyKind.PROVIDER_SIGNING: timedelta(hours=25),  # a day
    KeyKind.OPENID_RSA: timedelta(days=31),  # an ID token comes back as a hint for as long as a session lasts
    KeyKind.OPENID_EC: timedelta(days=31),
}
"""How long a replaced key is still accepted; the next rotation retires what is older. Kinds that are not here keep
every key that something was signed or sealed with, or have nothing left under the old key when they are done."""


AHEAD: Final = {KeyKind.OPENID_RSA: 24, KeyKind.OPENID_EC: 24}
"""How many pauses a new key is only published: relying parties keep a JWKS for a minute (federation/keys.py)."""


async def rotate(kind: str, database: Database, ring: KeyRing, pause: float = PAUSE) -> AsyncGenerator[str]:
    """Rotate one kind, yielding a line after each step. A rotation that was cut off is finished by the next one."""
    if kind == SHARDS:
        async for line in _rotate_shards(database, ring, pause):
            yield line
        return
    key_kind = KeyKind(kind)
    new_id = ring.accept_new(key_kind)
    yield f"{kind}: key {new_id} is accepted"
    await asyncio.sleep(pause * AHEAD.get(key_kind, 1))
    ring.make_current(key_kind, new_id)
    yield f"{kind}: key {new_id} is current"
    await asyncio.sleep(pause)
    if key_kind is KeyKind.PEPPER:
        yield f"{kind}: {await _rewrite_identifiers(database, ring, new_id)} identifiers rewritten"
    if key_kind is KeyKind.UNIT_WRAP:
        async with database.transaction() as tx:
            yield f"{kind}: {await administration.rewrap_keys(tx, ring)} unit keys wrapped again"
    for key_id in _retirable(key_kind, ring, new_id):
        await asyncio.sleep(pause)
        ring.retire(key_kind, key_id)
        yield f"{kind}: key {key_id} is destroyed"


def _retirable(kind: KeyKind, ring: KeyRing, new_id: int) -> list[int]:
    old = [key for key in ring.keys(kind) if key.key_id != new_id]
    if kind in {KeyKind.PEPPER, KeyKind.UNIT_WRAP}:
        return [key.key_id for key in old]
    if kind not in OVERLAP:
        return []
    # a key stopped being current when its successor was made
    successors = {key.key_id: made.created_at for key, made in zip(ring.keys(kind), ring.keys(kind)[1:], strict=False)}
    return [key.key_id for key in old if utc_now() - successors[key.key_id] > OVERLAP[kind]]


async def _rewrite_identifiers(database: Database, ring: KeyRing, new_id: int) -> int:
    rewritten = 0
    while True:
        async with database.transaction() as tx:
            count = await people.rehash_some(tx, ring, new_id)
        if not count:
            return rewritten
        rewritten += count


async def _rotate_shards(database: Database, ring: KeyRing, pause: float) -> AsyncGenerator[str]:
    """New shard keys; every person's data key wrapped again; the old shard keys destroyed everywhere."""
    newest = await asyncio.to_thread(lambda: {shard: ring.add_shard_version(shard) for shard in range(people.SHARDS)})
    ring.announce_shards()
    yield f"{SHARDS}: {len(newest)} new keys are accepted"
    await asyncio.sleep(pause)
    wrapped = 0
    for shard, version in newest.items():
        while True:
            async with database.transaction() as tx:
                count = await people.rewrap_some(tx, ring, shard, version)
            if not count:
                break
            wrapped += count
    yield f"{SHARDS}: {wrapped} data keys wrapped again"
    await asyncio.sleep(pause)
    await asyncio.to_thread(_destroy_older, ring, newest)
    ring.announce_shards()
    yield f"{SHARDS}: the old keys are destroyed"


def _destroy_older(ring: KeyRing, newest: dict[int, int]) -> None:
    for shard, version in newest.items():
        for old in ring.shard_versions(shard):
            if old < version:
                ring.destroy_shard_version(shard, old)
