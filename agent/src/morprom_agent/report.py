"""An Excel workbook that a nurse can work through: visit, HN, what, where, how to mend. No CID, no name."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from morprom_agent.export import Export, Faults
from morprom_agent.export.faults import WHY
from morprom_agent.filters import NEEDS_A_PERSON, REASONS, Filters
from morprom_agent.ledger import Entry, Ledger, Note, State
from morprom_agent.mending import mending_of, place_of
from morprom_agent.survey import bangkok_now

STATES = {State.WARNED: "ส่งแล้ว มีข้อสังเกต", State.FAILED: "ส่งไม่สำเร็จ"}
TO_MEND = (
    ("วันที่", 12),
    ("เลขที่ visit", 18),
    ("HN", 14),
    ("สถานะ", 20),
    ("ปัญหา", 34),
    ("แฟ้ม / คอลัมน์", 34),
    ("วิธีแก้ไข", 44),
    ("รหัส", 22),
    ("ตำแหน่งในข้อมูลที่ส่ง", 40),
    ("HTTP", 8),
    ("เมื่อ (UTC)", 22),
    ("แก้แล้ว", 10),
)
NOT_SENT = (("วันที่", 12), ("เลขที่ visit", 18), ("HN", 14), ("เหตุผล", 40), ("วิธีแก้ไข", 50), ("แก้แล้ว", 10))
BAD_LINES = (("แฟ้ม", 20), ("บรรทัด", 10), ("เหตุผล", 50))

Cells = Sequence[str | int]
Whose = Mapping[str, tuple[str, str]]
"""Day and HN by ref."""


def write_report(out: Path, ledger: Ledger, export: Export | None, filters: Filters) -> dict[str, int]:
    """Write the workbook; how many rows each sheet has. Without an export there are no HN and no skipped visits."""
    whose: dict[str, tuple[str, str]] = {}
    skipped = list(_skipped(export, filters, whose)) if export else []
    findings = list(_findings(ledger, whose))
    bad = list(_bad_lines(export.faults)) if export else []
    book = Workbook(write_only=True)
    _sheet(book, "ต้องแก้ไข", TO_MEND, findings)
    _sheet(book, "ไม่ได้ส่ง", NOT_SENT, skipped)
    _sheet(book, "บรรทัดที่อ่านไม่ได้", BAD_LINES, bad)
    book.save(out)
    return {"to_mend": len(findings), "not_sent": len(skipped), "bad_lines": len(bad)}


def _findings(ledger: Ledger, whose: Whose) -> Iterable[Cells]:
    for entry in ledger.entries(State.FAILED, State.WARNED):
        for note in ledger.notes(entry.ref) or [Note("", "")]:
            yield _finding(entry, note, *whose.get(entry.ref, ("", "")))


def _finding(entry: Entry, note: Note, day: str, hn: str) -> Cells:
    if note.code:
        what, how = mending_of(note.code)
    else:
        what, how = "แพลตฟอร์มไม่ตอบหรือไม่รับ", "ไม่ต้องแก้ไข ระบบส่งใหม่ในรอบถัดไป"
    place = place_of(note.path)
    return (day, entry.ref, hn, STATES[entry.state], what, place, how, note.code, note.path, entry.status, entry.at, "")


def _skipped(export: Export, filters: Filters, whose: dict[str, tuple[str, str]]) -> Iterable[Cells]:
    now = bangkok_now()
    for on, _ in export.days():
        for visit in export.visits(on):
            whose[visit.ref] = (on.isoformat(), visit.hn)
            why = filters.why_not(visit, now)
            if why in NEEDS_A_PERSON:
                thai, _, how = REASONS[why]
                yield on.isoformat(), visit.ref, visit.hn, thai, how, ""


def _bad_lines(faults: Faults) -> Iterable[Cells]:
    for fault in faults.first:
        yield fault.file, fault.line, WHY[fault.why][0]
    if faults.total > len(faults.first):
        yield "…", faults.total - len(faults.first), "บรรทัดที่เหลือ"


def _sheet(book: Workbook, title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Cells]) -> None:
    sheet: Any = book.create_sheet(title)  # its stubs know no write-only sheets
    for place, (_, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_heading(sheet, name) for name, _ in columns])
    count = 1
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count}"


def _heading(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, name)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="DDEBF7")
    cell.alignment = Alignment(wrap_text=True)
    return cell


def _cell(sheet: Any, value: str | int) -> Any:
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # an HN that begins with = is no formula
    return cell
