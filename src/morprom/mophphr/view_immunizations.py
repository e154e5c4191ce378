"""The Immunization view: one row for each vaccine given, however often it was told.

A hospital tells of a vaccine with the visit at which it was given, and again in its register of that person. At one
hospital, the same vaccine at the same visit is one, and so is the same vaccine on the same day. The row's members
are those of the newest statement, and what that leaves out comes from the others; `sources` keeps them all.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from morprom.mophphr import normal
from morprom.mophphr.view_items import marked, may_show, visible_items, visit_of
from morprom.mophphr.view_merging import grouped, plain_name
from morprom.mophphr.view_record import Reading, Row, visible_visits
from morprom.mophphr.view_shapes import PlainVisit
from morprom.mophphr.view_values import (
    Sent,
    day_text,
    epoch_ms,
    first_code,
    first_object,
    named,
    prose,
    quantity,
    unit,
    wall_text,
)
from morprom.record import Kind

SentList = list[Sent]


class VaccinatedVisit(PlainVisit):
    """A visit with its immunizations."""

    immunizations: SentList = msgspec.field(name="Immunization", default_factory=SentList)


_VISIT = msgspec.json.Decoder(VaccinatedVisit)


@dataclass(frozen=True, slots=True)
class Statement:
    """One telling of one vaccine. `came_with` is `visit` or `register`; `occurrence` is wall clock as text."""

    hcode: str
    came_with: str
    ref: str = field(repr=False)
    occurrence: str = field(repr=False)
    sent: Sent = field(repr=False)
    created_at: datetime
    received_at: datetime


def immunization_rows(reading: Reading) -> list[Row]:
    """One row for each vaccine given, oldest first."""
    statements = sorted([*_of_visits(reading), *_of_registers(reading)], key=_age, reverse=True)
    rows = [_row(reading, group) for group in grouped((one, _keys(one, n)) for n, one in enumerate(statements))]
    return marked(sorted(rows, key=lambda row: (str(row["occurrence"]), str(row["vaccine_code"]))))


def _of_visits(reading: Reading) -> Iterator[Statement]:
    for seen in visible_visits(reading, _VISIT):
        for sent in seen.visit.immunizations:
            if may_show(reading, seen.hcode, sent):
                at = wall_text(sent.get("occurrenceDateTime")) or wall_text(seen.visit.period.start)
                document = seen.document
                yield Statement(seen.hcode, "visit", seen.ref, at, sent, document.created_at, document.received_at)


def _of_registers(reading: Reading) -> Iterator[Statement]:
    for item in visible_items(reading, {Kind.IMMUNIZATION}):
        at, ref = wall_text(item.sent.get("occurrenceDateTime")), visit_of(item.hcode, item.sent)
        document = item.document
        yield Statement(item.hcode, "register", ref, at, item.sent, document.created_at, document.received_at)


def _age(statement: Statement) -> tuple[datetime, str, str]:
    return statement.received_at, statement.came_with, statement.ref


def _keys(statement: Statement, place: int) -> list[Hashable]:
    """What makes two statements one. A vaccine without code and name is like no other."""
    vaccine = first_code(statement.sent.get("vaccineCode")).upper() or plain_name(statement.sent.get("vaccineCode"))
    keys: list[Hashable] = []
    if vaccine and statement.ref:
        keys.append((statement.hcode, "visit", statement.ref, vaccine))
    if vaccine and statement.occurrence:
        keys.append((statement.hcode, "day", statement.occurrence[:10], vaccine))
    return keys or [place]


def _row(reading: Reading, statements: Sequence[Statement]) -> Row:
    newest = statements[0]
    said = [_said(reading, one) for one in statements]
    row = {name: next((one[name] for one in said if one[name] not in ("", None)), said[0][name]) for name in said[0]}
    return row | {
        "cid": reading.cid,
        "organization_code": newest.hcode,
        "organization_name": reading.organization_name(newest.hcode),
        "create_datetime": min(epoch_ms(one.created_at) for one in statements),
        "update_datetime": epoch_ms(newest.received_at),
        "region_id": reading.region_id(newest.hcode),
        "sources": [_source(reading, one) | {"is_mark": one is newest} for one in statements],
    }


def _source(reading: Reading, statement: Statement) -> Row:
    return {
        "organization_code": statement.hcode,
        "organization_name": reading.organization_name(statement.hcode),
        "came_with": statement.came_with,
        "encounter_ref_code": statement.ref,
        "occurrence": statement.occurrence,
        "lot_number": normal.text(statement.sent.get("lotNumber")),
        "create_datetime": epoch_ms(statement.created_at),
        "update_datetime": epoch_ms(statement.received_at),
    }


def _said(reading: Reading, statement: Statement) -> Row:
    sent = statement.sent
    performer = first_object(sent.get("performer"))
    return {
        "encounter_ref_code": statement.ref,
        "status": normal.text(sent.get("status")),
        "vaccine_code": first_code(sent.get("vaccineCode")),
        "vaccine_text": normal.concept_text(sent.get("vaccineCode")),
        "occurrence": statement.occurrence,
        "primary_source": normal.text(sent.get("primarySource")).lower() in {"true", "1"},
        "location": named(sent.get("location")),
        "manufacturer": named(sent.get("manufacturer")),
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
