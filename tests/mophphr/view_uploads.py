"""Uploads of every call about one invented person, and the documents that the platform holds after them.

`visits`, `allergy_report`, `register` … make a payload; `stored` reads payloads with the real parsers.
"""

import copy
import json
from datetime import timedelta
from typing import Any, cast

from mophphr.view_documents import ARRIVAL, CID, KHON_KAEN, NAN, Json, allergy, concept, patient, visit
from morprom.mophphr import ITEM_CALLS, ItemsUpload, Upload, read_items_upload, read_visits_upload
from morprom.record import Document, Kind
from payload_facts import invented_cid

CARER = invented_cid(8)
VISITS = "UpdatePHRv1"

Sending = tuple[str, Json]
"""The call's name and its payload."""


def top(hcode: str = KHON_KAEN, **members: Any) -> Json:
    """What stands beside the array of any upload; `members` are the patient's."""
    sent = patient(hcode, **members)
    sent["managingOrganization"] |= {"display": f"โรงพยาบาล {hcode}"}
    return sent


def visits(*encounters: Json, hcode: str = KHON_KAEN, allergies: list[Json] | None = None, **person: Any) -> Sending:
    lists = {"AllergyIntolerance": allergies} if allergies else {}
    return VISITS, top(hcode, **person) | lists | {"Encounter": list(encounters)}


def _item(call: str, item: Json, hcode: str, members: Json) -> Sending:
    array = ITEM_CALLS[call.lower()].array
    merged = copy.deepcopy(item) | members
    return call, top(hcode) | {array: merged if call == "SelfObservation" else [merged]}


def allergy_report(hcode: str = KHON_KAEN, **members: Any) -> Sending:
    item = allergy("9001", "Penicillin") | {
        "identifier": [{"system": "https://his.example/allergy", "value": "A1"}],
        "verificationStatus": concept("x", "confirmed", "Confirmed"),
        "naranjoResult": concept("x", "1", "Definite"),
        "note": [{"text": "ผื่นขึ้นหลังได้ยา"}],
    }
    return _item("AllergyIntolerancev1", item, hcode, members)


def register(hcode: str = KHON_KAEN, **members: Any) -> Sending:
    item = {
        "code": concept("https://phr1.moph.go.th/api/CodingSystem?System=chronic_disease", "001", "โรคเบาหวาน"),
        "clinicalStatus": concept("https://typedisch", "3", "ยังรักษาอยู่"),
        "chronic_ref_code": "C1",
        "clinicalText": "คุมได้ดี",
        "registerDate": "2020-01-15",
        "recordedDate": "2024-05-01T08:15:17",
        "description": [{"text": "ขึ้นทะเบียนที่คลินิก"}],
        "condition": [{"system": "x?System=ncd_condition", "code": "ckd_gfr_category", "display": "", "text": "G1"}],
    }
    return _item("PatientChronicRegisterv1", item, hcode, members)


def vaccine(hcode: str = KHON_KAEN, **members: Any) -> Sending:
    item = {
        "status": "completed",
        "vaccineCode": concept("https://refcode.moph.go.th/vaccine", "061", "MMR1"),
        "encounterRefCode": "OLD1",
        "occurrenceDateTime": "2010-05-01T08:15:17",
        "primarySource": True,
        "lotNumber": "A501",
        "doseQuantity": {"value": 0.5, "unit": "mL"},
        "performer": {"license_no": "พ.1", "name": "นางสาวมาลี เข็มดี"},
    }
    return _item("ImmunizationRegisterv1", item, hcode, members)


