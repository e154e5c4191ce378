"""E-prescriptions verified or not, and what a caregiver's own record may say of whom they care for."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from conformance.uploads import CID, HCODE, OTHER, SOMEBODY_ELSE, upload
from doors.calling import Caller, services_on
from doors.test_items import ANOTHER, counts, given_to, history, sent_in, stored
from morprom.doors.services import Services
from morprom.kernel import Settings
from morprom.record import Kind
from morprom.storage import Database, KeyRing
from payload_facts import person_of
from units.cast import KHON_KAEN, SIRIRAJ, Time, agent_of, two_hospitals

PRESCRIPTION = "/api/MedicationRequest"
CAREGIVER = "/api/CareGiver"
CARER = SOMEBODY_ELSE
DOCTOR = "P-0001"


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
async def services(database: Database, database_url: str, ring: KeyRing, clock: Time) -> AsyncIterator[Services]:
    await two_hospitals(database, ring)
    await agent_of(database)
    await agent_of(database, SIRIRAJ)
    async with services_on(database_url, ring, clock) as opened:
        yield opened


@pytest.fixture
async def caller(services: Services) -> Caller:
    caller = Caller(services)
    await caller.sign_in()
    return caller


def token_of(services: Services, hcode: str = HCODE, life: timedelta = timedelta(hours=1)) -> str:
    return services.providers.sign(DOCTOR, hcode, services.clock(), life).reveal()


def prescription(token: object, number: str = "RX-1") -> dict[str, Any]:
    body = upload(PRESCRIPTION)
    [item] = body["MedicationRequest"]
    item["identifier"][0]["value"] = number
    item["requester"]["providerToken"] = token
    return body


async def noted(services: Services, cid: str, kind: Kind) -> Any:
    [document] = await stored(services, cid, kind)
    return json.loads(document.content)["noted"]


NOT_VERIFIED = {"verified": False, "provider_id": ""}
VERIFIED = {"verified": True, "provider_id": DOCTOR}


async def test_a_token_of_this_hospital_verifies_the_prescription(caller: Caller, services: Services) -> None:
    reply = await caller.post(PRESCRIPTION, prescription(token_of(services)))
    assert reply["processing_issue"] == []
    assert await noted(services, CID, Kind.PRESCRIPTION) == VERIFIED


@pytest.mark.parametrize(
    "kind", ["of another hospital", "ended", "of another issuer", "cut off", "nonsense", "no text"]
)
async def test_a_token_that_does_not_hold_is_told_and_verifies_nothing(
    caller: Caller, services: Services, clock: Time, ring: KeyRing, kind: str
) -> None:
    from morprom.identity import ProviderTokens

    elsewhere = ProviderTokens(ring, Settings(public_url="https://another.example"), clock.seconds)
    token: object = {
        "of another hospital": token_of(services, OTHER),
        "ended": token_of(services, life=timedelta(seconds=-1)),
        "of another issuer": elsewhere.sign(DOCTOR, HCODE, services.clock()).reveal(),
        "cut off": token_of(services)[:-10],
        "nonsense": "x" * 5_000,
        "no text": {"token": token_of(services)},
    }[kind]
    body = prescription(token)
    body["MedicationRequest"].insert(0, prescription(token_of(services), "RX-0")["MedicationRequest"][0])
    body["MedicationRequest"].insert(0, body["MedicationRequest"][0])  # a double, which the later one replaces
    reply = await caller.post(PRESCRIPTION, body)
    assert counts(reply) == {"new": 2}
    told = {issue["path"] for issue in reply["processing_issue"] if issue["code"].startswith("PROVIDER_TOKEN")}
    assert told == {"/MedicationRequest/2/requester/providerToken"}
    by_number = {
        sent_in(document)["MedicationRequest"][0]["identifier"][0]["value"]: json.loads(document.content)["noted"]
        for document in await stored(services, CID, Kind.PRESCRIPTION)
    }
    assert by_number == {"RX-0": VERIFIED, "RX-1": NOT_VERIFIED}


async def test_a_prescription_without_a_token_is_not_verified(caller: Caller, services: Services) -> None:
    body = prescription("")
    del body["MedicationRequest"][0]["requester"]["providerToken"]
    reply = await caller.post(PRESCRIPTION, body)
    assert "PROVIDER_TOKEN_MISSING" in {issue["code"] for issue in reply["processing_issue"]}
    assert await noted(services, CID, Kind.PRESCRIPTION) == NOT_VERIFIED


async def test_what_is_sent_again_when_its_token_has_ended_keeps_what_was_found_out(
    caller: Caller, services: Services, clock: Time
) -> None:
    body = prescription(token_of(services))
    await caller.post(PRESCRIPTION, body)
    clock.unix += 2 * 3600
    await caller.sign_in()
    reply = await caller.post(PRESCRIPTION, body)
    assert counts(reply) == {"same": 1} and reply["processing_issue"] == []
    assert await noted(services, CID, Kind.PRESCRIPTION) == VERIFIED


async def test_a_moved_prescription_keeps_what_was_found_out(caller: Caller, services: Services, clock: Time) -> None:
    """The number of the person is in what was sent, so what comes is changed and is looked at anew."""
    token = token_of(services)
    await caller.post(PRESCRIPTION, prescription(token))
    corrected = json.loads(json.dumps(prescription(token)).replace(CID, ANOTHER))
    assert counts(await caller.post(PRESCRIPTION, corrected)) == {"moved": 1, "changed": 1}
    assert await noted(services, ANOTHER, Kind.PRESCRIPTION) == VERIFIED


async def test_a_later_token_verifies_what_came_without(caller: Caller, services: Services) -> None:
    await caller.post(PRESCRIPTION, prescription(""))
    assert counts(await caller.post(PRESCRIPTION, prescription(token_of(services)))) == {"changed": 1}
    assert await noted(services, CID, Kind.PRESCRIPTION) == VERIFIED


# Caregivers


async def test_a_caregiver_s_own_record_says_which_hospital_and_nothing_of_whom(
    caller: Caller, services: Services, database: Database
) -> None:
    body = upload(CAREGIVER)
    named = f"ลูกของ {person_of(CID).given} {CID}"
    body["CareGiver"][0]["qualification"]["text"] = named
    body["managingOrganization"]["display"] = named
    assert counts(await caller.post(CAREGIVER, body)) == {"new": 1}
    [document] = await stored(services, CARER)
    assert (document.kind, document.hcode) == (Kind.CARED_FOR, KHON_KAEN)
    content = json.loads(document.content)
    assert content["noted"] == {
        "active": True, "qualification_code": "1", "qualification_text": "ครอบครัวเดียวกัน"
    }  # fmt: skip
    assert list(content["sent"]) == ["managingOrganization"]
    assert content["sent"]["managingOrganization"]["identifier"]["value"] == HCODE
    text = document.content.decode()
    person = person_of(CID)
    assert not any(word in text for word in (CID, person.given, person.family, person.hn))
    [line] = await history(database, services, CARER)
    assert line.entry.content.action == "CareGiver" and line.entry.unit == HCODE


async def test_the_same_claim_replaces_itself_and_ends_when_it_is_not_active(
    caller: Caller, services: Services, database: Database
) -> None:
    await caller.post(CAREGIVER, upload(CAREGIVER))
    await caller.post(CAREGIVER, upload(CAREGIVER))
    assert len(await history(database, services, CARER)) == 1
    body = upload(CAREGIVER)
    body["CareGiver"][0]["active"] = False
    assert counts(await caller.post(CAREGIVER, body)) == {"changed": 1}
    [document] = await stored(services, CARER)
    assert document.version == 2
    assert (await noted(services, CARER, Kind.CARED_FOR))["active"] is False


async def test_who_cares_for_two_persons_has_two_claims_that_join_nobody(
    caller: Caller, services: Services, database: Database
) -> None:
    await caller.post(CAREGIVER, upload(CAREGIVER))
    await caller.post(CAREGIVER, given_to(CAREGIVER, ANOTHER))
    assert len(await stored(services, CARER, Kind.CARED_FOR)) == 2
    async with database.transaction() as tx:
        rows = await tx.fetch("select ref from document")
    assert len({bytes(row[0]) for row in rows}) == len(rows)


async def test_two_caregivers_of_one_person_show_no_common_ref(
    caller: Caller, services: Services, database: Database
) -> None:
    body = upload(CAREGIVER)
    other = json.loads(json.dumps(body["CareGiver"][0]).replace(CARER, ANOTHER))
    body["CareGiver"].append(other)
    assert counts(await caller.post(CAREGIVER, body)) == {"new": 2}
    assert [len(await stored(services, cid, Kind.CARED_FOR)) for cid in (CARER, ANOTHER)] == [1, 1]
    async with database.transaction() as tx:
        rows = await tx.fetch("select ref from document")
    assert len({bytes(row[0]) for row in rows}) == len(rows) == 4


async def test_a_caregiver_without_a_citizen_number_is_kept_with_the_person_alone(
    caller: Caller, services: Services
) -> None:
    body = json.loads(json.dumps(upload(CAREGIVER)).replace(CARER, "PASS-1"))
    reply = await caller.post(CAREGIVER, body)
    assert counts(reply) == {"new": 1}
    assert "CAREGIVER_CID" in {issue["code"] for issue in reply["processing_issue"]}
    assert [document.kind for document in await stored(services)] == [Kind.CAREGIVER]


async def test_nobody_is_their_own_caregiver(caller: Caller, services: Services) -> None:
    body = json.loads(json.dumps(upload(CAREGIVER)).replace(CARER, CID))
    await caller.post(CAREGIVER, body)
    assert [document.kind for document in await stored(services)] == [Kind.CAREGIVER]


async def test_a_visit_of_the_caregiver_does_not_disturb_the_claim(caller: Caller, services: Services) -> None:
    await caller.post(CAREGIVER, upload(CAREGIVER))
    body = json.loads(json.dumps(upload("/api/UpdatePHRv1")).replace(CID, CARER))
    await caller.post("/api/UpdatePHRv1", body)
    kinds = {document.kind for document in await stored(services, CARER)}
    assert kinds == {Kind.PATIENT, Kind.VISIT, Kind.CARED_FOR}
