"""Refs of a unit, documents opened with a permit, and the ledger's counts."""

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from intake.test_writer import REFS, Permit, patient, somebody, submission, visit
from morprom.intake import Writer
from morprom.kernel import Secret
from morprom.people import find
from morprom.record import Kind
from morprom.recordstore import UnitRefs, counts_of_days, keyed, load, refs_of_day
from morprom.recordstore.content import compared, instant, packed, unpacked, with_note
from morprom.storage import Database, KeyRing

UNIT_KEY = Secret(b"u" * 32)
OTHER_UNIT = UnitRefs(Secret(b"v" * 32))
DAY = date(2026, 1, 2)


@given(st.text(min_size=1, max_size=40))
def test_a_ref_is_the_same_every_time_and_is_read_back(ref: str) -> None:
    ref = ref.encode("utf-8", "replace").decode()
    assert UnitRefs(UNIT_KEY).sealed(ref) == REFS.sealed(ref)
    assert REFS.opened(REFS.sealed(ref)) == ref
    assert keyed(REFS.sealed(ref)) == REFS.sealed(ref)[:16]


@given(st.text("0123456789", min_size=1, max_size=15), st.text("0123456789", min_size=1, max_size=15))
def test_different_refs_are_different_and_so_are_those_of_units(one: str, other: str) -> None:
    assert (keyed(REFS.sealed(one)) == keyed(REFS.sealed(other))) == (one == other)
    assert keyed(REFS.sealed(one)) != keyed(OTHER_UNIT.sealed(one))
    assert one.encode() not in REFS.sealed(one) or len(one) < 4


def test_another_unit_s_key_reads_no_ref() -> None:
    with pytest.raises(InvalidTag):
        OTHER_UNIT.opened(REFS.sealed("V1"))


@given(st.text("0123456789", min_size=1, max_size=15))
def test_one_number_is_another_ref_for_every_kind(number: str) -> None:
    sealed = {kind: REFS.sealed(number, kind) for kind in Kind}
    assert len({keyed(ref) for ref in sealed.values()}) == len(Kind)
    assert {REFS.opened(ref, kind) for kind, ref in sealed.items()} == {number}
    assert sealed[Kind.VISIT] == REFS.sealed(number)
    with pytest.raises(InvalidTag):
        REFS.opened(sealed[Kind.REFERRAL], Kind.VISIT)


@given(st.text("0123456789AB.", max_size=20))
def test_a_label_is_read_back_with_its_ref_alone_and_is_never_the_same_twice(label: str) -> None:
    ref, other = REFS.sealed("1", Kind.CHRONIC_REGISTER), REFS.sealed("2", Kind.CHRONIC_REGISTER)
    sealed = REFS.sealed_label(label, ref)
    assert REFS.opened_label(sealed, ref) == label
    assert sealed != REFS.sealed_label(label, ref)
    assert (len(sealed) - 12 - 16) % 16 == 0
    for refs, place in ((REFS, other), (OTHER_UNIT, ref)):
        with pytest.raises(InvalidTag):
            refs.opened_label(sealed, place)


def test_single_documents_have_refs_of_their_own() -> None:
    refs = {REFS.only(kind) for kind in Kind} | {OTHER_UNIT.only(kind) for kind in Kind}
    assert len(refs) == 2 * len(Kind) and {len(ref) for ref in refs} == {16}
    assert REFS.only(1) not in {keyed(REFS.sealed(text)) for text in ("1", "\x01", "only one")}


@given(st.integers(0, 2**48 - 1), st.binary(max_size=100))
def test_content_is_packed_with_its_first_arrival(created_ms: int, content: bytes) -> None:
    assert unpacked(packed(created_ms, content)) == (created_ms, content)


SENT = [b"{}", b'{"noted":{"verified":true}}', b'{"a":",\\"noted\\":{}}","noted":1}', b'{"sent":{"sent":1},"noted":{}}']


@pytest.mark.parametrize("sent", SENT)
@pytest.mark.parametrize("noted", [b"{}", b'{"verified":true,"provider_id":"\\",\\"noted\\":"}'])
def test_what_was_sent_is_told_from_what_was_noted_whatever_was_sent(sent: bytes, noted: bytes) -> None:
    content = with_note(sent, noted)
    assert json.loads(content) == {"sent": json.loads(sent), "noted": json.loads(noted)}
    assert compared(Kind.PRESCRIPTION, content) == sent
    assert compared(Kind.CARED_FOR, content) == content
    assert compared(Kind.VISIT, sent) == sent


def test_the_first_arrival_is_an_instant() -> None:
    assert instant(1_775_000_000_123) == datetime(2026, 3, 31, 23, 33, 20, 123_000, UTC)


@pytest.fixture
def writer(database: Database, ring: KeyRing) -> Writer:
    return Writer(database, ring, timedelta(days=90))


