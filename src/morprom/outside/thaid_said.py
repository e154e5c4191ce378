"""What an answer of ThaID means, whoever gave it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from morprom.kernel import Cid
from morprom.kernel.thai_text import day_said
from morprom.outside.model import UpstreamSaid

LEVELS: Final = ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3")
UNIX: Final = 1_000_000_000  # what is more is a time, what is less a count of seconds


def ends_at(given: Mapping[str, Any], now: float) -> float:
    """When the token ends: `expire_in` is a Unix time, the standard's `expires_in` counts seconds. 0: not said."""
    value = given.get("expire_in", given.get("expires_in", 0))
    try:
        number = float(value)
    except (TypeError, ValueError):
        return 0.0
    return number if number >= UNIX else now + number if number > 0 else 0.0


def said_of(given: Mapping[str, Any], claims: Mapping[str, Any]) -> UpstreamSaid | None:
    """Who signed in, when what stands beside the tokens and what stands in the ID token do not differ."""
    numbers = {str(place["pid"]) for place in (given, claims) if place.get("pid")}
    levels = {level_of(place["ial"]) for place in (given, claims) if place.get("ial") is not None}
    cid = Cid.parse(numbers.pop()) if len(numbers) == 1 else None
    if cid is None or len(levels) > 1:
        return None
    told = {**given, **claims}
    return UpstreamSaid(
        cid, levels.pop() if levels else "", _amr(claims.get("amr")), _name(told, "name"), _name(told, "name_en"),
        _birth(told.get("birthdate")),
    )  # fmt: skip


def level_of(said: object) -> str:
    """`2.3`, 2.3 and `IAL2.3` alike; "" for what is no level that is known here."""
    text = str(said).strip().lower().removeprefix("ial").strip(" _-").removesuffix(".0")
    return text if text in LEVELS else ""


def _amr(said: object) -> frozenset[str]:
    if isinstance(said, str):
        return frozenset(said.split())
    return frozenset(str(one) for one in said) if isinstance(said, list) else frozenset()  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _name(told: Mapping[str, Any], member: str) -> str:
    """As a chip divides it: by title, given and family name where they are told, else the whole as one."""
    text = str(told.get(member) or "")[:200]
    if member == "name" and told.get("given_name"):
        return "#".join(
            str(told.get(part) or "")[:100] for part in ("title", "given_name", "middle_name", "family_name")
        )
    parts = text.split()
    return "#".join(["", *parts[:1], "", " ".join(parts[1:])]) if parts else ""


def _birth(said: object) -> date | None:
    """`2523-04-09` or `1980-04-09`; None for a date of which only the year is known."""
    text = str(said or "").replace("/", "-")
    try:
        year, month, day = (int(part) for part in text.split("-"))
    except ValueError:
        return None
    return day_said(year, month, day)
