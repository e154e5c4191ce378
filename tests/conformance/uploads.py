# ruff: noqa: E501 (a document is easier to read in few long lines)
"""One whole upload for each call of section 3, with every field that the section names, for an invented person."""

import copy
from datetime import date
from random import Random
from typing import Any, Final

from morprom_wire import systems
from payload_facts import person_of
from payloads import agent_organization, agent_patient, concept, invented_cid, visit_upload

Json = dict[str, Any]

HCODE: Final = "10670"
OTHER: Final = "13814"
CID: Final = invented_cid(4_100_001)
SOMEBODY_ELSE: Final = invented_cid(4_100_002)
REF: Final = "690401081500"

ORGANIZATION: Final = agent_organization(HCODE)
_ENVELOPE: Final[Json] = {
    "managingOrganization": {**ORGANIZATION, "agent": "conformance 1.0"},
    "Patient": agent_patient(person_of(CID), HCODE),
}


def _coded(system: str, code: str, text: str) -> Json:
    return concept(systems.CODING_SYSTEM + system, code, text)


def _vaccine() -> Json:
    return {
        "managingOrganization": ORGANIZATION, "status": "completed",
        "vaccineCode": concept("https://refcode.moph.go.th/vaccine", "815", "Influenza"),
        "encounterRefCode": f"{HCODE}:{REF}", "occurrenceDateTime": "2026-03-01T09:00:00", "primarySource": True,
        "location": {"display": "ห้องวัคซีน"}, "manufacturer": {"display": "SP"}, "lotNumber": "A1",
        "expirationDate": "2027-01-31", "site": _coded("vaccine_site", "LA", "ต้นแขนซ้าย"), "route": _coded("route", "IM", "IM"),
        "doseQuantity": {"value": 0.5, "unit": "mL"}, "note": [{"text": ""}], "reasonCode": [],
        "performer": {"license_no": "ว.20001", "name": "พว.นงลักษณ์"},
    }  # fmt: skip


def _allergy() -> Json:
    return {
        "managingOrganization": ORGANIZATION,
        "identifier": [{"use": "official", "system": "https://phr1.moph.go.th/allergy", "value": "AL-1"}],
        "clinicalStatus": concept("", "active", "active"), "verificationStatus": concept("", "confirmed", "confirmed"),
        "type": "allergy", "category": ["medication"], "criticality": "high",
        "code": _coded("tmt_substance", "1234", "PENICILLIN"), "seriousness": _coded("allergy_seriousness", "1", "ไม่ร้ายแรง"),
        "allergyGroup": _coded("allergy_group", "1", "ยา"), "allergyInformationSource": _coded("allergy_source", "1", "ผู้ป่วย"),
        "allergyResult": _coded("allergy_result", "1", "หาย"), "naranjoResult": _coded("allergy_naranjo_result", "1", "แน่ใจ"),
        "preventable": False, "preventableScore": 0, "recordedDate": "2026-03-01T09:00:00",
        "recordOfficer": {"reference": "ภ.1", "identifier": "1", "display": "ภก.ธีระ"},
        "reaction": [{"manifestation": [concept("", "", "ผื่น")]}],
    }  # fmt: skip


def _register() -> Json:
    return {
        "managingOrganization": ORGANIZATION, "code": _coded("chronic_disease", "001", "เบาหวาน"),
        "clinicalStatus": concept("", "active", "active"), "chronic_ref_code": "CR-1", "clinicalText": "คุมได้", "registerDate": "2020-05-01",
        "dischargeDate": None, "recordedDate": "2026-03-01T09:00:00", "description": ["ระยะแรก"],
        "condition": [{"coding": [{"system": systems.CODING_SYSTEM + "ncd_condition", "code": "ckd_gfr_category",
                                   "display": "eGFR category"}], "text": "G1"}],
    }  # fmt: skip


def _referral() -> Json:
    return {
        "managingOrganization": ORGANIZATION,
        "recipientOrganization": {"type": "Organization", **agent_organization(OTHER)},
        "encounterRefCode": f"{HCODE}:{REF}", "referralRefCode": "RF-1", "status": "active", "intent": "order",
        "type": _coded("referral_type", "1", "ส่งต่อเพื่อรักษา"), "priority": "routine",
        "serviceRequested": [{"text": "ตรวจหัวใจ"}], "context": {"reference": REF},
        "occurrenceDateTime": "2026-03-01T09:00:00", "occurrencePeriod": {"start": "2026-03-01", "end": "2026-06-01"},
        "authoredOn": "2026-03-01T09:00:00", "requester": {"agent": {"reference": "ว.20001", "display": "นพ.เอกชัย"}},
        "specialty": _coded("specialty", "01", "อายุรกรรม"), "description": "เจ็บหน้าอก", "note": [{"text": "โทรนัดแล้ว"}],
        "supporting_info_diagnosis": "I10", "supporting_info_vital_sign": "BP 150/90", "supporting_info_medication": "",
        "supporting_info_observation": "", "supporting_info_social_problem": "", "supporting_info_present_illness": "",
    }  # fmt: skip


