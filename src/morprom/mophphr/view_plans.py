"""What a visit planned or did besides: Appointment, DiagnosticReport.

The specification has no sample of these rows: their members are the upload's, in snake_case and flattened, the same
in every mode.
"""

import msgspec

from morprom.mophphr import normal
from morprom.mophphr.lenient import decode_plain
from morprom.mophphr.view_items import may_show
from morprom.mophphr.view_record import Reading, Row, Seen, visible_visits
from morprom.mophphr.view_shapes import PlainVisit, Reported, laboratory
from morprom.mophphr.view_values import Sent, first_code, first_object, named, objects, prose, wall_text

SentList = list[Sent]


class PlannedVisit(PlainVisit):
    """A visit with its appointments, under either key."""

    appointments: SentList = msgspec.field(name="Appointment", default_factory=SentList)
    stray_appointments: SentList = msgspec.field(name="appointments", default_factory=SentList)


class ReportShape(Reported):
    """What a row shows of a report."""

    identifier: object = None
    status: object = None
    category: object = None
    effective_date_time: object = None
    issued: object = None
    performer: object = None
    result: object = None


class ReportedVisit(PlainVisit):
    """A visit with its reports."""

    reports: list[ReportShape] = msgspec.field(  # pyright: ignore[reportIncompatibleVariableOverride] (read only)
        name="DiagnosticReport", default_factory=list[ReportShape]
    )


_PLANNED = msgspec.json.Decoder(PlannedVisit)
_REPORTED = msgspec.json.Decoder(ReportedVisit)


def appointment_rows(reading: Reading) -> list[Row]:
    """One row for each appointment, oldest first; those with a sensitive clinic or purpose are absent."""
    rows = [
        _appointment(reading, seen, sent)
        for seen in visible_visits(reading, _PLANNED)
        for sent in seen.visit.appointments + seen.visit.stray_appointments
        if may_show(reading, seen.hcode, sent)
    ]
    return sorted(rows, key=lambda row: str(row["start"]))


def report_rows(reading: Reading, ref: str = "") -> list[Row]:
    """One row for each report of each visit, or of one visit; oldest visit first."""
    return [
        _report(reading, seen, item) for seen in visible_visits(reading, _REPORTED, ref) for item in seen.visit.reports
    ]


def _appointment(reading: Reading, seen: Seen[PlannedVisit], sent: Sent) -> Row:
    free_text = reading.seeing.free_text
    return seen.origin(reading) | {
        "status": normal.text(sent.get("status")),
        "start": wall_text(sent.get("start")),
        "end": wall_text(sent.get("end")),
        "created": wall_text(sent.get("created")),
        "service_type_code": first_code(sent.get("serviceType")),
        "service_type_text": normal.concept_text(sent.get("serviceType")),
        "specialty_text": normal.concept_text(sent.get("specialty")),
        "participant_display": _actors(sent),
        "description": normal.text(sent.get("description")) if free_text else "",
        "note": prose(sent.get("note")) if free_text else "",
        "patient_instruction": prose(sent.get("patientInstruction")) if free_text else "",
    }


def _actors(sent: Sent) -> str:
    named = [
        first_object(item.get("actor") or item.get("individual") or item) for item in objects(sent.get("participant"))
    ]
    return ", ".join(filter(None, (normal.text(item.get("display")) for item in named)))


def _report(reading: Reading, seen: Seen[ReportedVisit], item: ReportShape) -> Row:
    found = laboratory(item.code)
    return seen.origin(reading) | {
        "report_identifier": normal.text(first_object(item.identifier).get("value")),
        "status": normal.text(item.status),
        "category_text": normal.concept_text(item.category),
        "code": found.code,
        "code_text": found.text,
        "effective": wall_text(item.effective_date_time),
        "issued": wall_text(item.issued),
        "performer_display": ", ".join(named(one) for one in objects(item.performer)),
        "result_display": ", ".join(named(one) for one in objects(item.result)),
        "conclusion": normal.text(item.conclusion) if reading.seeing.free_text else "",
        "conclusion_code_text": prose(decode_plain(item.conclusion_code)),
    }
