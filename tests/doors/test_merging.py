"""One person, several hospitals: what docs/merging.md decides, through the real doors, stored and read again."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from doors.calling import Caller, Reply
from doors.owners import MALEE, SOMCHAI, House, house
from intake.test_writer import Permit
from morprom.people import Identifier, Scheme, find
from morprom.record import Document, Kind
from morprom.recordstore import load
from morprom.storage import Database, KeyRing
from morprom_wire import systems
from morprom_wire.cid import check_digit
from units.cast import KHON_KAEN, SIRIRAJ

Json = dict[str, Any]

VISITS = "/api/UpdatePHRv1"
ITEM_PATHS = ("/api/PatientChronicRegisterv1", "/api/ImmunizationRegisterv1", "/api/DrugRelatedProblem")


def numbered(first_twelve: str) -> str:
    return first_twelve + str(check_digit(first_twelve))


STATELESS, ALIEN, ALIEN_S_CHILD = (numbered(first) for first in ("099000000001", "699000000001", "799000000001"))
MADE_UP = numbered("106700000001")
NEWBORN = numbered("199000000321")


@pytest.fixture
async def home(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[House]:
    async with house(database, database_url, ring) as opened:
        yield opened


def top(cid: str, hcode: str = KHON_KAEN, **patient: Any) -> Json:
    return {
        "managingOrganization": {"identifier": {"system": systems.HCODE, "value": hcode}},
        "Patient": {
            "identifier": [{"system": systems.CID, "type": "CID", "value": cid}],
            "name": [{"languageCode": "TH", "prefix": ["นาง"], "given": ["มาลี"], "family": "ใจดี"}],
            "birthDate": "1960-02-03",
        }
        | patient,
    }


def visit(ref: str, start: str = "2026-03-01T08:00:00", **members: Any) -> Json:
    identifier = [{"system": "https://bps.moph.go.th/vn", "type": "VN", "value": ref}]
    return {"identifier": identifier, "class": {"code": "AMB"}, "period": {"start": start}} | members


def item(path: str) -> Json:
    """The array of a call with one item in it."""
    arrays: dict[str, Json] = {
        ITEM_PATHS[0]: {
            "ChronicDiseaseRegister": [
                {"chronic_ref_code": "C1", "code": {"text": "โรคเบาหวาน"}, "clinicalStatus": "3"}
            ]
        },
        ITEM_PATHS[1]: {"Immunization": [{"encounterRefCode": "V1", "vaccineCode": {"coding": [{"code": "815"}]}}]},
        ITEM_PATHS[2]: {"DrugRelatedProblem": [{"drp_ref_code": "D1", "category": {"text": "ขนาดยา"}}]},
    }
    return arrays[path]


async def sent(home: House, path: str, body: Json, hcode: Any = KHON_KAEN) -> Json:
    caller = await home.unit(hcode=hcode)
    reply = await caller.post(path, body)
    assert reply["MessageCode"] == 200, reply
    return reply["result"]


async def read(home: House, action: str, cid: str = MALEE, mode: str = "") -> Any:
    owner: Caller = await home.owner(cid)
    reply: Reply = await owner.get("/api/WebApp", Action=action, cid=cid, mode=mode)
    assert reply["MessageCode"] == 200, reply
    return reply["result"]


async def held(home: House, identifier: Identifier) -> list[Document]:
    async with home.database.transaction() as tx:
        person = await find(tx, home.ring, identifier)
        return await load(tx, Permit(person), list(Kind)) if person else []


def cid(number: str) -> Identifier:
    return Identifier(Scheme.CID, number)


async def test_one_person_under_two_hospitals_is_one_record(home: House) -> None:
    await sent(home, VISITS, top(MALEE) | {"Encounter": [visit("V1", "2026-03-05")]})
    await sent(
        home,
        VISITS,
        top(MALEE, SIRIRAJ, birthDate="1961-02-03", name=[{"given": ["มาลัย"], "family": "ใจดี"}])
        | {"Encounter": [visit("S1")]},
        SIRIRAJ,
    )
    summary = await read(home, "PatientSummary")
    assert (summary["patient"]["organization_count"], summary["patient"]["last_organization_code"]) == (2, SIRIRAJ)
    assert [(one["organization_code"], one["birth_date"], one["is_mark"]) for one in summary["patient_sources"]] == [
        (SIRIRAJ, "1961-02-03", True), (KHON_KAEN, "1960-02-03", False),
    ]  # fmt: skip
    assert {one["first_name"] for one in summary["patient_names_th"]} == {"มาลี", "มาลัย"}
    refs = [row["encounter_ref_code"] for row in await read(home, "Encounter")]
    assert refs == [f"{SIRIRAJ}:S1", f"{KHON_KAEN}:V1"]


async def test_an_allergy_that_two_hospitals_tell_is_one_with_both_named(home: House) -> None:
    told = {"code": {"text": "Penicillin"}, "criticality": "high", "recordedDate": "2020-02-02"}
    await sent(home, VISITS, top(MALEE) | {"Encounter": [visit("V1")], "AllergyIntolerance": [told]})
    reported = told | {"identifier": [{"value": "A1"}], "criticality": "low"}
    await sent(home, "/api/AllergyIntolerancev1", top(MALEE, SIRIRAJ) | {"AllergyIntolerance": [reported]}, SIRIRAJ)
    (row,) = await read(home, "Allergy")
    assert [(one["organization_code"], one["criticality"], one["is_mark"]) for one in row["sources"]] == [
        (SIRIRAJ, "low", True), (KHON_KAEN, "high", False),
    ]  # fmt: skip


async def test_a_vaccine_told_twice_by_one_hospital_is_one(home: House) -> None:
    given = {"vaccineCode": {"coding": [{"code": "815"}]}, "occurrenceDateTime": "2026-03-01T09:00:00"}
    await sent(home, VISITS, top(MALEE) | {"Encounter": [visit("V1", Immunization=[given])]})
    await sent(home, ITEM_PATHS[1], top(MALEE) | {"Immunization": [given | {"encounterRefCode": "V1"}]})
    (row,) = await read(home, "Immunization")
    assert {one["came_with"] for one in row["sources"]} == {"visit", "register"}


async def test_a_corrected_number_moves_visits_items_and_what_came_with_them(home: House) -> None:
    listed = {"AllergyIntolerance": [{"code": {"text": "Penicillin"}}]}
    await sent(home, VISITS, top(MALEE) | listed | {"Encounter": [visit("V1"), visit("V2")]})
    for path in ITEM_PATHS:
        await sent(home, path, top(MALEE) | item(path))
    assert (await sent(home, VISITS, top(SOMCHAI) | {"Encounter": [visit("V1")]}))["moved"] == 1
    assert {one.kind for one in await held(home, cid(MALEE))} >= {Kind.PATIENT, Kind.ALLERGY, Kind.VISIT}
    assert (await sent(home, VISITS, top(SOMCHAI) | {"Encounter": [visit("V2")]}))["moved"] == 1
    for path in ITEM_PATHS:
        assert (await sent(home, path, top(SOMCHAI) | item(path)))["moved"] == 1
    assert await held(home, cid(MALEE)) == []
    assert (await read(home, "PatientSummary"))["patient"] is None
    kinds = {one.kind for one in await held(home, cid(SOMCHAI))}
    assert kinds >= {Kind.PATIENT, Kind.ALLERGY, Kind.VISIT, Kind.CHRONIC_REGISTER, Kind.IMMUNIZATION}
    assert [row["substance_text"] for row in await read(home, "Allergy", SOMCHAI)] == ["Penicillin"]
    assert len(await read(home, "Encounter", SOMCHAI)) == 2


async def test_what_is_said_of_the_right_person_stays_when_a_visit_moves_to_them(home: House) -> None:
    right = top(SOMCHAI, birthDate="1980-01-01")
    for person, ref, substance in ((right, "V0", "Sulfa"), (top(MALEE), "V1", "Penicillin")):
        listed: Json = {"AllergyIntolerance": [{"code": {"text": substance}}]}
        await sent(home, VISITS, person | listed | {"Encounter": [visit(ref)]})
    await sent(home, VISITS, right | {"Encounter": [visit("V1")]})
    assert [row["substance_text"] for row in await read(home, "Allergy", SOMCHAI)] == ["Sulfa"]
    assert (await read(home, "PatientSummary", SOMCHAI))["patient"]["birth_date"] == "1980-01-01"
    assert await held(home, cid(MALEE)) == []


async def test_a_newborn_s_made_up_number_stays_at_its_hospital_and_its_visits_move_to_the_real_one(
    home: House,
) -> None:
    result = await sent(home, VISITS, top(MADE_UP) | {"Encounter": [visit("B1")]})
    assert result["new"] == 1
    assert await held(home, cid(MADE_UP)) == []
    local = Identifier(Scheme.LOCAL, MADE_UP, KHON_KAEN)
    assert Kind.VISIT in {one.kind for one in await held(home, local)}
    assert (await sent(home, VISITS, top(NEWBORN) | {"Encounter": [visit("B1")]}))["moved"] == 1
    assert await held(home, local) == []
    assert [row["encounter_ref_code"] for row in await read(home, "Encounter", NEWBORN)] == [f"{KHON_KAEN}:B1"]


@pytest.mark.parametrize("number", [STATELESS, ALIEN, ALIEN_S_CHILD])
async def test_a_foreigner_s_number_is_a_number_like_any_other(home: House, number: str) -> None:
    await sent(home, VISITS, top(number) | {"Encounter": [visit("V1")]})
    await sent(home, VISITS, top(number, SIRIRAJ) | {"Encounter": [visit("S1")]}, SIRIRAJ)
    assert len(await read(home, "Encounter", number)) == 2


async def test_a_passport_makes_nobody_known(home: House) -> None:
    body: Json = top(MALEE) | {"Encounter": [visit("V1")]}
    body["Patient"]["identifier"] = [{"system": "passport", "type": "PPN", "value": "AA1234567"}]
    reply = await (await home.unit()).post(VISITS, body)
    assert reply["MessageCode"] == 422
    body["Patient"]["identifier"] += [{"system": systems.CID, "type": "CID", "value": MALEE}]
    await sent(home, VISITS, body)
    other: Json = top(SOMCHAI, SIRIRAJ) | {"Encounter": [visit("S1")]}
    other["Patient"]["identifier"] += [{"system": "passport", "type": "PPN", "value": "AA1234567"}]
    await sent(home, VISITS, other, SIRIRAJ)
    assert len(await read(home, "Encounter")) == len(await read(home, "Encounter", SOMCHAI)) == 1


async def test_a_hospital_s_claim_of_death_is_shown_as_its_own_and_shuts_nobody_out(home: House) -> None:
    dead: Json = {"deceasedBoolean": True, "deceasedDateTime": "2026-03-02"}
    await sent(home, VISITS, top(MALEE, **dead) | {"Encounter": [visit("V1")]})
    summary = await read(home, "PatientSummary")
    assert (summary["patient"]["deceased_boolean"], summary["patient"]["deceased_date"]) == (True, "2026-03-02")
    await sent(home, VISITS, top(MALEE, SIRIRAJ) | {"Encounter": [visit("S1", "2026-03-09")]}, SIRIRAJ)
    summary = await read(home, "PatientSummary")
    assert summary["patient"]["deceased_boolean"] is False
    claims = {one["organization_code"]: one["deceased_date"] for one in summary["patient_sources"]}
    assert claims == {KHON_KAEN: "2026-03-02", SIRIRAJ: ""}
    viewer = await home.unit("viewer", SIRIRAJ)
    assert (await viewer.post("/api/RequestTokenv1", {"cid": MALEE}))["MessageCode"] == 200
