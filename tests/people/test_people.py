"""Who a number means: one person a number, whoever asks first and however many ask at once; hospitals' own apart."""

import asyncio
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag

from morprom.kernel import Problem
from morprom.people import Identifier, Person, Scheme, ensure, find, get, rules, store
from morprom.people.model import shard_of
from morprom.storage import Database, KeyKind, KeyProvider, KeyRing, Role, Tx
from morprom_wire.cid import check_digit


def somebody(number: int = 1) -> Identifier:
    twelve = f"19900{number:07d}"
    return Identifier(Scheme.CID, f"{twelve}{check_digit(twelve)}")


async def test_nobody_is_found_until_somebody_is_made(tx: Tx, ring: KeyRing) -> None:
    assert await find(tx, ring, somebody()) is None
    made = await ensure(tx, ring, somebody())
    for found in (
        await find(tx, ring, somebody()),
        await ensure(tx, ring, somebody()),
        await get(tx, ring, made.person_id),
    ):
        assert found and found.person_id == made.person_id and found.data_key.secret == made.data_key.secret
    assert await find(tx, ring, somebody(2)) is None
    assert await get(tx, ring, UUID(int=7)) is None


async def test_a_person_is_a_random_id_and_has_a_key_of_their_own(tx: Tx, ring: KeyRing) -> None:
    first, second = await ensure(tx, ring, somebody(1)), await ensure(tx, ring, somebody(2))
    assert first.person_id.version == 4 and first.data_key.secret != second.data_key.secret
    assert shard_of(first.person_id) == first.person_id.int >> 116


@pytest.mark.parametrize("role", [Role.OWNER, Role.READER, Role.INTAKE])
async def test_however_many_ask_at_once_one_person_is_made(
    database: Database, database_url: str, ring: KeyRing, role: Role
) -> None:
    pool = await Database.connect(database_url, role, most=10)

    async def one(number: int) -> Person:
        async with pool.transaction() as tx:
            return await ensure(tx, ring, somebody(number % 4))

    people = await asyncio.gather(*(one(number) for number in range(60)))
    await pool.close()
    assert len({person.person_id for person in people}) == 4
    async with database.transaction() as tx:
        assert await tx.fetchval("select count(*) from person") == 4
        assert await tx.fetchval("select count(*) from person_identifier") == 4


@pytest.mark.parametrize("step", ["accepted", "current", "retired"])
async def test_two_processes_in_the_midst_of_a_rotation_make_one_person(
    database: Database, ring: KeyRing, keys: KeyProvider, step: str
) -> None:
    """One process has read the ring again after a step of a rotation, the other has not yet."""
    steps = {
        "accepted": lambda: ring.accept_new(KeyKind.PEPPER),
        "current": lambda: ring.make_current(KeyKind.PEPPER, 2),
        "retired": lambda: ring.retire(KeyKind.PEPPER, 1),
    }
    for name, take in steps.items():
        late = KeyRing(keys)
        take()
        if name == step:
            break

    async def one(with_ring: KeyRing, number: int) -> tuple[int, Person]:
        async with database.transaction() as tx:
            return number, await ensure(tx, with_ring, somebody(number))

    made = await asyncio.gather(*(one(each, number) for number in range(20) for each in (ring, late, ring)))
    assert len({(number, person.person_id) for number, person in made}) == 20


async def test_a_number_that_a_hospital_made_up_means_somebody_there_alone(tx: Tx, ring: KeyRing) -> None:
    number = "000000000002" + str(check_digit("000000000002"))
    people = [
        await ensure(tx, ring, identifier)
        for identifier in (
            Identifier(Scheme.LOCAL, number, "10670"),
            Identifier(Scheme.LOCAL, number, "13814"),
            Identifier(Scheme.CID, number),
            Identifier(Scheme.LOCAL, somebody().value, "10670"),
            Identifier(Scheme.LOCAL, "HN0001", "10670"),
            Identifier(Scheme.LOCAL, "HN0001", "13814"),
            somebody(),
        )
    ]
    assert len({person.person_id for person in people}) == 7


def test_scheme_issuer_and_value_cannot_run_into_each_other(ring: KeyRing) -> None:
    alike = [
        Identifier(Scheme.LOCAL, "12", "1067"),
        Identifier(Scheme.LOCAL, "712", "106"),
        Identifier(Scheme.LOCAL, "1067\x0012", ""),
        Identifier(Scheme.LOCAL, "", "106712"),
    ]
    hashes = {rules.hashes(ring, identifier)[0][1] for identifier in alike[:2] + alike[3:]}
    assert len(hashes) == 3


async def test_what_is_stored_of_a_number_tells_nothing_without_the_keys(tx: Tx, ring: KeyRing) -> None:
    identifier = somebody()
    person = await ensure(tx, ring, identifier)
    for table in ("person", "person_identifier"):
        for row in await tx.fetch(f"select * from {table}"):
            stored = b"".join(value if isinstance(value, bytes) else str(value).encode() for value in row.values())  # type: ignore[attr-defined]
            assert identifier.value.encode() not in stored
            assert person.data_key.secret.reveal() not in stored
    (row,) = await store.identifiers_of(tx, person.person_id)
    assert rules.opened_value(person, row.value_sealed) == identifier.value


async def test_the_same_number_is_another_hash_under_another_pepper(tx: Tx, ring: KeyRing) -> None:
    (before,) = rules.hashes(ring, somebody())
    person = await ensure(tx, ring, somebody())
    ring.make_current(KeyKind.PEPPER, ring.accept_new(KeyKind.PEPPER))
    assert len({value for _, value in rules.hashes(ring, somebody())} - {before[1]}) == 1
    found = await find(tx, ring, somebody())
    assert found and found.person_id == person.person_id


async def test_who_was_made_during_a_rotation_is_found_under_either_pepper(tx: Tx, ring: KeyRing) -> None:
    new_id = ring.accept_new(KeyKind.PEPPER)
    person = await ensure(tx, ring, somebody())
    assert {row.pepper_id for row in await store.identifiers_of(tx, person.person_id)} == {1, new_id}
    ring.make_current(KeyKind.PEPPER, new_id)
    ring.retire(KeyKind.PEPPER, 1)
    found = await find(tx, ring, somebody())
    assert found and found.person_id == person.person_id


async def test_a_person_whose_shard_key_was_destroyed_is_lost(tx: Tx, ring: KeyRing) -> None:
    person = await ensure(tx, ring, somebody())
    shard = shard_of(person.person_id)
    ring.add_shard_version(shard)
    ring.destroy_shard_version(shard, 1)
    with pytest.raises(Problem, match="KEY_UNKNOWN"):
        await find(tx, ring, somebody())


async def test_a_stored_key_cannot_be_put_under_another_person(tx: Tx, ring: KeyRing) -> None:
    first, second = await ensure(tx, ring, somebody(1)), await ensure(tx, ring, somebody(2))
    await tx.execute(
        "update person_identifier set value_sealed = (select value_sealed from person_identifier where person_id = $1)"
        " where person_id = $2",
        first.person_id,
        second.person_id,
    )
    (row,) = await store.identifiers_of(tx, second.person_id)
    with pytest.raises(InvalidTag):
        rules.opened_value(second, row.value_sealed)
