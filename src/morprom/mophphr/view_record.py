"""What a view may look at: the visible visits of a record, and the hospital documents that they vouch for.

Everything withheld is dropped here, before a view computes anything, so that its answer is the one it would give
had the withheld visit never been sent:

- A visit is withheld when a sensitivity rule meets any of its diagnoses, medicines, tests, reports or its clinic,
  unless the permit shows sensitive ones; and when the owner masked it, unless the permit shows masked ones.
- A hospital's patient and allergy documents count only while one of its visits is visible: a hospital known by
  withheld visits alone does not exist. A permit that shows everything sees them without any visit too.
- What says when a hospital sent something (create and update times, which hospital is the newest, the last one) is
  taken from its visible visits, never from its patient document, which a withheld visit may have brought along.

What this cannot undo: a patient document keeps its newest content, so an address that changed with a withheld visit
shows as changed if another visit of that hospital is visible.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

import msgspec

from morprom.mophphr import normal
from morprom.mophphr.numbers import entries_of, visit_ref
from morprom.mophphr.view_shapes import (
    NULL,
    AnyVisit,
    Coded,
    ConceptReader,
    clinic,
    concept,
    decode,
    diagnosis,
    laboratory,
    medicine,
)
from morprom.mophphr.view_values import epoch_ms
from morprom.record import DEFAULT_RULES, Document, Facts, Kind, Organization, Rule, Seeing

V = TypeVar("V", bound=AnyVisit)

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Reading:
    """One read of one person's record. `row_key` makes opaque row identifiers, keyed for this person."""

    documents: Sequence[Document]
    seeing: Seeing
    cid: str = field(repr=False)
    organizations: Mapping[str, Organization]
    row_key: Callable[[bytes], str]
    today: date

    def organization_name(self, hcode: str) -> str:
        """The hospital's name, "" when it is not known."""
        known = self.organizations.get(hcode)
        return known.name if known else ""

    def region_id(self, hcode: str) -> int | None:
        """The hospital's health region."""
        known = self.organizations.get(hcode)
        return known.region_id if known else None

    def of_kind(self, kind: Kind) -> Iterable[Document]:
        """The documents of one kind."""
        return (document for document in self.documents if document.kind is kind)


@dataclass
class Seen(Generic[V]):
    """One visible visit. `start` is Bangkok wall clock."""

    visit: V
    start: datetime
    document: Document
    is_newest: bool = False

    @cached_property
    def ref(self) -> str:
        """`hcode:ref`."""
        return ref_of(self.document.hcode, self.visit)

    @property
    def hcode(self) -> str:
        """The hospital that sent it."""
        return self.document.hcode

    def identity(self, reading: Reading) -> Row:
        """The members that tell in every row whose it is and which visit it comes from. Make it once for its rows."""
        return {
            "cid": reading.cid,
            "encounter_ref_code": self.ref,
            "organization_code": self.hcode,
            "is_mark": self.is_newest,
            "region_id": reading.region_id(self.hcode),
        }

    def origin(self, reading: Reading) -> Row:
        """`identity`, the hospital's name and the times of arrival."""
        return self.identity(reading) | {
            "organization_name": reading.organization_name(self.hcode),
            "create_datetime": epoch_ms(self.document.created_at),
            "update_datetime": epoch_ms(self.document.received_at),
        }


@dataclass(frozen=True, slots=True)
class Source:
    """One hospital that may be named, with the first and latest arrival of its visible visits."""

    hcode: str
    created_at: datetime
    received_at: datetime
    is_newest: bool = False

    def origin(self, reading: Reading) -> Row:
        """The members that tell in every row of a hospital's patient or allergy document where it comes from."""
        return {
            "cid": reading.cid,
            "organization_code": self.hcode,
            "is_mark": self.is_newest,
            "create_datetime": epoch_ms(self.created_at),
            "update_datetime": epoch_ms(self.received_at),
            "region_id": reading.region_id(self.hcode),
        }


