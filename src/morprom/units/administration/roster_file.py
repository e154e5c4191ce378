"""The ministry's list of units as a file: Excel or CSV, by its Thai or English column names."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from morprom.kernel import Category, Hcode, Problem, Words
from morprom.record import PROVINCES, region_of
from morprom.units.model import UnitEntry

# Column names by which lists in use call each field, in lower case without spaces, dots or underscores.
COLUMNS: Final = {
    "hcode": ("hcode", "hcode5", "hospcode", "code5", "code", "รหัส5หลัก", "รหัส5", "รหัสหน่วยบริการ", "รหัสหน่วยงาน",
              "รหัสสถานบริการ", "รหัสโรงพยาบาล", "รหัส"),
    "name": ("name", "hname", "hosname", "hospname", "ชื่อ", "ชื่อหน่วยบริการ", "ชื่อหน่วยงาน", "ชื่อสถานบริการ", "ชื่อโรงพยาบาล"),
    "type": ("type", "hostype", "ประเภทหน่วยบริการสุขภาพ", "ประเภทหน่วยบริการ", "ประเภทสถานบริการ", "ประเภท"),
    "province": ("province", "provcode", "changwat", "chwpart", "รหัสจังหวัด", "จังหวัด"),
    "district": ("district", "amphur", "ampur", "อำเภอ/เขต", "อำเภอ", "เขต/อำเภอ"),
    "region": ("region", "healthregion", "regionid", "เขตสุขภาพ", "เขตบริการสุขภาพ", "เขตบริการ"),
    "beds": ("beds", "bed", "เตียงที่ใช้จริง", "จำนวนเตียง", "เตียง"),
}  # fmt: skip
TITLE_ROWS: Final = 20  # a list may open with a title; the row of column names is looked for this far
_PROVINCE_OF: Final = {name: code for code, name in PROVINCES.items()} | {"กรุงเทพ": "10", "กรุงเทพฯ": "10", "กทม": "10"}

Cells = Sequence[object]


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A row that cannot be used. `number` counts from 1 as a spreadsheet shows it."""

    number: int
    why: Words


@dataclass(frozen=True, slots=True)
class RosterFile:
    """What a list of units says. Every hcode comes once."""

    entries: list[UnitEntry] = field(default_factory=list[UnitEntry])
    faulty: list[FaultyRow] = field(default_factory=list[FaultyRow])


def read_roster(path: Path) -> RosterFile:
    """Read a list of units. Raises Problem ROSTER_UNREADABLE, or ROSTER_HEADER without hcode and name columns."""
    rows = enumerate(_rows(path), start=1)
    column = _header(rows)
    roster = RosterFile()
    seen: dict[str, int] = {}
    for number, cells in rows:
        if not any(_text(cell) for cell in cells):
            continue
        read = _entry({name: _text(cells[at]) if at < len(cells) else "" for name, at in column.items()})
        if isinstance(read, UnitEntry) and read.hcode in seen:
            first = seen[read.hcode]
            read = Words(f"รหัสซ้ำกับแถว {first}", f"the code is already in row {first}")
        if isinstance(read, Words):
            roster.faulty.append(FaultyRow(number, read))
        else:
            seen[read.hcode] = number
            roster.entries.append(read)
    return roster


def province_code(text: str) -> str | None:
    """The DOPA code of a province given by code or by Thai name; None when there is none such."""
    name = text.strip().removeprefix("จังหวัด").removeprefix("จ.").strip().rstrip(".")
    return name if name in PROVINCES else _PROVINCE_OF.get(name)


def _entry(cell: dict[str, str]) -> UnitEntry | Words:
    code = cell["hcode"]
    hcode = Hcode.parse(code.zfill(5) if code.isdigit() else code)  # a spreadsheet drops leading zeros
    if hcode is None:
        return Words("รหัสหน่วยบริการไม่ถูกต้อง", "the hospital code is not 5 digits or 9 characters")
    if not cell["name"]:
        return Words("ไม่มีชื่อหน่วยบริการ", "the name is empty")
    province = province_code(cell.get("province", ""))
    if cell.get("province") and province is None:
        return Words("ไม่รู้จักจังหวัด", "there is no such province")
    region = region_of(province) if province else _number(cell.get("region", "").removeprefix("เขตสุขภาพที่"))
    if region is not None and not 1 <= region <= 13:
        return Words("เขตสุขภาพต้องเป็น 1 ถึง 13", "the health region is 1 to 13")
    beds = _number(cell.get("beds", "").replace(",", ""))
    return UnitEntry(hcode, cell["name"], cell.get("type", ""), province, cell.get("district", ""), region, beds)


def _header(rows: Iterable[tuple[int, Cells]]) -> dict[str, int]:
    """Which field is in which column; consumes the rows up to the column names."""
    for number, cells in rows:
        named = {_plain(_text(cell)): at for at, cell in reversed(list(enumerate(cells)))}
        found = {field: named[name] for field, names in COLUMNS.items() for name in reversed(names) if name in named}
        if {"hcode", "name"} <= found.keys():
            return found
        if number >= TITLE_ROWS:
            break
    raise Problem(
        Category.INCORRECT,
        "ROSTER_HEADER",
        Words("ไม่พบหัวคอลัมน์รหัสและชื่อหน่วยบริการ (hcode, name)", "no row names the columns hcode and name"),
    )


def _rows(path: Path) -> Iterator[Cells]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error.strerror or "it cannot be opened") from None
    if content.startswith(b"PK"):
        return _excel_rows(path, content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _unreadable(path, "it is an old .xls; save it as .xlsx or CSV")
    return _csv_rows(path, content)


def _excel_rows(path: Path, content: bytes) -> Iterator[Cells]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        yield from book.worksheets[0].iter_rows(values_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError):
        raise _unreadable(path, "it is not an Excel workbook") from None


def _csv_rows(path: Path, content: bytes) -> Iterator[Cells]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp874", errors="replace")
    text = text.replace("\0", "")
    delimiter = max(",;\t|", key=text[:4096].count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise _unreadable(path, str(error)) from None


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split()).removeprefix("'")


def _plain(name: str) -> str:
    return name.lower().replace(" ", "").replace("_", "").replace(".", "").strip("\ufeff*")


def _number(text: str) -> int | None:
    whole = text.strip().partition(".")[0]
    return int(whole) if whole.isascii() and whole.isdigit() and len(whole) < 7 else None


def _unreadable(path: Path, why: str) -> Problem:
    return Problem(
        Category.INCORRECT, "ROSTER_UNREADABLE", Words(f"อ่านแฟ้ม {path.name} ไม่ได้", f"{path.name} cannot be read: {why}")
    )
