"""Rewriting what depends on a pepper or on a shard's key, some rows at a time, while people are read and written."""

from typing import Final
from uuid import UUID

from morprom.people import rules, store
from morprom.people.model import SHARD_BITS, Identifier, Scheme
from morprom.storage import KeyRing, Tx

SHARDS: Final = 1 << SHARD_BITS
AT_ONCE: Final = 500


async def rehash_some(tx: Tx, ring: KeyRing, pepper_id: int) -> int:
    """Put up to 500 identifiers of older peppers under `pepper_id`; how many there were.

    The number is opened with its person's key, because a hash cannot be hashed into another.
    """
    old = await store.identifiers_not_under(tx, pepper_id, AT_ONCE)
    for identifier, owner in old:
        person = rules.known(ring, owner)
        value = rules.opened_value(person, identifier.value_sealed)
        number = Identifier(Scheme(identifier.scheme), value, identifier.issuer)
        value_hmac = dict(rules.hashes(ring, number))[pepper_id]
        await store.replace_hash(tx, identifier, pepper_id, value_hmac)
    return len(old)


async def rewrap_some(tx: Tx, ring: KeyRing, shard: int, version: int) -> int:
    """Wrap up to 500 data keys of a shard under its key `version`; how many were under an older one."""
    first = UUID(int=shard << (128 - SHARD_BITS))
    last = UUID(int=((shard + 1) << (128 - SHARD_BITS)) - 1)
    old = await store.wrapped_under_older(tx, first, last, version, AT_ONCE)
    for row in old:
        secret = ring.unwrap(shard, row.shard_version, row.wrapped_key)
        newer, wrapped = ring.wrap(shard, secret)
        await store.replace_wrapped(tx, row.person_id, newer, wrapped)
    return len(old)
