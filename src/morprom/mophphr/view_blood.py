"""The blood group in laboratory results: the newest ABO group, and the newest Rh type."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from msgspec import Raw

from morprom.mophphr import normal
from morprom.mophphr.view_record import Seen
from morprom.mophphr.view_shapes import NULL, concept, laboratory

_LOINC = frozenset(("882-1", "883-9", "10331-7"))  # ABO and Rh group; ABO group; Rh type
_NAME = re.compile(r"blood ?(group|type|gr\b)|\babo\b|\brh\b|(หมู่|กรุ๊ป)(เลือด|โลหิต)", re.IGNORECASE)
_ABO = re.compile(r"(?<![A-Za-z])(AB|A|B|O)(?![A-Za-z])", re.IGNORECASE)
_RH = re.compile(r"(\+|pos|บวก)|(-|neg|ลบ)", re.IGNORECASE)
_RH_ALONE = re.compile(r"^\W*(rh\W*)?(\(d\))?\W*(\+|-|pos\w*|neg\w*|บวก|ลบ)\W*$", re.IGNORECASE)
_LONGEST = 40  # characters of a result; longer ones are remarks


class BloodGroup(NamedTuple):
    """`abo` is A, B, AB, O or ""; `rh` is Rh+, Rh- or ""."""

    abo: str = ""
    rh: str = ""

    def __repr__(self) -> str:
        return "BloodGroup(…)"

    @property
    def display(self) -> str:
        """`A Rh+`."""
        return f"{self.abo} {self.rh}".strip() if self.abo else ""


class _Tests:
    """Which tests are of the blood group, by the bytes of their code: hospitals repeat the same few."""

    def __init__(self) -> None:
        self._known: dict[bytes, bool] = {}

    def __contains__(self, raw: Raw) -> bool:
        written = bytes(raw)
        found = self._known.get(written)
        if found is None:
            if len(self._known) > 16_384:  # then they are forgotten together
                self._known.clear()
            test = laboratory(raw)
            is_coded = any(coding.code in _LOINC for coding in test.codings)
            found = self._known[written] = is_coded or any(_NAME.search(term) for term in test.terms)
        return found


_tests = _Tests()


def blood_group(visits: Iterable[Seen[Any]]) -> BloodGroup:
    """Of visits, oldest first."""
    abo = rh = ""
    for seen in visits:
        for item in seen.visit.all_observations:
            if item.code is not NULL and item.code in _tests:
                told = _read(normal.text(item.value_string) or concept(item.interpretation).text)
                abo, rh = told.abo or abo, told.rh or rh
    return BloodGroup(abo, rh)


def _read(words: str) -> BloodGroup:
    """`AB`, `A Rh positive`, `O+`, `Rh negative`, `หมู่ B`."""
    if len(words) > _LONGEST:
        return BloodGroup()
    group = None if _RH_ALONE.match(words) else _ABO.search(words)
    sign = _RH.search(words)
    return BloodGroup(group[1].upper() if group else "", ("Rh+" if sign[1] else "Rh-") if sign else "")
