"""`/api/Conformance`: what a test hospital's software has tried in the last day."""

import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from random import Random
from typing import Any

import pytest

from doors.calling import Caller, services_on
from doors.test_reader import code_of
from mophphr import item_uploading
from mophphr.uploading import sound, visit
from morprom.doors.services import Services
from morprom.kernel import Hcode, Mode, Settings
from morprom.oversight import exercise
from morprom.oversight.checklist import CHECKLIST
from morprom.storage import Database, KeyRing
from morprom.units.administration import UnitEntry, roster, upload_tokens
from morprom_wire.sign_in import password_hash
from payloads import invented_cid, visit_upload
from units.cast import KHON_KAEN, PASSWORD, SIRIRAJ, Time, agent_of, two_hospitals

PATH = "/api/Conformance"
TEST = Hcode("99999")
DAY = date(2026, 3, 31)
CID = invented_cid(7)
UPLOAD = "/api/UpdatePHRv1"

Json = dict[str, Any]


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
async def hospitals(database: Database, ring: KeyRing) -> None:
    await two_hospitals(database, ring)
    async with database.transaction() as tx:
        await roster.enrol(tx, ring, [UnitEntry(TEST, "โรงพยาบาลทดสอบ")])
    for hcode in (KHON_KAEN, SIRIRAJ, TEST):
        await agent_of(database, hcode, may_read=True)


@pytest.fixture
async def services(hospitals: None, database_url: str, ring: KeyRing, clock: Time) -> AsyncIterator[Services]:
    async with services_on(database_url, ring, clock) as opened:
        yield opened


@pytest.fixture
async def caller(services: Services) -> Caller:
    caller = Caller(services)
    await caller.sign_in()
    return caller


async def done(caller: Caller) -> set[str]:
    """The items that are done. Signing in is one of them, and left out."""
    result = (await caller.get(PATH))["result"]
    ids = {item["id"] for item in result["items"] if item["done"]}
    assert result["done"] == len(ids)
    return ids - {"sign-in-query"}


def vendor_visit(ref: str = "V1", hcode: str = KHON_KAEN) -> Json:
    return visit_upload("agent", Random(ref), hcode=hcode, cid=CID, ref=ref, on=DAY)


def stay() -> Json:
    upload = sound() | {"AllergyIntolerance": [item_uploading.ITEMS["AllergyIntolerancev1"]]}
    an = [{"system": "https://bps.moph.go.th/an", "type": "AN", "value": "AN1"}]
    upload["Encounter"] = [visit("VN1"), visit("VN2") | {"class": {"code": "IMP"}, "identifier": an}]
    upload["managingOrganization"]["scope"] = "ALL"
    return upload


async def changed(caller: Caller) -> None:
    for complaint in ("ไข้", "ไอ"):
        await caller.post(UPLOAD, vendor_visit() | {"Encounter": [visit("V1") | {"reason": [{"text": complaint}]}]})


async def twice(caller: Caller) -> None:
    for _ in range(2):
        await caller.post(UPLOAD, vendor_visit())


async def packed(caller: Caller) -> None:
    body = gzip.compress(json.dumps(vendor_visit()).encode())
    await caller.http.post(UPLOAD, content=body, headers={"content-encoding": "gzip"})


async def mended(caller: Caller) -> None:
    await caller.post(UPLOAD, vendor_visit() | {"Patient": {}})
    await caller.post(UPLOAD, vendor_visit())


async def shorter(caller: Caller) -> None:
    name = "ImmunizationRegisterv1"
    two = [item_uploading.item(name), item_uploading.item(name, encounterRefCode="VN2")]
    await caller.post(f"/api/{name}", item_uploading.sound(name, *two))
    await caller.post(f"/api/{name}", item_uploading.sound(name))


Doing = Callable[[Caller], Awaitable[object]]


def uploading(name: str) -> Doing:
    return lambda caller: caller.post(f"/api/{name}", item_uploading.sound(name))


def getting(path: str, **query: str) -> Doing:
    return lambda caller: caller.get(path, **query)


def posting(path: str, body: object, **query: str) -> Doing:
    return lambda caller: caller.post(path, body, **query)


COUNTS = {
    "managingOrganization": {"identifier": {"system": "https://bps.moph.go.th/hcode/5", "value": KHON_KAEN}},
    "EncounterSummary": [{"period_start": "2026-03-01", "opd_encounter_count": 1}],
}
VISITS = {"upload-visits", "laboratory", "medicines", "appointment", "clean"}
SOUND = {"upload-visits", "laboratory", "medicines", "clean"}

