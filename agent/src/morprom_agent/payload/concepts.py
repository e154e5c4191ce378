"""Small shapes that every part of a payload is made of."""

from datetime import datetime
from typing import Any

from morprom_agent.export import Row
from morprom_wire import systems

Json = dict[str, Any]


def coding(system: str, code: str, display: str = "") -> Json:
    """One code of a code system."""
    return {"system": system, "code": code, "display": display}


def concept(system: str, code: str, text: str = "") -> Json:
    """A CodeableConcept of one code, or of text alone."""
    return {"coding": [coding(system, code, text)] if code else [], "text": text}


def file43(column: str) -> str:
    """The code system of a 43-file column that has no other."""
    return f"{systems.FILE_43}#{column}"


def organization(hcode: str, name: str) -> Json:
    """A hospital as the wire names it."""
    return {
        "type": "Organization",
        "identifier": {"use": "official", "system": systems.HCODE, "value": hcode},
        "display": name,
    }


def wall_clock(moment: datetime | None) -> str | None:
    """Bangkok local time without a zone, as the wire protocol reads it (section 1)."""
    return moment.isoformat() if moment else None


def quantity(value: float, unit: str) -> Json:
    """A measured value."""
    return {"value": value, "unit": unit}


def baht(value: float) -> Json:
    """An amount of money."""
    return {"value": value, "currency": "THB"}


def without_nothing(item: Json) -> Json:
    """The same object without keys that are None."""
    return {key: value for key, value in item.items() if value is not None}


def dotless(row: Row, column: str) -> str:
    """A classification code as the 43-file standard writes it: upper case, no dot."""
    return row[column].replace(".", "").upper()
