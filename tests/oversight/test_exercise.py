"""What test hospitals tried, by the rule and in the table."""

from datetime import UTC, datetime, timedelta

import pytest

from morprom.kernel import Hcode
from morprom.oversight import Trait, Tried, exercise
from morprom.oversight.checklist import CHECKLIST, KEPT, MENDED, is_upload, refusal_of
from morprom.storage import KeyRing, Tx
from morprom.units.administration import UnitEntry, roster

HOSPITAL, OTHER = Hcode("99999"), Hcode("00000")
NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
UPDATE = "/api/UpdatePHRv1"


@pytest.fixture(autouse=True)
async def units(tx: Tx, ring: KeyRing) -> None:
    await roster.enrol(tx, ring, [UnitEntry(hcode, "โรงพยาบาลทดสอบ") for hcode in (HOSPITAL, OTHER)])


def tried(path: str = UPDATE, status: int = 200, *traits: Trait, method: str = "POST", **words: str) -> Tried:
    return Tried(method, path, words, status, frozenset(traits))


async def done(tx: Tx, now: datetime = NOW, hcode: str = HOSPITAL) -> set[str]:
    return {row.item.id for row in await exercise.checklist_of(tx, hcode, now) if row.last_at}


def test_every_item_has_a_name_of_its_own() -> None:
    assert len({item.id for item in CHECKLIST}) == len(CHECKLIST)
    for item in CHECKLIST:
        for words in (item.group, item.words, item.how):
            assert (words.en and any("\u0e00" <= letter <= "\u0e7f" for letter in words.th)) or words.th == words.en


@pytest.mark.parametrize("status", [201, 301, 400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_only_what_succeeds_is_ticked(status: int) -> None:
    items = exercise.items_of(tried(UPDATE, status, *Trait))
    assert items == ((refusal_of(UPDATE),) if status == 422 else ())


def test_a_refusal_of_what_is_no_upload_is_not_kept() -> None:
    assert not is_upload("/api/RequestTokenv1") and not is_upload("")
    assert exercise.items_of(tried("/api/RequestTokenv1", 422)) == ()


async def test_a_refusal_counts_once_the_same_call_succeeds(tx: Tx) -> None:
    await exercise.note_tried(tx, HOSPITAL, tried("/api/CareGiver", 422), NOW)
    await exercise.note_tried(tx, HOSPITAL, tried(UPDATE), NOW)
    assert MENDED not in await done(tx)
    await exercise.note_tried(tx, HOSPITAL, tried("/api/CareGiver"), NOW + KEPT)
    assert MENDED not in await done(tx, NOW + KEPT), "the refusal was too long ago"
    await exercise.note_tried(tx, HOSPITAL, tried(UPDATE, 422), NOW)
    assert MENDED not in await done(tx)
    await exercise.note_tried(tx, HOSPITAL, tried(UPDATE), NOW)
    assert MENDED in await done(tx)
    assert await done(tx, hcode=OTHER) == set()


async def test_it_is_kept_a_day_after_the_last_time(tx: Tx) -> None:
    for hours in (0, 10, 4):
        await exercise.note_tried(tx, HOSPITAL, tried(), NOW + timedelta(hours=hours))
    last = NOW + timedelta(hours=10)
    assert await done(tx, last + KEPT - timedelta(seconds=1)) == {"upload-visits"}
    assert await done(tx, last + KEPT) == set()
    assert await exercise.purge_tried(tx, last + KEPT - timedelta(seconds=1)) == 0
    assert await exercise.purge_tried(tx, last + KEPT) == 1


async def test_oversight_alone_has_the_table(tx: Tx) -> None:
    for role in ("intake", "reader", "identity", "sealer", "keys", "oversight"):
        may = await tx.fetchval("select has_table_privilege($1, 'exercise', 'select')", f"morprom_{role}")
        assert may is (role == "oversight")