TRIED: list[tuple[str, Doing, set[str]]] = [
    ("a vendor's visit", posting(UPLOAD, vendor_visit()), VISITS),
    ("the same twice", twice, VISITS | {"same"}),
    ("a change", changed, SOUND | {"changed"}),
    ("a stay, a visit and allergies", posting(UPLOAD, stay()),
     SOUND | {"several", "inpatient", "allergy-list", "whole-history"}),
    ("gzip", packed, VISITS | {"gzip"}),
    ("a warning", posting(UPLOAD, sound() | {"Patient": {**sound()["Patient"], "gender": "1"}}), SOUND - {"clean"}),
    ("refused, then mended", mended, VISITS | {"error-mended"}),
    ("refused", posting(UPLOAD, {}), set()),
    ("another hospital's", posting(UPLOAD, vendor_visit(hcode=SIRIRAJ)), set()),
    ("allergies", uploading("AllergyIntolerancev1"), {"upload-allergies"}),
    ("a register", uploading("PatientChronicRegisterv1"), {"upload-chronic"}),
    ("vaccines", uploading("ImmunizationRegisterv1"), {"upload-vaccines"}),
    ("fewer vaccines", shorter, {"upload-vaccines", "vaccine-list-shorter"}),
    ("a referral", uploading("ReferralRequest"), {"upload-referral"}),
    ("a measurement", uploading("SelfObservation"), {"upload-self"}),
    ("a caregiver", uploading("CareGiver"), {"upload-caregiver"}),
    ("a prescription", uploading("MedicationRequest"), {"upload-prescription"}),
    ("a drug problem", uploading("DrugRelatedProblem"), {"upload-drug-problem"}),
    ("counts", posting("/api/OrgEncounterSummary", COUNTS), {"upload-counts"}),
    ("an explanation", posting("/api/Explain", sound()), {"explained"}),
    ("a removal", getting("/api/RemoveEncounter", encounter_ref_code="V1"), {"remove-visit"}),
    ("a day's refs", getting("/api/OrganizationSummary", data="Encounter_Ref_Code", date="2026-03-01"), {"day-refs"}),
    ("a month", getting("/api/OrganizationSummary", data="month_summary", month="2026-03"), {"month-summary"}),
    ("no day", getting("/api/OrganizationSummary", data="encounter_ref_code"), set()),
    ("the register", getting("/api/OrganizationSummary", data="patient_chronic_registry", cd_code="001"),
     {"chronic-refs"}),
    ("a status", posting("/api/UpdateAgentStatus", {"agent_status": "sending"}), {"agent-status"}),
    ("an error", posting("/api/UpdateAgentStatus", {"agent_status": "x"}, mode="Error"), {"agent-error"}),
    ("who sends", posting("/api/GetAgentComputerName", {}), {"agent-name"}),
    ("taking a register back", posting("/api/PatientChronicRegisterv1", ["C1"], mode="remove", cd_code="001"),
     {"chronic-remove"}),
    ("a code system", lambda caller: caller.http.get("/api/CodingSystem?System=encounter_type"), {"coding-system"}),
    ("the list itself", getting(PATH), set()),
    ("an unknown path", getting("/api/Nothing"), set()),
]  # fmt: skip


@pytest.mark.parametrize(("doing", "items"), [row[1:] for row in TRIED], ids=[row[0] for row in TRIED])
async def test_what_is_tried_is_ticked_and_nothing_else(caller: Caller, doing: Doing, items: set[str]) -> None:
    await doing(caller)
    assert await done(caller) == items


async def test_signing_in_has_three_ways(services: Services) -> None:
    caller = Caller(services)
    signing_in = {"user": "agent", "password_hash": password_hash(PASSWORD.reveal()), "hospital_code": KHON_KAEN}
    query = signing_in | {"Action": "get_moph_access_token"}
    await caller.http.post("/token", params=query)
    await caller.http.post("/token", params={"Action": "get_moph_access_token"}, json=signing_in)
    await caller.http.get("/token", params=query | {"password_hash": "0" * 64})
    await caller.sign_in("agent", SIRIRAJ)
    assert await all_done(services, KHON_KAEN) == {"sign-in-post", "sign-in-json"}
    assert await all_done(services, SIRIRAJ) == {"sign-in-query"}


async def all_done(services: Services, hcode: str) -> set[str]:
    async with services.oversight.transaction() as tx:
        rows = await exercise.checklist_of(tx, hcode, services.clock())
    return {row.item.id for row in rows if row.last_at}


async def test_an_upload_token_is_told_apart(caller: Caller, services: Services, database: Database) -> None:
    async with database.transaction() as tx:
        token = await upload_tokens.make(tx, KHON_KAEN, services.clock())
    signed_in = caller.http.headers["authorization"]
    caller.http.headers["authorization"] = f"Bearer {token.reveal()}"
    await caller.post(UPLOAD, vendor_visit())
    caller.http.headers["authorization"] = signed_in
    assert await done(caller) == VISITS | {"upload-token"}


READS = {
    "PatientSummary": {"read-person"}, "Address": {"read-person"}, "Encounter": {"read-visits"},
    "Condition": {"read-diagnoses"}, "Observation": {"read-results"}, "Medication": {"read-medicines"},
    "Allergy": {"read-safety"}, "Appointment": {"read-plans"}, "Coverage": {"read-coverage"}, "ProfileImage": set(),
}  # fmt: skip


