"""A visit as the export tells it: its own row, the rows that belong to it, and the person's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from morprom_agent.export.rows import Row, moment

Rows = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Officer:
    """Someone who treats: licence number and name, "" for what PROVIDER does not say."""

    licence: str
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """The rows of one PID; `row` is that of PERSON, None when the export has none."""

    pid: str = field(repr=False)
    row: Row | None = field(repr=False)
    rows: Rows = field(repr=False)


@dataclass(frozen=True, slots=True)
class Visit:
    """One outpatient visit (`row` of SERVICE) or one stay (`row` of ADMISSION). `ref` never changes once sent."""

    ref: str
    day: date
    is_stay: bool
    row: Row = field(repr=False)
    rows: Rows = field(repr=False)
    person: Person = field(repr=False)
    is_ref_shared: bool = False

    def of(self, opd: str, ipd: str) -> Sequence[Row]:
        """The rows of one of a pair of files, by the kind of visit."""
        return self.rows.get(ipd if self.is_stay else opd, ())

    @property
    def start(self) -> datetime | None:
        """When it began, Bangkok wall clock."""
        row = self.row
        return moment(row["DATETIME_ADMIT"]) if self.is_stay else moment(row["DATE_SERV"], row["TIME_SERV"])

    @property
    def end(self) -> datetime | None:
        """When a stay ended; an outpatient visit has no end in the files."""
        return moment(self.row["DATETIME_DISCH"]) if self.is_stay else None

    @property
    def hn(self) -> str:
        """HN of the visit, else of the person, else the PID."""
        own = "" if self.is_stay else self.row["HN"]
        return own or (self.person.row["HN"] if self.person.row else "") or self.person.pid


@dataclass(frozen=True, slots=True)
class Day:
    """What the export holds of one day. `discharged` counts stays that ended on it, whenever they began."""

    on: date
    outpatients: int
    admitted: int
    discharged: int
