"""The writer: new, same, changed, moved; many at once; a poisoned one fails alone."""

import asyncio
from datetime import date, timedelta
from uuid import uuid4

import pytest

from morprom.intake import Writer
from morprom.intake.model import Ledgered, Part, Receipt, Submission
from morprom.kernel import Problem, Secret
from morprom.people import Identifier, Person, Scheme, find
from morprom.record import Document, Kind, Seeing
from morprom.recordstore import UnitRefs, keyed, load
from morprom.storage import Database, KeyRing
from morprom_wire.cid import check_digit

REFS = UnitRefs(Secret(b"u" * 32))
EVERYTHING = Seeing(sensitive=True, free_text=True, masked=True)


def somebody(number: int) -> Identifier:
    twelve = f"19900{number:07d}"
    return Identifier(Scheme.CID, f"{twelve}{check_digit(twelve)}")


def visit(number: int, content: bytes = b'{"status":"finished"}', *, day: date = date(2026, 1, 2)) -> Part:
    ref = REFS.sealed(f"V{number}")
    return Part(Kind.VISIT, keyed(ref), content, Ledgered(ref, day))


def patient(content: bytes = b'{"Patient":{}}') -> Part:
    return Part(Kind.PATIENT, REFS.only(Kind.PATIENT), content)


def submission(who: Identifier, *parts: Part) -> Submission:
    return Submission(who, "10670", parts, "UpdatePHRv1", uuid4(), "test")


class Permit:
    """Stands for access's permit where only the store is looked at."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.seeing = EVERYTHING


@pytest.fixture
def writer(database: Database, ring: KeyRing) -> Writer:
    return Writer(database, ring, timedelta(days=90))


async def stored(database: Database, ring: KeyRing, who: Identifier) -> list[Document]:
    async with database.transaction() as tx:
        person = await find(tx, ring, who)
        return await load(tx, Permit(person), [Kind.PATIENT, Kind.VISIT]) if person else []


async def test_a_visit_is_new_then_the_same_then_changed(writer: Writer, database: Database, ring: KeyRing) -> None:
    who = somebody(1)
    first = await writer.write(submission(who, patient(), visit(1)))
    again = await writer.write(submission(who, patient(), visit(1)))
    changed = await writer.write(submission(who, patient(), visit(1, b'{"status":"cancelled"}')))
    assert (first.new, again.same, changed.changed) == (1, 1, 1)
    assert first.receipt_id is not None
    assert again == Receipt(None, same=1)
    documents = await stored(database, ring, who)
    assert {(d.kind, d.version, d.content) for d in documents} == {
        (Kind.PATIENT, 1, b'{"Patient":{}}'),
        (Kind.VISIT, 2, b'{"status":"cancelled"}'),
    }


async def test_a_changed_visit_keeps_the_time_it_first_came(writer: Writer, database: Database, ring: KeyRing) -> None:
    await writer.write(submission(somebody(1), visit(1)))
    [before] = await stored(database, ring, somebody(1))
    await writer.write(submission(somebody(1), visit(1, b"[]")))
    [after] = await stored(database, ring, somebody(1))
    assert after.created_at == before.created_at
    assert after.received_at > before.received_at


async def test_many_uploads_share_few_transactions_and_each_is_stored_once(
    writer: Writer, database: Database, ring: KeyRing
) -> None:
    submissions = [submission(somebody(n % 7), patient(), visit(n)) for n in range(200)]
    receipts = await asyncio.gather(*(writer.write(s) for s in submissions))
    assert sum(receipt.new for receipt in receipts) == 200
    assert sum([len(await stored(database, ring, somebody(n))) for n in range(7)]) == 200 + 7
    async with database.transaction() as tx:
        assert await tx.fetchval("select count(*) from history") == 200
        assert await tx.fetchval("select count(distinct txid) from history") < 60


async def test_the_same_visit_from_two_writers_at_once_is_stored_once(database: Database, ring: KeyRing) -> None:
    writers = [Writer(database, ring, timedelta(days=90)) for _ in range(4)]
    receipts = await asyncio.gather(
        *(w.write(submission(somebody(n), patient(), visit(n))) for n in range(20) for w in writers)
    )
    assert sum(receipt.new for receipt in receipts) == 20
    assert sum(receipt.same for receipt in receipts) == 60


async def test_a_visit_under_another_person_moves_with_its_versions(
    writer: Writer, database: Database, ring: KeyRing
) -> None:
    wrong, right = somebody(1), somebody(2)
    await writer.write(submission(wrong, patient(), visit(1, b"1")))
    await writer.write(submission(wrong, patient(), visit(1, b"2")))
    receipt = await writer.write(submission(right, patient(), visit(1, b"3")))
    assert receipt.moved == 1
    assert await stored(database, ring, wrong) == [], "what came with the visits describes the right person"
    assert {d.content for d in await stored(database, ring, right)} == {b'{"Patient":{}}', b"3"}
    async with database.transaction() as tx:
        person = await find(tx, ring, right)
        assert person
        rows = await tx.fetch(
            "select version, held_until is null from document where person_id = $1 and kind = 2 order by version",
            person.person_id,
        )
    assert [tuple(row) for row in rows] == [(1, False), (2, False), (3, True)]


async def test_a_poisoned_submission_fails_alone(writer: Writer, database: Database, ring: KeyRing) -> None:
    poison = submission(somebody(3), Part(Kind.VISIT, b"x" * 16, b"{}", Ledgered(b"x" * 17, date(2026, 1, 1))))
    poison = Submission(poison.identifier, "10670\0", poison.parts, "UpdatePHRv1")
    results = await asyncio.gather(
        *(writer.write(submission(somebody(n), visit(n))) for n in range(10)), writer.write(poison),
        *(writer.write(submission(somebody(n), visit(n))) for n in range(10, 20)), return_exceptions=True,
    )  # fmt: skip
    failed = [result for result in results if isinstance(result, BaseException)]
    assert [type(error) for error in failed] == [Problem]
    assert sum([len(await stored(database, ring, somebody(n))) for n in range(20)]) == 20


async def test_when_the_database_is_gone_nothing_is_acknowledged(database_url: str, ring: KeyRing) -> None:
    database = await Database.connect(database_url)
    writer = Writer(database, ring, timedelta(days=90))
    database.terminate()
    with pytest.raises(Problem) as caught:
        await writer.write(submission(somebody(1), visit(1)))
    assert caught.value.code == "STORAGE_UNAVAILABLE"
