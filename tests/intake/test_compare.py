"""What an upload would change: where, never what; nothing stored, one line for a person who is known."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.uploads import CID, PATHS_OF_ITEMS, SOMEBODY_ELSE, upload
from morprom.audit import Basis, Outcome, read_history
from morprom.intake import Difference, Sender, Writer, compare, receive, receive_items, remove
from morprom.intake.difference import differing_paths
from morprom.kernel import Hcode, Secret
from morprom.mophphr import ItemsUpload, Upload, read_items_upload, read_visits_upload
from morprom.mophphr.item_calls import ITEM_CALLS
from morprom.people import Identifier, Scheme, find
from morprom.recordstore import UnitRefs
from morprom.storage import Database, KeyRing
from payloads import invented_cid

KHON_KAEN: Final = Hcode("10670")
KEY: Final = Secret(b"u" * 32)
ACCOUNT: Final = uuid4()
ANOTHER: Final = invented_cid(4_100_003)
VISITS: Final = "/api/UpdatePHRv1"


class Nobody:
    """A verifier who knows no provider."""

    async def verified_provider(self, token: str, hcode: str) -> str | None:
        return None


def read(path: str, body: Any) -> Upload | ItemsUpload:
    sent = json.dumps(body).encode()
    if path == VISITS:
        given = read_visits_upload(sent, encounter_limit=9, nesting_limit=64, test_person_allowed=True)
    else:
        call = ITEM_CALLS[path[5:].lower()]
        given = read_items_upload(call, sent, item_limit=9, nesting_limit=64, test_person_allowed=True)
    assert isinstance(given, Upload | ItemsUpload), given
    return given


class Hospital:
    """Stores uploads and compares them."""

    def __init__(self, database: Database, ring: KeyRing) -> None:
        self.database = database
        self.ring = ring
        self.writer = Writer(database, ring, timedelta(days=90))

    async def store(self, path: str, body: Any) -> None:
        given = read(path, body)
        sender = Sender(ACCOUNT, may_remove=True)
        if isinstance(given, Upload):
            await receive(given, sender, KEY, writer=self.writer, database=self.database, ring=self.ring)
        else:
            await receive_items(
                given, KHON_KAEN, sender, KEY,
                writer=self.writer, database=self.database, ring=self.ring, providers=Nobody(),
            )  # fmt: skip

    async def compare(self, path: str, body: Any) -> tuple[Difference, ...]:
        async with self.database.transaction() as tx:
            return await compare(tx, self.ring, read(path, body), KEY, account_id=ACCOUNT)

    async def person_id(self, cid: str) -> UUID | None:
        async with self.database.transaction() as tx:
            person = await find(tx, self.ring, Identifier(Scheme.CID, cid))
        return person.person_id if person else None

    async def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        tables = ("person", "person_identifier", "document", "ledger", "removal", "history")
        async with self.database.transaction() as tx:
            return {table: await tx.fetchval(f"select count(*) from {table}") for table in tables}


@pytest.fixture
async def hospital(database: Database, ring: KeyRing) -> AsyncIterator[Hospital]:
    yield Hospital(database, ring)


def outcomes(found: tuple[Difference, ...]) -> set[str]:
    return {one.outcome for one in found}


@pytest.mark.parametrize("path", [VISITS, *PATHS_OF_ITEMS])
async def test_an_upload_of_somebody_unknown_is_new_and_leaves_nothing(hospital: Hospital, path: str) -> None:
    before = await hospital.rows()
    found = await hospital.compare(path, upload(path))
    assert outcomes(found) == {"new"} and all(one.paths == () for one in found)
    assert await hospital.rows() == before


@pytest.mark.parametrize("path", [VISITS, *PATHS_OF_ITEMS])
async def test_what_is_stored_is_the_same_and_its_person_is_told(hospital: Hospital, path: str) -> None:
    await hospital.store(path, upload(path))
    before = await hospital.rows()
    found = await hospital.compare(path, upload(path))
    assert outcomes(found) == {"same"}
    assert await hospital.rows() == {**before, "history": before["history"] + 1}
    async with hospital.database.transaction() as tx:
        person = await find(tx, hospital.ring, Identifier(Scheme.CID, CID))
        assert person
        line = (await read_history(tx, person.person_id, person.data_key))[-1]
    assert (line.entry.basis, line.entry.outcome) == (Basis.UNIT, Outcome.PERMITTED)
    assert (line.entry.content.action, line.entry.actor, line.entry.unit) == ("Explain", ACCOUNT, KHON_KAEN)
    assert len(line.entry.content.refs) == 1


async def test_a_changed_visit_tells_where_and_no_value(hospital: Hospital) -> None:
    await hospital.store(VISITS, upload(VISITS))
    body = upload(VISITS)
    body["Encounter"][0]["status"] = "cancelled"
    body["Encounter"][0]["Medication"][0]["code"]["text"] = "SECRET DRUG"
    body["Patient"]["gender"] = "unknown"
    found = await hospital.compare(VISITS, body)
    by_kind = {one.kind.name: one for one in found}
    assert (by_kind["VISIT"].outcome, by_kind["VISIT"].ref) == ("changed", f"{KHON_KAEN}:690401081500")
    assert set(by_kind["VISIT"].paths) == {"/status", "/Medication/0/code/text"}
    assert by_kind["PATIENT"].paths == ("/Patient/gender",)
    assert "SECRET" not in repr(found)


@pytest.mark.parametrize("path", PATHS_OF_ITEMS)
async def test_a_changed_item_tells_where(hospital: Hospital, path: str) -> None:
    await hospital.store(path, upload(path))
    body = upload(path)
    body["something"] = "else"
    [found] = await hospital.compare(path, body)
    assert (found.outcome, found.paths, found.kind) == ("changed", ("/something",), ITEM_CALLS[path[5:].lower()].kind)


@pytest.mark.parametrize("path", [VISITS, *PATHS_OF_ITEMS])
async def test_what_is_another_person_s_is_told_as_a_move_and_not_opened(hospital: Hospital, path: str) -> None:
    await hospital.store(path, upload(path))
    owner = await hospital.person_id(CID)
    async with hospital.database.transaction() as tx:
        await tx.execute("update document set sealed = ''")  # nothing of it could be opened
    body = json.loads(json.dumps(upload(path)).replace(CID, ANOTHER))
    found = await hospital.compare(path, body)
    is_keyed_within = path != VISITS and ITEM_CALLS[path[5:].lower()].key_is_of_person
    moved = [one for one in found if one.outcome == "moved"]
    assert len(moved) == (0 if is_keyed_within else 1) and all(one.paths == () for one in found)
    async with hospital.database.transaction() as tx:
        lines = await tx.fetchval("select count(*) from history where person_id = $1 and basis = 9", owner)
    assert lines == 0


async def test_a_removed_item_would_be_new_again(hospital: Hospital) -> None:
    await hospital.store(VISITS, upload(VISITS))
    sealed = UnitRefs(KEY).sealed("690401081500")
    async with hospital.database.transaction() as tx:
        await remove(tx, hospital.ring, KHON_KAEN, [sealed], account_id=None, reason="RemoveEncounter")
    found = await hospital.compare(VISITS, upload(VISITS))
    assert {one.kind.name: one.outcome for one in found} == {"PATIENT": "same", "VISIT": "new"}


async def test_another_hospital_s_key_finds_nothing(hospital: Hospital, ring: KeyRing) -> None:
    await hospital.store(VISITS, upload(VISITS))
    async with hospital.database.transaction() as tx:
        found = await compare(tx, ring, read(VISITS, upload(VISITS)), Secret(b"v" * 32), account_id=ACCOUNT)
    assert outcomes(found) == {"new"}


async def test_a_caregiver_s_record_is_not_touched(hospital: Hospital) -> None:
    await hospital.compare("/api/CareGiver", upload("/api/CareGiver"))
    assert await hospital.person_id(SOMEBODY_ELSE) is None


@pytest.mark.parametrize(
    ("stored", "given", "paths"),
    [
        ('{"a":1}', '{"a":1}', ()),
        ('{"a":1}', '{"a":2}', ("/a",)),
        ('{"a":1}', '{"a":1.0}', ("/a",)),
        ('{"a":1}', '{"a":true}', ("/a",)),
        ('{"a":null}', "{}", ("/a",)),
        ('{"a":[1,2]}', '{"a":[1,3,4]}', ("/a/1", "/a/2")),
        ('{"a":[]}', '{"a":{}}', ("/a",)),
        ('{"a":{"b":1}}', '{"a":{"c":1}}', ("/a/b", "/a/c")),
        ('{"x/y~z":1}', '{"x/y~z":2}', ("/x~1y~0z",)),
        ('{"a":1,"b":2}', '{"b":2,"a":1}', ("",)),
        ('{"a":1.10}', '{"a":1.1}', ("",)),
        ('{"a":1,"a":2}', '{"a":2}', ("",)),
        ('{"a":1e999}', '{"a":1e308}', ("/a",)),
        ("{}", "[]", ("",)),
    ],
)
def test_where_documents_differ(stored: str, given: str, paths: tuple[str, ...]) -> None:
    assert differing_paths(stored.encode(), given.encode()) == paths


def test_no_more_than_two_hundred_places_are_told() -> None:
    one, other = [json.dumps(dict.fromkeys(map(str, range(5_000)), value)).encode() for value in (1, 2)]
    assert len(differing_paths(one, other)) == 200


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
)


@given(plain, plain)
def test_documents_differ_nowhere_exactly_when_they_are_the_same(one: object, other: object) -> None:
    first, second = json.dumps(one).encode(), json.dumps(other).encode()
    assert (differing_paths(first, second) == ()) == (first == second)
    assert sorted(differing_paths(first, second)) == sorted(differing_paths(second, first))
