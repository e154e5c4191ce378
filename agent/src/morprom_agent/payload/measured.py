"""What was measured: vital signs, and laboratory results from LABFU, CHRONICFU and NCDSCREEN."""

import re
from collections.abc import Iterator
from datetime import datetime

from morprom_agent.export import Row, Visit
from morprom_agent.export.rows import moment, number, positive
from morprom_agent.payload.concepts import Json, coding, file43, quantity, wall_clock, without_nothing
from morprom_wire import systems
from morprom_wire.labs import BY_43_FILE_CODE, Lab

VITAL_SIGNS = (
    # key of the payload, unit, columns by preference in SERVICE or ADMISSION, CHRONICFU, NCDSCREEN
    ("body_weight", "kg", ("BWEIGHT", "ADMITWEIGHT", "WEIGHT")),
    ("body_height", "cm", ("BHEIGHT", "ADMITHEIGHT", "HEIGHT")),
    ("body_temp", "Cel", ("BTEMP",)),
    ("bp_systolic", "mmHg", ("SBP", "SBP_1")),
    ("bp_diastolic", "mmHg", ("DBP", "DBP_1")),
    ("respiratory_rate", "/min", ("RR",)),
    ("pulse", "/min", ("PR",)),
)
WAIST = "8280-0"  # LOINC: waist circumference at umbilicus
GLUCOSE_BY_BSTEST = {"1": "01", "2": "02", "3": "03", "4": "04"}
"""NCDSCREEN.BSTEST (vein or capillary, fasting or not) to the two-digit LABFU code of the same test."""
RANGE = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*-\s*(-?\d+(?:\.\d+)?)\s*")


def _rows(visit: Visit) -> list[Row]:
    return [visit.row, *visit.rows.get("CHRONICFU", ()), *visit.rows.get("NCDSCREEN", ())]


def vital_signs(visit: Visit) -> Json:
    """Each sign that was measured, as {status, valueQuantity}; the body mass index is worked out."""
    rows = _rows(visit)
    found = {
        key: (value, unit)
        for key, unit, columns in VITAL_SIGNS
        if (value := next((v for row in rows for c in columns if (v := positive(row[c])) is not None), None))
        is not None
    }
    if "body_weight" in found and "body_height" in found:
        metres = found["body_height"][0] / 100
        found["body_mass_index"] = (round(found["body_weight"][0] / (metres * metres), 2), "kg/m2")
    return {key: {"status": "final", "valueQuantity": quantity(value, unit)} for key, (value, unit) in found.items()}


def observations(visit: Visit, start: datetime | None) -> list[Json]:
    """Laboratory results, the glucose of a screening, and the waist."""
    return [*_labs(visit, start), *_screened(visit, start)]


def _labs(visit: Visit, start: datetime | None) -> Iterator[Json]:
    for row in visit.rows.get("LABFU", ()):
        result = row["LABRESULT"]
        if not result:
            continue
        measured, reported = moment(row["MEASURE_DATETIME"]), moment(row["REPORT_DATETIME"])
        yield without_nothing(
            _observation(_lab_code(row["LABTEST"]), measured or start, reported or measured or start)
            | _value(result, row["UNIT"] or _unit(row["LABTEST"]))
            | {
                "profile_group": {"text": row["GROUP_NAME"]} if row["GROUP_NAME"] else None,
                "referenceRange": [_range(row["REF_RANGE"])] if row["REF_RANGE"] else None,
                "interpretation": {"text": row["INTERPRET"]} if row["INTERPRET"] else None,
                "note": [{"text": row["NOTE"]}] if row["NOTE"] else None,
            }
        )


def _screened(visit: Visit, start: datetime | None) -> Iterator[Json]:
    waist = next((value for row in _rows(visit) if (value := positive(row["WAIST_CM"])) is not None), None)
    if waist is not None:
        code = {"coding": [coding(systems.LOINC, WAIST, "Waist circumference")], "text": "Waist circumference"}
        yield without_nothing(_observation(code, start, start, "vital-signs")) | {
            "valueQuantity": quantity(waist, "cm")
        }
    for row in visit.rows.get("NCDSCREEN", ()):
        level, test = positive(row["BSLEVEL"]), GLUCOSE_BY_BSTEST.get(row["BSTEST"])
        if level is not None and test:
            yield without_nothing(_observation(_lab_code(test), start, start)) | {
                "valueQuantity": quantity(level, _unit(test))
            }


def _observation(code: Json, measured: datetime | None, issued: datetime | None, category: str = "laboratory") -> Json:
    return {
        "status": "final",
        "issued": wall_clock(issued),
        "effectiveDateTime": wall_clock(measured),
        "category": {"coding": [coding(systems.OBSERVATION_CATEGORY, category)]},
        "code": code,
    }


def _lab(code: str) -> Lab | None:
    return BY_43_FILE_CODE.get(code) or BY_43_FILE_CODE.get(code.zfill(2))


def _unit(code: str) -> str:
    lab = _lab(code)
    return lab.unit if lab else ""


def _lab_code(code: str) -> Json:
    """LOINC where the test has one, always with the 43-file code beside it."""
    lab = _lab(code)
    local = coding(file43("LABTEST"), code, lab.name if lab else "")
    if lab is None:
        return {"coding": [local], "text": code}
    loinc = [coding(systems.LOINC, number, lab.name) for number in lab.loinc[:1]]
    return {"coding": [*loinc, local], "text": lab.name}


def _value(result: str, unit: str) -> Json:
    value = number(result)
    return {"valueString": result} if value is None else {"valueQuantity": quantity(value, unit)}


def _range(text: str) -> Json:
    found = RANGE.fullmatch(text)
    if found is None:
        return {"text": text}
    return {"low": {"value": float(found[1])}, "high": {"value": float(found[2])}, "text": text}
