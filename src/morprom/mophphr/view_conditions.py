"""The Condition view: diagnoses counted, or one row each."""

from collections import Counter

import msgspec
from msgspec import Raw

from morprom.mophphr import normal
from morprom.mophphr.view_record import Reading, Row, visible_visits
from morprom.mophphr.view_shapes import NULL, Coded, Concept, Measured, Named, Visit, concept, diagnosis
from morprom.mophphr.view_values import first_object, wall_ms
from morprom.record.tables import FREE_TEXT_CONDITIONS


class ConditionShape(Coded):
    """What a row shows of a diagnosis."""

    clinical_status: Raw = NULL
    verification_status: Raw = NULL
    severity: Raw = NULL
    category: Raw = NULL
    onset_date_time: object = None
    recorded_date: object = None
    asserter: object = None


_SUMMARY = msgspec.json.Decoder(Visit[Coded, Measured, Named])
_DETAIL = msgspec.json.Decoder(Visit[ConditionShape, Measured, Named])


def condition_totals(reading: Reading) -> list[Row]:
    """Coded diagnoses by falling total; `E11.9` and `E119` are one. Prose has no total."""
    totals = Counter[str]()
    shown: dict[str, Concept] = {}
    for seen in visible_visits(reading, _SUMMARY):
        for item in seen.visit.conditions:
            found = diagnosis(item.code)
            if found.code and not is_prose(found):
                key = found.code.upper().replace(".", "")
                totals[key] += 1
                shown[key] = found
    return [
        {"code_display_text": shown[key].display, "code_text": shown[key].code, "total": total}
        for key, total in sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    ]


def condition_rows(reading: Reading, ref: str = "") -> list[Row]:
    """One row for each diagnosis of each visit, or of one visit; oldest visit first. Prose only to who may see it."""
    return [
        origin | _row(reading, item, found)
        for seen in visible_visits(reading, _DETAIL, ref)
        for origin in (seen.identity(reading),)
        for item in seen.visit.conditions
        for found in (diagnosis(item.code),)
        if reading.seeing.free_text or (found.code and not is_prose(found))
    ]


def is_prose(found: Concept) -> bool:
    """Whether the code says that the text is free: a complaint, a history, a diagnosis in words."""
    return found.code.lower() in FREE_TEXT_CONDITIONS


def _row(reading: Reading, item: ConditionShape, found: Concept) -> Row:
    asserter = first_object(item.asserter)
    code = found.code.lower() if is_prose(found) else found.code
    return {
        "onset_datetime": wall_ms(item.onset_date_time),
        "recorded_datetime": wall_ms(item.recorded_date),
        "condition_key_md5": reading.row_key(f"condition|{code}|{found.display}".encode()),
        "clinical_status_text": concept(item.clinical_status).text,
        "clinical_verification_text": concept(item.verification_status).text,
        "clinical_severity_text": concept(item.severity).text,
        "clinical_category_text": concept(item.category).text,
        "code_text": code,
        "code_display_text": found.text if is_prose(found) else found.display,
        "asserter_reference": normal.text(asserter.get("reference")),
        "asserter_display": normal.text(asserter.get("display")),
    }
