"""Storage: sealing binds a document to its place, rings rotate, roles reach the database."""

from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from morprom.kernel import Problem, Secret
from morprom.storage import Database, DataKey, KeyKind, KeyRing, Role, Tx, migrate
from morprom.storage.seal import seal, unseal

KEY = DataKey(1, Secret(bytes(range(32))))
PLACE = {"person_id": uuid4(), "kind": 2, "unit": "10670", "ref": b"r" * 16, "version": 3}


@given(st.binary(max_size=20_000))
def test_what_is_sealed_comes_back_byte_for_byte(content: bytes) -> None:
    assert unseal(seal(content, KEY, **PLACE), KEY, **PLACE) == content


@pytest.mark.parametrize(
    "other", [{"person_id": uuid4()}, {"kind": 3}, {"unit": "10671"}, {"ref": b"x" * 16}, {"version": 2}]
)
def test_a_blob_cannot_stand_in_another_place(other: dict[str, object]) -> None:
    blob = seal(b"{}", KEY, **PLACE)
    with pytest.raises(InvalidTag):
        unseal(blob, KEY, **(PLACE | other))


def test_lengths_are_padded() -> None:
    sizes = {len(seal(b"x" * size, KEY, **PLACE)) % 64 for size in range(1, 200, 7)}
    assert len(sizes) == 1


def test_a_ring_rotates_in_three_steps(ring: KeyRing) -> None:
    old_id, old = ring.current(KeyKind.OTP)
    new_id = ring.accept_new(KeyKind.OTP)
    assert ring.current(KeyKind.OTP) == (old_id, old)
    ring.make_current(KeyKind.OTP, new_id)
    assert ring.current(KeyKind.OTP)[0] == new_id
    assert ring.get(KeyKind.OTP, old_id) == old
    ring.retire(KeyKind.OTP, old_id)
    with pytest.raises(Problem):
        ring.get(KeyKind.OTP, old_id)


def test_a_destroyed_shard_key_opens_nothing(ring: KeyRing) -> None:
    version, wrapped = ring.wrap(77, Secret(b"k" * 32))
    assert ring.unwrap(77, version, wrapped).reveal() == b"k" * 32
    newer = ring.add_shard_version(77)
    assert ring.wrap(77, Secret(b"k" * 32))[0] == newer
    ring.destroy_shard_version(77, version)
    with pytest.raises(Problem):
        ring.unwrap(77, version, wrapped)


async def test_migrations_are_applied(tx: Tx) -> None:
    assert await tx.fetchval("select count(*) from schema_migration") >= 1


async def test_a_pool_acts_as_its_role(database_url: str) -> None:
    reader = await Database.connect(database_url, Role.READER)
    async with reader.transaction() as tx:
        assert await tx.fetchval("select current_user") == "morprom_reader"
    await reader.close()


async def test_a_database_that_does_not_answer_is_named_without_its_login() -> None:
    with pytest.raises(Problem) as raised:
        await migrate("postgresql://somebody:secret@127.0.0.1:1/morprom")
    assert raised.value.code == "DATABASE_UNREACHABLE"
    assert "127.0.0.1" in raised.value.words.en
    assert "secret" not in str(raised.value.words)
