"""How old somebody is, as far as their card says, and from which age they do what for themselves."""

import calendar
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

FOLDER: Final = Path(__file__).parent / "minors"


class Ages(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version of the table, in years."""

    version: int
    own_sign_in: int


@cache
def current_ages() -> Ages:
    """The newest version."""
    newest = max(FOLDER.glob("*.toml"), key=lambda file: file.name)
    return msgspec.toml.decode(newest.read_bytes(), type=Ages)


def may_sign_in(born: date | None, known: Literal["day", "month", "year"], on: date) -> bool:
    """Whether somebody has an account of their own on that day. Nobody has whose date of birth is not known."""
    return born is not None and years(born, known, on) >= current_ages().own_sign_in


def years(born: date, known: Literal["day", "month", "year"], on: date) -> int:
    """How many years somebody is old at least: of what is not known of the date, the latest day counts."""
    month = 12 if known == "year" else born.month
    day = born.day if known == "day" else calendar.monthrange(born.year, month)[1]
    return on.year - born.year - ((on.month, on.day) < (month, day))
