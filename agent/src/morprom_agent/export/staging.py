"""The export in a temporary SQLite file, so that a year of a large hospital needs little memory.

The file holds people's data: it is private to this account and, where the system allows it, has no name on disk from
the moment it is open; elsewhere it goes when the run ends, and what a killed run left goes when the next begins.
Every statement of the reader is here.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PREFIX = "staging-"

SCHEMA = """
pragma journal_mode = off;
pragma synchronous = off;
pragma locking_mode = exclusive;
pragma cache_size = -65536;
create table visit (
  key text primary key, ref text, pid text, day integer, until integer, is_stay integer, way_out text,
  origin integer, line text
);
create table row (key text, entity text, origin integer, line text);
create table lost (ref text);
"""


class VisitLine(NamedTuple):
    """A line of SERVICE or ADMISSION. Days are proleptic ordinals; `until` is the day of discharge, 0 for none."""

    key: str
    ref: str
    pid: str
    day: int
    until: int
    is_stay: bool
    way_out: str
    origin: int
    line: str


class PartLine(NamedTuple):
    """A line of any other file, under the key of the visit, stay, person or person's day it belongs to."""

    key: str
    entity: str
    origin: int
    line: str


class Staging:
    """The temporary file. Close it to be rid of it."""

    def __init__(self, folder: Path) -> None:
        for left in folder.glob(f"{PREFIX}*"):
            with suppress(OSError):
                left.unlink()
        handle, name = tempfile.mkstemp(prefix=PREFIX, dir=folder)
        os.close(handle)
        self._path = Path(name)
        self._db = sqlite3.connect(name, isolation_level=None)
        self._db.executescript(SCHEMA)
        with suppress(PermissionError):  # Windows keeps the name of an open file
            self._path.unlink()

    def close(self) -> None:
        """Drop everything."""
        self._db.close()
        self._path.unlink(missing_ok=True)

    def begin(self) -> None:
        """Start loading."""
        self._db.execute("begin")

    def add_visits(self, lines: Iterable[VisitLine]) -> None:
        """Take visits; the last line with a key stays."""
        self._db.executemany("insert or replace into visit values (?, ?, ?, ?, ?, ?, ?, ?, ?)", lines)

    def add_parts(self, lines: Iterable[PartLine]) -> None:
        """Take what belongs to them."""
        self._db.executemany("insert into row values (?, ?, ?, ?)", lines)

    def add_lost(self, refs: Iterable[str]) -> None:
        """Remember refs of unreadable visits: the hospital has them, so the platform may keep them."""
        self._db.executemany("insert into lost values (?)", ((ref,) for ref in refs))

    def finish(self) -> None:
        """End loading: from here on lines are looked up."""
        self._db.execute("commit")
        self._db.executescript(
            "create index row_key on row (key); create index visit_day on visit (day, pid, is_stay, ref);"
            "create index visit_until on visit (until); create index visit_ref on visit (ref);"
            "create index lost_ref on lost (ref)"
        )

    def days(self) -> list[tuple[int, int]]:
        """(day, visits and stays), newest first."""
        return self._db.execute("select day, count(*) from visit group by day order by day desc").fetchall()

    def counts(self, day: int, not_counted: Sequence[str]) -> tuple[int, int, int]:
        """Outpatient visits, admissions and discharges of a day."""
        marks = ",".join("?" * len(not_counted))
        outpatients = self._one(
            f"select count(*) from visit where day = ? and not is_stay and way_out not in ({marks})",  # noqa: S608
            day,
            *not_counted,
        )
        admitted = self._one("select count(*) from visit where day = ? and is_stay", day)
        return outpatients, admitted, self._one("select count(*) from visit where until = ? and is_stay", day)

    def _one(self, statement: str, *values: object) -> int:
        return self._db.execute(statement, values).fetchone()[0]

    def visits(self, day: int) -> list[tuple[VisitLine, bool]]:
        """The visits of a day; True for the first of a person, which takes the person's rows that name no visit."""
        rows = self._db.execute(
            "select *, row_number() over (partition by pid order by is_stay, ref) = 1"
            " from visit where day = ? order by pid, is_stay, ref",
            (day,),
        )
        return [(VisitLine(*row[:-1]), bool(row[-1])) for row in rows]

    def parts(self, *keys: str) -> list[tuple[str, int, str]]:
        """(entity, origin, line) under these keys, in the order of the files."""
        marks = ",".join("?" * len(keys))
        return self._db.execute(
            f"select entity, origin, line from row where key in ({marks}) order by rowid",  # noqa: S608
            keys,
        ).fetchall()

    def has_ref(self, ref: str) -> bool:
        """Whether a visit of any day has this ref, unreadable ones included."""
        found = "exists(select 1 from visit where ref = :ref) or exists(select 1 from lost where ref = :ref)"
        return bool(self._db.execute(f"select {found}", {"ref": ref}).fetchone()[0])

    def shared_refs(self) -> set[str]:
        """Refs that more than one visit claims."""
        return {row[0] for row in self._db.execute("select ref from visit group by ref having count(*) > 1")}

    def open_admissions(self, day: int) -> bool:
        """Whether an outpatient of that day was admitted (TYPEOUT 2) and the export has no stay of theirs since."""
        return bool(
            self._one(
                "select exists(select 1 from visit v where v.day = ? and not v.is_stay and v.way_out = '2'"
                " and not exists (select 1 from visit s where s.pid = v.pid and s.is_stay"
                " and s.day between v.day and v.day + 1))",
                day,
            )
        )
