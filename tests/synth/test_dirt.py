"""The dirt: every fault there is appears in a dirty export, and none in a clean one."""

import itertools
import re
import zipfile
from datetime import date
from pathlib import Path
from random import Random

import pytest

from morprom.synth import Summary, write_export
from morprom.synth.columns import FILES
from morprom.synth.dirt import ROW_FAULTS
from morprom_wire.cid import is_cid, is_made_up

END = date(2026, 1, 31)


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Summary, dict[str, bytes]]:
    path: Path = tmp_path_factory.mktemp("dirt") / "dirty.zip"
    summary = write_export(path, people=600, months=1, seed=1, end=END, dirty=0.05, with_cast=True)
    with zipfile.ZipFile(path) as archive:
        return summary, {name.removesuffix(".txt").upper(): archive.read(name) for name in archive.namelist()}


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp874")


def test_about_the_asked_share_of_rows_is_spoilt(dirty: tuple[Summary, dict[str, bytes]]) -> None:
    summary, _ = dirty
    assert 0.04 < summary.spoilt / sum(summary.rows.values()) < 0.06


def test_files_come_from_several_exporters(dirty: tuple[Summary, dict[str, bytes]]) -> None:
    _, files = dirty
    encodings = {_encoding(data) for data in files.values()}
    assert encodings == {"utf-8", "utf-8-sig", "cp874"}
    first = {name: _text(data).split("\n")[0].strip().split("|") for name, data in files.items()}
    assert sum("HOSPCODE" not in header for header in first.values()) == 3
    assert any(tuple(header) == FILES[name].classic != FILES[name].all for name, header in first.items())
    assert any(
        set(header) == set(FILES[name].all) and tuple(header) != FILES[name].all for name, header in first.items()
    )
    assert sum(b"\r\n" not in data for data in files.values()) >= 3


def _encoding(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    try:
        data.decode()
    except UnicodeDecodeError:
        return "cp874"
    return "utf-8"


def test_hospitals_make_up_numbers_and_mistype_them(dirty: tuple[Summary, dict[str, bytes]]) -> None:
    _, files = dirty
    rows = [line.split("|") for line in _text(files["PERSON"]).splitlines()]
    numbers = [cell for row in rows for cell in row[1:2] if re.fullmatch(r"[0-9]{13}", cell)]
    assert any(number.startswith("00000") for number in numbers)
    assert any(is_made_up(number, "99999") and not number.startswith("00000") for number in numbers)
    assert any(number.startswith("19900") and not is_cid(number) for number in numbers)


@pytest.mark.parametrize(
    "sign", [r"\|25[67]\d{5}", r"\|0{8}\||0000-00-00", r"[^\s|] {2,}\|", r"\|-\|", r"\|null\||\|NULL\|"]
)
def test_a_dirty_export_shows_every_kind_of_cell(dirty: tuple[Summary, dict[str, bytes]], sign: str) -> None:
    assert any(re.search(sign, _text(data)) for data in dirty[1].values())


def test_rows_are_doubled_orphaned_and_torn(dirty: tuple[Summary, dict[str, bytes]]) -> None:
    _, files = dirty
    lines = {name: _text(data).replace("\r\n", "\n").split("\n") for name, data in files.items()}
    assert any(earlier == later for rows in lines.values() for earlier, later in itertools.pairwise(rows))
    assert any(re.search(r"\|9\d{8}\|", line) for line in lines["DIAGNOSIS_OPD"] + lines["CHARGE_OPD"])
    counts = {len(line.split("|")) for line in lines["SERVICE"] if line}
    assert len(counts) > 1


FULL_ROW = {
    "PRENAME": "003", "NAME": "บุญมี", "BIRTH": "19600101", "DATE_SERV": "20260105", "SBP": "130", "DBP": "80",
    "DIAGCODE": "E119",
    "DIDSTD": "9" * 24, "LABRESULT": "6.5", "CHIEFCOMP": "ไข้ ไอ", "APDATE": "20260201",
}  # fmt: skip


@pytest.mark.parametrize("fault", ROW_FAULTS, ids=lambda fault: fault.__name__)
def test_each_fault_changes_a_row_it_fits_and_leaves_the_others(fault) -> None:  # pyright: ignore
    assert fault(Random(1), dict(FULL_ROW)) != FULL_ROW
    assert fault(Random(1), {"HOSPCODE": "99999"}).keys() == {"HOSPCODE"}
