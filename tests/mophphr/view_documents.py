"""Small records for the tests of the views: invented people, visits shaped as hospital software sends them."""

import hashlib
import hmac
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from morprom.mophphr.view import render
from morprom.record import Document, Kind, Organization, Seeing
from morprom_wire.cid import check_digit

Json = dict[str, Any]

CID = "199000000001" + str(check_digit("199000000001"))
KHON_KAEN, NAN = "10670", "10716"
ORGANIZATIONS = {
    KHON_KAEN: Organization(KHON_KAEN, "โรงพยาบาลขอนแก่น", 7),
    NAN: Organization(NAN, "โรงพยาบาลน่าน", 1),
}
TODAY = date(2026, 4, 20)
ARRIVAL = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)

OTHERS = Seeing(sensitive=False, free_text=False, masked=False)
STAFF = Seeing(sensitive=False, free_text=True, masked=False)
OWNER = Seeing(sensitive=True, free_text=True, masked=True)


def concept(system: str, code: str, display: str, text: str | None = None) -> Json:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": text or display}


def diagnosis(code: str, display: str) -> Json:
    return {
        "clinicalStatus": concept("http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "Active"),
        "verificationStatus": concept(
            "http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed", "Confirmed"
        ),
        "category": concept("http://snomed.info/sct", "439401001", "Diagnosis"),
        "severity": concept("http://snomed.info/sct", "24484000", "Severe"),
        "code": concept("http://hl7.org/fhir/sid/icd-10", code, display),
        "bodySite": [{"coding": [{"system": "", "code": "", "display": ""}], "text": ""}],
        "onsetDateTime": "2026-03-01T08:15:17.000Z",
        "recordedDate": "2026-03-01T09:00:00.000Z",
        "asserter": {"reference": "ว.12345", "display": "พญ.อรทัย ใจงาม"},
    }


def prose(code: str, words: str) -> Json:
    return {
        "clinicalStatus": concept("conditionclinical", "inactive", "Inactive"),
        "category": concept("http://snomed.info/sct", "33962009", "Chief complaint"),
        "code": {"coding": [{"system": "", "code": code, "display": code}], "text": words},
    }


def lab(loinc: str, name: str, value: Any, unit: str) -> Json:
    return {
        "status": "final",
        "issued": "2026-03-01T10:20:30.000Z",
        "effectiveDateTime": "2026-03-01T09:10:00.000Z",
        "category": concept("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory", "Laboratory"),
        "code": concept("http://loinc.org", loinc, name),
        "profile_group": {"text": "Chemistry"},
        "valueQuantity": {"value": value, "unit": unit},
        "interpretation": {"text": "H"},
        "note": [{"text": "เลือดปั่นแล้วใส"}],
        "referenceRange": [{"low": {"value": 70}, "high": {"value": 100}, "text": "70-100"}],
        "asserter": {"reference": "ทน.998", "display": "นายพิชัย ขยันตรวจ"},
    }


def dispensed(code: str, name: str, quantity: Any) -> Json:
    return {
        "status": "active",
        "category": "medication",
        "code": concept("https://www.this.or.th/tmt/gp", code, name),
        "form": {"text": "tablet"},
        "finance": {"qty": quantity, "unitPrice": 1.5, "totalPrice": 90},
        "statement": {
            "status": "completed",
            "category": concept(
                "http://terminology.hl7.org/CodeSystem/medication-statement-category", "outpatient", "Outpatient"
            ),
            "effectiveDateTime": "2026-03-01T11:00:00.000Z",
            "note": [{"text": "ทานพร้อมอาหาร"}],
            "dosage": [
                {
                    "sequence": 1,
                    "text": "รับประทานครั้งละ 1 เม็ด วันละ 2 ครั้ง หลังอาหารเช้า เย็น",
                    "patientInstruction": "ทานติดต่อกันทุกวัน",
                    "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
                }
            ],
        },
    }


def visit(ref: str, start: str = "2026-03-01T08:15:17.000Z", **members: Any) -> Json:
    """A visit with diabetes, five labs, three medicines and prose; `members` replace what is given."""
    ordinary: Json = {
        "identifier": [
            {"use": "official", "system": "https://bps.moph.go.th/vn", "type": "VN", "value": ref},
            {"use": "official", "system": "https://sil-th.org/hn", "type": "HN", "value": "000123456"},
        ],
        "status": "finished",
        "class": {
            "system": "https://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code": "AMB",
            "display": "ambulatory",
        },
        "subclass": {"system": "https://bps.moph.go.th/subclass", "code": "OPD", "display": "ผู้ป่วยนอก"},
        "division": {"system": "https://bps.moph.go.th/division", "code": "01", "display": "อายุรกรรม"},
        "type": concept("https://phr1.moph.go.th/api/CodingSystem?System=encounter_type", "1", "มาเอง"),
        "priority": concept("http://terminology.hl7.org/CodeSystem/v3-ActPriority", "R", "routine"),
        "period": {"start": start, "end": "2026-03-01T12:00:00.000Z"},
        "subject": {"reference": "Patient/1", "display": "นายสมชาย ใจดี"},
        "screen_allergy": {"system": "x", "code": "N", "display": "ไม่แพ้ยา"},
        "screen_smoking": {"system": "x", "code": "1", "display": "ไม่สูบ"},
        "screen_drinking": {"system": "x", "code": "1", "display": "ไม่ดื่ม"},
        "participant": [{"individual": {"type": {"text": "doctor"}, "reference": "ว.12345", "display": "พญ.อรทัย"}}],
        "reason": [{"text": "นัดติดตามเบาหวาน"}],
        "financeTotalAmount": "350.50",
        "financeReimbursementAmount": 300,
        "financePaidAmount": 50.5,
        "Coverage": [
            {
                "payor": [{"reference": "สปสช."}],
                "class": [
                    {"type": {"coding": [{"code": "group"}]}, "value": "UCS", "name": "บัตรทอง"},
                    {"type": {"coding": {"code": "subgroup"}}, "value": "77", "name": "อายุเกิน 60 ปี"},
                ],
                "reimbursementAmount": "300",
                "contract": [{"reference": "MainHospital", "identifier": {"value": KHON_KAEN}, "display": "รพ.ขอนแก่น"}],
            }
        ],
        "vital_signs": {
            "body_weight": {"status": "final", "valueQuantity": {"value": "62.5", "unit": "kg"}},
            "body_height": {"status": "final", "valueQuantity": {"value": 165, "unit": "cm"}},
            "bp_systolic": {"status": "final", "valueQuantity": {"value": 110, "unit": "mmHg"}},
            "bp_diastolic": {"status": "final", "valueQuantity": {"value": 70, "unit": "mmHg"}},
        },
        "Observation": [
            lab("1558-6", "FBS", 126, "mg/dL"),
            lab("4548-4", "HbA1c", "7.1", "%"),
            lab("2093-3", "Total cholesterol", 201, "mg/dL"),
            lab("2160-0", "Creatinine", 0.9, "mg/dL"),
            lab("62238-1", "eGFR (CKD-EPI)", 88, "mL/min/1.73m2"),
        ],
        "Condition": [
            diagnosis("E11.9", "Type 2 diabetes mellitus without complications"),
            diagnosis("I10", "Essential (primary) hypertension"),
            diagnosis("E785", "Hyperlipidaemia, unspecified"),
            prose("cc", "มาตามนัด รับยาต่อเนื่อง ไม่มีอาการผิดปกติ"),
            prose("hpi", "เป็นเบาหวานมา 5 ปี รับยาสม่ำเสมอ ควบคุมอาหารได้บ้าง " + ref),
            prose("diagtext", "เบาหวานชนิดที่สอง"),
        ],
        "Medication": [
            dispensed("220001", "Metformin 500 mg tablet", 60),
            dispensed("220002", "Amlodipine 5 mg tablet", "30"),
            dispensed("220003", "Simvastatin 20 mg tablet", 30),
        ],
        "Appointment": [
            {
                "status": "booked",
                "start": "2026-05-01T08:00:00.000Z",
                "end": "2026-05-01T08:30:00.000Z",
                "created": "2026-03-01",
                "serviceType": concept("x", "01", "คลินิกเบาหวาน"),
                "description": "นัดติดตาม",
                "note": [{"text": "งดน้ำงดอาหาร"}],
                "participant": [{"actor": {"display": "พญ.อรทัย ใจงาม"}}],
            }
        ],
        "Immunization": [
            {
                "status": "completed",
                "vaccineCode": concept("https://refcode.moph.go.th/vaccine", "815", "ไข้หวัดใหญ่"),
                "occurrenceDateTime": "2026-03-01T09:30:00.000Z",
                "lotNumber": "AB12",
                "performer": {"license_no": "พ.1", "name": "นางสาวมาลี เข็มดี"},
            }
        ],
        "DiagnosticReport": [
            {"status": "final", "code": concept("http://loinc.org", "36643-5", "Chest X-ray"), "conclusion": "ปกติ"}
        ],
    }
    return ordinary | members


def patient(hcode: str = KHON_KAEN, **members: Any) -> Json:
    person: Json = {
        "identifier": [
            {"system": "https://www.dopa.go.th", "type": "CID", "value": CID},
            {"system": "https://sil-th.org/hn", "type": "HN", "value": "000123456"},
        ],
        "active": True,
        "name": [
            {"languageCode": "TH", "text": "undefined.สมชาย", "prefix": ["นาย"], "given": ["สมชาย"], "family": "ใจดี"},
            {"languageCode": "EN", "prefix": ["Mr."], "given": ["Somchai"], "family": "Jaidee"},
        ],
        "telecom": [{"system": "phone", "use": "mobile", "value": "0990000001", "rank": "1"}],
        "gender": "male",
        "birthDate": "1980-12-31",
        "deceasedBoolean": False,
        "nationality": {"coding": [{"code": "99"}], "text": "ไทย"},
        "maritalStatus": concept("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "M", "Married"),
        "address": [
            {
                "use": "home",
                "text": "1 หมู่ 2",
                "line": ["1", "หมู่ 2"],
                "city": "เมือง",
                "district": "ในเมือง",
                "state": "ขอนแก่น",
                "postalCode": "40000",
                "country": "TH",
                "address_code": 400101,
                "period": {"start": "2020-01-01"},
            }
        ],
    }
    return {"managingOrganization": {"identifier": {"value": hcode}}, "Patient": person | members}


def allergy(code: str, name: str) -> Json:
    return {
        "clinicalStatus": concept("x", "active", "Active"),
        "category": ["medication"],
        "criticality": "high",
        "code": concept("https://phr1.moph.go.th/api/CodingSystem?System=tmt_substance", code, name),
        "seriousness": concept("x", "1", "ไม่ร้ายแรง"),
        "preventable": False,
        "recordedDate": "2020-02-02",
        "recordOfficer": {"reference": "ภ.1", "display": "ภก.ยา ดี"},
        "reaction": [{"manifestation": [{"text": "ผื่น"}]}],
    }


def document(kind: Kind, content: Any, hcode: str = KHON_KAEN, day: int = 0, version: int = 1) -> Document:
    """A document that arrived so many days after the first; `content` is JSON, or bytes as they were stored."""
    at = ARRIVAL + timedelta(days=day)
    written = (
        content
        if isinstance(content, bytes)
        else json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    )
    return Document(kind, hcode, written, version, at, at)


def row_key(name: bytes) -> str:
    return hmac.new(b"a person's key", name, hashlib.sha256).hexdigest()[:32]


def read(action: str, documents: list[Document], mode: str = "", code: str = "", seeing: Seeing = STAFF) -> Any:
    return render(
        action,
        mode,
        code,
        documents,
        seeing=seeing,
        cid=CID,
        organizations=ORGANIZATIONS,
        row_key=row_key,
        today=TODAY,
    )
