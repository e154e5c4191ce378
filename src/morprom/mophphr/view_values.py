"""Values of rows: instants, wall clocks, and the words of members whose shape varies."""

from datetime import datetime
from typing import Any, cast

from morprom.kernel import BANGKOK
from morprom.mophphr import normal

Sent = dict[str, Any]
"""An object as it was sent."""


def epoch_ms(at: datetime) -> int:
    """Milliseconds since 1970 of an instant."""
    return round(at.timestamp() * 1000)


def wall_ms(value: object) -> int | None:
    """Milliseconds since 1970 of a wall-clock time as it was sent."""
    moment = normal.local_time(value)
    return None if moment is None else epoch_ms(moment.replace(tzinfo=BANGKOK))


def wall_text(value: object) -> str:
    """`2017-11-14T08:15:17` of a time as it was sent, "" for none."""
    moment = normal.local_time(value)
    return "" if moment is None else moment.isoformat(timespec="seconds")


def day_text(value: object) -> str:
    """`2017-11-14` of a time as it was sent, "" for none."""
    return wall_text(value)[:10]


def objects(value: object) -> list[Sent]:
    """The objects in a list, or a lone one."""
    items = cast("list[Any]", value) if isinstance(value, list) else [value]
    return [cast("Sent", item) for item in items if isinstance(item, dict)]


def first_object(value: object) -> Sent:
    """The first object there is, an empty one for none."""
    found = objects(value)
    return found[0] if found else {}


def words(value: object) -> list[str]:
    """The texts in a list, or a lone one."""
    items = cast("list[Any]", value) if isinstance(value, list) else [value]
    return [found for found in map(normal.text, items) if found]


def prose(value: object) -> str:
    """The text of notes: a string, `{text}`, a concept, or a list of them; one line each."""
    items = cast("list[Any]", value) if isinstance(value, list) else [value]
    return "\n".join(filter(None, (normal.concept_text(item) for item in items)))


def first_code(value: object) -> str:
    """The first code, also when it was sent as a plain word."""
    return next((coding.code or coding.display for coding in normal.codings(value)), "")


def quantity(value: object) -> int | float | None:
    """The number in `{value, unit}`, or a plain one."""
    return normal.number(cast("Sent", value).get("value") if isinstance(value, dict) else value)


def unit(value: object) -> str:
    """The unit of `{value, unit}`."""
    sent = first_object(value)
    return normal.text(sent.get("unit")) or normal.text(sent.get("code"))


def named(value: object) -> str:
    """A reference's display, else its text."""
    return normal.text(first_object(value).get("display")) or normal.concept_text(value)