def referral(hcode: str = KHON_KAEN, to: str = NAN, **members: Any) -> Sending:
    item = {
        "recipientOrganization": {
            "type": "Organization",
            "identifier": {"system": "https://bps.moph.go.th/hcode/5", "value": to},
            "display": "โรงพยาบาลปลายทาง",
        },
        "encounterRefCode": "OLD2",
        "referralRefCode": "R1",
        "status": "active",
        "intent": "order",
        "type": concept("x?System=referral_type", "1", "ส่งต่อ"),
        "priority": "routine",
        "serviceRequested": concept("x", "11", "ผ่าตัดต้อกระจก"),
        "context": "",
        "occurrenceDateTime": "2026-03-11T08:00:00",
        "authoredOn": "2026-03-10T08:15:17",
        "requester": {"agent": {"reference": "ว.1", "display": "พญ.อรทัย ใจงาม"}},
        "specialty": concept("x", "07", "จักษุ"),
        "description": "ตามัวมาสามเดือน",
        "note": [{"text": "ขอบคุณ"}],
        "supporting_info_diagnosis": [concept("http://hl7.org/fhir/sid/icd-10", "H25.9", "Senile cataract")],
        "supporting_info_vital_sign": {"bp": "120/80"},
        "supporting_info_medication": [{"code": concept("x", "220001", "Metformin")}],
        "supporting_info_present_illness": "ตามัวมาสามเดือน",
    }
    return _item("ReferralRequest", item, hcode, members)


def self_observation(hcode: str = KHON_KAEN, **members: Any) -> Sending:
    item = {
        "system_name": "kiosk",
        "location_gis": {"latitude": "13.75", "longitude": "100.5"},
        "observation_ref_code": "S1",
        "person": {"cid": CID, "prefix": "นาย", "first_name": "สมชาย", "last_name": "ใจดี", "gender": "M"},
        "observation": {
            "reference_id": "S1",
            "loinc_code": "8480-6",
            "loinc_display": "Systolic blood pressure",
            "effective_datetime": "2026-03-15T08:15:17",
            "device_display": "เครื่องวัดความดัน",
            "performer_display": "ตนเอง",
            "observation_value": "128",
            "observation_unit": "mmHg",
        },
    }
    return _item("SelfObservation", item, hcode, members)


def caregiver(hcode: str = KHON_KAEN, **members: Any) -> Sending:
    item = {
        "identifier": [{"system": "https://www.dopa.go.th", "type": "CID", "value": CARER}],
        "active": True,
        "intent": "plan",
        "name": {"prefix": ["นาง"], "given": ["มาลี"], "family": "ใจดี"},
        "telecom_phone": "0990000002",
        "qualification": concept("x?System=caregiver_type", "1", "คนในครอบครัว"),
    }
    return _item("CareGiver", item, hcode, members)


def prescription(hcode: str = KHON_KAEN, **members: Any) -> Sending:
    item = {
        "identifier": [{"system": "https://his.example/eprescription", "value": "P1"}],
        "status": "active",
        "intent": "order",
        "medication": concept("https://www.this.or.th/tmt/gp", "220001", "Metformin 500 mg tablet"),
        "encounter_ref_code": "OLD3",
        "authoredOn": "2026-03-20T08:15:17",
        "requester": {"providerToken": "ey.very.secret", "display": "พญ.อรทัย ใจงาม"},
        "note": [{"text": "ทานพร้อมอาหาร"}],
        "dosageInstruction": [
            {
                "sequence": 1,
                "text": "ครั้งละ 1 เม็ด เช้าเย็น",
                "patientInstruction": "หลังอาหารทันที",
                "route": {"text": "oral"},
                "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "เม็ด"}}],
            }
        ],
        "dispenseRequest": {
            "validityPeriod": {"start": "2026-03-20", "end": "2026-06-20"},
            "numberOfRepeatsAllowed": 2,
            "quantity": {"value": 60, "unit": "เม็ด"},
            "expectedSupplyDuration": {"value": 30, "unit": "d"},
        },
    }
    return _item("MedicationRequest", item, hcode, members)


def drug_problem(hcode: str = KHON_KAEN, **members: Any) -> Sending:
    item = {
        "drp_ref_code": "D1",
        "active": True,
        "intent": "plan",
        "medication": concept("https://www.this.or.th/tmt/gp", "220001", "Metformin 500 mg tablet"),
        "category": concept("x?System=drp_category", "1", "ขนาดยาต่ำไป"),
        "description": "ลืมทานยามื้อเย็น",
        "recordedDate": "2026-03-21",
    }
    return _item("DrugRelatedProblem", item, hcode, members)


ITEMS = (allergy_report, register, vaccine, referral, self_observation, caregiver, prescription, drug_problem)


