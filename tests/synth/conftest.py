"""Exports that several tests look at, read the simple way: this is not the agent's reader."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from morprom.synth import Summary, write_export

END = date(2026, 1, 31)


@dataclass(frozen=True)
class Written:
    """One export: what was said about it, and its rows by file and column."""

    path: Path
    summary: Summary
    files: dict[str, list[dict[str, str]]]

    def of(self, file: str, **columns: str) -> list[dict[str, str]]:
        """Rows of a file whose columns have these values."""
        return [row for row in self.files[file] if all(row[name] == value for name, value in columns.items())]


def _read(path: Path) -> dict[str, list[dict[str, str]]]:
    files: dict[str, list[dict[str, str]]] = {}
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            lines = archive.read(member).decode("utf-8").split("\r\n")
            header = lines[0].split("|")
            rows = [line.split("|") for line in lines[1:-1]]
            assert all(len(row) == len(header) for row in rows), member
            files[member.removesuffix(".txt").upper()] = [dict(zip(header, row, strict=True)) for row in rows]
    return files


Writer = Callable[..., Written]


@pytest.fixture(scope="session")
def write(tmp_path_factory: pytest.TempPathFactory) -> Writer:
    """Write a clean export and read it."""

    def _write(people: int, months: int, **more: object) -> Written:
        path = tmp_path_factory.mktemp("synth") / "export.zip"
        arguments = {"seed": 1, "end": END} | more
        summary = write_export(path, people=people, months=months, **arguments)  # pyright: ignore[reportArgumentType]
        return Written(path, summary, _read(path))

    return _write


@pytest.fixture(scope="session")
def month(write: Writer) -> Written:
    """The month that the demo sends: 600 people with the cast among them."""
    return write(600, 1, with_cast=True)


@pytest.fixture(scope="session")
def years(write: Writer) -> Written:
    """Three years of few people, for what takes years."""
    return write(300, 36)
