"""The table of what is withheld: what is sent besides an ordinary record, and must change no answer of it.

Made of uploads and of the owner's settings, so that it can be run over documents and over HTTP alike: send
`view_uploads.ordinary()`, read every action and mode (`READS`), send the case's `secret` uploads, set its masks and
reports, read again, and compare byte for byte.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mophphr.view_documents import KHON_KAEN, NAN, Json, concept, diagnosis, dispensed, lab, visit
from mophphr.view_uploads import (
    ITEMS,
    Sending,
    allergy_report,
    caregiver,
    drug_problem,
    prescription,
    referral,
    register,
    renumbered,
    self_observation,
    vaccine,
    visits,
)
from morprom.mophphr.view import KINDS_NEEDED

READS = [(action, mode) for action in KINDS_NEEDED for mode in ("", "Detail", "Encounter", "1", "2")]

HIV = diagnosis("B20.1", "HIV disease")
SENSITIVE: dict[str, Json] = {
    "diagnosis with a dot": {"Condition": [diagnosis("I10", "Hypertension"), HIV]},
    "diagnosis without a dot": {"Condition": [diagnosis("Z114", "Special screening")]},
    "a lone diagnosis instead of a list": {"Condition": HIV},
    "diagnosis among nulls": {"Condition": [None, "x", HIV]},
    "diagnosis as a bare Coding": {"Condition": [{"code": {"code": "f20.0"}}]},
    "diagnosis as text": {"Condition": [{"code": "F200"}]},
    "diagnosis in a list of concepts": {"Condition": [{"code": [concept("x", "I10", "HT"), concept("x", "X60", "-")]}]},
    "diagnosis beside a complaint": {"Condition": [{"code": {"coding": [{"code": "cc"}, {"code": "B20"}]}}]},
    "medicine by code": {"Medication": [dispensed("J05AR06", "ยา", 30)]},
    "medicine by name": {"Medication": [dispensed("220009", "TENOFOVIR 300 mg tab", 30)]},
    "medicine by the name beside the code": {"Medication": [{"code": {}, "text": "เมทาโดน 5 มก."}]},
    "test by LOINC": {"Observation": [lab("7917-8", "ตรวจพิเศษ", 0, "")]},
    "test by name": {"Observation": [lab("", "Anti-HIV", 0, "")]},
    "test under the stray key": {"Observations": [lab("", "VDRL", 0, "")]},
    "test by its profile": {"Observation": [lab("", "Lymphocyte", 1, "") | {"profile_group": "CD4"}]},
    "test by its result": {"Observation": [{"code": concept("x", "99", "อื่น ๆ"), "valueString": "HIV Ag reactive"}]},
    "report": {"DiagnosticReport": [{"code": {"text": "HIV viral load"}}]},
    "report by what it concludes": {"DiagnosticReport": [{"code": {"text": "ผลพิเศษ"}, "conclusion": "เข้าได้กับ B20"}]},
    "report by its conclusion's code": {"DiagnosticReport": [{"conclusionCode": [concept("x", "A53.9", "-")]}]},
    "clinic by number": {"division": {"code": "09", "display": "-"}},
    "clinic of the 43-file standard": {"division": {"code": "00900"}},
    "clinic by name": {"division": "คลินิกจิตเวช"},
    "clinic under the subclass": {"subclass": {"system": "x", "code": "09", "display": "-"}},
}

ICD = "http://hl7.org/fhir/sid/icd-10"
SENSITIVE_MEMBERS: dict[Any, list[Json]] = {
    allergy_report: [
        {"code": concept("x", "220009", "Nevirapine")},
        {"code": concept("x", "J05AR06", "ยา")},
        {"note": [{"text": "แพ้ยาต้านไวรัสเอดส์"}]},
        {"reaction": [{"manifestation": [{"text": "ผื่น"}], "description": "หลังเริ่ม TLD"}]},
        {"recordOfficer": {"display": "คลินิก ARV"}},
        {"identifier": [{"value": "HIV-0001"}]},
    ],
    register: [
        {"code": concept("x", "B24", "โรคภูมิคุ้มกัน")},
        {"code": concept("x", "021", "ผู้ติดเชื้อเอชไอวี")},
        {"clinicalText": "F20.0 อาการคงที่"},
        {"description": ["คลินิกจิตเวช"]},
        {"condition": [{"code": "stage", "text": "CD4 250"}]},
    ],
    vaccine: [
        {"reasonCode": [concept(ICD, "Z21", "-")]},
        {"note": [{"text": "ผู้ป่วย HIV"}]},
        {"location": {"display": "คลินิกนิรนาม"}},
    ],
    referral: [
        {"supporting_info_diagnosis": [concept(ICD, "F20.0", "-")]},
        {"supporting_info_diagnosis": "Dx: B20.1 with oral candidiasis"},
        {"supporting_info_medication": [{"code": concept("x", "1", "Efavirenz 600 mg")}]},
        {"supporting_info_observation": {"Anti-HIV": "reactive", "text": "Anti-HIV reactive"}},
        {"supporting_info_social_problem": "ใช้สารเสพติด"},
        {"specialty": concept("x", "09", "-")},
        {"specialty": concept("x", "9", "-")},
        {"recipientOrganization": {"identifier": {"value": NAN}, "display": "โรงพยาบาลจิตเวช"}},
        {"serviceRequested": "ปรึกษา OSCC"},
        {"description": "แท้ง O03.9"},
    ],
    self_observation: [
        {"observation": {"loinc_code": "56888-1"}},
        {"observation": {"loinc_display": "HIV self test"}},
        {"observation": {"device_display": "ชุดตรวจเอชไอวีด้วยตนเอง"}},
        {"system_name": "คลินิกนิรนาม"},
    ],
    caregiver: [
        {"qualification": concept("x", "7", "ผู้ดูแลผู้ป่วยจิตเวช")},
        {"name": {"text": "อาสาสมัครคลินิก ARV"}},
    ],
    prescription: [
        {"medication": concept("x", "220009", "Tenofovir 300 mg")},
        {"medication": {"code": concept("x", "J05AF07", "-")}},
        {"note": [{"text": "สำหรับ methadone clinic"}]},
        {"dosageInstruction": [{"text": "เริ่ม ARV วันแรก"}]},
        {"reasonCode": [concept(ICD, "A53.9", "-")]},
    ],
    drug_problem: [
        {"medication": concept("x", "1", "lopinavir/ritonavir")},
        {"description": "ลืมทานยาต้านไวรัสเอดส์"},
        {"category": concept("x", "9", "ผลจาก methadone")},
    ],
}  # fmt: skip
"""For every kind of item, members that name a sensitive thing, wherever it may be named."""


@dataclass(frozen=True)
class Case:
    """What is sent after the ordinary record, and what its owner sets; `masked` and `reported` are `hcode:ref`."""

    name: str
    secret: list[Sending]
    masked: list[str] = field(default_factory=list[str])
    reported: list[str] = field(default_factory=list[str])


SECRET = f"{KHON_KAEN}:SECRET"
LATE = "2026-04-10T09:00:00"


def _linked(make: Any, ref: str) -> Sending:
    """An item that names the visit `ref`."""
    member = "encounter_ref_code" if make is prescription else "encounterRefCode"
    return renumbered(make, "77", **{member: ref})


def _cases() -> Iterator[Case]:
    plain, hidden = visits(visit("SECRET", LATE)), visits(visit("SECRET", LATE, Condition=[HIV]))
    yield Case("a masked visit", [plain], [SECRET])
    yield Case("a masked visit that was reported", [plain], [SECRET], [SECRET])
    yield Case("a masked visit of a hospital otherwise unknown", [visits(visit("1"), hcode="11111")], ["11111:1"])
    yield Case("masks and reports of visits that are not here", [], ["11111:9"], ["11111:8"])
    for reason, members in SENSITIVE.items():
        yield Case(f"a sensitive visit: {reason}", [visits(visit("SECRET", LATE, **members))])
    for make in ITEMS:
        for number, members in enumerate(SENSITIVE_MEMBERS[make]):
            keyed = renumbered(make, "77", **members) if "identifier" not in members else make(**members)
            yield Case(f"a sensitive {make.__name__}: {number}", [keyed])
            elsewhere = make("11111", **members)
            yield Case(f"a sensitive {make.__name__} of a hospital otherwise unknown: {number}", [elsewhere])
        for written in ("SECRET", SECRET):
            yield Case(f"a {make.__name__} of a masked visit {written}", [plain, _linked(make, written)], [SECRET])
            yield Case(f"a {make.__name__} of a sensitive visit {written}", [hidden, _linked(make, written)])
        referenced = renumbered(make, "78", encounter={"reference": "Encounter/SECRET"})
        yield Case(f"a {make.__name__} that refers to a sensitive visit", [hidden, referenced])


CASES = list(_cases())