def renumbered(make: Any, number: str, **members: Any) -> Sending:
    """The item that `make` makes, under another key."""
    if make is caregiver:
        keyed: Json = {"identifier": [{"type": "CID", "value": invented_cid(int(number))}]}
    elif make is self_observation:
        observation = make()[1]["SelfObservation"]["observation"] | {"reference_id": number}
        keyed = {"observation": observation | members.pop("observation", {})}
    else:
        keyed = {
            allergy_report: {"identifier": [{"value": number}]},
            register: {"chronic_ref_code": number},
            vaccine: {"encounterRefCode": number},
            referral: {"referralRefCode": number},
            prescription: {"identifier": [{"system": "x/eprescription", "value": number}]},
            drug_problem: {"drp_ref_code": number},
        }[make]
    return make(**(keyed | members))


def stored(sendings: list[Sending], *, day: int = 0, before: list[Document] | None = None) -> list[Document]:
    """The documents after these uploads, one a day from `day` on, in a record that held `before`."""
    held = {_place(document): document for document in before or []}
    for number, (call, payload) in enumerate(sendings):
        for document in _documents(call, payload, day + number):
            former = held.get(_place(document))
            held[_place(document)] = (
                document
                if former is None
                else Document(
                    document.kind, document.hcode, document.content, former.version + 1, former.created_at,
                    document.received_at,
                )
            )  # fmt: skip
    return list(held.values())


def controls(masked: list[str], reported: list[str] | None = None) -> Document:
    """The owner's settings."""
    told = [{"ref": ref, "reason": "ไม่เคยไปโรงพยาบาลนี้", "at": "2026-04-02T08:00:00"} for ref in reported or []]
    content = {"share_phr": True, "masked": masked, "reported": told}
    return Document(Kind.CONTROLS, "", json.dumps(content, ensure_ascii=False).encode(), 1, ARRIVAL, ARRIVAL)


def _place(document: Document) -> tuple[Kind, str, object]:
    """What a later upload replaces."""
    if document.kind in (Kind.PATIENT, Kind.ALLERGY, Kind.CONTROLS):
        return document.kind, document.hcode, ""
    content = json.loads(document.content)
    if document.kind is Kind.VISIT:
        return document.kind, document.hcode, json.dumps(content["identifier"])
    item: Any = next(
        value for name, value in content["sent"].items() if name not in ("managingOrganization", "Patient")
    )
    sent: Json = cast("list[Json]", item)[0] if isinstance(item, list) else item
    keys = ("identifier", "chronic_ref_code", "referralRefCode", "drp_ref_code", "encounterRefCode", "observation")
    return document.kind, document.hcode, json.dumps([sent.get(key) for key in keys])


def _documents(call: str, payload: Json, day: int) -> list[Document]:
    body, at = json.dumps(payload, ensure_ascii=False).encode(), ARRIVAL + timedelta(days=day)
    if call == VISITS:
        upload = read_visits_upload(body, encounter_limit=500, nesting_limit=64, test_person_allowed=True)
        assert isinstance(upload, Upload), upload
        parts = [(Kind.PATIENT, upload.patient)]
        parts += [(Kind.ALLERGY, upload.allergies)] if upload.allergies else []
        parts += [(Kind.VISIT, one.content) for one in upload.visits]
        return [Document(kind, upload.hcode, content, 1, at, at) for kind, content in parts]
    found = read_items_upload(
        ITEM_CALLS[call.lower()], body, item_limit=500, nesting_limit=64, test_person_allowed=True
    )  # fmt: skip
    assert isinstance(found, ItemsUpload), found
    contents = [b'{"sent":%b,"noted":{}}' % one.sent for one in found.items]
    return [Document(found.call.kind, found.hcode or KHON_KAEN, content, 1, at, at) for content in contents]


def ordinary() -> list[Sending]:
    """A record with something of every kind, from two hospitals, nothing of it withheld."""
    return [
        visits(visit("V1"), allergies=[allergy("9001", "Penicillin")]),
        *(make() for make in ITEMS),
        visits(visit("N1", "2026-03-02T08:00:00"), hcode=NAN, allergies=[allergy("9002", "Aspirin")]),
        register(NAN),
        allergy_report(NAN),
    ]
