"""How hospital software may write the same visit: key orders, code systems, forms of dates, numbers and lists.

Each `Habits` is one invented vendor. The alternatives are those of the protocol and of its known variants; no
payload of a real vendor, and none that the benchmark measures, is looked at.
"""

import hashlib
import re
from random import Random
from typing import Any, Final, cast

Json = dict[str, Any]

HL7: Final = "http://terminology.hl7.org/CodeSystem/"
SYSTEMS: Final[dict[str, tuple[str, ...]]] = {
    "https://bps.moph.go.th/hcode/5": ("http://bps.moph.go.th/new_bps/", "https://terms.sil-th.org/id/th-moph-hcode"),
    "https://www.dopa.go.th": ("https://terms.sil-th.org/id/th-cid",),
    "https://sil-th.org/hn": ("https://terms.sil-th.org/hcode/5/HN", "https://bps.moph.go.th/hn"),
    "https://bps.moph.go.th/vn": ("https://terms.sil-th.org/hcode/5/VN", "https://bps.moph.go.th/hcode/5"),
    "https://phr1.moph.go.th/api/CodingSystem?System=encounter_type": (
        "https://spd.moph.go.th/new_bps/43file_version2.3#TYPEIN",
        "https://terms.sil-th.org/CodeSystem/cs-43plus-encounter-type-in",
    ),
    "https://phr1.moph.go.th/api/CodingSystem?System=nationality": (
        "https://terms.sil-th.org/CodeSystem/cs-th-nationality",
        "https://www.thcc.or.th/download/nation.xls",
    ),
    "https://www.this.or.th/tmt/gp": ("https://www.this.or.th/tmt/gpu", "https://www.this.or.th/tmt/tpu", ""),
    "http://loinc.org": ("https://www.this.or.th/tmlt", "http://snomed.info/sct", ""),
    "http://hl7.org/fhir/sid/icd-10": ("http://hl7.org/fhir/sid/icd-10-tm", "http://hl7.org/fhir/ValueSet/icd-10"),
    f"{HL7}condition-clinical": (f"{HL7}conditionclinical",),
}
RESOURCES: Final = ("Patient", "Encounter", "Coverage", "Observation", "Condition", "Medication", "Appointment")
QUANTITY: Final[Json] = {"value": 0, "unit": "", "system": "http://unitsofmeasure.org", "code": ""}
PERSON: Final[Json] = {"reference": "", "display": ""}


def _coded(system: str, code: str, display: str) -> list[Json]:
    return [{"coding": [{"system": system, "code": code, "display": display}], "text": display}]