async def test_documents_come_opened_by_kind_with_their_arrivals(
    writer: Writer, database: Database, ring: KeyRing
) -> None:
    await writer.write(submission(somebody(1), patient(b'{"v":1}'), visit(1, b'{"n":1}'), visit(2, b'{"n":2}')))
    await writer.write(submission(somebody(1), patient(b'{"v":2}')))
    await writer.write(submission(somebody(2), visit(3, b'{"n":3}')))
    async with database.transaction() as tx:
        person = await find(tx, ring, somebody(1))
        assert person
        everything = await load(tx, Permit(person), list(Kind))
        visits = await load(tx, Permit(person), [Kind.VISIT])
        assert await load(tx, Permit(person), []) == []
    by_kind = {kind: sorted(one.content for one in everything if one.kind is kind) for kind in Kind}
    assert by_kind == {
        kind: {Kind.PATIENT: [b'{"v":2}'], Kind.VISIT: [b'{"n":1}', b'{"n":2}']}.get(kind, []) for kind in Kind
    }
    assert sorted(one.content for one in visits) == by_kind[Kind.VISIT]
    (changed,) = [one for one in everything if one.kind is Kind.PATIENT]
    assert changed.version == 2 and changed.hcode == "10670"
    assert changed.created_at <= changed.received_at and changed.created_at.utcoffset() == timedelta()


@pytest.mark.parametrize(
    "tampering",
    [
        "update document set ref = '\\x00'::bytea || substr(ref, 2)",
        "update document set unit = '13814'",
        "update document set version = version + 1",
        "update document set kind = 3",
        "update document set sealed = set_byte(sealed, length(sealed) - 1, get_byte(sealed, length(sealed) - 1) # 1)",
        "update document set sealed = set_byte(sealed, 3, get_byte(sealed, 3) # 1)",
    ],
)
async def test_a_document_that_was_put_elsewhere_or_changed_does_not_open(
    writer: Writer, database: Database, ring: KeyRing, tampering: str
) -> None:
    await writer.write(submission(somebody(1), visit(1)))
    async with database.transaction() as tx:
        await tx.execute(tampering)
        person = await find(tx, ring, somebody(1))
        assert person
        with pytest.raises((InvalidTag, KeyError)):
            await load(tx, Permit(person), list(Kind))


async def test_another_person_s_document_does_not_open(writer: Writer, database: Database, ring: KeyRing) -> None:
    await writer.write(submission(somebody(1), visit(1)))
    await writer.write(submission(somebody(2), patient()))
    async with database.transaction() as tx:
        first, second = await find(tx, ring, somebody(1)), await find(tx, ring, somebody(2))
        assert first and second
        await tx.execute("update document set person_id = $1 where person_id = $2", second.person_id, first.person_id)
        with pytest.raises(InvalidTag):
            await load(tx, Permit(second), [Kind.VISIT])


async def test_the_ledger_tells_a_hospital_its_refs_in_order(writer: Writer, database: Database) -> None:
    await writer.write(submission(somebody(1), visit(2), visit(10), visit(1, day=DAY + timedelta(days=1))))
    await writer.write(submission(somebody(2), visit(3)))
    async with database.transaction() as tx:
        assert await refs_of_day(tx, "10670", DAY, UNIT_KEY) == ["10670:V10", "10670:V2", "10670:V3"]
        assert await refs_of_day(tx, "13814", DAY, UNIT_KEY) == []
        assert await refs_of_day(tx, "10670", DAY - timedelta(days=1), UNIT_KEY) == []
        await tx.execute("update ledger set removed_at = now() where ref = $1", REFS.sealed("V3"))
        assert await refs_of_day(tx, "10670", DAY, UNIT_KEY) == ["10670:V10", "10670:V2"]


async def test_the_ledger_counts_visits_and_stays_a_day(database: Database) -> None:
    async with database.transaction() as tx:
        for number, (days, is_inpatient, removed, unit) in enumerate(
            [
                (0, False, False, "10670"), (0, False, False, "10670"), (0, True, False, "10670"),
                (2, True, False, "10670"), (2, False, True, "10670"), (3, False, True, "10670"),
                (4, False, False, "10670"), (0, False, False, "13814"),
            ]
        ):  # fmt: skip
            await tx.execute(
                "insert into ledger (person_id, removed_at, day, version, is_inpatient, unit, ref, content_hash, kind)"
                " values ($1, case when $2 then now() end, $3, 1, $4, $5, $6, '', 2)",
                UUID(int=number), removed, DAY + timedelta(days=days), is_inpatient, unit, bytes([number]),
            )  # fmt: skip
        rows = await counts_of_days(tx, "10670", DAY, DAY + timedelta(days=3))
    assert [tuple(row) for row in rows] == [(DAY, 2, 1), (DAY + timedelta(days=2), 0, 1)]