def _measurement() -> Json:
    person = person_of(CID)
    return {
        "system_name": "kiosk", "location_gis": {"latitude": "16.43", "longitude": "102.83"},
        "observation_ref_code": "SO-1",
        "person": {"cid": CID, "prefix": "นาย", "first_name": person.given, "last_name": person.family,
                   "birth_date": person.born_on.isoformat(), "gender": "M" if person.is_male else "F"},
        "observation": {"reference_id": "SO-1", "loinc_code": "8480-6", "loinc_display": "Systolic blood pressure",
                        "effective_datetime": "2026-03-01T09:00:00", "device_display": "BP-1", "performer_display": "",
                        "observation_value": "128", "observation_unit": "mmHg"},
    }  # fmt: skip


def _caregiver() -> Json:
    carer = person_of(SOMEBODY_ELSE)
    return {
        "managingOrganization": ORGANIZATION,
        "identifier": [{"use": "official", "system": systems.CID, "type": "CID", "value": SOMEBODY_ELSE}],
        "active": True, "intent": "order",
        "name": {"use": "official", "languageCode": "TH", "text": "", "family": carer.family, "given": [carer.given],
                 "prefix": ["นาง"], "suffix": []},
        "care_giver_name": {"text": f"{carer.given} {carer.family}"}, "telecom_phone": "0810000000",
        "qualification": _coded("caregiver_type", "1", "ครอบครัวเดียวกัน"),
    }  # fmt: skip


def _prescription() -> Json:
    return {
        "managingOrganization": ORGANIZATION,
        "identifier": [{"use": "official", "system": "https://phr1.moph.go.th/eprescription", "value": "RX-1"}],
        "status": "active", "intent": "order", "medication": concept(systems.TMT_GP, "123456", "METFORMIN 500 mg tab"),
        "encounter_ref_code": f"{HCODE}:{REF}", "authoredOn": "2026-03-01T09:00:00",
        "requester": {"reference": "ว.20001", "display": "นพ.เอกชัย", "providerToken": ""}, "note": [{"text": ""}],
        "dosageInstruction": [{"sequence": 1, "text": "1x2 pc", "patientInstruction": "หลังอาหาร",
                               "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
                               "route": concept("", "PO", "PO"), "doseAndRate": [{"doseQuantity": {"value": 1}}]}],
        "dispenseRequest": {"validityPeriod": {"start": "2026-03-01", "end": "2026-04-01"}, "numberOfRepeatsAllowed": 1,
                            "quantity": {"value": 60, "unit": "เม็ด"}, "expectedSupplyDuration": {"value": 30, "unit": "d"}},
    }  # fmt: skip


def _drug_problem() -> Json:
    return {
        "managingOrganization": ORGANIZATION, "drp_ref_code": "DP-1", "active": True, "intent": "plan",
        "medication": concept(systems.TMT_GP, "123456", "METFORMIN 500 mg tab"),
        "category": _coded("drp_category", "1", "ไม่ใช้ยาตามสั่ง"), "description": "ลืมกินยามื้อเย็น",
        "recordedDate": "2026-03-01T09:00:00",
    }  # fmt: skip


def _counts() -> Json:
    day = {"opd_encounter_count": 120, "ipd_encounter_count": 8, "ipd_discharge_count": 5}
    return {"managingOrganization": ORGANIZATION, "EncounterSummary": [{"period_start": "2026-03-30", **day}]}


UPLOADS: Final[dict[str, Json]] = {
    "/api/UpdatePHRv1": visit_upload("agent", Random(7), hcode=HCODE, cid=CID, ref=REF, on=date(2026, 3, 1)),
    "/api/AllergyIntolerancev1": {**_ENVELOPE, "AllergyIntolerance": [_allergy()]},
    "/api/PatientChronicRegisterv1": {**_ENVELOPE, "ChronicDiseaseRegister": [_register()]},
    "/api/ImmunizationRegisterv1": {**_ENVELOPE, "Immunization": [_vaccine()]},
    "/api/ReferralRequest": {**_ENVELOPE, "ReferralRequest": [_referral()]},
    "/api/SelfObservation": {"managingOrganization": ORGANIZATION, **_measurement()},
    "/api/CareGiver": {**_ENVELOPE, "CareGiver": [_caregiver()]},
    "/api/MedicationRequest": {**_ENVELOPE, "MedicationRequest": [_prescription()]},
    "/api/OrgEncounterSummary": _counts(),
    "/api/DrugRelatedProblem": {**_ENVELOPE, "DrugRelatedProblem": [_drug_problem()]},
}
"""By path. A reader may change what `upload` gives; this stays."""


def upload(path: str) -> Json:
    """A copy of the upload of that call."""
    return copy.deepcopy(UPLOADS[path])


PATHS_OF_ITEMS: Final = tuple(path for path in UPLOADS if path not in ("/api/UpdatePHRv1", "/api/OrgEncounterSummary"))
"""The eight uploads whose items the reader sees as rows of their own."""
