"""Whole vaccine lists and the chronic register: what is left out or named goes, softly, guarded, restorable."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from conformance.uploads import CID, HCODE, OTHER
from doors.calling import Caller, Reply, checked, services_on
from doors.test_items import ANOTHER, counts, given_to, history, stored
from morprom.audit.model import Outcome
from morprom.doors.services import Services
from morprom.intake import confirm, removals, restore
from morprom.record import Kind
from morprom.storage import Database, KeyRing
from payloads import invented_cid
from units.cast import KHON_KAEN, SIRIRAJ, Time, agent_of, two_hospitals

VACCINES = "/api/ImmunizationRegisterv1"
REGISTER = "/api/PatientChronicRegisterv1"
DAY = date(2026, 1, 5)


@pytest.fixture
async def services(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[Services]:
    await two_hospitals(database, ring)
    await agent_of(database)
    await agent_of(database, SIRIRAJ)
    async with services_on(database_url, ring, Time()) as opened:
        yield opened


@pytest.fixture
async def caller(services: Services) -> Caller:
    caller = Caller(services)
    await caller.sign_in()
    return caller


def vaccines(*numbers: int, cid: str = CID) -> dict[str, Any]:
    """The whole list of a person: one dose of vaccine 815 at each of these visits."""
    body = given_to(VACCINES, cid)
    [dose] = body["Immunization"]
    body["Immunization"] = [
        {**dose, "encounterRefCode": f"{cid[-6:]}-{number}", "occurrenceDateTime": str(DAY + timedelta(days=number))}
        for number in numbers
    ]
    return body


def registered(number: str, code: str = "001", cid: str = CID, day: str = "2020-05-01") -> dict[str, Any]:
    body = given_to(REGISTER, cid)
    [entry] = body["ChronicDiseaseRegister"]
    entry |= {"chronic_ref_code": number, "registerDate": day}
    entry["code"]["coding"][0]["code"] = code
    return body


async def registry(caller: Caller, **query: str) -> list[str]:
    reply = await caller.get("/api/OrganizationSummary", data="patient_chronic_registry", hospital_code=HCODE, **query)
    assert reply["MessageCode"] == 200
    return reply["result"]


async def take_out(caller: Caller, refs: object, **query: str) -> Reply:
    return await caller.post(REGISTER, refs, mode="remove", **query)


def codes(reply: Reply) -> set[tuple[str, str]]:
    return {(issue["code"], issue["path"]) for issue in reply["processing_issue"]}


# The whole list of vaccines


async def test_what_is_missing_from_a_vaccine_list_is_removed(
    caller: Caller, services: Services, database: Database
) -> None:
    assert counts(await caller.post(VACCINES, vaccines(1, 2, 3))) == {"new": 3}
    reply = await caller.post(VACCINES, vaccines(2, 4))
    assert counts(reply) == {"new": 1, "same": 1, "removed": 2}
    assert ("ITEMS_REMOVED", "/Immunization") in codes(reply)
    assert len(await stored(services, CID, Kind.IMMUNIZATION)) == 2
    last = (await history(database, services))[-1].entry
    assert (last.outcome, last.content.action, last.content.removed) == (Outcome.REMOVED, VACCINES[5:], 2)


async def test_an_empty_vaccine_list_removes_all_and_an_absent_one_nothing(caller: Caller, services: Services) -> None:
    await caller.post(VACCINES, vaccines(1, 2))
    absent = vaccines()
    del absent["Immunization"]
    assert counts(await caller.post(VACCINES, absent)) == {}
    assert counts(await caller.post(VACCINES, vaccines())) == {"removed": 2}
    assert await stored(services, CID, Kind.IMMUNIZATION) == []
    assert counts(await caller.post(VACCINES, vaccines(1, 2))) == {"new": 2}


async def test_a_vaccine_list_leaves_other_persons_hospitals_and_kinds_alone(
    caller: Caller, services: Services
) -> None:
    await caller.post(REGISTER, registered("CR-1"))
    await caller.post(VACCINES, vaccines(1, cid=ANOTHER))
    await caller.sign_in(hcode=SIRIRAJ)
    theirs = vaccines(1)
    theirs["managingOrganization"]["identifier"]["value"] = SIRIRAJ
    await caller.post(VACCINES, theirs)
    await caller.sign_in()
    assert counts(await caller.post(VACCINES, vaccines())) == {}
    assert len(await stored(services, CID)) == 2
    assert len(await stored(services, ANOTHER)) == 1


async def test_a_list_that_is_shorter_than_the_guard_allows_is_held_then_confirmed_then_restored(
    caller: Caller, services: Services, ring: KeyRing
) -> None:
    await caller.post(VACCINES, vaccines(*range(25)))
    reply = await caller.post(VACCINES, vaccines(0))
    assert counts(reply) == {"same": 1}
    assert ("ITEM_REMOVAL_HELD", "/Immunization") in codes(reply)
    assert any("held" in line for line in reply["processing_warning"])
    assert len(await stored(services, CID, Kind.IMMUNIZATION)) == 25
    async with services.intake.transaction() as tx:
        [held] = await removals(tx, HCODE, held=True)
        assert (held.kind, held.reason, len(held.refs)) == (Kind.IMMUNIZATION, VACCINES[5:], 24)
        assert (await confirm(tx, ring, held.removal_id)).count == 24
    assert len(await stored(services, CID, Kind.IMMUNIZATION)) == 1
    async with services.intake.transaction() as tx:
        assert await restore(tx, ring, held.removal_id) == 24
    assert len(await stored(services, CID, Kind.IMMUNIZATION)) == 25


async def test_many_short_lists_do_not_slip_under_the_guard(caller: Caller, services: Services) -> None:
    people = [invented_cid(4_200_000 + number) for number in range(30)]
    for cid in people:
        await caller.post(VACCINES, vaccines(1, cid=cid))
    removed = [(await caller.post(VACCINES, vaccines(cid=cid)))["result"]["removed"] for cid in people]
    assert sum(removed) == 20


# The chronic register


async def test_the_register_lists_its_numbers_by_disease(caller: Caller) -> None:
    for number, code in (("CR-2", "001"), ("CR-1", "001"), (f"{HCODE}:CR-3", "002")):
        await caller.post(REGISTER, registered(number, code))
    assert await registry(caller, cd_code="001") == ["CR-1", "CR-2"]
    assert await registry(caller, cd_code="002") == ["CR-3"]
    assert await registry(caller, cd_code="003") == []
    assert await registry(caller) == ["CR-1", "CR-2", "CR-3"]
    await caller.sign_in(hcode=SIRIRAJ)
    reply = await caller.get("/api/OrganizationSummary", data="Patient_Chronic_Registry")
    assert reply["result"] == []
    reply = await caller.get("/api/OrganizationSummary", data="patient_chronic_registry", hospital_code=HCODE)
    assert reply["MessageCode"] == 403


async def test_an_entry_that_changes_its_disease_is_listed_under_the_new_one(caller: Caller) -> None:
    await caller.post(REGISTER, registered("CR-1", "001"))
    assert counts(await caller.post(REGISTER, registered("CR-1", "002"))) == {"changed": 1}
    assert await registry(caller, cd_code="001") == []
    assert await registry(caller, cd_code="002") == ["CR-1"]


async def test_the_disease_of_an_entry_does_not_show_in_the_ledger(caller: Caller, database: Database) -> None:
    for number in range(6):
        await caller.post(REGISTER, registered(f"CR-{number}", "001" if number < 3 else "an odd long code"))
    async with database.transaction() as tx:
        rows = await tx.fetch("select label from ledger where kind = 4")
    labels = [bytes(row[0]) for row in rows]
    assert len(set(labels)) == 6 and {len(label) for label in labels} == {12 + 16 + 16}
    assert not any(b"001" in label for label in labels)


async def test_named_entries_of_one_disease_are_taken_out(
    caller: Caller, services: Services, database: Database
) -> None:
    for number, code in (("CR-1", "001"), ("CR-2", "001"), ("CR-3", "001"), ("CR-4", "002")):
        await caller.post(REGISTER, registered(number, code))
    reply = await take_out(caller, ["CR-1", f"{HCODE}:CR-2", "CR-4", "unknown"], cd_code="001")
    assert (reply["result"], reply["Message"]) == (2, "OK")
    assert await registry(caller) == ["CR-3", "CR-4"]
    last = (await history(database, services))[-1].entry
    assert (last.outcome, last.content.removed) == (Outcome.REMOVED, 2)
    assert last.content.action == "PatientChronicRegisterv1 mode=remove"
    assert (await take_out(caller, ["CR-1"], cd_code="001"))["result"] == 0


async def test_an_empty_array_takes_out_all_of_that_disease(caller: Caller, services: Services, ring: KeyRing) -> None:
    for number in range(5):
        await caller.post(REGISTER, registered(f"CR-{number}", "001", invented_cid(4_300_000 + number)))
    await caller.post(REGISTER, registered("CR-9", "002"))
    assert (await take_out(caller, [], CD_CODE="001", MODE="Remove"))["result"] == 5
    assert await registry(caller) == ["CR-9"]
    async with services.intake.transaction() as tx:
        [removal] = await removals(tx, HCODE, held=False)
        assert removal.kind is Kind.CHRONIC_REGISTER
        assert await restore(tx, ring, removal.removal_id) == 5
    assert len(await registry(caller, cd_code="001")) == 5


async def test_a_whole_register_is_held_however_many_visits_there_were(
    caller: Caller, services: Services, database: Database
) -> None:
    """Beside all visits of those days the register would be few; the guard compares it with the register."""
    for number in range(25):
        await caller.post(REGISTER, registered(f"CR-{number}", "001", invented_cid(4_400_000 + number)))
    async with database.transaction() as tx:
        await tx.execute(
            "insert into ledger (person_id, day, version, is_inpatient, unit, ref, content_hash, kind)"
            " select gen_random_uuid(), '2020-05-01', 1, false, '10670', int4send(n), '', 2"
            " from generate_series(1, 2000) n"
        )
    reply = await take_out(caller, [], cd_code="001")
    assert reply["result"] == 0 and "held" in reply["Message"]
    assert len(await registry(caller)) == 25
    async with services.intake.transaction() as tx:
        [held] = await removals(tx, HCODE, held=True)
    assert len(held.refs) == 25


async def test_undated_entries_are_guarded_too(caller: Caller) -> None:
    for number in range(25):
        body = registered(f"CR-{number}", "001", invented_cid(4_500_000 + number))
        for name in ("registerDate", "recordedDate"):
            body["ChronicDiseaseRegister"][0][name] = None
        await caller.post(REGISTER, body)
    assert (await take_out(caller, [], cd_code="001"))["result"] == 0
    assert len(await registry(caller)) == 25


@pytest.mark.parametrize(
    ("body", "query", "status"),
    [
        (b"[]", {}, 400),
        (b"[]", {"cd_code": " "}, 400),
        (b"", {"cd_code": "001"}, 400),
        (b"{}", {"cd_code": "001"}, 400),
        (b"null", {"cd_code": "001"}, 400),
        (b'"CR-1"', {"cd_code": "001"}, 400),
        (b"[null]", {"cd_code": "001"}, 422),
        (b'[""]', {"cd_code": "001"}, 422),
        (b'["CR-1", {}]', {"cd_code": "001"}, 422),
        (b"[[]]", {"cd_code": "001"}, 422),
        (b"[" * 10_000, {"cd_code": "001"}, 422),
        (b"\xff", {"cd_code": "001"}, 400),
        (f'["{OTHER}:CR-1"]'.encode(), {"cd_code": "001"}, 403),
        (b"[]", {"cd_code": "001", "hospital_code": OTHER}, 403),
    ],
)
async def test_a_list_that_cannot_be_read_takes_nothing_out(
    caller: Caller, body: bytes, query: dict[str, str], status: int
) -> None:
    await caller.post(REGISTER, registered("CR-1"))
    reply = await caller.http.post(REGISTER, content=body, params={"mode": "remove", **query})
    assert checked(reply)["MessageCode"] == status
    assert await registry(caller) == ["CR-1"]


@pytest.mark.parametrize("method", ["HEAD", "GET", "DELETE", "PUT", "OPTIONS"])
async def test_nothing_but_post_takes_out(caller: Caller, method: str) -> None:
    await caller.post(REGISTER, registered("CR-1"))
    reply = await caller.http.request(method, REGISTER, params={"mode": "remove", "cd_code": "001"}, content=b"[]")
    assert reply.status_code == (204 if method == "OPTIONS" else 405)
    assert await registry(caller) == ["CR-1"]


async def test_another_hospital_takes_nothing_out(caller: Caller) -> None:
    await caller.post(REGISTER, registered("CR-1"))
    await caller.sign_in(hcode=SIRIRAJ)
    assert (await take_out(caller, [], cd_code="001"))["result"] == 0
    assert (await take_out(caller, ["CR-1"], cd_code="001"))["result"] == 0
    await caller.sign_in(hcode=KHON_KAEN)
    assert await registry(caller) == ["CR-1"]


async def test_items_are_not_counted_or_listed_as_visits(caller: Caller) -> None:
    await caller.post(REGISTER, registered("CR-1", day="2026-03-05"))
    await caller.post(VACCINES, vaccines(1))
    for day in ("2026-03-05", str(DAY + timedelta(days=1))):
        reply = await caller.get("/api/OrganizationSummary", data="encounter_ref_code", date=day)
        assert reply["result"] == []
    reply = await caller.get("/api/OrganizationSummary", data="month_summary", month="2026-03")
    assert {row["encounter_count"] for row in reply["result"]} == {0}
    reply = await caller.get("/api/RemoveEncounter", encounter_ref_code="CR-1")
    assert reply["result"] == 0 and await registry(caller) == ["CR-1"]
