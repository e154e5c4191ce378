"""From bytes to rows: encoding, header, broken lines."""

import io
from collections.abc import Iterator
from typing import IO, NamedTuple

from morprom_agent.export.sources import CHUNK, TextFile
from morprom_wire.files43 import FILES

DOS_END_OF_FILE = "\x1a"
LONGEST_BROKEN_ROW = 20_000


TEXTS = {
    "SERVICE": ("CHIEFCOMP", "PAT_INSTRUCTION"),
    "DRUG_OPD": ("DNAME", "INSTRUCTION"),
    "DRUG_IPD": ("DNAME", "INSTRUCTION"),
    "DRUGALLERGY": ("DNAME", "SYMPTOM_TEXT"),
    "APPOINTMENT": ("", "PAT_INSTRUCTION"),
    "LABFU": ("", "NOTE"),
}
"""Where people write: before and behind D_UPDATE. Files with several such columns before it cannot be mended."""


class Line(NamedTuple):
    """One row: the number of its first line, its text and its cells. `is_long`: a `|` too many moved its columns."""

    number: int
    text: str
    cells: list[str]
    is_long: bool = False


def encoding_of(stream: IO[bytes]) -> str:
    """`utf-8-sig` or `cp874`, by the first part of the file that is not plain ASCII.

    The lines vote: a hospital system that cuts a UTF-8 name in the middle of a letter does not turn the file to cp874.
    """
    while chunk := stream.read(CHUNK):
        lines = [line for line in chunk.split(b"\n")[:-1] or [chunk] if not line.isascii()]
        if lines:
            return "utf-8-sig" if 2 * sum(map(_is_utf8, lines)) >= len(lines) else "cp874"
    return "utf-8-sig"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def read(file: TextFile) -> tuple[dict[str, int], Iterator[Line]]:
    """Where each column is, and the rows. By header when the first cell is HOSPCODE, else by position."""
    with file.open() as stream:
        encoding = encoding_of(stream)
    lines = _lines(file, encoding)
    first = next(lines, (0, ""))
    names = [cell.strip(' "').upper() for cell in first[1].split("|")]
    if names[0] == "HOSPCODE":
        at = {name: place for place, name in enumerate(names) if name}
        rows = _rows(lines)
    else:
        at = {name: place for place, name in enumerate(FILES[file.entity].all)}
        rows = _rows(_again(first, lines))
    width = len(names)  # without a header that of the first row: later versions append columns nobody knows yet
    return at, (row if len(row.cells) <= width else _narrowed(row, at, width, file.entity) for row in rows)


def _narrowed(row: Line, at: dict[str, int], width: int, entity: str) -> Line:
    """The row with the cells of its text joined again, of which a `|` inside made several.

    D_UPDATE tells on which side of it that happened: it is a timestamp unless it was moved.
    """
    stamp = at.get("D_UPDATE", width)
    is_behind = stamp < width and row.cells[stamp].strip().isdecimal() and len(row.cells[stamp].strip()) in (8, 14)
    place = at.get(TEXTS.get(entity, ("", ""))[is_behind])
    if place is None:
        return row._replace(is_long=True)
    end = place + 1 + len(row.cells) - width
    cells = [*row.cells[:place], " ".join(row.cells[place:end]), *row.cells[end:]]
    return Line(row.number, "|".join(cells), cells)


def _again(first: tuple[int, str], rest: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    yield first
    yield from rest


def _lines(file: TextFile, encoding: str) -> Iterator[tuple[int, str]]:
    with file.open() as raw, io.TextIOWrapper(raw, encoding, errors="replace", newline="\n") as text:
        for number, line in enumerate(text, start=1):
            plain = line.rstrip("\r\n" + DOS_END_OF_FILE)
            if plain:
                yield number, plain


def _rows(lines: Iterator[tuple[int, str]]) -> Iterator[Line]:
    """Rows; a line that does not begin one goes on with the one before.

    The standard knows no quoting, so a line break inside a complaint cuts its row in two.
    """
    row: Line | None = None
    for number, text in lines:
        cells = text.split("|")
        if row is not None and not begins_row(cells[0]) and len(row.text) < LONGEST_BROKEN_ROW:
            joined = f"{row.text} {text}"
            row = Line(row.number, joined, joined.split("|"))
            continue
        if row is not None:
            yield row
        row = Line(number, text, cells)
    if row is not None:
        yield row


def begins_row(cell: str) -> bool:
    """Whether a row may begin with this cell: a hospital code of 5 or 9 characters."""
    code = cell.strip()
    return len(code) in (5, 9) and code.isascii() and code[-5:].isdigit()