def visible_visits(reading: Reading, decoder: "msgspec.json.Decoder[V]", only: str = "") -> list[Seen[V]]:
    """The visits that the permit shows, oldest first; one of them alone when `only` is its ref, prefixed or bare."""
    masked = set[str]() if reading.seeing.masked else _masked(reading)
    shows_sensitive = reading.seeing.sensitive
    seen: list[Seen[V]] = []
    for document in reading.of_kind(Kind.VISIT):
        visit = decode(decoder, document.content)
        if not shows_sensitive and is_sensitive(visit):
            continue
        if masked and ref_of(document.hcode, visit) in masked:
            continue
        start = normal.local_time(visit.period.start) or datetime.min  # noqa: DTZ901 (wall clock)
        seen.append(Seen(visit, start, document))
    seen.sort(key=lambda one: (one.start, one.document.hcode, one.document.content))
    if seen:
        seen[-1].is_newest = True
    return [one for one in seen if only in (one.ref, one.ref.partition(":")[2])] if only else seen


def visible_sources(reading: Reading, visits: Iterable[Seen[Any]]) -> list[Source]:
    """The hospitals whose patient and allergy documents count, the one that sent last first."""
    documents = [seen.document for seen in visits]
    if reading.seeing.sensitive and reading.seeing.masked:
        known = {document.hcode for document in documents}
        documents += [lone for lone in reading.documents if lone.kind is not Kind.CONTROLS and lone.hcode not in known]
    first: dict[str, datetime] = {}
    latest: dict[str, datetime] = {}
    for document in documents:
        hcode = document.hcode
        first[hcode] = min(document.created_at, first.get(hcode, document.created_at))
        latest[hcode] = max(document.received_at, latest.get(hcode, document.received_at))
    order = sorted(latest, key=lambda hcode: (latest[hcode], hcode), reverse=True)
    return [Source(hcode, first[hcode], latest[hcode], is_newest=hcode == order[0]) for hcode in order]


def is_sensitive(visit: AnyVisit) -> bool:
    """Whether a rule meets anything of the visit."""
    for item in visit.conditions:
        if diagnosis.is_sensitive(item.code):
            return True
    for item in visit.medications:
        if medicine.is_sensitive(item.code) or (item.text and _is_sensitive_name(item.text)):
            return True
    for item in visit.all_observations:
        if laboratory.is_sensitive(item.code) or (
            item.profile_group is not NULL and laboratory.is_sensitive(item.profile_group)
        ):
            return True
    return clinic.is_sensitive(visit.division) or any(laboratory.is_sensitive(item.code) for item in visit.reports)


def _is_sensitive_name(name: object) -> bool:
    return bool(DEFAULT_RULES.of_medicine(normal.text(name)))


def rules_met(visit: AnyVisit) -> tuple[Rule, ...]:
    """The rules that make the visit sensitive, for the one reader who sees it: its owner."""
    return DEFAULT_RULES.matching(facts_of(visit))


def facts_of(visit: AnyVisit) -> Facts:
    """The codes and names by which a rule meets the visit. Prose is none of them, as it hides no visit."""
    medicines = [*_terms(medicine, visit.medications), *(normal.text(item.text) for item in visit.medications)]
    labs = [*_terms(laboratory, visit.all_observations), *_terms(laboratory, visit.reports)]
    labs += [term for item in visit.all_observations for term in _terms_of(laboratory, item.profile_group)]
    return Facts(_terms(diagnosis, visit.conditions), medicines, labs, _terms_of(clinic, visit.division))


def _terms(read: ConceptReader, items: Iterable[Coded]) -> list[str]:
    return [term for item in items for term in _terms_of(read, item.code)]


def _terms_of(read: ConceptReader, raw: msgspec.Raw) -> Sequence[str]:
    return read(raw).terms if read.is_sensitive(raw) else ()


def may_show(reading: Reading, facts: Facts) -> bool:
    """Whether a row that stands for itself (an allergy, an appointment) may be shown."""
    return reading.seeing.sensitive or not DEFAULT_RULES.touches(facts)


def ref_of(hcode: str, visit: AnyVisit) -> str:
    """`hcode:ref` of a visit, the same as its upload was stored under."""
    kind = concept(visit.visit_class)
    return visit_ref(hcode, visit.identifier, kind.code or kind.text)


def hospital_number(identifier: object) -> str:
    """The HN among a visit's or a patient's identifiers, "" when it is not there."""
    return next((entry.value for entry in entries_of(identifier) if entry.kind == "HN"), "")


def _masked(reading: Reading) -> set[str]:
    controls = [msgspec.json.decode(document.content) for document in reading.of_kind(Kind.CONTROLS)]
    return {ref for control in controls for ref in cast("list[str]", control.get("masked", []))}
