"""What a visit planned or did besides: Appointment, Immunization, DiagnosticReport.

The specification has no sample of these rows: their members are the upload's, in snake_case and flattened, the same
in every mode.
"""

import msgspec

from morprom.mophphr import normal
from morprom.mophphr.view_record import Reading, Row, Seen, may_show, visible_visits
from morprom.mophphr.view_shapes import Coded, PlainVisit, laboratory
from morprom.mophphr.view_values import (
    Sent,
    day_text,
    first_code,
    first_object,
    objects,
    prose,
    quantity,
    unit,
    wall_text,
)
from morprom.record import Facts

SentList = list[Sent]


class PlannedVisit(PlainVisit):
    """A visit with its appointments, under either key."""

    appointments: SentList = msgspec.field(name="Appointment", default_factory=SentList)
    stray_appointments: SentList = msgspec.field(name="appointments", default_factory=SentList)


class VaccinatedVisit(PlainVisit):
    """A visit with its immunizations."""

    immunizations: SentList = msgspec.field(name="Immunization", default_factory=SentList)


class ReportShape(Coded):
    """What a row shows of a report."""

    identifier: object = None
    status: object = None
    category: object = None
    effective_date_time: object = None
    issued: object = None
    performer: object = None
    result: object = None
    conclusion: object = None
    conclusion_code: object = None


class ReportedVisit(PlainVisit):
    """A visit with its reports."""

    reports: list[ReportShape] = msgspec.field(  # pyright: ignore[reportIncompatibleVariableOverride] (read only)
        name="DiagnosticReport", default_factory=list[ReportShape]
    )


_PLANNED = msgspec.json.Decoder(PlannedVisit)
_VACCINATED = msgspec.json.Decoder(VaccinatedVisit)
_REPORTED = msgspec.json.Decoder(ReportedVisit)


def appointment_rows(reading: Reading) -> list[Row]:
    """One row for each appointment, oldest first; those with a sensitive clinic or purpose are absent."""
    rows = [
        _appointment(reading, seen, sent)
        for seen in visible_visits(reading, _PLANNED)
        for sent in seen.visit.appointments + seen.visit.stray_appointments
        if may_show(reading, _facts(sent))
    ]
    return sorted(rows, key=lambda row: str(row["start"]))


def immunization_rows(reading: Reading) -> list[Row]:
    """One row for each vaccine given, oldest first."""
    rows = [
        _immunization(reading, seen, sent)
        for seen in visible_visits(reading, _VACCINATED)
        for sent in seen.visit.immunizations
    ]
    return sorted(rows, key=lambda row: str(row["occurrence"]))


def report_rows(reading: Reading, ref: str = "") -> list[Row]:
    """One row for each report of each visit, or of one visit; oldest visit first."""
    return [
        _report(reading, seen, item) for seen in visible_visits(reading, _REPORTED, ref) for item in seen.visit.reports
    ]


def _facts(sent: Sent) -> Facts:
    """The clinic by its code, and every word that could tell what the appointment is for."""
    clinics = [normal.codings(sent.get(member)) for member in ("serviceType", "serviceCategory", "specialty")]
    prose_members = ("serviceType", "specialty", "reason", "description", "comment", "note", "patientInstruction")
    told = [prose(sent.get(member)) for member in prose_members]
    told += [actor for actor in (_actors(sent),) if actor]
    codes = [term for codings in clinics for coding in codings for term in (coding.code, coding.display)]
    return Facts(told, told, told, [*codes, *told])


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


def _immunization(reading: Reading, seen: Seen[VaccinatedVisit], sent: Sent) -> Row:
    performer = first_object(sent.get("performer"))
    return seen.origin(reading) | {
        "status": normal.text(sent.get("status")),
        "vaccine_code": first_code(sent.get("vaccineCode")),
        "vaccine_text": normal.concept_text(sent.get("vaccineCode")),
        "occurrence": wall_text(sent.get("occurrenceDateTime")) or wall_text(seen.visit.period.start),
        "primary_source": normal.text(sent.get("primarySource")).lower() in {"true", "1"},
        "location": _named(sent.get("location")),
        "manufacturer": _named(sent.get("manufacturer")),
        "lot_number": normal.text(sent.get("lotNumber")),
        "expiration_date": day_text(sent.get("expirationDate")),
        "site": normal.concept_text(sent.get("site")),
        "route": normal.concept_text(sent.get("route")),
        "dose_quantity": quantity(sent.get("doseQuantity")),
        "dose_unit": unit(sent.get("doseQuantity")),
        "reason": prose(sent.get("reasonCode")),
        "note": prose(sent.get("note")) if reading.seeing.free_text else "",
        "performer_license_no": normal.text(performer.get("license_no")),
        "performer_name": normal.text(performer.get("name")),
    }


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
        "performer_display": ", ".join(_named(one) for one in objects(item.performer)),
        "result_display": ", ".join(_named(one) for one in objects(item.result)),
        "conclusion": normal.text(item.conclusion) if reading.seeing.free_text else "",
        "conclusion_code_text": prose(item.conclusion_code),
    }


def _named(value: object) -> str:
    """A reference's display, else its text."""
    return normal.text(first_object(value).get("display")) or normal.concept_text(value)
