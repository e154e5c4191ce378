"""The Allergy view: what the person is allergic to, one row for a substance, with every hospital that says so.

Allergies come in two ways: as a hospital's whole list beside its visits, and reported one by one. Statements about
the same substance (the same code of a shared terminology, or the same name) are one row; its members are those of
the newest statement, and `sources` keeps them all.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from morprom.mophphr import normal
from morprom.mophphr.lenient import decode_plain
from morprom.mophphr.view_facts import About
from morprom.mophphr.view_items import Item, may_show, visible_items, visit_of
from morprom.mophphr.view_merging import grouped, plain_name, shared_codes
from morprom.mophphr.view_record import Reading, Row, visible_visits
from morprom.mophphr.view_shapes import PlainVisit
from morprom.mophphr.view_sources import Source, visible_sources
from morprom.mophphr.view_values import Sent, day_text, epoch_ms, first_code, first_object, objects, prose
from morprom.record import Kind

_VISIT = msgspec.json.Decoder(PlainVisit)
_SHARED = ("tmt", "snomed", "rxnorm", "atc", "unii")  # code systems in which one code is one substance everywhere


@dataclass(frozen=True, slots=True)
class Statement:
    """One hospital's word about one allergy. `came_with` is `visits` or `report`."""

    hcode: str
    came_with: str
    sent: Sent = field(repr=False)
    created_at: datetime
    received_at: datetime


def allergy_rows(reading: Reading) -> list[Row]:
    """One row for each substance, the one told last first."""
    items = visible_items(reading, {Kind.ALLERGY_REPORT})
    merged = merged_allergies(reading, visible_sources(reading, visible_visits(reading, _VISIT)), items)
    return [_row(reading, statements, is_newest=place == 0) for place, statements in enumerate(merged)]


def allergy_names(merged: Iterable[Sequence[Statement]]) -> list[str]:
    """What the person is allergic to, in every spelling but those of typists, each once."""
    names = {plain_name(one.sent.get("code")): _name(one) for statements in merged for one in reversed(statements)}
    ordered = [plain_name(one.sent.get("code")) for statements in merged for one in statements]
    return [names[name] for name in dict.fromkeys(ordered) if name]


def merged_allergies(reading: Reading, sources: Sequence[Source], reports: Sequence[Item]) -> list[list[Statement]]:
    """The statements about each substance, newest first within it and between them."""
    told = [one for one in (*_listed(reading, sources), *_reported(reports)) if not _is_withdrawn(one)]
    statements = sorted(told, key=_age, reverse=True)
    return grouped((one, _keys(one, place)) for place, one in enumerate(statements))


def _is_withdrawn(statement: Statement) -> bool:
    """Whether the hospital takes its word back: the protocol has no other way to do so (FHIR's verification status)."""
    return first_code(statement.sent.get("verificationStatus")).lower() == "entered-in-error"


def _age(statement: Statement) -> tuple[datetime, str, str]:
    return statement.received_at, day_text(statement.sent.get("recordedDate")), statement.hcode


def _listed(reading: Reading, sources: Iterable[Source]) -> Iterator[Statement]:
    """The lists that came with visits, of hospitals of which a visit is visible."""
    by_hcode = {document.hcode: document for document in reading.of_kind(Kind.ALLERGY)}
    for source in sources:
        if source.last_visit_at and source.hcode in by_hcode:
            listed: Any = decode_plain(by_hcode[source.hcode].content)
            for sent in objects(listed):
                if may_show(reading, source.hcode, sent, About.MEDICINE):
                    yield Statement(source.hcode, "visits", sent, source.created_at, source.last_visit_at)


def _reported(items: Iterable[Item]) -> Iterator[Statement]:
    for item in items:
        if item.document.kind is Kind.ALLERGY_REPORT:
            yield Statement(item.hcode, "report", item.sent, item.document.created_at, item.document.received_at)


def _keys(statement: Statement, place: int) -> list[Hashable]:
    """Where neither a shared code nor a name was sent, a statement is like no other."""
    substance = statement.sent.get("code")
    name = plain_name(substance)
    codes: list[Hashable] = [("code", code) for code in shared_codes(substance, _SHARED)]
    return [*codes, ("name", name)] if name else codes or [("place", place)]


def _name(statement: Statement) -> str:
    return normal.concept_text(statement.sent.get("code"))


def _row(reading: Reading, statements: Sequence[Statement], *, is_newest: bool) -> Row:
    newest = statements[0]
    return {
        **_said(reading, newest),
        "cid": reading.cid,
        "encounter_ref_code": visit_of(newest.hcode, newest.sent),
        "is_mark": is_newest,
        "region_id": reading.region_id(newest.hcode),
        "note": prose(newest.sent.get("note")) if reading.seeing.free_text else "",
        "source_count": len(statements),
        "sources": [_said(reading, one) | {"is_mark": one is newest} for one in statements],
    }


def _said(reading: Reading, statement: Statement) -> Row:
    """What one hospital says, and when."""
    sent = statement.sent
    officer = first_object(sent.get("recordOfficer"))
    coded: Row = {}
    for name, member in _CODED.items():
        coded |= {f"{name}_code": first_code(sent.get(member)), f"{name}_text": normal.concept_text(sent.get(member))}
    return coded | {
        "organization_code": statement.hcode,
        "organization_name": reading.organization_name(statement.hcode),
        "came_with": statement.came_with,
        "create_datetime": epoch_ms(statement.created_at),
        "update_datetime": epoch_ms(statement.received_at),
        "type": normal.concept_text(sent.get("type")),
        "category": prose(sent.get("category")).replace("\n", ", "),
        "criticality": normal.concept_text(sent.get("criticality")),
        "preventable": normal.text(sent.get("preventable")).lower() in {"true", "1"},
        "preventable_score": normal.text(sent.get("preventableScore")),
        "recorded_date": day_text(sent.get("recordedDate")),
        "record_officer_reference": normal.text(officer.get("reference")),
        "record_officer_display": normal.text(officer.get("display")),
        "reaction_text": _manifestations(sent),
    }


_CODED = {
    "clinical_status": "clinicalStatus",
    "verification_status": "verificationStatus",
    "substance": "code",
    "seriousness": "seriousness",
    "allergy_group": "allergyGroup",
    "allergy_information_source": "allergyInformationSource",
    "allergy_result": "allergyResult",
    "naranjo_result": "naranjoResult",
}
"""What rows and uploads call the members that are codes. `code` is the substance's: the rows give code and text."""


def _manifestations(sent: Sent) -> str:
    """What the reactions looked like."""
    shown = (prose(reaction.get("manifestation")) for reaction in objects(sent.get("reaction")))
    return ", ".join(filter(None, shown))
