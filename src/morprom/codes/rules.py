"""Decisions about code systems, and how their codes are packed."""

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec
import zstandard

from morprom.codes.model import CodeFile, CodeRow, CodeSystem, Named, Published
from morprom.kernel import Category, Problem, Words

NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,63}")
LARGEST_ROWS: Final = 512_000_000


def name_of(text: str) -> str:
    """The name of a system as it is looked for: in any case."""
    return text.strip().lower()


def described(named: Named, file: CodeFile, known: CodeSystem | None, today: date) -> CodeSystem:
    """What is said of an import: by the operator, else by the file, else by the system of that name.

    Raises Problem CODES_NAME or CODES_VERSION.
    """
    system = name_of(named.system)
    if not NAME.fullmatch(system):
        raise _incorrect(
            "CODES_NAME", "ชื่อระบบรหัสใช้ a-z 0-9 และ _", "a system's name is of a-z, 0-9 and _, a letter first"
        )
    version = named.version or file.says.get("version", "")
    if not version:
        raise _incorrect("CODES_VERSION", "โปรดระบุ --version", "say which --version this is")
    title = file.says.get("title") or file.says.get("name") or system
    return CodeSystem(
        system,
        named.title_th or (known.title_th if known else title),
        named.title_en or (known.title_en if known else title),
        version,
        named.published_on or _day(file.says.get("date", "")) or today,
        len(file.rows),
        file.says.get("url") or "imported",
    )


def published(about: CodeSystem, rows: Sequence[CodeRow]) -> Published:
    """The system with its codes as they go out."""
    encoded = msgspec.json.encode(rows)
    return Published(about, encoded, hashlib.sha256(encoded).digest())


def packed(rows: bytes) -> bytes:
    """The codes as they are kept."""
    return zstandard.ZstdCompressor(level=9).compress(rows)


def unpacked(rows: bytes) -> bytes:
    """The codes as they go out."""
    return zstandard.ZstdDecompressor().decompress(rows, max_output_size=LARGEST_ROWS)


def _day(text: str) -> date | None:
    """The day of a FHIR dateTime; a month or a year is its first day."""
    parts = text[:10].split("-")
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    year, month, day = *map(int, parts), *[1] * (3 - len(parts))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _incorrect(code: str, th: str, en: str) -> Problem:
    return Problem(Category.INCORRECT, code, Words(th, en))
