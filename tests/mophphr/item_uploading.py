"""Sound uploads of every call that is made of items, and how to bend them."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

from mophphr.uploading import CID, HCODE, Json
from mophphr.uploading import sound as sound_visits
from morprom.mophphr import ITEM_CALLS, ItemsUpload, Rejected, read_items_upload
from morprom.mophphr.item_calls import ItemCall
from morprom.record import Document
from payload_facts import invented_cid

CAREGIVER = invented_cid(8)
ORGANIZATION = sound_visits()["managingOrganization"]
PATIENT = sound_visits()["Patient"]

ITEMS: dict[str, Json] = {
    "AllergyIntolerancev1": {
        "managingOrganization": {},
        "identifier": [{"system": "https://his.example/allergy", "value": "A1"}],
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "category": ["medication"],
        "code": {"coding": [{"system": "https://x?System=tmt_substance", "code": "9001"}], "text": "PENICILLIN"},
        "preventable": True,
        "recordedDate": "2024-05-01T08:15:17",
        "recordOfficer": {},
        "reaction": [{"manifestation": [{"text": "ผื่น"}]}],
    },
    "PatientChronicRegisterv1": {
        "managingOrganization": {},
        "code": {"coding": [{"system": "https://x?System=chronic_disease", "code": "001"}], "text": "โรคเบาหวาน"},
        "clinicalStatus": {"coding": [{"code": "3"}]},
        "chronic_ref_code": "C1",
        "clinicalText": "",
        "registerDate": "2020-01-15",
        "recordedDate": "2024-05-01T08:15:17",
        "description": [],
        "condition": [{"code": "ckd_gfr_category", "text": "G1"}],
    },
    "ImmunizationRegisterv1": {
        "managingOrganization": {},
        "status": "completed",
        "vaccineCode": {"coding": [{"system": "https://refcode.moph.go.th/vaccine", "code": "815"}]},
        "encounterRefCode": f"{HCODE}:VN1",
        "occurrenceDateTime": "2024-05-01T08:15:17",
        "primarySource": True,
        "location": {},
        "manufacturer": {},
        "lotNumber": "L1",
        "expirationDate": "2025-05-01",
        "doseQuantity": {},
        "note": [],
        "reasonCode": [],
        "performer": {},
    },
    "ReferralRequest": {
        "managingOrganization": {},
        "recipientOrganization": {
            "type": "",
            "identifier": {"system": "https://bps.moph.go.th/hcode/5", "value": "10671"},
        },
        "encounterRefCode": "VN1",
        "referralRefCode": "R1",
        "intent": "order",
        "occurrenceDateTime": "2024-05-02T08:00:00",
        "authoredOn": "2024-05-01T08:15:17",
        "requester": {"agent": {}},
        **dict.fromkeys(("serviceRequested", "context", "specialty", "description", "note"), ""),
    },
    "SelfObservation": {
        "system_name": "kiosk",
        "location_gis": {"latitude": "13.75", "longitude": "100.5"},
        "person": {"cid": CID, "first_name": "ชูใจ", "birth_date": "1990-01-01", "gender": "F"},
        "observation": {
            "reference_id": "S1",
            "loinc_code": "8480-6",
            "effective_datetime": "2024-05-01T08:15:17",
            "observation_value": "120",
            "observation_unit": "mmHg",
        },
    },
    "CareGiver": {
        "identifier": [{"system": "https://www.dopa.go.th", "type": "CID", "value": CAREGIVER}],
        "active": True,
        "name": {"given": ["มานะ"], "family": "ใจดี"},
        "qualification": {"coding": [{"code": "1"}]},
    },
    "MedicationRequest": {
        "identifier": [{"system": "https://his.example/eprescription", "value": "P1"}],
        "status": "active",
        "medication": {"coding": [{"code": "100005"}]},
        "encounter_ref_code": "VN1",
        "authoredOn": "2024-05-01T08:15:17",
        "requester": {"providerToken": "tok.en.x", "display": "หมอ"},
        "dosageInstruction": [],
        "dispenseRequest": {"validityPeriod": {"start": "2024-05-01", "end": "2024-06-01"}},
    },
    "DrugRelatedProblem": {
        "drp_ref_code": "D1",
        "active": True,
        "category": {"coding": [{"code": "1"}]},
        "recordedDate": "2024-05-01T08:15:17",
    },
}
REFS = ("A1", "C1", "VN1|815", "R1", "S1", CAREGIVER, "P1", "D1")


def call_of(name: str) -> ItemCall:
    return ITEM_CALLS[name.lower()]


def sound(name: str, *items: Json) -> Json:
    """An upload of the call with nothing to remark; `items` instead of its one item."""
    chosen = copy.deepcopy(list(items) or [ITEMS[name]])
    call = call_of(name)
    upload = {"managingOrganization": copy.deepcopy(ORGANIZATION), "Patient": copy.deepcopy(PATIENT)}
    return upload | {call.array: chosen[0] if call.is_single else chosen}


def item(name: str, /, **changes: object) -> Json:
    """The sound item of the call with members set."""
    return copy.deepcopy(ITEMS[name]) | changes


def without(name: str, *keys: str) -> Json:
    return {key: value for key, value in ITEMS[name].items() if key not in keys}


def body_of(upload: object) -> bytes:
    if isinstance(upload, bytes):
        return upload
    return json.dumps(upload, ensure_ascii=False).encode("utf-8", "surrogatepass")


def read(name: str, upload: object, *, item_limit: int = 500, test_person: bool = False) -> ItemsUpload | Rejected:
    """What reading gives; `upload` is JSON or a body."""
    return read_items_upload(
        call_of(name), body_of(upload), item_limit=item_limit, nesting_limit=64, test_person_allowed=test_person
    )


def accepted(name: str, upload: object, *, test_person: bool = False) -> ItemsUpload:
    found = read(name, upload, test_person=test_person)
    assert isinstance(found, ItemsUpload), found
    return found


def told(name: str, upload: object) -> list[tuple[str, str]]:
    return [(one.code, one.path) for one in accepted(name, upload).findings]


def faults(name: str, upload: object) -> list[tuple[str, str]]:
    found = read(name, upload)
    assert isinstance(found, Rejected), found
    return [(one.code, one.path) for one in found.faults]


def documents(upload: ItemsUpload, *, hour: int = 8) -> list[Document]:
    """What is stored of an upload."""
    now = datetime(2024, 5, 1, hour, tzinfo=UTC)
    return [
        Document(upload.call.kind, upload.hcode or HCODE, b'{"sent":%b,"noted":{}}' % part.sent, 1, now, now)
        for part in upload.items
    ]


def exactly(raw: bytes) -> Any:
    """JSON with repeated keys and the text of numbers kept, so that equal means the same to the letter."""
    return json.loads(
        raw, object_pairs_hook=lambda pairs: ("object", pairs), parse_int=lambda text: ("number", text),
        parse_float=lambda text: ("number", text),
    )  # fmt: skip
