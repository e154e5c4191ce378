"""Lines that could not be read: counted all, the first of them kept for the report. Never a cell's content."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One unreadable line. `why` is a key of WHY."""

    file: str
    line: int
    why: str


WHY = {
    "other_hospital": ("เป็นของหน่วยบริการอื่น", "belongs to another hospital"),
    "no_key": ("ไม่มี PID, SEQ หรือ AN", "has no PID, SEQ or AN"),
    "no_date": ("ไม่มีวันที่รับบริการ หรืออ่านวันที่ไม่ได้", "has no readable date of service"),
    "long": ("มีเครื่องหมาย | ในข้อความ คอลัมน์เลื่อน", "has a | inside a text, so its columns moved"),
    "no_start": ("ไม่ได้ขึ้นต้นด้วยรหัสหน่วยบริการ", "does not begin with a hospital code"),
}


@dataclass(slots=True)
class Faults:
    """What was wrong with an export."""

    kept: int = 1000
    counts: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    first: list[Fault] = field(default_factory=list[Fault])

    def add(self, file: str, line: int, why: str) -> None:
        """Count one line."""
        self.counts[file, why] += 1
        if len(self.first) < self.kept:
            self.first.append(Fault(file, line, why))

    @property
    def total(self) -> int:
        """How many lines were left out."""
        return self.counts.total()
