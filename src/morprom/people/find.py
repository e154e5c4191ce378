"""Who a number means."""

from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap

from morprom.kernel import Category, Problem, Words
from morprom.people import rules, store
from morprom.people.model import Identifier, Person, Scheme
from morprom.storage import KeyRing, Tx


async def find(tx: Tx, ring: KeyRing, identifier: Identifier) -> Person | None:
    """The person that `identifier` means, or None when nobody has it."""
    row = await store.by_hash(tx, [value for _, value in rules.hashes(ring, identifier)])
    return rules.known(ring, row) if row else None


async def id_of(tx: Tx, ring: KeyRing, identifier: Identifier) -> UUID | None:
    """The id of the person that `identifier` means, for whoever may open nothing of theirs."""
    return await store.id_by_hash(tx, [value for _, value in rules.hashes(ring, identifier)])


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


async def demand_own_keys(tx: Tx, ring: KeyRing) -> None:
    """Raise Problem KEYS_OF_ANOTHER when `ring` does not open the people who are stored here.

    An empty or mistaken key service makes new keys by itself; without this check everybody would be stored again.
    """
    found = await store.anybody(tx)
    if found is None:
        return
    row, identifier = found
    try:
        person = rules.known(ring, row)
        value = rules.opened_value(person, identifier.value_sealed)
        number = Identifier(Scheme(identifier.scheme), value, identifier.issuer)
        fits = dict(rules.hashes(ring, number)).get(identifier.pepper_id) == identifier.value_hmac
    except (Problem, InvalidUnwrap, InvalidTag):
        fits = False
    if not fits:
        raise Problem(
            Category.CONFLICT,
            "KEYS_OF_ANOTHER",
            Words(
                "กุญแจที่ MORPROM_KEYS ไม่ใช่ของฐานข้อมูลนี้ โปรดตรวจที่เก็บกุญแจก่อนเปิดระบบ",
                "the keys at MORPROM_KEYS are not those of this database; mend that before anything is stored",
            ),
        )
