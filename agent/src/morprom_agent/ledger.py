"""The agent's own memory, in SQLite: which visit was sent with which content, and how that went.

It holds refs, hashes, states and finding codes: no CID, no name, no payload. A row is `pending` from before a visit
leaves until its reply is here, so a run that was killed leaves nothing unknown: what is pending is sent again, and
the platform takes the same visit twice as once. Every statement of the ledger is here.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from morprom_agent.stop import Exit, Stop

FILE = "ledger.sqlite"

SCHEMA = """
create table if not exists visit (
  ref text primary key,
  is_stay integer not null,
  hash text not null,        -- of the payload last sent
  state text not null,
  attempts integer not null default 0,
  status integer not null default 0,  -- HTTP status of the last reply, 0 for none
  code text not null default '',      -- of the first finding
  path text not null default '',
  at text not null           -- UTC
) without rowid;
create index if not exists visit_state on visit (state);
create table if not exists finding (
  ref text not null, place integer not null, code text not null, path text not null, primary key (ref, place)
) without rowid;
create table if not exists belongs (to_url text not null, hcode text not null);
"""


class State(StrEnum):
    """How far a visit is. `warned` is on the platform like `sent`, with something to mend."""

    PENDING = "pending"
    SENT = "sent"
    WARNED = "warned"
    FAILED = "failed"
    REMOVED = "removed"


class Note(NamedTuple):
    """A finding as the ledger keeps it: what, and a JSON pointer to where."""

    code: str
    path: str


class Entry(NamedTuple):
    """What the ledger knows of a visit."""

    ref: str
    is_stay: bool
    hash: str
    state: State
    attempts: int
    status: int
    code: str
    path: str
    at: str

    @property
    def is_there(self) -> bool:
        """Whether the platform said that it has this content."""
        return self.state in (State.SENT, State.WARNED)


class Ledger:
    """An open ledger. Each statement commits by itself."""

    def __init__(self, folder: Path) -> None:
        path = folder / FILE
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._db.executescript("pragma journal_mode = wal; pragma synchronous = normal;" + SCHEMA)
        with suppress(OSError):
            path.chmod(0o600)

    def close(self) -> None:
        """Write everything out."""
        self._db.close()

    def belong(self, to_url: str, hcode: str) -> bool:
        """Bind the ledger to a platform and hospital. For another platform every hash is forgotten (False)."""
        found = self._db.execute("select to_url, hcode from belongs").fetchone()
        if found is None:
            self._db.execute("insert into belongs values (?, ?)", (to_url, hcode))
            return True
        if found[1] != hcode:
            raise Stop(
                Exit.SETTINGS,
                f"โฟลเดอร์สถานะนี้เป็นของหน่วยบริการ {found[1]} ให้ใช้ --state อื่นสำหรับ {hcode}",
                f"this state folder belongs to hospital {found[1]}; use another --state for {hcode}",
            )
        if found[0] != to_url:
            self._db.execute("update visit set hash = ''")
            self._db.execute("update belongs set to_url = ?", (to_url,))
        return found[0] == to_url

    def entry(self, ref: str) -> Entry | None:
        """What is known of a visit."""
        return next(iter(self._entries("where ref = ?", ref)), None)

    def entries(self, *states: State) -> list[Entry]:
        """Visits in these states (all when none is named), latest first."""
        if not states:
            return self._entries("order by at desc")
        marks = ",".join("?" * len(states))
        return self._entries(f"where state in ({marks}) order by at desc", *states)

    def _entries(self, rest: str, *values: str) -> list[Entry]:
        rows = self._db.execute(
            f"select ref, is_stay, hash, state, attempts, status, code, path, at from visit {rest}",  # noqa: S608
            values,
        )
        return [Entry(row[0], bool(row[1]), row[2], State(row[3]), *row[4:]) for row in rows]

    def pending(self, ref: str, is_stay: bool, content: str) -> None:
        """Note that a visit is about to leave."""
        self._db.execute(
            "insert into visit (ref, is_stay, hash, state, at) values (?, ?, ?, 'pending', ?) on conflict (ref)"
            " do update set is_stay = excluded.is_stay, hash = excluded.hash, state = 'pending', at = excluded.at",
            (ref, is_stay, content, _now()),
        )

    def settle(self, ref: str, state: State, status: int, attempts: int, notes: Sequence[Note] = ()) -> None:
        """Note how it went."""
        first = notes[0] if notes else Note("", "")
        self._db.execute(
            "update visit set state = ?, status = ?, attempts = attempts + ?, code = ?, path = ?, at = ? where ref = ?",
            (state, status, attempts, *first, _now(), ref),
        )
        self._db.execute("delete from finding where ref = ?", (ref,))
        if notes:
            rows = [(ref, place, *note) for place, note in enumerate(notes)]
            self._db.executemany("insert into finding values (?, ?, ?, ?)", rows)

    def removed(self, refs: Iterable[str]) -> None:
        """Note that visits were taken off the platform."""
        self._db.executemany(
            "insert into visit (ref, is_stay, hash, state, at) values (?, 0, '', 'removed', ?) on conflict (ref)"
            " do update set hash = '', state = 'removed', code = '', path = '', at = excluded.at",
            ((ref, _now()) for ref in refs),
        )

    def notes(self, ref: str) -> list[Note]:
        """Every finding of a visit."""
        rows = self._db.execute("select code, path from finding where ref = ? order by place", (ref,))
        return [Note(*row) for row in rows]

    def count(self) -> dict[str, int]:
        """How many visits are in each state."""
        rows = dict(self._db.execute("select state, count(*) from visit group by state").fetchall())
        return {state.value: rows.get(state.value, 0) for state in State}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
