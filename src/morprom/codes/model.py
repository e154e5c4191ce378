"""Code systems as values."""

from dataclasses import dataclass, field
from datetime import date, datetime

import msgspec

from morprom.kernel import Words

CodeRow = dict[str, str]
"""One code: `code`, `display` (Thai where there is Thai), `display_en`, then whatever else its publisher gives.

Hand-written rows carry `source`: "confirmed" where a public source says so, "ours" where it follows from an open
standard.
"""


class CodeSystem(msgspec.Struct, frozen=True):
    """What is said of a code system without its codes. Members in the order of the wire."""

    system: str
    title_th: str
    title_en: str
    version: str
    date: date
    count: int
    source: str


@dataclass(frozen=True, slots=True)
class Published:
    """A code system with its codes as the JSON array that goes out, and the SHA-256 of that."""

    about: CodeSystem
    rows: bytes = field(repr=False)
    digest: bytes


@dataclass(frozen=True, slots=True)
class Former:
    """A version that was replaced or removed."""

    about: CodeSystem
    imported_at: datetime
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class Named:
    """What the operator says of a file; None: what the file itself says, else what is known already."""

    system: str
    version: str | None = None
    published_on: date | None = None
    title_th: str | None = None
    title_en: str | None = None


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A row that cannot be used. `place` is `line 3` of a CSV, or the JSON pointer of a concept."""

    place: str
    why: Words


@dataclass(frozen=True, slots=True)
class CodeFile:
    """What was read from a file. Every code comes once. `says` is what the file says of itself."""

    rows: list[CodeRow] = field(default_factory=list[CodeRow])
    faulty: list[FaultyRow] = field(default_factory=list[FaultyRow])
    says: dict[str, str] = field(default_factory=dict[str, str])
