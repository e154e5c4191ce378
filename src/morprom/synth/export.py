"""The zip: a growing text file for each of the 43 files, packed with fixed times: equal data are equal bytes."""

import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat
from pathlib import Path

from morprom.synth.columns import FILES
from morprom.synth.model import Row

_LINES_HELD = 2_000


@dataclass(frozen=True, slots=True)
class Layout:
    """How one file is written. The default is what a current exporter writes."""

    columns: tuple[str, ...]
    encoding: str = "utf-8"
    line_end: str = "\r\n"
    has_header: bool = True
    has_mark: bool = False


@dataclass(slots=True)
class _Growing:
    path: Path
    layout: Layout
    lines: list[str] = field(default_factory=list[str])
    count: int = 0

    def flush(self) -> None:
        end = self.layout.line_end
        text = end.join(self.lines) + end if self.lines else ""
        with self.path.open("ab") as file:
            file.write(text.encode(self.layout.encoding, "replace"))
        self.lines.clear()


class Export:
    """Collects rows in `folder`, bounded in memory; `pack` makes the zip."""

    def __init__(self, folder: Path, layouts: Mapping[str, Layout]) -> None:
        self._files = {name: _Growing(folder / name, layouts[name]) for name in FILES}
        for growing in self._files.values():
            if growing.layout.has_header:
                mark = "\ufeff" if growing.layout.has_mark else ""
                growing.lines.append(mark + "|".join(growing.layout.columns))

    def add(self, name: str, row: Row) -> None:
        """Write one row of file `name`; columns it does not mention stay empty."""
        growing = self._files[name]
        growing.lines.append("|".join(map(row.get, growing.layout.columns, repeat(""))))  # pyright: ignore[reportArgumentType, reportCallIssue]
        growing.count += 1
        if len(growing.lines) >= _LINES_HELD:
            growing.flush()

    @property
    def counts(self) -> dict[str, int]:
        """Rows written so far, by file."""
        return {name: growing.count for name, growing in self._files.items()}

    def pack(self, out: Path, on: date) -> None:
        """Write the zip, its members dated the evening of `on`."""
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name, growing in self._files.items():
                growing.flush()
                info = zipfile.ZipInfo(f"{name.lower()}.txt", (on.year, on.month, on.day, 23, 0, 0))
                info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
                info.file_size = growing.path.stat().st_size
                with growing.path.open("rb") as source, archive.open(info, "w") as member:
                    shutil.copyfileobj(source, member, 1 << 20)
                growing.path.unlink()


def current_layouts() -> dict[str, Layout]:
    """Every file as version 2.4 has it."""
    return {name: Layout(columns.all) for name, columns in FILES.items()}
