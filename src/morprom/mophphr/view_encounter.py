"""The Encounter view: one wide row for each visit, oldest first."""

from collections.abc import Iterable

import msgspec
from msgspec import Raw

from morprom.kernel import Words, thai_text
from morprom.mophphr import normal
from morprom.mophphr.view_conditions import is_prose
from morprom.mophphr.view_coverage import CoverageShape, coverage_text
from morprom.mophphr.view_labs import lab_columns, observation_text
from morprom.mophphr.view_medications import medicine_name
from morprom.mophphr.view_observations import ValueShape
from morprom.mophphr.view_record import Reading, Row, Seen, hospital_number, rules_met, visible_visits
from morprom.mophphr.view_shapes import NULL, Coded, Named, Visit, concept, diagnosis
from morprom.mophphr.view_sources import visible_sources
from morprom.mophphr.view_values import epoch_ms, first_object, wall_text
from morprom.mophphr.view_vitals import blood_pressure_text, vital_signs


class EncounterShape(Visit[Coded, ValueShape, Named]):
    """What a row shows of a visit."""

    status: object = None
    type: Raw = NULL
    priority: Raw = NULL
    subject: object = None
    vital_signs: object = msgspec.field(name="vital_signs", default=None)
    screen_allergy: Raw = msgspec.field(name="screen_allergy", default=NULL)
    screen_smoking: Raw = msgspec.field(name="screen_smoking", default=NULL)
    screen_drinking: Raw = msgspec.field(name="screen_drinking", default=NULL)
    finance_reimbursement_amount: object = None
    finance_paid_amount: object = None
    finance_total_amount: object = None
    coverages: list[CoverageShape] = msgspec.field(name="Coverage", default_factory=list[CoverageShape])


_VISIT = msgspec.json.Decoder(EncounterShape)

Encounter = Seen[EncounterShape]


def encounter_rows(reading: Reading) -> list[Row]:
    """Every visible visit, oldest first."""
    visits = visible_visits(reading, _VISIT)
    numbers = {one.hcode: hospital_number(one.patient.identifier) for one in visible_sources(reading, visits)}
    return [_row(reading, seen) | {"hn": _hn(seen, numbers)} for seen in visits]


def _hn(seen: Encounter, numbers: dict[str, str]) -> str:
    return hospital_number(seen.visit.identifier) or numbers.get(seen.hcode, "")


def _row(reading: Reading, seen: Encounter) -> Row:
    visit = seen.visit
    signs = vital_signs(visit.vital_signs)
    return (
        seen.origin(reading)
        | _period(seen)
        | _kinds(visit)
        | signs
        | {"vital_sign_bps_text": blood_pressure_text(signs)}
        | lab_columns(visit.all_observations)
        | _texts(reading, visit)
        | _counts(visit)
        | _filter(reading, seen)
        | {
            "finance_reimbursement_amount": normal.number(visit.finance_reimbursement_amount),
            "finance_paid_amount": normal.number(visit.finance_paid_amount),
            "finance_total_amount": normal.number(visit.finance_total_amount),
            "processing_note": "",
            "last_rcv_data": epoch_ms(seen.document.received_at),
            "last_gen_data": epoch_ms(seen.document.received_at),
        }
    )


def _period(seen: Encounter) -> Row:
    start = wall_text(seen.visit.period.start)
    return {
        "period_start": start,
        "period_end": wall_text(seen.visit.period.end),
        "period_start_ymd": start[:10],
        "period_start_ym": start[:7],
        "period_start_y": start[:4],
        "period_start_text": thai_text.long_datetime(seen.start) if start else "",
    }


def _kinds(visit: EncounterShape) -> Row:
    row: Row = {
        "status": normal.text(visit.status),
        "subject_display": normal.text(first_object(visit.subject).get("display")),
    }
    for name, raw in (
        ("class", visit.visit_class),
        ("subclass", visit.subclass),
        ("type", visit.type),
        ("priority", visit.priority),
        ("division", visit.division),
    ):
        found = concept(raw)
        row |= {f"{name}_code": found.code, f"{name}_display": found.display}
    for name in ("screen_allergy", "screen_smoking", "screen_drinking"):
        found = concept(getattr(visit, name))
        row |= {f"{name}_code": found.code, f"{name}_text": found.display}
    return row


def _texts(reading: Reading, visit: EncounterShape) -> Row:
    found = [diagnosis(item.code) for item in visit.conditions]
    written = {one.code.lower(): one.text for one in found if is_prose(one)} if reading.seeing.free_text else {}
    coded = [one for one in found if one.code and not is_prose(one)]
    return {
        "encounter_cc_text": written.get("cc", ""),
        "encounter_hpi_text": written.get("hpi", ""),
        "encounter_diagnosis_text": written.get("diagtext") or _joined(one.display for one in coded),
        "encounter_diagnosis_icd": _joined(one.code for one in coded),
        "encounter_coverage_text": coverage_text(visit.coverages),
        "encounter_medication_text": _joined(map(medicine_name, visit.medications)),
        "encounter_observation_text": _joined(map(observation_text, visit.all_observations)),
    }


def _counts(visit: EncounterShape) -> Row:
    """Diagnoses are counted without the prose among them, whoever reads."""
    coded = [item for item in visit.conditions if (found := diagnosis(item.code)).code and not is_prose(found)]
    return {
        "condition_count": len(coded),
        "coverage_count": len(visit.coverages),
        "medication_count": len(visit.medications),
        "observation_count": len(visit.all_observations),
        "diagnostic_report_count": len(visit.reports),
    }


MASKED = Words("เจ้าของข้อมูลปิดบังการรับบริการนี้", "the owner hides this visit")
REPORTED = Words("เจ้าของข้อมูลแจ้งว่าการรับบริการนี้ไม่ถูกต้อง", "the owner reported this visit as wrong")


def _filter(reading: Reading, seen: Encounter) -> Row:
    """Whether others see the visit, and what they or its owner should know of it.

    Only the owner ever gets one that does not pass, with the reasons for which others do not see it. A visit that
    the owner reported as wrong and did not mask passes, with a note; the owner's own words are not shown.
    """
    reasons = [rule.words for rule in (rules_met(seen.visit) if reading.seeing.sensitive else ())]
    reasons += [MASKED] if seen.ref in reading.masked else []
    notes = [*reasons, *([REPORTED] if seen.ref in reading.reported else [])]
    return {"pass_phr_filter": not reasons, "phr_filter_note": _joined(map(str, notes))}


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, texts)))
