"""Which line goes where: the key it belongs to, and what makes it unreadable."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from morprom_agent.export.faults import Faults
from morprom_agent.export.lines import Line, begins_row, read
from morprom_agent.export.model import Officer
from morprom_agent.export.rows import Row, day
from morprom_agent.export.sources import TextFile
from morprom_agent.export.staging import PartLine, Staging, VisitLine

OF_PERSON = frozenset({"PERSON", "ADDRESS", "CARD", "DRUGALLERGY", "CHRONIC"})
OF_STAY = frozenset({"DIAGNOSIS_IPD", "DRUG_IPD", "PROCEDURE_IPD", "CHARGE_IPD"})
VISITS_FIRST = ("PROVIDER", "ADMISSION", "SERVICE")
"""ADMISSION before the files that may name its AN."""


@dataclass(frozen=True, slots=True)
class RefRule:
    """How a visit is named on the platform. `style` is seq, pid-seq or hn-seq; stays get `an_prefix` and the AN."""

    style: str = "seq"
    an_prefix: str = ""

    def of_visit(self, row: Row) -> str:
        """The ref of a SERVICE row."""
        match self.style:
            case "pid-seq":
                return f"{row['PID']}-{row['SEQ']}"
            case "hn-seq":
                return f"{row['HN'] or row['PID']}-{row['SEQ']}"
            case _:
                return row["SEQ"]

    def of_stay(self, row: Row) -> str:
        """The ref of an ADMISSION row."""
        return f"{self.an_prefix}{row['AN']}"


class Loader:
    """Reads the files of one hospital into a staging file."""

    def __init__(self, staging: Staging, hcode: str, refs: RefRule, faults: Faults) -> None:
        self._staging = staging
        self._hcode = hcode
        self._refs = refs
        self._faults = faults
        self._stays: set[str] = set()
        self.columns: dict[tuple[str, int], dict[str, int]] = {}
        self.officers: dict[str, Officer] = {}

    def load(self, files: list[TextFile], tell: Callable[[str], None]) -> None:
        """Read every file once; `tell` hears the name of each."""
        order = {entity: at for at, entity in enumerate(VISITS_FIRST)}
        self._staging.begin()
        for file in sorted(files, key=lambda file: (order.get(file.entity, len(order)), file.origin)):
            tell(file.name)
            at, lines = read(file)
            self.columns[file.entity, file.origin] = at
            self._take(file, at, lines)
        self._staging.finish()

    def _take(self, file: TextFile, at: dict[str, int], lines: Iterator[Line]) -> None:
        ours = ((line, Row(at, line.cells)) for line in lines if self._is_ours(file, line))
        match file.entity:
            case "PROVIDER":
                self.officers |= {row["PROVIDER"]: _officer(row) for _, row in ours}
            case "SERVICE":
                self._staging.add_visits(self._visits(file, ours))
            case "ADMISSION":
                self._staging.add_visits(self._admissions(file, ours))
            case _:
                self._staging.add_parts(self._parts(file, ours))

    def _is_ours(self, file: TextFile, line: Line) -> bool:
        code = line.cells[0].strip()
        if code[-5:] == self._hcode[-5:] and len(code) in (5, 9):
            return True
        self._faults.add(file.entity, line.number, "other_hospital" if begins_row(code) else "no_start")
        return False

    def _visits(self, file: TextFile, rows: Iterator[tuple[Line, Row]]) -> Iterator[VisitLine]:
        for line, row in rows:
            on = day(row["DATE_SERV"])
            pid, seq = row["PID"], row["SEQ"]
            if line.is_long or not pid or not seq or on is None:
                self._lose(file, line, _why(line, pid and seq), self._refs.of_visit(row))
                continue
            key = f"V|{pid}|{seq}"
            ref = self._refs.of_visit(row)
            yield VisitLine(key, ref, pid, on.toordinal(), 0, False, row["TYPEOUT"], file.origin, line.text)

    def _admissions(self, file: TextFile, rows: Iterator[tuple[Line, Row]]) -> Iterator[VisitLine]:
        for line, row in rows:
            on, until = day(row["DATETIME_ADMIT"]), day(row["DATETIME_DISCH"])
            pid, an = row["PID"], row["AN"]
            if line.is_long or not pid or not an or on is None:
                self._lose(file, line, _why(line, pid and an), self._refs.of_stay(row))
                continue
            key = f"A|{pid}|{an}"
            self._stays.add(key)
            left = until.toordinal() if until else 0
            ref = self._refs.of_stay(row)
            yield VisitLine(key, ref, pid, on.toordinal(), left, True, row["DISCHTYPE"], file.origin, line.text)

    def _lose(self, file: TextFile, line: Line, why: str, ref: str) -> None:
        self._faults.add(file.entity, line.number, why)
        self._staging.add_lost([ref])

    def _parts(self, file: TextFile, rows: Iterator[tuple[Line, Row]]) -> Iterator[PartLine]:
        find = self._finder(file.entity)
        for line, row in rows:
            key = find(row)
            if key and not line.is_long:
                yield PartLine(key, file.entity, file.origin, line.text)
            else:
                self._faults.add(file.entity, line.number, "long" if line.is_long else "no_key")

    def _finder(self, entity: str) -> Callable[[Row], str]:
        if entity in OF_PERSON:
            return lambda row: f"P|{pid}" if (pid := row["PID"]) else ""
        if entity in OF_STAY:
            return lambda row: f"A|{pid}|{an}" if (pid := row["PID"]) and (an := row["AN"]) else ""
        return self._visit_key

    def _visit_key(self, row: Row) -> str:
        """By AN when the export has that stay, else by SEQ, else by the person's day (EPI and NCDSCREEN: no SEQ)."""
        pid, seq, an = row["PID"], row["SEQ"], row["AN"]
        if pid and an and (key := f"A|{pid}|{an}") in self._stays:
            return key
        if pid and seq:
            return f"V|{pid}|{seq}"
        on = day(row["DATE_SERV"])
        return f"D|{pid}|{on.toordinal()}" if pid and on else ""


def _why(line: Line, key: str) -> str:
    """What is wrong with an unreadable visit: a key of faults.WHY."""
    if line.is_long:
        return "long"
    return "no_date" if key else "no_key"


def _officer(row: Row) -> Officer:
    return Officer(row["REGISTERNO"], f"{row['NAME']} {row['LNAME']}".strip())
