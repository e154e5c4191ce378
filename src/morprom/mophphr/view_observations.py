"""The Observation view: tests summed up by name and unit, or one row each."""

from dataclasses import dataclass, field

import msgspec
from msgspec import Raw

from morprom.mophphr import normal
from morprom.mophphr.view_record import Reading, Row, visible_visits
from morprom.mophphr.view_shapes import NULL, Coded, Measured, Named, Visit, concept, laboratory
from morprom.mophphr.view_values import first_object, prose, quantity, unit, wall_text


class ValueShape(Measured):
    """An observation with its result."""

    value_quantity: object = None


class InterpretedShape(ValueShape):
    """An observation whose result may be an interpretation alone."""

    interpretation: Raw = NULL


class ObservationShape(InterpretedShape):
    """What a row shows of an observation."""

    issued: object = None
    effective_date_time: object = None
    category: Raw = NULL
    body_site: Raw = NULL
    specimen: Raw = NULL
    note: object = None
    reference_range: object = None
    asserter: object = None


_SUMMARY = msgspec.json.Decoder(Visit[Coded, ValueShape, Named])
_DETAIL = msgspec.json.Decoder(Visit[Coded, ObservationShape, Named])


@dataclass(slots=True)
class _Sum:
    total: int = 0
    values: list[int | float] = field(default_factory=list[int | float])

    def row(self, display: str, in_unit: str) -> Row:
        values = self.values
        return {
            "display": display,
            "total": str(self.total),  # the specification's sample has a string here
            "min": min(values, default=None),
            "max": max(values, default=None),
            "avg": round(sum(values) / len(values), 2) if values else None,
            "observation_unit": in_unit,
        }


def observation_totals(reading: Reading) -> list[Row]:
    """Each test and unit with its count, least, greatest and mean value, by falling total.

    Names that differ in case alone are one test, shown as it was written last.
    """
    sums: dict[tuple[str, str], _Sum] = {}
    names: dict[str, str] = {}
    for seen in visible_visits(reading, _SUMMARY):
        for item in seen.visit.all_observations:
            amount, name = value_of(item), laboratory(item.code).text
            names[name.casefold()] = name
            found = sums.setdefault((name.casefold(), unit(item.value_quantity)), _Sum())
            found.total += 1
            if amount is not None:
                found.values.append(amount)
    ordered = sorted(sums.items(), key=lambda item: (-item[1].total, item[0]))
    return [found.row(names[name], in_unit) for (name, in_unit), found in ordered]


def observation_rows(reading: Reading, ref: str = "") -> list[Row]:
    """One row for each observation of each visit, or of one visit; oldest visit first."""
    return [
        origin | _row(reading, item)
        for seen in visible_visits(reading, _DETAIL, ref)
        for origin in (seen.origin(reading),)
        for item in seen.visit.all_observations
    ]


def value_of(item: ValueShape) -> int | float | None:
    """The number measured, also when it was sent as text."""
    amount = quantity(item.value_quantity)
    return normal.number(item.value_string) if amount is None else amount


def _row(reading: Reading, item: ObservationShape) -> Row:
    found = laboratory(item.code)
    asserter = first_object(item.asserter)
    return _reference_range(item.reference_range) | {
        "issued": wall_text(item.issued) or wall_text(item.effective_date_time),
        "display": found.text,
        "display_text": found.display,
        "display_md5": reading.row_key(f"observation|{found.text}".encode()),
        "profile_group_text": laboratory(item.profile_group).text,
        "value_quantity": value_of(item),
        "value_string": normal.text(item.value_string),
        "observation_unit": unit(item.value_quantity),
        "interpretation": concept(item.interpretation).text,
        "note": prose(item.note) if reading.seeing.free_text else "",
        "body_site": concept(item.body_site).text,
        "specimen": concept(item.specimen).text,
        "category_code": concept(item.category).code,
        "tmlt_code": found.code_in("tmlt"),
        "loinc_code": found.code_in("loinc"),
        "asserter_reference": normal.text(asserter.get("reference")),
        "asserter_display": normal.text(asserter.get("display")),
    }


def _reference_range(value: object) -> Row:
    sent = first_object(value)
    low, high = sent.get("low", sent.get("normal_low")), sent.get("high", sent.get("normal_high"))
    return {
        "reference_range_normal_low": quantity(low),
        "reference_range_normal_high": quantity(high),
        "reference_range_text": normal.text(sent.get("text")) or normal.text(value),
    }
