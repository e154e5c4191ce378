"""What was understood of a visit: the rows that its owner would read, gathered under it and named for a programmer.

Nothing is interpreted here a second time: every value comes out of a view's row, so that what is told is what is read.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast

import msgspec

from morprom.kernel import BANGKOK
from morprom.mophphr.model import VisitPart
from morprom.mophphr.view_record import Row, facts_of, is_sensitive
from morprom.mophphr.view_shapes import PlainVisit, decode
from morprom.mophphr.view_vitals import MEASURES
from morprom.record import DEFAULT_RULES, Facts
from morprom.record.tables import FREE_TEXT_CONDITIONS

Rows = Mapping[str, object]
"""What the owner would read, by `Action` or `Action&mode=Mode`."""

UNITS = {
    "body_weight_kg": "kg", "body_height_cm": "cm", "body_temp_cel": "Cel", "bp_systolic_mmhg": "mm[Hg]",
    "bp_diastolic_mmhg": "mm[Hg]", "body_mass_index": "kg/m2", "respiratory_rate": "/min", "pulse": "/min",
}  # fmt: skip
"""The unit that each vital sign is taken to be in (UCUM): its name says it, whatever unit was sent beside it."""

_KINDS = ("class", "subclass", "division", "type", "priority")
_SCREENS = ("screen_allergy", "screen_smoking", "screen_drinking")
_PARTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "observations": (
        "Observation&mode=Encounter",
        {
            "text": "display", "loinc": "loinc_code", "tmlt": "tmlt_code", "value": "value_quantity",
            "value_text": "value_string", "unit": "observation_unit", "interpretation": "interpretation",
            "low": "reference_range_normal_low", "high": "reference_range_normal_high", "issued": "issued",
            "group": "profile_group_text",
        },
    ),
    "medicines": (
        "Medication&mode=Encounter",
        {
            "code": "ref_md_code", "text": "code_text", "quantity": "finance_qty", "unit_price": "finance_unit_price",
            "total_price": "finance_total_price", "status": "statement_status", "category": "statement_category",
            "dose": "ref_md_statement_text", "instruction": "ref_md_patient_instruction",
        },
    ),
    "coverage": (
        "Coverage&mode=Detail",
        {
            "group": "class_group_value", "group_name": "class_group_name", "subgroup": "class_subgroup_value",
            "payer": "payer", "main_hospital": "contract_main_identifier", "reimbursed": "reimbursement_amount",
        },
    ),
    "appointments": (
        "Appointment",
        {"start": "start", "end": "end", "clinic": "service_type_text", "description": "description"},
    ),
    "immunizations": (
        "Immunization",
        {"code": "vaccine_code", "text": "vaccine_text", "at": "occurrence", "lot": "lot_number"},
    ),
    "reports": (
        "DiagnosticReport&mode=Encounter",
        {"code": "code", "text": "code_text", "issued": "issued", "conclusion": "conclusion"},
    ),
}  # fmt: skip
"""Members of a visit that are lists: the rows they come from, and what a row calls each member."""

_VISIT = msgspec.json.Decoder(PlainVisit)
_CLASSES = ("diagnosis", "medicine", "laboratory", "clinic")


def understood_visit(part: VisitPart, path: str, owner: Rows) -> Row:
    """One visit, found at the JSON pointer `path`."""
    rows = {
        action: [row for row in cast("list[Row]", owner.get(action, [])) if row["encounter_ref_code"] == part.ref]
        for action in ("Encounter", "Condition&mode=Encounter", *(source for source, _ in _PARTS.values()))
    }
    row = rows["Encounter"][0] if rows["Encounter"] else {}
    conditions = rows["Condition&mode=Encounter"]
    return {
        "ref": part.ref,
        "path": path,
        "day": part.day.isoformat(),
        "start": row.get("period_start"),
        "end": row.get("period_end"),
        "is_inpatient": part.is_inpatient,
        "status": row.get("status"),
        **{name: {"code": row.get(f"{name}_code"), "display": row.get(f"{name}_display")} for name in _KINDS},
        **{name: {"code": row.get(f"{name}_code"), "text": row.get(f"{name}_text")} for name in _SCREENS},
        "vital_signs": list(_signs(row)),
        "diagnoses": [_diagnosis(one) for one in conditions if one["code_text"] not in FREE_TEXT_CONDITIONS],
        "texts": [_prose(one) for one in conditions if one["code_text"] in FREE_TEXT_CONDITIONS],
        **{name: [_named(one, members) for one in rows[source]] for name, (source, members) in _PARTS.items()},
        "money": {name: row.get(f"finance_{name}_amount") for name in ("total", "reimbursement", "paid")},
        **sensitivity(part.content),
    }


def sensitivity(content: bytes) -> Row:
    """`hidden`: whether readers with a code do not see the visit; `sensitive`: by which rules, because of what."""
    visit = decode(_VISIT, content)
    return {"hidden": is_sensitive(visit), "sensitive": rules_told(facts_of(visit))}


def rules_told(facts: Facts) -> list[Row]:
    """The rules that `facts` meet, in both languages, with the terms that met each."""
    known = Facts(*map(list, facts))
    return [
        {
            "rule": rule.id,
            "th": rule.words.th,
            "en": rule.words.en,
            "because": [
                {"class": name, "term": term} for name, term in _met(known, DEFAULT_RULES.rules.index(rule))
            ],
        }
        for rule in DEFAULT_RULES.matching(known)
    ]  # fmt: skip


def _met(facts: Facts, rule: int) -> Iterable[tuple[str, str]]:
    matchers = (
        DEFAULT_RULES.of_diagnosis,
        DEFAULT_RULES.of_medicine,
        DEFAULT_RULES.of_lab,
        DEFAULT_RULES.of_clinic,
    )
    met = [
        (name, term)
        for name, matches, terms in zip(_CLASSES, matchers, facts, strict=True)
        for term in terms
        if rule in matches(term)
    ]
    return dict.fromkeys(met)


def _signs(row: Row) -> Iterable[Row]:
    for name in MEASURES:
        if (value := row.get(f"vital_sign_{name}")) is not None:
            yield {"name": name, "value": value, "unit": UNITS[name]}


def _diagnosis(row: Row) -> Row:
    return {
        "code": row["code_text"],
        "display": row["code_display_text"],
        "status": row["clinical_status_text"],
        "category": row["clinical_category_text"],
        "onset": _wall_clock(row["onset_datetime"]),
        "recorded": _wall_clock(row["recorded_datetime"]),
    }


def _prose(row: Row) -> Row:
    return {"kind": row["code_text"], "text": row["code_display_text"]}


def _named(row: Row, members: Mapping[str, str]) -> Row:
    return {name: row.get(member) for name, member in members.items()}


def _wall_clock(epoch_ms: object) -> str | None:
    """Rows tell these as milliseconds, which no programmer compares with what was sent."""
    if not isinstance(epoch_ms, int):
        return None
    return datetime.fromtimestamp(epoch_ms / 1000, BANGKOK).replace(tzinfo=None).isoformat(timespec="seconds")
