"""The Medication view: units of each medicine, or one row for each dispensing."""

from collections import defaultdict

import msgspec

from morprom.mophphr import normal
from morprom.mophphr.view_record import Reading, Row, visible_visits
from morprom.mophphr.view_shapes import Coded, Measured, Named, Visit, medicine
from morprom.mophphr.view_values import Sent, first_code, first_object, objects, prose, wall_ms


class DispensedShape(Named):
    """A medicine with what was dispensed and what it cost."""

    finance: object = None


class MedicationShape(DispensedShape):
    """What a row shows of a medicine. Some put the statement's members beside it."""

    statement: object = None
    status: object = None
    category: object = None
    effective_date_time: object = None
    note: object = None
    dosage: object = None


_SUMMARY = msgspec.json.Decoder(Visit[Coded, Measured, DispensedShape])
_DETAIL = msgspec.json.Decoder(Visit[Coded, Measured, MedicationShape])


def medication_totals(reading: Reading) -> list[Row]:
    """Units dispensed of each medicine, by falling total; an unknown quantity adds none."""
    totals: defaultdict[str, int | float] = defaultdict(int)
    for seen in visible_visits(reading, _SUMMARY):
        for item in seen.visit.medications:
            totals[medicine_name(item)] += normal.number(first_object(item.finance).get("qty")) or 0
    ordered = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    return [{"code_text": name, "total": total} for name, total in ordered]


def medication_rows(reading: Reading, ref: str = "") -> list[Row]:
    """One row for each medicine of each visit, or of one visit; oldest visit first."""
    return [
        origin | _row(reading, item)
        for seen in visible_visits(reading, _DETAIL, ref)
        for origin in (_without_name(seen.origin(reading)),)
        for item in seen.visit.medications
    ]


def _without_name(origin: Row) -> Row:
    """Without the hospital's name, which is no member of these rows."""
    return {name: value for name, value in origin.items() if name != "organization_name"}


def medicine_name(item: Named) -> str:
    """The name in the code, else beside it."""
    found = medicine(item.code)
    return found.text if found.text and found.text != found.code else normal.text(item.text) or found.text


def _row(reading: Reading, item: MedicationShape) -> Row:
    finance, statement = first_object(item.finance), first_object(item.statement)
    dosage = objects(statement.get("dosage") or item.dosage)
    name = medicine_name(item)
    return {
        "code_text": name,
        "code_text_md5": reading.row_key(f"medication|{name}".encode()),
        "statement_status": normal.text(statement.get("status")) or normal.text(item.status),
        "statement_category": first_code(statement.get("category") if statement else item.category),
        "statement_effective_datetime": wall_ms(statement.get("effectiveDateTime") or item.effective_date_time),
        "category": first_code(item.category),
        "finance_qty": normal.number(finance.get("qty")),
        "finance_unit_price": normal.number(finance.get("unitPrice")),
        "finance_total_price": normal.number(finance.get("totalPrice")),
        "ref_md_code": medicine(item.code).code,
        "ref_md_note_text": prose(statement.get("note") or item.note) if reading.seeing.free_text else "",
        "ref_md_statement_text": _each(dosage, "text"),
        "ref_md_patient_instruction": _each(dosage, "patientInstruction"),
    }


def _each(dosage: list[Sent], member: str) -> str:
    return "\n".join(filter(None, (normal.text(sent.get(member)) for sent in dosage)))