SPARE: Final[dict[str, dict[str, tuple[object, ...]]]] = {
    "Patient": {"contact": ([{"relationship": [{"text": "บิดา"}], "name": [{"text": ""}], "telecom": []}],)},
    "Encounter": {
        "managingOrganization": (None, {"type": "Organization", "identifier": {"use": "official"}, "display": ""}),
        "screen_allergy": (
            {"system": "https://bps.moph.go.th/screen_allergy", "code": "2", "display": "ไม่แพ้ยา"},
            {"system": "https://phr1.moph.go.th/api/CodingSystem?System=screen_allergy", "code": "N", "display": "ไม่มี"},
        ),
        "screen_smoking": ({"system": "https://bps.moph.go.th/screen_smoking", "code": "1", "display": "ไม่สูบ"}, "1"),
        "screen_drinking": ({"system": "https://bps.moph.go.th/screen_smoking", "code": "1", "display": "ไม่ดื่ม"}, "1"),
        "note": ([{"text": "พักผ่อนให้เพียงพอ รับประทานยาตามแพทย์สั่ง มาตรวจตามนัด"}], ""),
    },
    "Coverage": {
        "class_group": ({"value": "UCS", "name": "สิทธิหลักประกันสุขภาพถ้วนหน้า"}, {"value": "SSS", "name": "สิทธิประกันสังคม"}),
        "class_subgroup": ({"value": "89", "name": "ช่วงอายุ 12-59 ปี"},),
        "payor": ([{"display": "สำนักงานหลักประกันสุขภาพแห่งชาติ"}], []),
    },
    "Observation": {
        "category": (
            _coded(f"{HL7}observation-category", "laboratory", "Laboratory"),
            [{"coding": {"system": f"{HL7}observation-category", "code": "laboratory", "display": "laboratory"}}],
            _coded("http://snomed.info/sct", "108252007", "Laboratory procedure"),
        ),
        "interpretation": (
            _coded(f"{HL7}v3-ObservationInterpretation", "N", "Normal"), {"text": ""}, {"text": "ปกติ", "coding": []}
        ),
        "referenceRange": (
            [{"low": {"value": 70, "unit": "mg/dL"}, "high": {"value": 100, "unit": "mg/dL"}}],
            [{"low": 0.5, "high": 1.2, "text": "0.5-1.2"}], [{"text": ""}],
        ),
        "valueString": ("", "7.5"),
        "profile_group": ("", "CHEMISTRY", {"text": "เคมีคลินิก"}),
        "asserter": (PERSON, [PERSON]),
        "note": ([], "", [{"text": ""}]),
    },
    "Condition": {
        "category": (
            _coded("http://snomed.info/sct", "439401001", "Diagnosis"),
            _coded(f"{HL7}condition-category", "encounter-diagnosis", "Encounter Diagnosis"), "Diagnosis", [],
        ),
        "clinicalStatus": (_coded(f"{HL7}condition-clinical", "active", "Active")[0],),
        "verificationStatus": (
            {"coding": [{"system": f"{HL7}condition-ver-status", "code": "confirmed", "display": "Confirmed"}]},
            "confirmed", None,
        ),
        "severity": ("", None, {"coding": {"system": "http://snomed.info/sct", "code": "", "display": ""}}),
        "bodySite": ("", [{"coding": [{"system": "", "code": "", "display": ""}], "text": ""}]),
        "note": ([{"text": "นัดติดตามอาการ งดอาหารหวาน มัน เค็ม ออกกำลังกายสม่ำเสมอ"}], ""),
        "asserter": (PERSON,), "recorder": (PERSON,),
    },
    "Medication": {
        "status": ("active", "completed"),
        "category": ("medication", _coded(f"{HL7}medication-statement-category", "outpatient", "Outpatient")[0]),
        "form": ({"coding": [{"system": "", "code": "", "display": ""}], "text": "เม็ด"}, "เม็ด", {"text": "แคปซูล"}),
        "dosage": (
            [{"sequence": 1, "text": "รับประทานครั้งละ 1 เม็ด วันละ 3 ครั้ง หลังอาหาร เช้า กลางวัน เย็น", "patientInstruction": "",
              "timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d", "when": ["PCM", "PCD", "PCV"]}},
              "route": {"coding": [{"system": "http://snomed.info/sct", "code": "26643006", "display": "Oral route"}]},
              "doseAndRate": [{"type": {"text": ""}, "doseQuantity": {"value": 1, "unit": "เม็ด"}}]}],
        ),
    },
}  # fmt: skip
TEXTS: Final = (("cc", "Chief complaint"), ("hpi", "History of present illness"), ("diagtext", "Diagnosis text"))
COMPLAINTS: Final = (
    "มาตรวจตามนัด ไม่มีอาการผิดปกติ รับประทานยาสม่ำเสมอ",
    "มีไข้ ไอ เจ็บคอ น้ำมูก เป็นมา 2 วันก่อนมาโรงพยาบาล",
    "ปวดท้อง คลื่นไส้ อาเจียน ถ่ายเหลว ไม่มีไข้ กินได้น้อย",
    "ปวดหลัง ปวดเข่า ปวดเมื่อยตามตัว เป็นเวลาเดิน ก่อนมา 1 สัปดาห์",
    "ไม่มีโรคประจำตัว ปฏิเสธการแพ้ยา แพ้อาหาร ไม่สูบบุหรี่ ไม่ดื่มสุรา",
)
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