async def test_reading_is_ticked_by_groups_of_actions(caller: Caller, database: Database, ring: KeyRing) -> None:
    await caller.post(UPLOAD, vendor_visit())
    before = await done(caller)
    await caller.post("/api/RequestTokenv1", {"cid": CID})
    with_code = {"cid": CID, "otp": await code_of(database, ring, CID)}
    await caller.post("/api/WebApp", {"cid": CID, "otp": "AA000000"}, Action="Telecom")
    assert await done(caller) == before | {"request-otp"}
    expected = before | {"request-otp"}
    for action, ticked in {"ValidateOTP": {"validate-otp"}, **READS}.items():
        assert (await caller.post("/api/WebApp", with_code, Action=action.upper()))["MessageCode"] == 200
        expected |= ticked
        assert await done(caller) == expected, action
    await caller.post("/api/WebApp", with_code, Action="Observation", mode="Detail")
    assert await done(caller) == expected | {"read-detail"}


async def test_every_item_of_the_list_is_one_that_these_tests_tick() -> None:
    ticked = {item for _, _, items in TRIED for item in items} | {item for items in READS.values() for item in items}
    others = {
        "sign-in-query", "sign-in-post", "sign-in-json", "upload-token", "request-otp", "validate-otp", "read-detail"
    }  # fmt: skip
    assert {item.id for item in CHECKLIST} == ticked | others


# Whose it is


async def test_another_hospital_s_list_is_its_own(caller: Caller, services: Services) -> None:
    await caller.post(UPLOAD, vendor_visit())
    other = Caller(services)
    await other.sign_in(hcode=SIRIRAJ)
    assert await done(other) == set()
    assert (await other.get(PATH, hospital_code=KHON_KAEN))["MessageCode"] == 403
    assert (await other.get(PATH, hospital_code=SIRIRAJ))["result"]["hospital_code"] == SIRIRAJ


async def test_without_a_token_there_is_no_list(services: Services) -> None:
    assert (await Caller(services).get(PATH))["MessageCode"] == 401


async def test_production_watches_test_hospitals_alone(
    hospitals: None, database: Database, database_url: str, ring: KeyRing
) -> None:
    async with services_on(database_url, ring, Time(), Settings(mode=Mode.PRODUCTION)) as services:
        for hcode, status in ((KHON_KAEN, 403), (TEST, 200)):
            caller = Caller(services)
            await caller.sign_in(hcode=hcode)
            assert (await caller.post(UPLOAD, vendor_visit(hcode=hcode)))["MessageCode"] == 200
            assert (await caller.get(PATH))["MessageCode"] == status
    async with database.transaction() as tx:
        assert await tx.fetchval("select array_agg(distinct hcode) from exercise") == [TEST]


async def test_nothing_of_a_person_is_kept(caller: Caller, database: Database, ring: KeyRing) -> None:
    for _, doing, _ in TRIED:
        await doing(caller)
    await caller.post("/api/RequestTokenv1", {"cid": CID})
    await caller.get("/api/OrganizationSummary", data=CID, action=CID, mode=CID)
    known = {item.id for item in CHECKLIST} | {f"refused {item.path}" for item in CHECKLIST}
    async with database.transaction() as tx:
        assert {row["item"] for row in await tx.fetch("select item from exercise")} <= known


# For a day


async def test_what_was_tried_counts_for_a_day_and_is_forgotten(
    caller: Caller, services: Services, clock: Time, database: Database
) -> None:
    await caller.post(UPLOAD, vendor_visit())
    clock.unix += 23 * 3600
    await caller.sign_in()
    assert await done(caller) == VISITS
    result = (await caller.get(PATH))["result"]
    [upload] = [item for item in result["items"] if item["id"] == "upload-visits"]
    assert (result["since"], upload["last_at"]) == ("2026-04-01T07:00:00", "2026-04-01T08:00:00")
    clock.unix += 3600
    assert await done(caller) == set()
    async with services.oversight.transaction() as tx:
        assert await exercise.purge_tried(tx, clock.now()) == len(VISITS)
    async with database.transaction() as tx:
        assert {row["item"] for row in await tx.fetch("select item from exercise")} == {"sign-in-query"}


async def test_when_what_is_tried_cannot_be_noted_the_call_is_answered(caller: Caller, services: Services) -> None:
    services.oversight.terminate()
    assert (await caller.post(UPLOAD, vendor_visit()))["MessageCode"] == 200


async def test_an_item_says_in_both_languages_what_to_do(caller: Caller) -> None:
    result = (await caller.get(PATH))["result"]
    assert (result["hospital_code"], result["total"]) == (KHON_KAEN, len(CHECKLIST))
    for item in result["items"]:
        assert set(item) == {"id", "group", "group_th", "th", "en", "done", "last_at", "how", "how_th", "how_en"}
        assert all(item[key] for key in ("id", "group", "group_th", "th", "en", "how", "how_th", "how_en"))
