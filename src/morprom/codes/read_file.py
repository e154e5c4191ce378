"""A file of codes: CSV with a row of column names, or a FHIR CodeSystem as JSON. Nothing is stored here."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from morprom.codes.model import CodeFile, CodeRow, FaultyRow
from morprom.codes.read_fhir import clean, fhir_concepts
from morprom.kernel import Category, Problem, Words

MOST_ROWS: Final = 1_000_000
LARGEST_FILE: Final = 256_000_000
LONGEST_CODE: Final = 100
LONGEST_TEXT: Final = 2_000
TOLD_EVERY: Final = 20_000
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")

# Column names by which files in use call each field, in lower case without spaces, dots, hyphens or underscores.
COLUMNS: Final = {
    "code": ("code", "รหัส", "codeid", "id", "value"),
    "display": ("display", "displayth", "nameth", "name", "ชื่อ", "ชื่อไทย", "คำอธิบาย", "descriptionth", "description"),
    "display_en": ("displayen", "nameen", "ชื่ออังกฤษ", "descriptionen", "english"),
}

Told = Callable[[int], None]


def read_codes(path: Path, told: Told = lambda count: None) -> CodeFile:
    """Read a file of codes; `told` hears now and then how many rows were read.

    Raises Problem CODES_UNREADABLE, or CODES_HEADER when no column is named code.
    """
    text = _text(path)
    read = CodeFile()
    is_json = text.lstrip()[:1] in ("{", "[")
    found = fhir_concepts(text, read.says) if is_json else _csv_rows(text)
    seen: dict[str, str] = {}
    for number, (place, row) in enumerate(found, start=1):
        if number > MOST_ROWS:
            raise unreadable(f"มีเกิน {MOST_ROWS:,} แถว", f"it has more than {MOST_ROWS:,} rows")
        why = _fault(row, seen)
        if why:
            read.faulty.append(FaultyRow(place, why))
        else:
            seen[row["code"]] = place
            read.rows.append(row)
        if number % TOLD_EVERY == 0:
            told(number)
    return read


def unreadable(th: str, en: str) -> Problem:
    """The file as a whole cannot be used."""
    words = Words(f"อ่านแฟ้มรหัสไม่ได้: {th}", f"the file cannot be read: {en}")
    return Problem(Category.INCORRECT, "CODES_UNREADABLE", words)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise unreadable("แฟ้มใหญ่เกินไป", f"it is larger than {LARGEST_FILE:,} bytes")
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(f"เปิด {path.name} ไม่ได้", f"{path.name}: {error.strerror}") from None
    if content.startswith(b"PK") or content.startswith(b"\xd0\xcf\x11\xe0"):
        raise unreadable("เป็น Excel โปรดบันทึกเป็น CSV UTF-8", "it is Excel; save it as CSV UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp874")
    except UnicodeDecodeError:
        raise unreadable("ไม่ใช่ UTF-8 และไม่ใช่ cp874", "it is neither UTF-8 nor cp874") from None


def _fault(row: CodeRow, seen: dict[str, str]) -> Words | None:
    code = row.get("code", "")
    if not code:
        return Words("ไม่มีรหัส", "the code is empty")
    if not row.get("display"):
        return Words("ไม่มีชื่อ", "the display is empty")
    if code in seen:
        return Words(f"รหัสซ้ำกับ {seen[code]}", f"the code is already at {seen[code]}")
    if len(code) > LONGEST_CODE or any(len(text) > LONGEST_TEXT for text in row.values()):
        return Words("ข้อความยาวเกินไป", f"longer than {LONGEST_CODE} (a code) or {LONGEST_TEXT} (a text) characters")
    if any(CONTROL.search(text) for text in row.values()):
        return Words("มีอักขระควบคุม", "it holds control characters")
    return None


def _csv_rows(text: str) -> Iterator[tuple[str, CodeRow]]:
    delimiter = max(",;\t|", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = _columns(next(reader, list[str]()))
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield f"line {line}", _row(names, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise unreadable(f"บรรทัด {reader.line_num}", f"line {reader.line_num}: {error}") from None


def _row(names: Sequence[str], cells: Sequence[str]) -> CodeRow:
    """The named cells; an empty one of our own three members stays, so that every row has them."""
    given = {name: clean(cell) for name, cell in zip(names, cells, strict=False) if name}
    mine: CodeRow = {name: given.pop(name, "") for name in COLUMNS}
    mine["display"] = mine["display"] or mine["display_en"]
    return mine | {name: text for name, text in given.items() if text}


def _columns(header: Sequence[str]) -> list[str]:
    """What each column is: one of our members, its own name in lower case, or "" when it has none."""
    plain = [_plain(name) for name in header]
    names = [name.strip().lower() for name in header]
    for member, known in COLUMNS.items():
        at = next((plain.index(name) for name in known if name in plain), None)
        names = [name if name != member else f"{name}_as_given" for name in names]
        if at is not None:
            names[at] = member
    if "code" not in names:
        words = Words("ไม่พบหัวคอลัมน์ code ในบรรทัดแรก", "the first line names no column code")
        raise Problem(Category.INCORRECT, "CODES_HEADER", words)
    return names


def _plain(name: str) -> str:
    return "".join(character for character in name.strip().lower() if character not in " ._-")
