"""Asking for a code and reading with it, as hospital software does it."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from doors.calling import Caller, Reply, checked, services_on
from morprom.access import current_policy
from morprom.audit import Basis, Outcome, read_history
from morprom.kernel import BANGKOK, Mode, Settings, utc_now
from morprom.mophphr.view import KINDS_NEEDED
from morprom.people import Identifier, Inbox, Person, Scheme, ensure, find
from morprom.record import Kind
from morprom.recordstore.content import packed
from morprom.storage import Database, KeyRing
from morprom.storage.seal import seal
from morprom_wire.cid import TEST_CID, check_digit
from units.cast import KHON_KAEN, SIRIRAJ, Time, agent_of, two_hospitals

MALEE = "199000000001" + str(check_digit("199000000001"))
NOBODY = "199000000099" + str(check_digit("199000000099"))
PATIENT = {
    "managingOrganization": {"identifier": {"value": "10670"}},
    "Patient": {
        "name": [{"languageCode": "TH", "prefix": ["นาง"], "given": ["มาลี"], "family": "ใจดี"}],
        "gender": "female",
        "birthDate": "1960-02-03",
        "telecom": [{"system": "phone", "use": "mobile", "value": "0810000000"}],
    },
}
VISIT = {
    "identifier": [{"system": "https://bps.moph.go.th/vn", "type": "VN", "value": "690401080000"}],
    "class": {"code": "AMB", "display": "ambulatory"},
    "period": {"start": "2026-04-01T08:15:17.000Z"},
    "reason": [{"text": "ปวดศีรษะมาสองวัน"}],
    "vital_signs": {"body_weight_kg": 61.5, "bp_systolic_mmhg": 132, "bp_diastolic_mmhg": 84},
    "Condition": [
        {"code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "I10", "display": "ความดันสูง"}]}},
        {"code": {"coding": [{"system": "", "code": "cc", "display": "cc"}], "text": "ปวดศีรษะมาสองวัน"}},
    ],
}


async def keep(database: Database, person: Person, kind: Kind, content: object, unit: str = KHON_KAEN) -> None:
    """A document as the writer stores it."""
    place = {"person_id": person.person_id, "kind": int(kind), "unit": unit, "ref": bytes([kind]) * 16, "version": 1}
    sealed = seal(packed(0, json.dumps(content).encode()), person.data_key, **place)  # type: ignore[arg-type]
    async with database.transaction() as tx:
        await tx.execute(
            "insert into document (person_id, version, kind, key_id, unit, ref, content_hash, sealed)"
            " values ($1, 1, $2, $3, $4, $5, $5, $6)",
            person.person_id, int(kind), person.data_key.key_id, unit, place["ref"], sealed,
        )  # fmt: skip


@pytest.fixture
async def malee(database: Database, ring: KeyRing) -> Person:
    """A person with one visit."""
    async with database.transaction() as tx:
        person = await ensure(tx, ring, Identifier(Scheme.CID, MALEE))
    await keep(database, person, Kind.PATIENT, PATIENT)
    await keep(database, person, Kind.VISIT, VISIT)
    return person


@pytest.fixture
async def hospitals(database: Database, ring: KeyRing) -> None:
    await two_hospitals(database, ring)
    await agent_of(database, login="viewer", may_send=False, may_read=True)
    await agent_of(database, SIRIRAJ, login="viewer", may_send=False, may_read=True)
    await agent_of(database)


@pytest.fixture
async def viewer(hospitals: None, database_url: str, ring: KeyRing) -> AsyncIterator[Caller]:
    async with services_on(database_url, ring, Time()) as services:
        caller = Caller(services)
        await caller.sign_in("viewer")
        yield caller


@pytest.fixture
async def other(hospitals: None, database_url: str, ring: KeyRing) -> AsyncIterator[Caller]:
    async with services_on(database_url, ring, Time()) as services:
        caller = Caller(services)
        await caller.sign_in("viewer", SIRIRAJ)
        yield caller


async def code_of(database: Database, ring: KeyRing, cid: str = MALEE) -> str:
    async with database.transaction() as tx:
        person = await find(tx, ring, Identifier(Scheme.CID, cid))
        assert person
        return (await Inbox().notices(tx, person))[-1].code


async def asked(viewer: Caller, database: Database, ring: KeyRing) -> str:
    assert (await viewer.post("/api/RequestTokenv1", {"cid": MALEE}))["MessageCode"] == 200
    return await code_of(database, ring)


async def read(caller: Caller, action: str, otp: str, cid: str = MALEE, **query: str) -> Reply:
    return await caller.post("/api/WebApp", {"cid": cid, "otp": otp}, Action=action, **query)


async def last_line(database: Database, person: Person) -> tuple[str, Basis, Outcome, str]:
    async with database.transaction() as tx:
        entry = (await read_history(tx, person.person_id, person.data_key))[-1].entry
    return entry.content.action, entry.basis, entry.outcome, entry.content.reason


async def test_a_unit_reads_with_the_code_that_the_person_gave(
    viewer: Caller, database: Database, ring: KeyRing, malee: Person
) -> None:
    otp = await asked(viewer, database, ring)
    summary = (await read(viewer, "patientsummary", otp))["result"]
    assert summary["patient"]["cid"] == MALEE and summary["patient"]["encounter_count"] == 1
    assert summary["patient_names_th"][0]["first_name"] == "มาลี"
    (visit,) = (await read(viewer, "Encounter", otp))["result"]
    assert visit["encounter_ref_code"] == "10670:690401080000" and visit["organization_name"] == "โรงพยาบาลขอนแก่น"
    assert await last_line(database, malee) == ("Encounter", Basis.OTP, Outcome.PERMITTED, "")


async def test_free_text_is_not_told_to_who_comes_with_a_code(
    viewer: Caller, database: Database, ring: KeyRing, malee: Person
) -> None:
    otp = await asked(viewer, database, ring)
    for action in KINDS_NEEDED:
        for mode in ("", "Detail", "Encounter"):
            assert "ปวดศีรษะ" not in json.dumps(await read(viewer, action, otp, mode=mode), ensure_ascii=False)


async def test_every_action_of_the_views_has_its_tier() -> None:
    assert {name.lower() for name in current_policy().action} == set(KINDS_NEEDED)


async def test_every_action_answers(viewer: Caller, database: Database, ring: KeyRing, malee: Person) -> None:
    otp = await asked(viewer, database, ring)
    for action in current_policy().action:
        assert (await read(viewer, action, otp))["MessageCode"] == 200
        assert (await last_line(database, malee))[0] == action


async def test_a_code_is_validated_until_its_local_end(
    viewer: Caller, database: Database, ring: KeyRing, malee: Person
) -> None:
    otp = await asked(viewer, database, ring)
    result = (await read(viewer, "ValidateOTP", otp))["result"]
    assert result["valid"] is True
    ends = datetime.fromisoformat(result["expire_datetime"]).replace(tzinfo=BANGKOK)
    assert timedelta(minutes=58) < ends - utc_now() < timedelta(minutes=61)


@pytest.mark.parametrize("action", ["PatientSummary", "ValidateOTP", "Encounter"])
async def test_a_wrong_code_is_refused_with_a_line(
    viewer: Caller, database: Database, ring: KeyRing, malee: Person, action: str
) -> None:
    otp = await asked(viewer, database, ring)
    reply = await read(viewer, action, otp[:-1] + ("1" if otp[-1] == "0" else "0"))
    assert (reply["MessageCode"], reply["result"], reply["refusal"]) == (403, None, {"code": "OTP_REFUSED"})
    assert await last_line(database, malee) == (action, Basis.OTP, Outcome.REFUSED, "WRONG_CODE")


async def test_another_hospital_with_the_right_code_is_refused_as_with_a_wrong_one(
    viewer: Caller, other: Caller, database: Database, ring: KeyRing, malee: Person
) -> None:
    otp = await asked(viewer, database, ring)
    right, wrong = await read(other, "Encounter", otp), await read(other, "Encounter", "AB000000")
    for reply in (right, wrong):
        for name in ("RequestTime", "processing_time_ms"):
            del reply[name]
    assert right == wrong and right["MessageCode"] == 403
    assert (await read(viewer, "Encounter", otp))["MessageCode"] == 200


async def test_a_hundred_calls_with_guesses_count_five(
    viewer: Caller, database: Database, ring: KeyRing, malee: Person
) -> None:
    otp = await asked(viewer, database, ring)
    wrong = otp[:-1] + ("1" if otp[-1] == "0" else "0")
    replies = await asyncio.gather(*(read(viewer, "Encounter", wrong) for _ in range(100)))
    assert {reply["MessageCode"] for reply in replies} == {403}
    async with database.transaction() as tx:
        assert await tx.fetchval("select tries from otp_grant") == 5
    assert (await read(viewer, "Encounter", otp))["MessageCode"] == 403


async def test_asking_tells_nothing_of_the_person(
    viewer: Caller, database: Database, ring: KeyRing, malee: Person
) -> None:
    known, unknown = [await viewer.post("/api/RequestTokenv1", {"cid": cid}) for cid in (MALEE, NOBODY)]
    for reply in (known, unknown):
        for name in ("RequestTime", "processing_time_ms"):
            del reply[name]
    assert known == unknown
    assert await code_of(database, ring, NOBODY) not in json.dumps(unknown)
    assert (await read(viewer, "Encounter", await code_of(database, ring, NOBODY), NOBODY))["result"] == []


async def test_a_read_of_somebody_unknown_is_refused_alike_and_leaves_a_line(
    viewer: Caller, database: Database
) -> None:
    reply = await read(viewer, "Encounter", "AB000000", NOBODY)
    assert (reply["MessageCode"], reply["refusal"]) == (403, {"code": "OTP_REFUSED"})
    async with database.transaction() as tx:
        row = await tx.fetchrow("select person_id, unit, outcome from history")
    assert row and (row["person_id"], row["unit"], row["outcome"]) == (None, "10670", Outcome.REFUSED)


async def test_too_many_requests_are_told_when_to_come_back(viewer: Caller, malee: Person) -> None:
    for _ in range(3):
        await viewer.post("/api/RequestTokenv1", {"cid": MALEE})
    reply = await viewer.http.post("/api/RequestTokenv1", json={"cid": MALEE})
    assert checked(reply)["MessageCode"] == 429 and 500 < int(reply.headers["retry-after"]) <= 600


@pytest.mark.parametrize(
    ("cid", "status"),
    [
        ("", 400),
        ("1990000000010", 400),
        ("กขค", 400),
        (None, 400),
        (7, 400),
        ("000000000002" + str(check_digit("000000000002")), 422),
        ("106700000001" + str(check_digit("106700000001")), 422),
        (TEST_CID, 200),
        (f"{MALEE[:1]}-{MALEE[1:5]}-{MALEE[5:]}", 200),
    ],
)
async def test_a_code_is_asked_for_people_only(viewer: Caller, cid: object, status: int) -> None:
    assert (await viewer.post("/api/RequestTokenv1", {"cid": cid}))["MessageCode"] == status


async def test_production_releases_no_code_and_knows_no_test_person(
    hospitals: None, database: Database, database_url: str, ring: KeyRing, malee: Person
) -> None:
    async with services_on(database_url, ring, Time(), Settings(mode=Mode.PRODUCTION)) as services:
        caller = Caller(services)
        await caller.sign_in("viewer")
        assert (await caller.post("/api/RequestTokenv1", {"cid": MALEE}))["MessageCode"] == 200
        assert (await caller.post("/api/RequestTokenv1", {"cid": TEST_CID}))["MessageCode"] == 422
    async with database.transaction() as tx:
        assert [(notice.kind, notice.code) for notice in await Inbox().notices(tx, malee)] == [("otp-withheld", "")]


async def test_an_agent_that_only_sends_cannot_ask_or_read(viewer: Caller, malee: Person) -> None:
    await viewer.sign_in("agent")
    assert (await viewer.post("/api/RequestTokenv1", {"cid": MALEE}))["MessageCode"] == 403
    assert (await read(viewer, "Encounter", "AB000000"))["MessageCode"] == 403
    del viewer.http.headers["authorization"]
    assert (await viewer.post("/api/RequestTokenv1", {"cid": MALEE}))["MessageCode"] == 401
    assert (await read(viewer, "Encounter", "AB000000"))["MessageCode"] == 401


async def test_what_is_not_there_yet_or_never_is_said_clearly(viewer: Caller, malee: Person) -> None:
    assert (await read(viewer, "NoSuchAction", "AB000000"))["MessageCode"] == 400
    assert (await read(viewer, "Encounter", "AB000000", "123"))["MessageCode"] == 400
    for reply in (
        await viewer.get("/api/WebApp", Action="Encounter", cid=MALEE),
        await viewer.post("/api/WebApp", {"cid": MALEE}, Action="Encounter"),
        await viewer.post("/api/WebApp", {"idp_jwt": "a.b.c"}, Action="RequestOTP"),
    ):
        assert reply["MessageCode"] == 401 and "Health ID" in reply["Message"]


async def test_a_code_in_the_address_is_not_read(
    viewer: Caller, database: Database, ring: KeyRing, malee: Person
) -> None:
    otp = await asked(viewer, database, ring)
    reply = await viewer.post("/api/WebApp", {}, Action="Encounter", cid=MALEE, otp=otp)
    assert reply["MessageCode"] == 401


async def test_neither_number_nor_code_nor_name_is_logged(
    viewer: Caller, database: Database, ring: KeyRing, malee: Person, caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    otp = await asked(viewer, database, ring)
    await read(viewer, "PatientSummary", otp)
    await read(viewer, "PatientSummary", "AB000000")
    written = caplog.text + "".join(capsys.readouterr())
    assert not any(private in written for private in (MALEE, otp, "มาลี"))
