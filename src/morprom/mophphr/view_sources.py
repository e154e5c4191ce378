"""Which hospitals may be named, and what each of them says about who the person is.

A hospital is known by what is visible of it, visits and items of any kind, never by its patient and allergy
documents, which a withheld visit may have brought along: those count only while one of its visits is visible. A
permit that shows everything sees them without any visit too. For the same reason, what says when a hospital sent
something (create and update times, which hospital is the newest) is taken from what is visible of it.

A hospital says who the person is in its patient document and in the `Patient` of every item; the newest says it, and
a member that it leaves out is taken from the one before.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from morprom.mophphr.view_items import Item
from morprom.mophphr.view_record import Reading, Row, Seen
from morprom.mophphr.view_shapes import Shape, decode
from morprom.mophphr.view_values import Sent, epoch_ms, first_object
from morprom.record import Document, Kind


class Patient(Shape):
    """The members of `Patient` that are shown; all vary, so all are read through `normal`."""

    identifier: object = None
    name: object = None
    telecom: object = None
    address: object = None
    gender: object = None
    birth_date: object = None
    deceased_boolean: object = None
    deceased_date_time: object = None
    nationality: object = None
    marital_status: object = None


class PatientDocument(Shape):
    """An upload without its visits."""

    patient: Patient = msgspec.field(name="Patient", default_factory=Patient)


_PATIENT = msgspec.json.Decoder(PatientDocument)


@dataclass(frozen=True, slots=True)
class Source:
    """One hospital that may be named: first and latest arrival of what is visible of it, and whom it describes.

    `last_visit_at` is the latest arrival of a visible visit, None when it is known by items alone.
    """

    hcode: str
    created_at: datetime
    received_at: datetime
    last_visit_at: datetime | None
    is_newest: bool = False
    patient: Patient = field(default_factory=Patient)

    def origin(self, reading: Reading) -> Row:
        """The members that tell in every row of what a hospital says of the person where it comes from."""
        return {
            "cid": reading.cid,
            "organization_code": self.hcode,
            "is_mark": self.is_newest,
            "create_datetime": epoch_ms(self.created_at),
            "update_datetime": epoch_ms(self.received_at),
            "region_id": reading.region_id(self.hcode),
        }


class _Statement(NamedTuple):
    """One time that a hospital said who the person is."""

    hcode: str
    at: datetime
    patient: Patient


def visible_sources(reading: Reading, visits: Iterable[Seen[Any]], items: Iterable[Item] = ()) -> list[Source]:
    """The hospitals of these visits and items, the one that sent last first."""
    of_visits = [seen.document for seen in visits]
    items = [item for item in items if item.document.kind is not Kind.CARED_FOR]  # it is about somebody else
    documents = of_visits + [item.document for item in items]
    if reading.seeing.sensitive and reading.seeing.masked:
        known = {document.hcode for document in of_visits}
        lone = [document for document in reading.documents if document.kind in (Kind.PATIENT, Kind.ALLERGY)]
        of_visits += [document for document in lone if document.hcode not in known]
        documents = of_visits + [item.document for item in items]
    visited = _latest(of_visits)
    first = _first(documents)
    latest = _latest(documents)
    order = sorted(latest, key=lambda hcode: (latest[hcode], hcode), reverse=True)
    said = _patients(reading, visited, items)
    return [
        Source(hcode, first[hcode], latest[hcode], visited.get(hcode), hcode == order[0], said.get(hcode, Patient()))
        for hcode in order
    ]


def _first(documents: Iterable[Document]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for document in documents:
        found[document.hcode] = min(document.created_at, found.get(document.hcode, document.created_at))
    return found


def _latest(documents: Iterable[Document]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for document in documents:
        found[document.hcode] = max(document.received_at, found.get(document.hcode, document.received_at))
    return found


def _patients(reading: Reading, visited: dict[str, datetime], items: Sequence[Item]) -> dict[str, Patient]:
    """Each hospital's words, the newest first and the older ones where those are silent."""
    statements = sorted(_statements(reading, visited, items), key=lambda one: one.at, reverse=True)
    found: dict[str, Patient] = {}
    for statement in statements:
        found[statement.hcode] = completed(found.get(statement.hcode, Patient()), statement.patient)
    return found


def _statements(reading: Reading, visited: dict[str, datetime], items: Sequence[Item]) -> Iterator[_Statement]:
    for document in reading.of_kind(Kind.PATIENT):
        if document.hcode in visited:
            yield _Statement(document.hcode, visited[document.hcode], decode(_PATIENT, document.content).patient)
    for item in reversed(items):
        yield _Statement(item.hcode, item.document.received_at, _patient_of(item))


def _patient_of(item: Item) -> Patient:
    """An item's `Patient`; a self-observation may have a `person` instead, in words of its own."""
    sent = first_object(item.upload.get("Patient"))
    return msgspec.convert(sent or _from_person(first_object(item.sent.get("person"))), Patient)


def _from_person(person: Sent) -> Sent:
    if not person:
        return {}
    name = {"prefix": person.get("prefix"), "given": [person.get("first_name")], "family": person.get("last_name")}
    is_named = person.get("first_name") or person.get("last_name")
    return {
        "name": [name] if is_named else None,
        "gender": person.get("gender"),
        "birthDate": person.get("birth_date"),
    }


def completed(newer: Patient, older: Patient) -> Patient:
    """What the newer says, and what it does not say from the older."""
    silent: tuple[object, ...] = (None, "", [], {})
    return Patient(
        **{
            name: older_value if (value := getattr(newer, name)) in silent else value
            for name in Patient.__struct_fields__
            for older_value in (getattr(older, name),)
        }
    )
