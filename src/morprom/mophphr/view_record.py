"""What a view may look at: the visible visits of a record.

Everything withheld is dropped here, before a view computes anything, so that its answer is the one it would give
had the withheld visit never been sent:

- A visit is withheld when a sensitivity rule meets any of its diagnoses, medicines, tests, reports or its clinic,
  unless the permit shows sensitive ones; and when the owner masked it, unless the permit shows masked ones.
- What was sent by itself is withheld by itself, and with the visit that it names: `view_items`.
- Hospitals are known by what is visible of them: `view_sources`.

What this cannot undo: a patient document keeps its newest content, so an address that changed with a withheld visit
shows as changed if another visit of that hospital is visible.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Generic, TypeVar

import msgspec

from morprom.mophphr import normal
from morprom.mophphr.numbers import entries_of, visit_ref
from morprom.mophphr.view_shapes import (
    NULL,
    AnyVisit,
    Coded,
    ConceptReader,
    PlainVisit,
    Reported,
    clinic,
    concept,
    decode,
    diagnosis,
    laboratory,
    medicine,
)
from morprom.mophphr.view_values import epoch_ms
from morprom.record import DEFAULT_RULES, Document, Facts, Kind, Organization, Rule, Seeing
from morprom.record.rules import codes_in

V = TypeVar("V", bound=AnyVisit)

Row = dict[str, object]

_PLAIN = msgspec.json.Decoder(PlainVisit)


class _Report(msgspec.Struct):
    ref: str = ""


class _Controls(msgspec.Struct):
    """What the owner set, as far as it changes what is shown."""

    masked: list[str] = msgspec.field(default_factory=list[str])
    reported: list[_Report] = msgspec.field(default_factory=list[_Report])


@dataclass(frozen=True)
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

    @cached_property
    def masked(self) -> frozenset[str]:
        """The visits, `hcode:ref`, that the owner masked."""
        return frozenset(ref for control in self._controls for ref in control.masked)

    @cached_property
    def reported(self) -> frozenset[str]:
        """The visits, `hcode:ref`, that the owner reported as wrong."""
        return frozenset(report.ref for control in self._controls for report in control.reported)

    @cached_property
    def withheld(self) -> frozenset[str]:
        """The visits, `hcode:ref`, that this read does not show, stored here or not."""
        masked = frozenset[str]() if self.seeing.masked else self.masked
        if self.seeing.sensitive:
            return masked
        visits = ((document.hcode, decode(_PLAIN, document.content)) for document in self.of_kind(Kind.VISIT))
        return masked.union(ref_of(hcode, visit) for hcode, visit in visits if is_sensitive(visit))

    @cached_property
    def _controls(self) -> list[_Controls]:
        return [msgspec.json.decode(document.content, type=_Controls) for document in self.of_kind(Kind.CONTROLS)]


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


def visible_visits(reading: Reading, decoder: "msgspec.json.Decoder[V]", only: str = "") -> list[Seen[V]]:
    """The visits that the permit shows, oldest first; one of them alone when `only` is its ref, prefixed or bare."""
    masked = frozenset[str]() if reading.seeing.masked else reading.masked
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


def is_sensitive(visit: AnyVisit) -> bool:
    """Whether a rule meets anything of the visit."""
    for item in visit.conditions:
        if diagnosis.is_sensitive(item.code):
            return True
    for item in visit.medications:
        if medicine.is_sensitive(item.code) or (item.text and DEFAULT_RULES.of_medicine(normal.text(item.text))):
            return True
    for item in visit.all_observations:
        if laboratory.is_sensitive(item.code) or (
            item.profile_group is not NULL and laboratory.is_sensitive(item.profile_group)
        ):
            return True
        if item.value_string and DEFAULT_RULES.of_lab(normal.text(item.value_string)):
            return True
    return (
        clinic.is_sensitive(visit.division)
        or clinic.is_sensitive(visit.subclass)
        or any(_concludes_sensitively(item) for item in visit.reports)
    )


def _concludes_sensitively(item: Reported) -> bool:
    return (
        laboratory.is_sensitive(item.code)
        or diagnosis.is_sensitive(item.conclusion_code)
        or bool(DEFAULT_RULES.of_text(normal.text(item.conclusion)))
    )


def rules_met(visit: AnyVisit) -> tuple[Rule, ...]:
    """The rules that make the visit sensitive, for the one reader who sees it: its owner."""
    return DEFAULT_RULES.matching(facts_of(visit))


def facts_of(visit: AnyVisit) -> Facts:
    """The codes and names by which a rule meets the visit. Prose is none of them, as it hides no visit."""
    diagnoses = [*_terms(diagnosis, visit.conditions)]
    diagnoses += [term for item in visit.reports for term in _terms_of(diagnosis, item.conclusion_code)]
    medicines = [*_terms(medicine, visit.medications), *(normal.text(item.text) for item in visit.medications)]
    labs = [*_terms(laboratory, visit.all_observations), *_terms(laboratory, visit.reports)]
    labs += [term for item in visit.all_observations for term in _terms_of(laboratory, item.profile_group)]
    labs += [normal.text(item.value_string) for item in visit.all_observations if item.value_string]
    clinics = [*_terms_of(clinic, visit.division), *_terms_of(clinic, visit.subclass)]
    told = [words for item in visit.reports if DEFAULT_RULES.of_text(words := normal.text(item.conclusion))]
    told += [code for words in told for code in codes_in(words)]
    return Facts(diagnoses + told, medicines + told, labs + told, clinics + told)


def _terms(read: ConceptReader, items: Iterable[Coded]) -> list[str]:
    return [term for item in items for term in _terms_of(read, item.code)]


def _terms_of(read: ConceptReader, raw: msgspec.Raw) -> Sequence[str]:
    return read(raw).terms if read.is_sensitive(raw) else ()


def ref_of(hcode: str, visit: AnyVisit) -> str:
    """`hcode:ref` of a visit, the same as its upload was stored under."""
    kind = concept(visit.visit_class)
    return visit_ref(hcode, visit.identifier, kind.code or kind.text)


def hospital_number(identifier: object) -> str:
    """The HN among a visit's or a patient's identifiers, "" when it is not there."""
    return next((entry.value for entry in entries_of(identifier) if entry.kind == "HN"), "")
