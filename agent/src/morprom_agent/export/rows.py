"""One line of a 43-file as named cells, and what a cell means."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

NOTHING: Final = frozenset({"", "-", "NULL", "null", "Null", "\\N"})
FIRST_BUDDHIST_YEAR: Final = 2400


class Row:
    """Cells by column name. A column that the file does not have, a short line and every spelling of null read ""."""

    __slots__ = ("_at", "_cells")

    def __init__(self, at: dict[str, int], cells: Sequence[str]) -> None:
        self._at = at
        self._cells = cells

    def __getitem__(self, column: str) -> str:
        at = self._at.get(column)
        if at is None or at >= len(self._cells):
            return ""
        cell = self._cells[at].strip()
        return "" if cell in NOTHING else cell

    def first(self, *columns: str) -> str:
        """The first of these columns that says anything."""
        return next((cell for column in columns if (cell := self[column])), "")


def day(cell: str) -> date | None:
    """The day of a `YYYYMMDD…` cell; dashes and Buddhist years are understood, zero dates are None."""
    digits = cell.replace("-", "").replace("/", "")[:8]
    if len(digits) != 8 or not digits.isdecimal():
        return None
    year = int(digits[:4])
    try:
        return date(year - 543 if year > FIRST_BUDDHIST_YEAR else year, int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def moment(cell: str, time: str = "") -> datetime | None:
    """The Bangkok wall clock of a `YYYYMMDDHHMMSS` cell, or of a day and a separate `HHMMSS`; naive."""
    on = day(cell)
    if on is None:
        return None
    digits = "".join(filter(str.isdecimal, cell))
    hour, minute, second = _clock(time or digits[8:])
    return datetime(on.year, on.month, on.day, hour, minute, second)  # noqa: DTZ001 (wall clock, as the wire wants it)


def _clock(text: str) -> tuple[int, int, int]:
    """`HHMMSS`, `HHMM`, with colons, or with the leading zero lost; midnight for what is no time."""
    digits = "".join(filter(str.isdecimal, text))
    digits = digits.zfill(6) if len(digits) in (5, 6) else digits.zfill(4) + "00" if len(digits) in (3, 4) else "000000"
    hour, minute, second = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else (0, 0, 0)


def number(cell: str) -> int | float | None:
    """The number of a cell; whole ones as int, None for text, infinities and nothing."""
    try:
        value = float(cell.replace(",", ""))
    except ValueError:
        return None
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 (NaN)
        return None
    return int(value) if value.is_integer() else value


def positive(cell: str) -> int | float | None:
    """A measured number: zero means that nobody measured."""
    value = number(cell)
    return value if value is not None and value > 0 else None
