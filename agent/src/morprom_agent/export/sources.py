"""Where the files are: a zip, a folder of text files, or a folder of zips (oldest first by name)."""

import io
import zipfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from morprom_agent.stop import Exit, Stop
from morprom_wire.files43 import FILES

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class TextFile:
    """One file of the standard. A later `origin` (zip of a folder) replaces what earlier ones say of the same visit."""

    entity: str
    origin: int
    name: str
    open: Callable[[], IO[bytes]]


@contextmanager
def text_files(source: Path) -> Generator[list[TextFile]]:
    """The files of an export that we read, while it is open. Raises Stop when there is no export at `source`."""
    with ExitStack() as stack:
        try:
            found = list(_find(source, stack))
        except (OSError, zipfile.BadZipFile) as error:
            raise _unreadable(source, error) from None
        if not any(file.entity == "SERVICE" for file in found):
            raise Stop(
                Exit.SOURCE,
                f"ไม่พบแฟ้ม SERVICE ใน {source} (ต้องเป็น zip หรือโฟลเดอร์ของ 43 แฟ้ม)",
                f"there is no SERVICE file in {source}; it must be a zip or a folder of the 43 files",
            )
        try:
            yield found
        except (zipfile.BadZipFile, EOFError) as error:
            raise _unreadable(source, error) from None


def _unreadable(source: Path, error: Exception) -> Stop:
    why = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
    return Stop(Exit.SOURCE, f"เปิด {source} ไม่ได้ ({why})", f"{source} cannot be read ({why})")


def _find(source: Path, stack: ExitStack) -> Iterator[TextFile]:
    if source.is_file():
        yield from _in_zip(source, 0, stack)
        return
    for path in sorted(source.iterdir()):
        if entity := _entity(path.name):
            yield TextFile(entity, 0, path.name, _opener(path))
    zips = sorted(path for path in source.iterdir() if path.suffix.lower() == ".zip")
    for origin, path in enumerate(zips, start=1):
        yield from _in_zip(path, origin, stack)


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb", buffering=CHUNK)


def _in_zip(path: Path, origin: int, stack: ExitStack) -> Iterator[TextFile]:
    archive = stack.enter_context(zipfile.ZipFile(path))
    for member in archive.infolist():
        if entity := _entity(member.filename.rsplit("/", 1)[-1]):
            yield TextFile(entity, origin, f"{path.name}/{member.filename}", _member_opener(archive, member))


def _member_opener(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: io.BufferedReader(archive.open(member), CHUNK)  # type: ignore[arg-type]


def _entity(name: str) -> str:
    """The entity a file name stands for: `person.txt`, `QOF_SERVICE.TXT`; "" for what we do not read."""
    stem, _, suffix = name.rpartition(".")
    entity = stem.upper().removeprefix("QOF_")
    return entity if suffix.lower() == "txt" and entity in FILES else ""


def fingerprint(source: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes when a file of the source does: names, sizes, times."""
    files = [source] if source.is_file() else sorted(source.iterdir())
    return tuple((file.name, (stat := file.stat()).st_size, stat.st_mtime_ns) for file in files)
