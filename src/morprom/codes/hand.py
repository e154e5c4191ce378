"""The code systems that are written by hand: `tables/*.toml`, and those that other tables of ours already hold.

A row's `source` is "confirmed" when a public source says so, and "ours" when it follows from an open standard that the
system's own source names; what nobody publishes is not made up.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

import msgspec

from morprom.codes.model import CodeRow, CodeSystem, Published
from morprom.codes.rules import published
from morprom.record import PROVINCES, region_of
from morprom.record.tables import MARITAL_STATUSES, NATIONALITY_NAMES

WRITTEN_ON: Final = date(2026, 4, 1)
VERSION: Final = "1"
HEALTH_REGIONS: Final = range(1, 14)
ENGLISH: Final = {
    "1": "Single", "2": "Married", "3": "Widowed", "4": "Divorced", "5": "Separated", "6": "Clergy", "9": "Unknown",
    "099": "Thai", "048": "Burmese", "056": "Lao", "057": "Cambodian",
}  # fmt: skip


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    title_th: str
    title_en: str
    source: str
    columns: list[str]
    rows: list[list[str]]


@cache
def hand_written() -> Mapping[str, Published]:
    """Every hand-written system by name."""
    return {each.about.system: each for each in (*_tables(), *_derived())}


def _tables() -> Iterator[Published]:
    for file in (resources.files("morprom.codes") / "tables").iterdir():
        if file.name.endswith(".toml"):
            table = msgspec.convert(tomllib.loads(file.read_text("utf-8")), _Table)
            rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
            yield _system(file.name.removesuffix(".toml"), table.title_th, table.title_en, table.source, rows)


def _derived() -> Iterator[Published]:
    """Systems whose codes the record's own tables hold."""
    yield _system(
        "province", "จังหวัด", "Provinces", "DOPA codes, Ministry of Interior",
        [_row(code, name, region=str(region_of(code))) for code, name in sorted(PROVINCES.items())],
    )  # fmt: skip
    yield _system(
        "health_region", "เขตสุขภาพ", "Health regions", "Ministry of Public Health",
        [
            _row(str(region), f"เขตสุขภาพที่ {region}", f"Health region {region}", provinces=_provinces_of(region))
            for region in HEALTH_REGIONS
        ],
    )  # fmt: skip
    yield _system(
        "marital_status", "สถานะสมรส", "Marital status", "43-file standard, MSTATUS; hl7 = HL7 v3 MaritalStatus",
        [_row(code, each.name, ENGLISH[code], hl7=each.code) for code, each in MARITAL_STATUSES.items()],
    )  # fmt: skip
    yield _system(
        "nationality", "สัญชาติ", "Nationalities",
        "43-file standard, NATION: 4 of 272 codes; the whole list is to be imported",
        [_row(code, name, ENGLISH[code]) for code, name in NATIONALITY_NAMES.items()],
    )  # fmt: skip


def _provinces_of(region: int) -> str:
    return " ".join(code for code in sorted(PROVINCES) if region_of(code) == region)


def _row(code: str, display: str, display_en: str = "", **more: str) -> CodeRow:
    return {"code": code, "display": display, "display_en": display_en, "source": "confirmed", **more}


def _system(name: str, title_th: str, title_en: str, source: str, rows: list[CodeRow]) -> Published:
    return published(CodeSystem(name, title_th, title_en, VERSION, WRITTEN_ON, len(rows), source), rows)
