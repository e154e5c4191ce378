"""The one place that knows the variants of scalars: times, numbers, text, codes, references.

Hospital software writes the same fact in many ways; uploads and views read it through here, so that both agree.
Every function takes whatever JSON gave and answers with a value or "nothing": none raises.
"""

import math
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple, cast

from morprom.kernel import BANGKOK
from morprom.kernel.thai_text import BUDDHIST_ERA, FIRST_BUDDHIST_YEAR

_WALL_CLOCK = re.compile(
    r"(\d{4})[-/]?(\d{1,2})[-/]?(\d{1,2})"
    r"(?:[T ]?(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d*)?)?)?"
    r"\s*(?:[Zz]|([+-])(\d{2}):?(\d{2}))?",
    re.ASCII,
)
_NUMBER = re.compile(r"[+-]?(\d{1,30}|\d{0,30}\.\d{1,30}|\d{1,30}\.)([eE][+-]?\d{1,4})?", re.ASCII)
_TOO_LARGE = 10**30  # an integer of more digits is none in text either, and fits no float in the end
_NOTHING = frozenset({"", "-", "null", "NULL", "Null"})
_GENDERS = {
    **dict.fromkeys(("male", "m", "1", "ชาย"), "M"),
    **dict.fromkeys(("female", "f", "2", "หญิง"), "F"),
}


class Coding(NamedTuple):
    """One code of a code system; "" for what was not sent."""

    system: str
    code: str
    display: str


def local_time(value: object) -> datetime | None:
    """The Bangkok wall clock that `value` means, without a zone.

    A trailing Z is ignored (hospital software stamps local time with a false one); a numeric offset is honoured;
    Buddhist years are reduced; zero dates and what is no date are None.
    """
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value[:-1] if value[-1:] in "Zz" else value)
        if moment.year <= FIRST_BUDDHIST_YEAR:
            return moment if moment.tzinfo is None else moment.astimezone(BANGKOK).replace(tzinfo=None)
    except (ValueError, OverflowError):
        pass  # not ISO 8601 to the letter, or a 29 February that only the Gregorian year has
    return _loose_time(value.strip())


def _loose_time(text: str) -> datetime | None:
    found = _WALL_CLOCK.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, sign, zone_hours, zone_minutes = found.groups()
    gregorian = int(year) - (BUDDHIST_ERA if int(year) > FIRST_BUDDHIST_YEAR else 0)
    try:
        moment = datetime(gregorian, int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))  # noqa: DTZ001
        if sign is None:
            return moment
        offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes)) * (1 if sign == "+" else -1)
        return moment.replace(tzinfo=timezone(offset)).astimezone(BANGKOK).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def birth_date(value: object) -> date | None:
    """The day in `value`, with or without a time behind it."""
    moment = local_time(value)
    return None if moment is None else moment.date()


def number(value: object) -> int | float | None:
    """The finite number in `value`, sent as a number or as text (`"1,250.50"` too)."""
    if isinstance(value, str):
        return _number_in(value.strip().replace(",", ""))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    is_measurable = math.isfinite(value) if isinstance(value, float) else abs(value) < _TOO_LARGE
    return value if is_measurable else None


def _number_in(text: str) -> int | float | None:
    if _NUMBER.fullmatch(text) is None:
        return None
    if text.lstrip("+-").isdigit():
        return int(text)
    value = float(text)
    return value if math.isfinite(value) else None


def text(value: object) -> str:
    """The words in a scalar without the blanks around them; "" for null, "null", "-" and for what is no scalar."""
    if isinstance(value, str):
        words = value.strip()
        return "" if words in _NOTHING else words
    if isinstance(value, bool):
        return "true" if value else "false"
    return _digits(value) if isinstance(value, int | float) else ""


def _digits(value: float) -> str:
    try:
        return str(value)
    except ValueError:  # an integer of more than 4,300 digits
        return ""


def codings(value: object) -> list[Coding]:
    """Every code in `value`: a Coding, a CodeableConcept, a list of either, or a plain string (taken as display)."""
    return list(_each_coding(value, 4))


def _each_coding(value: object, depth: int) -> Iterator[Coding]:
    """`depth` ends what senders nest into itself."""
    if isinstance(value, list):
        if depth:
            for item in cast("list[Any]", value):
                yield from _each_coding(item, depth - 1)
    elif isinstance(value, dict):
        yield from _codings_of_object(cast("dict[str, Any]", value), depth)
    elif words := text(value):
        yield Coding("", "", words)


def _codings_of_object(value: dict[str, Any], depth: int) -> Iterator[Coding]:
    inner = list(_each_coding(value["coding"], depth - 1)) if "coding" in value and depth else []
    own = Coding(text(value.get("system")), text(value.get("code")), text(value.get("display")))
    if inner:
        yield from inner
    elif any(own):
        yield own
    elif words := text(value.get("text")):
        yield Coding("", "", words)


def concept_text(value: object) -> str:
    """What a person would read of a CodeableConcept: its text, else its first display, else its first code."""
    for concept in cast("list[object]", value)[:1] if isinstance(value, list) else [value]:
        if isinstance(concept, dict) and (words := text(cast("dict[str, Any]", concept).get("text"))):
            return words
    return next((coding.display or coding.code for coding in codings(cast("object", value))), "")


def prefixed_ref(hcode: str, ref: str) -> str:
    """`hcode:ref`, whether `ref` came bare or already with this hospital's code in front."""
    bare = ref.strip()
    return bare if bare.startswith(f"{hcode}:") else f"{hcode}:{bare}"


def bare_ref(hcode: str, ref: str) -> str:
    """The way back from `prefixed_ref`: another hospital's code in front stays."""
    return ref.strip().removeprefix(f"{hcode}:").strip()


def gender(value: object) -> str:
    """`M`, `F`, or "" when it was not said."""
    return _GENDERS.get(text(value).lower(), "")
