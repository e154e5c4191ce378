"""The narrow shapes that views decode a visit into, and the reading of codes.

A view names only the members it shows; what varies from sender to sender is decoded as plain JSON (`object`) and
read through `normal`. Codes stay raw bytes until they are looked at: hospitals repeat the same few thousand
concepts, so each distinct one is parsed, and matched against the sensitivity rules, once.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Raw, Struct, field

from morprom.mophphr import normal
from morprom.mophphr.lenient import decode_plain
from morprom.mophphr.normal import Coding
from morprom.mophphr.view_values import first_object, objects
from morprom.record import DEFAULT_RULES
from morprom.record.tables import FREE_TEXT_CONDITIONS

NULL = Raw(b"null")

_REMEMBERED = 16_384  # concepts of each class; then they are forgotten together
_LONGEST_CONCEPT = 600  # bytes; longer ones are prose and are not remembered


@dataclass(frozen=True, slots=True, repr=False)
class Concept:
    """A code as its sender wrote it.

    `code` is the first one there is, `display` the name that came with it; `text` is what a person would read of the
    whole; `terms` are all codes and names in it.
    """

    codings: Sequence[Coding]
    code: str
    display: str
    text: str
    terms: Sequence[str]
    is_sensitive: bool

    def code_in(self, system: str) -> str:
        """The code whose system's address contains `system`."""
        return next((coding.code for coding in self.codings if system in coding.system.lower()), "")


class ConceptReader:
    """Reads concepts of one class of fact; `touches` answers which rules a term of that class meets."""

    def __init__(self, touches: Callable[[str], Sequence[int]]) -> None:
        self._touches = touches
        self._known: dict[bytes, Concept] = {}

    def __call__(self, raw: Raw) -> Concept:
        """The concept in `raw`."""
        written = bytes(raw)
        return self._known.get(written) or self._learn(written)

    def is_sensitive(self, raw: Raw) -> bool:
        """Whether a rule meets any code or name of the concept. Prose is not searched: see `_is_prose`."""
        written = bytes(raw)
        known = self._known.get(written)
        if known is None:
            if _is_prose(written):
                return False
            known = self._learn(written)
        return known.is_sensitive

    def _learn(self, written: bytes) -> Concept:
        value = decode_plain(written)
        codings, words = normal.codings(value), normal.concept_text(value)
        terms = [words, *(term for coding in codings for term in (coding.code, coding.display))]
        found = Concept(
            codings,
            next((coding.code for coding in codings if coding.code), words if _BARE_CODE.fullmatch(words) else ""),
            next((coding.display for coding in codings if coding.display), "") or words,
            words,
            terms,
            not _is_prose(written) and any(map(self._touches, terms)),
        )
        if len(written) <= _LONGEST_CONCEPT:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[written] = found
        return found


_BARE_CODE = re.compile(r"[A-Za-z]?\d{1,4}(\.\d{1,2})?", re.ASCII)
"""A code that came as plain text: `1`, `E119`, `E11.9`."""

diagnosis = ConceptReader(DEFAULT_RULES.of_diagnosis)
medicine = ConceptReader(DEFAULT_RULES.of_medicine)
laboratory = ConceptReader(DEFAULT_RULES.of_lab)
clinic = ConceptReader(DEFAULT_RULES.of_clinic)
concept = ConceptReader(lambda _: ())
"""For codes that no rule is about."""


class _ProseCode(Struct, gc=False):
    code: object = None


class _ProseConcept(Struct, gc=False):
    coding: list[_ProseCode] = field(default_factory=list[_ProseCode])


_PROSE_CODE = re.compile(rb'"(?:diagtext|cc|hpi)"', re.IGNORECASE)
_PROSE = msgspec.json.Decoder(_ProseConcept)


def _is_prose(written: bytes) -> bool:
    """Whether the concept is a chief complaint, a history or a diagnosis text, and no code besides.

    Prose cannot be filtered reliably: it is withheld as a whole unless the permit shows free text.
    """
    if _PROSE_CODE.search(written) is None:
        return False
    try:
        codes = [item.code for item in _PROSE.decode(written).coding]
    except msgspec.ValidationError:
        codes = [coding.code for coding in normal.codings(decode_plain(written))]
    return bool(codes) and all(normal.text(code).lower() in FREE_TEXT_CONDITIONS for code in codes)


class Shape(Struct, gc=False, rename="camel"):
    """Members not sent have a default; members not named are skipped."""

    def __repr__(self) -> str:
        return type(self).__name__  # what a person's record says stays out of it


class Coded(Shape):
    """Any item known by its code: all that sensitivity needs of a diagnosis or a report."""

    code: Raw = NULL


class Named(Coded):
    """A medicine: senders put its name beside the code, or instead of it."""

    text: object = None


class Measured(Coded):
    """A laboratory test or another observation."""

    profile_group: Raw = field(name="profile_group", default=NULL)
    value_string: object = None


class Reported(Coded):
    """A report, with what it concludes in words."""

    conclusion: object = None
    conclusion_code: Raw = NULL


class Period(Shape):
    """Wall-clock times as text; see `normal.local_time`."""

    start: object = None
    end: object = None


C = TypeVar("C", bound=Coded)
O = TypeVar("O", bound=Measured)  # noqa: E741 (observations)
M = TypeVar("M", bound=Named)


class Visit(Shape, Generic[C, O, M]):
    """What every view must know of a visit: its ref, its day, and what could make it sensitive."""

    identifier: object = None
    visit_class: Raw = field(name="class", default=NULL)
    period: Period = field(default_factory=Period)
    division: Raw = NULL
    subclass: Raw = NULL
    conditions: list[C] = field(name="Condition", default_factory=list[C])
    observations: list[O] = field(name="Observation", default_factory=list[O])
    stray_observations: list[O] = field(name="Observations", default_factory=list[O])
    medications: list[M] = field(name="Medication", default_factory=list[M])
    reports: list[Reported] = field(name="DiagnosticReport", default_factory=list[Reported])

    @property
    def all_observations(self) -> list[O]:
        """Under the key `Observation`, or `Observations` by accident."""
        return self.observations + self.stray_observations if self.stray_observations else self.observations


AnyVisit = Visit[Any, Any, Any]
PlainVisit = Visit[Coded, Measured, Named]
"""For views that show nothing of diagnoses, observations and medicines."""

_LISTS = {
    "Condition", "Observation", "Observations", "Medication", "DiagnosticReport",
    "Coverage", "Immunization", "Appointment", "appointments",
}  # fmt: skip

_OBJECTS = {"period", "Patient"}

V = TypeVar("V")


def decode(decoder: "msgspec.json.Decoder[V]", content: bytes) -> V:
    """`content` in the decoder's shape. What does not fit it is mended first: nothing that was accepted is refused."""
    try:
        return decoder.decode(content)
    except msgspec.ValidationError:
        return decoder.decode(msgspec.json.encode(_mended(decode_plain(content))))


def _mended(sent: object) -> dict[str, Any]:
    """Lists hold objects only, and a lone object becomes a list of one; the period is one object."""
    mended = first_object(sent).copy()
    for key in _LISTS & mended.keys():
        mended[key] = objects(mended[key])
    for key in _OBJECTS & mended.keys():
        mended[key] = first_object(mended[key])
    return mended
