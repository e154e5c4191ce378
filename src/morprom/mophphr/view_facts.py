"""What in an item could name a sensitive thing: every word of it, whatever member it stands in.

An item that stands for itself (an allergy, a vaccine, an appointment, a referral) is withheld by itself, so all of it
is searched: codes, names, notes, whom it is addressed to. Only what a sender numbers things with is not read as a
code: lot A501 is no disease. A false alarm hides one row from others and never from the owner.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import Any, NamedTuple, cast

from morprom.mophphr import normal
from morprom.record import DEFAULT_RULES, Rule

_DEEPEST = 12  # members within members; deeper ones are neither shown nor searched

_NUMBERED = re.compile(
    r"identifier|reference|system|url|lot_?number|licen[cs]e|telecom|phone|ref_?code|reference_id|latitude|longitude"
    r"|postal_?code|version|date|period|^id$|^use$|^cid$|^hn$",
    re.IGNORECASE,
)
"""Members whose words are numbers of the sender's: searched for names, never for codes."""

_UNSEEN = re.compile(r"token", re.IGNORECASE)
"""Members that no row shows and that say nothing of the person."""

_DIAGNOSTIC = re.compile(r"diagnos|reason|condition|indication|supporting|chronic|service_?requested", re.IGNORECASE)
_MEDICINAL = re.compile(r"medic|drug|substance", re.IGNORECASE)
_CLINICAL_PLACE = re.compile(
    r"service_?(type|category|requested)|special|division|clinic|department|location", re.IGNORECASE
)


class About(Enum):
    """What the codes of an item are, where their members do not tell."""

    DISEASE = auto()
    MEDICINE = auto()
    ANYTHING = auto()


class Word(NamedTuple):
    """One scalar of an item and the members that lead to it, `/a/b/c`."""

    path: str
    text: str

    def __repr__(self) -> str:
        return f"Word({self.path})"  # what it says stays out of it

    @property
    def member(self) -> str:
        """The member that it stands in."""
        return self.path.rpartition("/")[2]


def rules_met_by(item: object, about: About = About.ANYTHING) -> tuple[Rule, ...]:
    """The rules that an item meets, in the order of the table."""
    hits = {hit for word in _words(item) for hit in _hits(word, about)}
    return tuple(DEFAULT_RULES.rules[hit] for hit in sorted(hits))


def is_sensitive_item(item: object, about: About = About.ANYTHING) -> bool:
    """Whether any rule meets anything of an item; stops at the first."""
    return any(_hits(word, about) for word in _words(item))


def _hits(word: Word, about: About) -> tuple[int, ...]:
    if _NUMBERED.search(word.member):
        return DEFAULT_RULES.of_any_name(word.text)
    of_clinic = DEFAULT_RULES.of_clinic(word.text) if _CLINICAL_PLACE.search(word.path) else ()
    is_about_medicine = about is About.MEDICINE or _MEDICINAL.search(word.path) is not None
    if word.member != "code":
        return of_clinic + DEFAULT_RULES.of_text(word.text, is_about_medicine=is_about_medicine)
    hits = of_clinic + DEFAULT_RULES.of_medicine(word.text)
    if not is_about_medicine:
        hits += DEFAULT_RULES.of_lab(word.text)
    if about is About.DISEASE or _DIAGNOSTIC.search(word.path):
        hits += DEFAULT_RULES.of_diagnosis(word.text)
    return hits


def _words(value: object, path: str = "", depth: int = _DEEPEST) -> Iterator[Word]:
    if isinstance(value, dict) and depth:
        for member, inner in cast("dict[str, Any]", value).items():
            if not _UNSEEN.search(member):
                yield from _words(inner, f"{path}/{member}", depth - 1)
    elif isinstance(value, list) and depth:
        for inner in cast("list[Any]", value):
            yield from _words(inner, path, depth - 1)
    elif text := normal.text(cast("object", value)):
        yield Word(path, text)
