"""The Pregnancy view, and whether the person is pregnant now: from the diagnoses of visits.

ICD-10, chapter XV and Z32.1 to Z39. A pregnancy is told by any of its codes and over with a delivery, a loss or the
weeks after it; without such a code it is over 42 weeks after it was first told of.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from morprom.mophphr import normal
from morprom.mophphr.view_observations import ValueShape, value_of
from morprom.mophphr.view_record import Reading, Row, Seen, visible_visits
from morprom.mophphr.view_shapes import Coded, Concept, Named, Visit, diagnosis, laboratory
from morprom.mophphr.view_values import day_text, wall_text

LONGEST = timedelta(weeks=42)

_PREGNANT = re.compile(r"Z321|Z3[3-6]|O(09|1\d|2\d|3\d|4[0-8]|9[4-9])")
"""Z32.1 confirmed, Z33 incidental, Z34 and Z35 supervision, Z36 screening; O10-O48; O94-O99 conditions during it."""

_ENDED = re.compile(r"Z3[79]|O(0[0-8]|6\d|7\d|8\d|9[0-2])")
"""Z37 outcome of delivery, Z39 after it; O00-O08 loss; O60-O75 labour, O80-O84 delivery, O85-O92 puerperium."""

_MEASURES = {
    "11996-6": "gravida",
    "11977-6": "parity",
    "49051-6": "gestational_age_weeks",
    "18185-9": "gestational_age_weeks",
    "8665-2": "last_menstrual_period",
    "11778-8": "expected_delivery_date",
}
"""LOINC of what antenatal clinics measure."""

PregnancyVisit = Visit[Coded, ValueShape, Named]
_VISIT = msgspec.json.Decoder(PregnancyVisit)


@dataclass(frozen=True, slots=True)
class Sign:
    """What one visit tells of a pregnancy."""

    seen: Seen[Any]
    concept: Concept = field(repr=False)
    is_end: bool = field(repr=False)


def pregnancy_rows(reading: Reading) -> list[Row]:
    """One row for each visit that tells of a pregnancy or of its end, oldest first."""
    signs = list(_signs(visible_visits(reading, _VISIT)))
    current = {id(sign) for sign in _current(signs, reading.today)}
    rows = [_row(reading, sign, is_current=id(sign) in current) for sign in signs]
    for row in rows:
        row["is_mark"] = row is rows[-1]
    return rows


def is_pregnant(visits: Iterable[Seen[Any]], today: date) -> bool:
    """Whether the visits, oldest first, tell of a pregnancy that goes on today."""
    return bool(_current(list(_signs(visits)), today))


def _signs(visits: Iterable[Seen[Any]]) -> Iterator[Sign]:
    """At most one for each visit: of its codes an end counts before a pregnancy."""
    for seen in visits:
        found: Sign | None = None
        for item in seen.visit.conditions:
            concept = diagnosis(item.code)
            code = concept.code.upper().replace(".", "")
            if _ENDED.match(code):
                found = Sign(seen, concept, is_end=True)
                break
            if found is None and _PREGNANT.match(code):
                found = Sign(seen, concept, is_end=False)
        if found is not None:
            yield found


def _current(signs: Sequence[Sign], today: date) -> list[Sign]:
    """The signs of the pregnancy that goes on, [] when none does."""
    going_on: list[Sign] = []
    for sign in signs:
        if sign.is_end:
            going_on = []
        elif going_on and _is_over(going_on[0], sign.seen.start.date()):
            going_on = [sign]
        else:
            going_on.append(sign)
    return going_on if going_on and not _is_over(going_on[0], today) else []


def _is_over(first: Sign, day: date) -> bool:
    start = first.seen.start
    return start == datetime.min or day > start.date() + LONGEST  # noqa: DTZ901 (wall clock)


def _row(reading: Reading, sign: Sign, *, is_current: bool) -> Row:
    measured: Row = {column: None for column in _MEASURES.values()}
    for item in sign.seen.visit.all_observations:
        column = next(filter(None, (_MEASURES.get(one.code) for one in laboratory(item.code).codings)), "")
        if column:
            amount = value_of(item)
            measured[column] = day_text(item.value_string) if column.endswith(("period", "date")) else amount
    return sign.seen.origin(reading) | measured | {
        "period_start": wall_text(sign.seen.visit.period.start),
        "code_text": sign.concept.code,
        "code_display_text": sign.concept.display,
        "is_end": sign.is_end,
        "is_current": is_current,
        "last_menstrual_period": normal.text(measured["last_menstrual_period"]),
        "expected_delivery_date": normal.text(measured["expected_delivery_date"]),
    }  # fmt: skip
