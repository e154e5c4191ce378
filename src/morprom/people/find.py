"""Who a number means."""

from uuid import UUID

from morprom.kernel import Category, Problem, Words
from morprom.people import rules, store
from morprom.people.model import Identifier, Person
from morprom.storage import KeyRing, Tx


async def find(tx: Tx, ring: KeyRing, identifier: Identifier) -> Person | None:
    """The person that `identifier` means, or None when nobody has it."""
    row = await store.by_hash(tx, [value for _, value in rules.hashes(ring, identifier)])
    return rules.known(ring, row) if row else None


async def ensure(tx: Tx, ring: KeyRing, identifier: Identifier) -> Person:
    """The person that `identifier` means, made when nobody has it."""
    for _ in range(3):
        found = await find(tx, ring, identifier)
        if found:
            return found
        person, row, identifiers = rules.born(ring, identifier)
        if await store.add(tx, row, identifiers):
            return person
    raise Problem(
        Category.UNAVAILABLE,
        "PERSON_BUSY",
        Words("โปรดลองใหม่อีกครั้ง", "the same person is being made elsewhere; try again"),
    )


async def get(tx: Tx, ring: KeyRing, person_id: UUID) -> Person | None:
    """The person of an id."""
    row = await store.by_id(tx, person_id)
    return rules.known(ring, row) if row else None
