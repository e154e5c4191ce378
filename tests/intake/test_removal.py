"""Taking visits back: soft, guarded, restorable; and purge when the hold is over."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.test_writer import REFS, somebody, stored, submission, visit
from morprom.intake import Writer, confirm, purge, removals, remove, restore
from morprom.intake.model import Ledgered, Part, RemovalState
from morprom.intake.remove import is_suspicious
from morprom.kernel import Problem
from morprom.record import Kind
from morprom.recordstore import keyed
from morprom.recordstore.content import with_note
from morprom.storage import Database, KeyRing


@pytest.fixture
def writer(database: Database, ring: KeyRing) -> Writer:
    return Writer(database, ring, timedelta(days=90))


async def send(writer: Writer, count: int) -> None:
    for number in range(count):
        await writer.write(submission(somebody(number % 5), visit(number)))


def refs(*numbers: int) -> list[bytes]:
    return [REFS.sealed(f"V{number}") for number in numbers]


async def test_a_removed_visit_is_gone_and_comes_back(writer: Writer, database: Database, ring: KeyRing) -> None:
    await send(writer, 3)
    async with database.transaction() as tx:
        removed = await remove(tx, ring, "10670", refs(0, 0, 99), account_id=uuid4(), reason="RemoveEncounter")
    assert (removed.state, removed.count) == (RemovalState.DONE, 1)
    assert await stored(database, ring, somebody(0)) == []
    async with database.transaction() as tx:
        assert removed.removal_id is not None
        assert await restore(tx, ring, removed.removal_id) == 1
    assert len(await stored(database, ring, somebody(0))) == 1


async def test_a_removed_visit_that_is_sent_again_counts_again(
    writer: Writer, database: Database, ring: KeyRing
) -> None:
    await send(writer, 1)
    async with database.transaction() as tx:
        await remove(tx, ring, "10670", refs(0), account_id=None, reason="RemoveEncounter")
    receipt = await writer.write(submission(somebody(0), visit(0)))
    assert receipt.new == 1
    [document] = await stored(database, ring, somebody(0))
    assert document.version == 2


async def test_an_unusual_removal_is_held_until_confirmed(writer: Writer, database: Database, ring: KeyRing) -> None:
    await send(writer, 30)
    async with database.transaction() as tx:
        removed = await remove(tx, ring, "10670", refs(*range(25)), account_id=None, reason="UpdatePHRv1 scope ALL")
    assert (removed.state, removed.count) == (RemovalState.HELD, 0)
    assert len(await stored(database, ring, somebody(1))) == 6
    async with database.transaction() as tx:
        [held] = await removals(tx, "10670", held=True)
        assert (await confirm(tx, ring, held.removal_id)).count == 25
    assert len(await stored(database, ring, somebody(1))) == 1
    async with database.transaction() as tx:
        with pytest.raises(Problem):
            await confirm(tx, ring, held.removal_id)


async def test_many_small_removals_do_not_slip_under_the_guard(
    writer: Writer, database: Database, ring: KeyRing
) -> None:
    await send(writer, 30)
    states: list[RemovalState] = []
    for number in range(30):
        async with database.transaction() as tx:
            removed = await remove(tx, ring, "10670", refs(number), account_id=None, reason="RemoveEncounter")
        states.append(removed.state)
    assert states.count(RemovalState.DONE) == 20


def register(number: int) -> Part:
    ref = REFS.sealed(f"V{number}", Kind.CHRONIC_REGISTER)
    return Part(Kind.CHRONIC_REGISTER, keyed(ref), with_note(b"{}"), Ledgered(ref, None))


async def test_kinds_are_guarded_apart_and_purged_alike(writer: Writer, database: Database, ring: KeyRing) -> None:
    await send(writer, 20)
    for number in range(20):
        await writer.write(submission(somebody(number % 5), register(number)))
    registers = [REFS.sealed(f"V{number}", Kind.CHRONIC_REGISTER) for number in range(20)]
    async with database.transaction() as tx:
        visits = await remove(tx, ring, "10670", refs(*range(20)), account_id=None, reason="RemoveEncounter")
        others = await remove(
            tx, ring, "10670", registers, kind=Kind.CHRONIC_REGISTER, account_id=None, reason="a call"
        )  # fmt: skip
        assert (visits.count, others.count) == (20, 20), "20 of each are free"
        assert {one.kind for one in await removals(tx, "10670", held=False)} == {Kind.CHRONIC_REGISTER, Kind.VISIT}
        assert others.removal_id is not None
        assert await restore(tx, ring, others.removal_id) == 20
        await tx.execute("update document set held_until = now() - interval '1 second' where held_until is not null")
        assert await purge(tx) == (20, 20)
        assert await tx.fetchval("select count(*) from ledger where kind = 4 and removed_at is null") == 20


@pytest.mark.parametrize(
    ("asked", "lately", "of_those_days", "unusual"),
    [(20, 0, 20, False), (21, 0, 420, False), (21, 0, 419, True), (1, 20, 420, False), (1, 20, 419, True)],
)
def test_what_is_unusual(asked: int, lately: int, of_those_days: int, unusual: bool) -> None:
    assert is_suspicious(asked, lately, of_those_days) is unusual


@given(st.integers(0, 20))
def test_twenty_an_hour_are_never_unusual(asked: int) -> None:
    assert not is_suspicious(asked, 0, 1)


async def test_what_was_held_long_enough_is_purged_unless_on_legal_hold(
    writer: Writer, database: Database, ring: KeyRing
) -> None:
    await send(writer, 2)
    await writer.write(submission(somebody(0), visit(0, b"[1]", day=date(2026, 1, 3))))
    async with database.transaction() as tx:
        await remove(tx, ring, "10670", refs(1), account_id=None, reason="RemoveEncounter")
        await tx.execute("update document set held_until = now() - interval '1 second' where held_until is not null")
        await tx.execute(
            "update document set hold_id = gen_random_uuid() where version = 1 and held_until is not null"
            " and person_id in (select person_id from ledger where removed_at is not null)"
        )
        await tx.execute(
            "insert into disputed_visit (person_id, unit, ref, reported_at)"
            " select person_id, unit, ref, now() from ledger"
        )
    async with database.transaction() as tx:
        assert await purge(tx) == (1, 0)
        assert await tx.fetchval("select count(*) from disputed_visit") == 2
        await tx.execute("update document set hold_id = null")
    async with database.transaction() as tx:
        assert await purge(tx) == (1, 1)
        assert await tx.fetchval("select count(*) from disputed_visit join ledger using (unit, ref)") == 1
        assert await tx.fetchval("select count(*) from disputed_visit") == 1  # with a visit goes what was said of it
    assert len(await stored(database, ring, somebody(0))) == 1
