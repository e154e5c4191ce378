# ruff: noqa: E501 (a document is easier to read in few long lines)
"""Uploads of one visit as five differently made hospital systems send them: about 10 kB, Thai, invented, varied.

`visit_upload` is seeded and gives plain JSON objects; tests and the benchmark encode them. `agent` is the shape our
own agent writes; the others, in `payload_vendors`, are made after the variants seen in the wild. A person's patient
document is the same at every visit, so that it can be seen to be stored once.
"""

import json
from datetime import date
from random import Random
from typing import Any

import payload_vendors
from morprom_wire import systems
from payload_facts import Person, Visit, invented_cid, person_of, visit_of

Json = dict[str, Any]


def agent(person: Person, visit: Visit, hcode: str, ref: str) -> Json:
    """The specification's shape: nested vital signs, FHIR coverage, naive local times, nothing left out."""
    organization = agent_organization(hcode)
    return {
        "managingOrganization": {**organization, "agent": "morprom-agent 0.1.0"},
        "Patient": agent_patient(person, hcode),
        "AllergyIntolerance": [],
        "CarePlan": [],
        "Encounter": [agent_encounter(person, visit, organization, f"{hcode}:{ref}")],
    }


def agent_organization(hcode: str) -> Json:
    return {
        "type": "Organization",
        "identifier": {"use": "official", "system": systems.HCODE, "value": hcode},
        "display": f"โรงพยาบาลทดสอบ {hcode}",
    }


def agent_patient(person: Person, hcode: str) -> Json:
    gender, prefix, english = ("male", "นาย", "Mr.") if person.is_male else ("female", "นาง", "Mrs.")
    marital = ("M", "Married", "สมรส") if person.is_married else ("S", "Never Married", "โสด")
    return {
        "identifier": [
            {"use": "official", "system": systems.CID, "type": "CID", "value": person.cid},
            {
                "use": "official",
                "system": systems.HN,
                "type": "HN",
                "value": person.hn,
                "assigner": {"use": "official", "system": systems.HCODE, "value": hcode, "display": ""},
            },
        ],
        "active": True,
        "name": [
            {
                "use": "official",
                "languageCode": "TH",
                "text": f"{prefix}{person.given} {person.family}",
                "family": person.family,
                "given": [person.given],
                "prefix": [prefix],
                "suffix": [],
            },
            {
                "use": "official",
                "languageCode": "EN",
                "text": "",
                "family": "",
                "given": [],
                "prefix": [english],
                "suffix": [],
            },
        ],
        "telecom": [{"system": "phone", "value": person.phone, "use": "mobile", "rank": 1}],
        "gender": gender,
        "birthDate": person.born_on.isoformat(),
        "deceasedBoolean": False,
        "nationality": concept(systems.CODING_SYSTEM + "nationality", "099", "ไทย"),
        "maritalStatus": {**concept(systems.MARITAL_STATUS, *marital[:2]), "text": marital[2]},
        "address": [
            {
                "use": "home",
                "type": "both",
                "text": f"{person.house} ต.{person.tambon} อ.เมือง จ.ขอนแก่น 40000",
                "line": [person.house],
                "city": "เมืองขอนแก่น",
                "district": person.tambon,
                "state": "ขอนแก่น",
                "postalCode": "40000",
                "country": "TH",
                "period": {"start": None},
                "address_code": "400101",
            }
        ],
        "contact": [],
    }