class Habits:
    """One vendor, drawn from `seed`."""

    def __init__(self, seed: int) -> None:
        rng = self._rng = Random(seed)
        self._seed = seed
        self._systems = {url: rng.choice((url, url, *others)) for url, others in SYSTEMS.items()}
        self._reorders = rng.random() < 0.6
        self._moment = rng.choice(("", ".000Z", ".000Z", "+07:00", "Z"))
        self._number = rng.choice((None, None, "{}", "{:.2f}", "{:.4f}"))
        self._one_coding = rng.random() < 0.25
        self._has_types = rng.random() < 0.3
        self._nothing = rng.choice(("", "", None, "null", "-"))
        self._fills_displays = rng.random() < 0.7
        self._vitals = rng.choice(("nested", "flat", "list", "again"))
        self._spares = {
            (kind, name): rng.choice(values)
            for kind, spares in SPARE.items()
            for name, values in spares.items()
            if rng.random() < 0.6
        }

    def written(self, payload: Json) -> Json:
        """The payload as this vendor writes it."""
        for encounter in payload["Encounter"]:
            encounter["Condition"] += [self._free_text() for _ in range(self._rng.randrange(3))]
            encounter["vital_signs"] = self._vital_signs(encounter["vital_signs"])
        return self._object(payload, "")

    def _object(self, value: Json, name: str) -> Json:
        members = dict(value)
        if self._has_types and name in RESOURCES:
            members = {"resourceType": name, "id": "", **members}
        for (kind, spare), given in self._spares.items():
            if kind == name:
                members[spare] = given
        items = list(members.items())
        if self._reorders:
            order = {key: place for place, (key, _) in enumerate(items)}
            items.sort(key=lambda item: order[item[0]] + self._shift(item[0]))
        return {key: self._value(inside, key) for key, inside in items}

    def _shift(self, key: str) -> int:
        """How far this vendor writes a key from its usual place; most stay."""
        drawn = hashlib.sha256(f"{self._seed}{key}".encode()).digest()
        return (drawn[1] % 16 - 8) if drawn[0] < 48 else 0

    def _value(self, value: object, name: str) -> object:
        if isinstance(value, dict):
            return self._object(cast(Json, value), name)
        if isinstance(value, list):
            inside = [self._value(one, name) for one in cast(list[object], value)]
            return inside[0] if self._one_coding and name == "coding" and len(inside) == 1 else inside
        if isinstance(value, str):
            return self._text(value, name)
        if isinstance(value, int | float) and not isinstance(value, bool) and self._number:
            return self._number.format(value)
        return value

    def _text(self, value: str, name: str) -> object:
        if name == "system":
            return self._systems.get(value, value)
        if MOMENT.fullmatch(value):
            return value + self._moment
        return value if value or self._fills_displays else self._nothing

    def _vital_signs(self, nested: Json) -> object:
        if self._vitals == "flat":
            unit = {"weight": "_kg", "height": "_cm", "temp": "_cel", "systolic": "_mmhg", "diastolic": "_mmhg"}
            return {
                key + unit.get(key.split("_")[-1], ""): one["valueQuantity"]["value"] for key, one in nested.items()
            }
        told = {key: {**one, "interpretation": {"text": ""}} for key, one in nested.items()}
        return {"nested": told, "list": [told], "again": {**told, "0": told}}[self._vitals]

    def _free_text(self) -> Json:
        code, display = self._rng.choice(TEXTS)
        return {
            "code": {
                "coding": [{"system": "", "code": code, "display": display}],
                "text": self._rng.choice(COMPLAINTS),
            },
            "clinicalStatus": {"coding": [{"system": f"{HL7}condition-clinical", "code": "inactive"}], "text": ""},
            "category": [{"coding": [{"system": "", "code": "", "display": display}], "text": display}],
        }
