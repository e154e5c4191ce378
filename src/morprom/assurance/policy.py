"""The versioned tables, read once."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from morprom.assurance.model import Limits
from morprom.kernel import Words

CURRENT: Final = "etda-2564"
FOLDER: Final = Path(__file__).parent / "policies"


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of the table, in both languages."""

    th: str
    en: str

    @property
    def words(self) -> Words:
        """As the platform says them."""
        return Words(self.th, self.en)


class Way(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to a level: every condition of `needs` holds. `confirmed`: read in the standard's own text. `elsewhere`:
    by what an upstream says, so that nobody is told to do it here.
    """

    needs: tuple[str, ...]
    confirmed: bool = True
    elsewhere: bool = False


class LevelRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A level and the ways to it, the usual one first. `absolute` and `idle` are seconds, for AAL alone."""

    level: str
    th: str
    en: str
    source: str
    ways: tuple[Way, ...]
    offered: bool = True
    absolute: int = 0
    idle: int | None = None


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version of the rules. Levels stand from low to high."""

    name: str
    kind: Literal["th", "nist"]
    ial: tuple[LevelRow, ...]
    aal: tuple[LevelRow, ...]
    condition: dict[str, Said]

    def limits(self, aal: str) -> Limits:
        """How long a session at `aal` lasts. Raises KeyError for a level that the table does not have."""
        row = {row.level: row for row in self.aal}[aal]
        return Limits(row.absolute, row.idle)


@cache
def table(name: str = CURRENT) -> Table:
    """A table by name. Raises KeyError for one that does not exist."""
    path = FOLDER / f"{name}.toml"
    if path.parent != FOLDER or not path.is_file():
        raise KeyError(name)
    return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Table)


def tables() -> tuple[str, ...]:
    """The names of every table."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))