def agent_encounter(person: Person, visit: Visit, organization: Json, ref: str) -> Json:
    group, group_name, subgroup, subgroup_name = visit.right
    coded = "http://terminology.hl7.org/CodeSystem/coverage-class"
    return {
        "managingOrganization": organization,
        "identifier": [
            {"use": "official", "system": systems.VN, "type": "VN", "value": ref},
            {"use": "official", "system": systems.HN, "type": "HN", "value": person.hn},
        ],
        "status": "finished",
        "class": {"system": systems.ACT_CODE, "code": "AMB", "display": "ambulatory"},
        "subclass": {"system": systems.SUBCLASS, "code": "01", "display": "อายุรกรรม"},
        "division": {"system": systems.DIVISION, "code": "011", "display": "ตรวจโรคทั่วไป"},
        "type": concept(systems.CODING_SYSTEM + "encounter_type", "1", "มารับบริการเอง"),
        "priority": {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActPriority",
            "code": "R",
            "display": "routine",
        },
        "period": {"start": visit.start.isoformat(), "end": visit.end.isoformat()},
        "subject": {"reference": f"Patient/{person.hn}", "display": ""},
        "screen_allergy": {"system": systems.CODING_SYSTEM + "screen_allergy", "code": "N", "display": "ไม่แพ้"},
        "participant": [
            {"individual": {"type": {"text": "แพทย์"}, "reference": visit.licence, "display": visit.doctor}}
        ],
        "reason": [{"text": visit.complaint}],
        "financeTotalAmount": visit.charged,
        "financeReimbursementAmount": visit.charged,
        "financePaidAmount": 0,
        "Coverage": [
            {
                "status": "active",
                "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "PUBLICPOL"}]},
                "relationship": {"coding": [{"code": "self"}]},
                "period": {"start": "2024-10-01", "end": None},
                "payor": [{"reference": "สำนักงานหลักประกันสุขภาพแห่งชาติ"}],
                "class": [
                    {"type": {"coding": [{"system": coded, "code": "group"}]}, "value": group, "name": group_name},
                    {"type": {"coding": [{"system": coded, "code": "subgroup"}]}, "value": subgroup, "name": subgroup_name},
                ],
                "reimbursementAmount": f"{visit.charged:.2f}",
            }
        ],
        "vital_signs": {
            "body_weight": vital(visit.weight, "kg"),
            "body_height": vital(visit.height, "cm"),
            "body_temp": vital(visit.temperature, "cel"),
            "bp_systolic": vital(visit.systolic, "mmHg"),
            "bp_diastolic": vital(visit.diastolic, "mmHg"),
            "pulse": vital(visit.pulse, "/min"),
            "respiratory_rate": vital(visit.breaths, "/min"),
        },
        "Observation": [
            {
                "status": "final",
                "issued": result.issued.isoformat(),
                "category": status("observation-category", "laboratory"),
                "code": {**concept(systems.LOINC, result.lab.loinc[0], result.lab.name), "text": result.lab.name},
                "valueQuantity": {"value": result.value, "unit": result.lab.unit},
                "referenceRange": [{"low": result.low, "high": result.high, "text": f"{result.low}-{result.high}"}],
            }
            for result in visit.results
        ],
        "Condition": [
            {
                "code": {**concept(systems.ICD10, code, display), "text": thai},
                "clinicalStatus": status("condition-clinical", "active"),
                "verificationStatus": status("condition-ver-status", "confirmed"),
                "category": [concept(systems.SNOMED, "439401001", "Diagnosis")],
                "severity": None,
                "recordedDate": visit.end.isoformat(),
                "asserter": {"reference": visit.licence, "display": visit.doctor},
            }
            for code, display, thai in visit.diagnoses
        ]
        + [
            {
                "code": {**concept("", "hpi", "History of present illness"), "text": visit.history},
                "verificationStatus": None,
                "category": [],
                "severity": None,
            }
        ],
        "Medication": [
            {
                "code": {**concept(systems.TMT_GP, line.code, line.name), "text": line.name},
                "form": {"text": line.unit},
                "finance": {"qty": line.quantity, "unitPrice": line.price, "totalPrice": line.quantity * line.price},
                "statement": {
                    "status": "active",
                    "category": status("medication-statement-category", "outpatient"),
                    "effectiveDateTime": visit.end.isoformat(),
                    "dosage": [{"sequence": number, "text": line.dose, "patientInstruction": visit.advice}],
                },
            }
            for number, line in enumerate(visit.dispensed, 1)
        ],
        "Claim": [],
        "Appointment": [
            {
                "status": "booked",
                "start": visit.appointment.isoformat(),
                "created": visit.start.date().isoformat(),
                "description": visit.advice,
                "participant": [],
            }
        ],
        "Immunization": [],
        "DiagnosticReport": [],
    }  # fmt: skip


def concept(system: str, code: str, display: str) -> Json:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def vital(value: float, unit: str) -> Json:
    return {"status": "final", "valueQuantity": {"value": value, "unit": unit}}


def status(system: str, code: str) -> Json:
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{system}", "code": code}]}


STYLES = {"agent": agent, **payload_vendors.STYLES}
VENDORS = tuple(STYLES)


def visit_upload(
    vendor: str, rng: Random, *, hcode: str, cid: str, ref: str, on: date, labs: int = 5, medicines: int = 3
) -> Json:
    """One visit of the person with that number, as `vendor` sends it. `ref` is bare."""
    visit = visit_of(rng, on, labs=labs, medicines=medicines)
    return STYLES[vendor](person_of(cid), visit, hcode, ref)


def visit_body(vendor: str, rng: Random, *, hcode: str, cid: str, ref: str, on: date) -> bytes:
    """The same as UTF-8 bytes, compact."""
    upload = visit_upload(vendor, rng, hcode=hcode, cid=cid, ref=ref, on=on)
    return json.dumps(upload, ensure_ascii=False, separators=(",", ":")).encode()


__all__ = ["VENDORS", "invented_cid", "visit_body", "visit_upload"]
