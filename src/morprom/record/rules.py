"""Whether a visit is sensitive: the table of `sensitive.py`, compiled once to prefix sets and name patterns.

A rule that touches any diagnosis, medicine, laboratory test or clinic of a visit makes the whole visit sensitive.
Terms repeat (one hospital writes the same lab name a thousand times), so each distinct one is looked at once.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from morprom.record.sensitive import RULES, Marks, Rule

_REMEMBERED = 16_384  # distinct terms kept for each class, so a hostile sender cannot fill the memory
_LONGEST_TERM = 400  # what is longer is prose, and is remembered by its SHA-256

_CODE_IN_TEXT = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]\d{2}[A-Z]{2}\d{2}|[A-Z]\d{2}(?:\.?\d{1,2})?|\d{3,5}-\d)(?![A-Za-z0-9])",
    re.ASCII | re.IGNORECASE,
)
"""ATC, ICD-10 and LOINC codes among words."""

Hits = tuple[int, ...]
Matcher = Callable[[str], Hits]


class Facts(NamedTuple):
    """What is known of a visit, codes and texts side by side, as the hospital wrote them."""

    diagnoses: Iterable[str] = ()
    medicines: Iterable[str] = ()
    labs: Iterable[str] = ()
    clinics: Iterable[str] = ()


class Ruleset:
    """Rules ready to be asked."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self.of_diagnosis = self._matcher([rule.diagnoses for rule in rules], _icd_forms)
        self.of_medicine = self._matcher([rule.medicines for rule in rules], _code_prefixes)
        self.of_lab = self._matcher([rule.labs for rule in rules], lambda term: (term,))
        self.of_clinic = self._matcher([rule.clinics for rule in rules], _clinic_forms)
        self.of_any_name = self._matcher([_names(rule, with_labs=True) for rule in rules], lambda _: ())
        self._of_names_but_labs = self._matcher([_names(rule, with_labs=False) for rule in rules], lambda _: ())

    def touches(self, facts: Facts) -> bool:
        """Whether any rule matches; stops at the first."""
        return (
            any(map(self.of_diagnosis, facts.diagnoses))
            or any(map(self.of_medicine, facts.medicines))
            or any(map(self.of_lab, facts.labs))
            or any(map(self.of_clinic, facts.clinics))
        )

    def matching(self, facts: Facts) -> tuple[Rule, ...]:
        """The rules that match, in the order of the table."""
        matchers = (self.of_diagnosis, self.of_medicine, self.of_lab, self.of_clinic)
        hits = {hit for match, terms in zip(matchers, facts, strict=True) for term in terms for hit in match(term)}
        return tuple(self.rules[hit] for hit in sorted(hits))

    def of_text(self, text: str, *, is_about_medicine: bool = False) -> Hits:
        """The rules that words meet: by any name of the table, or by a code among the words.

        Morphine is a test's name in the table, and the name of a medicine that is no secret.
        """
        hits = set((self._of_names_but_labs if is_about_medicine else self.of_any_name)(text))
        for code in codes_in(text):
            hits.update(self.of_medicine(code) + self.of_diagnosis(code) + self.of_lab(code))
        return tuple(sorted(hits))

    @staticmethod
    def _matcher(marks: Sequence[Marks], forms: Callable[[str], Iterable[str]]) -> Matcher:
        """From a term to the rules it touches. `forms` are the ways in which a code may stand in the table."""
        by_code: dict[str, set[int]] = {}
        for index, mark in enumerate(marks):
            for code in mark.all_codes():
                by_code.setdefault(code, set()).add(index)
        patterns = [(index, _pattern(mark.names)) for index, mark in enumerate(marks) if mark.names]

        def look(term: str) -> Hits:
            coded = {hit for form in forms(term.strip().upper()) for hit in by_code.get(form, ())}
            return tuple(sorted(coded.union(index for index, pattern in patterns if pattern.search(term))))

        remembered = lru_cache(_REMEMBERED)(look)
        prose: dict[bytes, Hits] = {}

        def look_at_prose(term: str) -> Hits:
            digest = hashlib.sha256(term.encode("utf-8", "surrogatepass")).digest()
            found = prose.get(digest)
            if found is None:
                if len(prose) >= _REMEMBERED:
                    prose.clear()
                found = prose[digest] = look(term)
            return found

        return lambda term: remembered(term) if len(term) <= _LONGEST_TERM else look_at_prose(term)


def codes_in(text: str) -> list[str]:
    """What in words looks like a code of ATC, ICD-10 or LOINC."""
    return _CODE_IN_TEXT.findall(text)


def _names(rule: Rule, *, with_labs: bool) -> Marks:
    """The names by which a rule knows anything."""
    classes = (rule.diagnoses, rule.medicines, rule.clinics, *((rule.labs,) if with_labs else ()))
    return Marks((), tuple(dict.fromkeys(name for marks in classes for name in marks.names)))


def _icd_forms(code: str) -> Iterable[str]:
    """`E11.9`, `E119` and `E11.9+` stand under E11, E119: three to five characters without punctuation."""
    plain = "".join(filter(str.isalnum, code))
    return (plain[:3], plain[:4], plain[:5]) if len(plain) <= 8 else ()


def _code_prefixes(code: str) -> Iterable[str]:
    """ATC codes are named in the table by their first characters."""
    return (code[:5], code[:7]) if len(code) == 7 else ()  # J05AR06


def _clinic_forms(code: str) -> Iterable[str]:
    """eClaim's two digits, also inside the five digits of the 43-file CLINIC (0 or 1, specialty, subgroup).

    A number sent without its zero is one of two digits.
    """
    if len(code) == 1 and code.isdigit():
        return (f"0{code}",)
    return (code, code[1:3]) if len(code) == 5 and code.isdigit() else (code,)


def _pattern(names: Sequence[str]) -> re.Pattern[str]:
    """Whole words, any case; `*` opens that end of the word. Thai has no word ends, so its names match anywhere."""
    return re.compile("|".join(_word(name) for name in names), re.IGNORECASE)


def _word(name: str) -> str:
    before = "" if name.startswith("*") else "(?<![A-Za-z0-9])"
    after = "" if name.endswith("*") else "(?![A-Za-z0-9])"
    return before + re.escape(name.strip("*")) + after


DEFAULT_RULES = Ruleset([rule for rule in RULES if rule.is_on_by_default])
