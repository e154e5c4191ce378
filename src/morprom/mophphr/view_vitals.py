"""Vital signs in every shape, and the VitalSign view."""

from typing import Any, cast

import msgspec

from morprom.mophphr.view_record import Reading, Row, visible_visits
from morprom.mophphr.view_shapes import PlainVisit
from morprom.mophphr.view_values import first_object, quantity, wall_text

MEASURES = {
    "body_weight_kg": "body_weight",
    "body_height_cm": "body_height",
    "body_temp_cel": "body_temp",
    "bp_systolic_mmhg": "bp_systolic",
    "bp_diastolic_mmhg": "bp_diastolic",
    "body_mass_index": "body_mass_index",
    "respiratory_rate": "respiratory_rate",
    "pulse": "pulse",
}
"""The flat name of each measure, as rows have it, and the name in the nested form."""

_FEW = tuple(MEASURES)[:5]  # what a VitalSign row shows


class MeasuredVisit(PlainVisit):
    """A visit with its vital signs."""

    vital_signs: object = msgspec.field(name="vital_signs", default=None)


_VISIT = msgspec.json.Decoder(MeasuredVisit)


def vital_sign_rows(reading: Reading) -> list[Row]:
    """One row for each visit at which any of five signs was measured, oldest first."""
    rows: list[Row] = []
    for seen in visible_visits(reading, _VISIT):
        signs = vital_signs(seen.visit.vital_signs)
        if any(signs[f"vital_sign_{name}"] is not None for name in _FEW):
            rows.append(
                {
                    "period_start": wall_text(seen.visit.period.start),
                    "period_y": seen.start.year,
                    "period_m": seen.start.month,
                    "period_d": seen.start.day,
                    **{f"vital_sign_{name}": signs[f"vital_sign_{name}"] for name in _FEW},
                }
            )
    return rows


def vital_signs(value: object) -> dict[str, int | float | None]:
    """`vital_sign_…` numbers of the flat form, the nested one, or a list with it. 0 was not measured."""
    sent = first_object(value)
    return {
        f"vital_sign_{flat}": _measure(sent.get(flat)) or _measure(sent.get(nested))
        for flat, nested in MEASURES.items()
    }


def _measure(value: object) -> int | float | None:
    if isinstance(value, dict):
        sent = cast("dict[str, Any]", value)
        value = sent.get("valueQuantity", sent.get("value"))
    return quantity(value) or None


def blood_pressure_text(signs: dict[str, int | float | None]) -> str:
    """`110/70`, "" unless both were measured."""
    systolic, diastolic = signs["vital_sign_bp_systolic_mmhg"], signs["vital_sign_bp_diastolic_mmhg"]
    return f"{systolic:g}/{diastolic:g}" if systolic and diastolic else ""
