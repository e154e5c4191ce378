"""The export as the rest of the agent sees it: days, and the visits of a day."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from morprom_agent.export.faults import Faults
from morprom_agent.export.loading import Loader, RefRule
from morprom_agent.export.model import Day, Officer, Person, Visit
from morprom_agent.export.rows import Row
from morprom_agent.export.sources import text_files
from morprom_agent.export.staging import Staging, VisitLine

Part = tuple[str, int, str]


class Export:
    """An export that has been read into a staging file."""

    def __init__(self, staging: Staging, loader: Loader, faults: Faults) -> None:
        self._staging = staging
        self._columns = loader.columns
        self._shared = staging.shared_refs()
        self.officers: Mapping[str, Officer] = loader.officers
        self.faults = faults

    def days(self) -> list[tuple[date, int]]:
        """(day, visits and stays that began on it), newest first."""
        return [(date.fromordinal(ordinal), visits) for ordinal, visits in self._staging.days()]

    def count(self, on: date, not_counted: Sequence[str] = ()) -> Day:
        """The hospital's own counts of a day, without outpatients whose TYPEOUT is in `not_counted`."""
        return Day(on, *self._staging.counts(on.toordinal(), not_counted))

    def visits(self, on: date) -> Iterator[Visit]:
        """The visits and stays of a day, person by person."""
        for line, is_first in self._staging.visits(on.toordinal()):
            yield self._visit(line, is_first)

    def has(self, ref: str) -> bool:
        """Whether the hospital has this visit, on whatever day, unreadable ones included."""
        return self._staging.has_ref(ref)

    def may_lack_stays(self, on: date) -> bool:
        """Whether patients admitted that day are not in ADMISSION (yet): it lists stays that have ended."""
        return self._staging.open_admissions(on.toordinal())

    def _visit(self, line: VisitLine, is_first: bool) -> Visit:
        own = self._row("ADMISSION" if line.is_stay else "SERVICE", line.origin, line.line)
        keys = (line.key, f"D|{line.pid}|{line.day}") if is_first else (line.key,)
        rows = self._rows(self._staging.parts(*keys))
        on = date.fromordinal(line.day)
        person = self._person(line.pid)
        return Visit(line.ref, on, bool(line.is_stay), own, rows, person, line.ref in self._shared)

    def _person(self, pid: str) -> Person:
        rows = self._rows(self._staging.parts(f"P|{pid}"))
        own = rows.get("PERSON", ())
        return Person(pid, own[-1] if own else None, rows)

    def _rows(self, parts: list[Part]) -> dict[str, list[Row]]:
        """Rows by file; of several exports in a folder only the latest that has this file for this key."""
        latest: dict[str, tuple[int, dict[str, None]]] = {}
        for entity, origin, line in parts:
            held = latest.get(entity)
            if held is None or held[0] != origin:
                latest[entity] = held = (origin, dict[str, None]())
            held[1][line] = None  # a line twice is one fact
        return {
            entity: [self._row(entity, origin, line) for line in lines] for entity, (origin, lines) in latest.items()
        }

    def _row(self, entity: str, origin: int, line: str) -> Row:
        return Row(self._columns[entity, origin], line.split("|"))


@contextmanager
def opened(
    source: Path, hcode: str, *, workspace: Path, refs: RefRule, tell: Callable[[str], None] = lambda _: None
) -> Generator[Export]:
    """Read the export at `source` into a temporary file under `workspace`, gone when the block ends."""
    faults = Faults()
    staging = Staging(workspace)
    try:
        loader = Loader(staging, hcode, refs, faults)
        with text_files(source) as files:
            loader.load(files, tell)
        yield Export(staging, loader, faults)
    finally:
        staging.close()
