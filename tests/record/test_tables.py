"""Code tables are whole and say what the standard says."""

from collections import Counter

import pytest

from morprom.record import PROVINCES, region_of
from morprom.record.tables import marital_status, nationality_code


def test_there_are_77_provinces_in_13_regions() -> None:
    sizes = Counter(region_of(code) for code in PROVINCES)
    assert len(PROVINCES) == len(set(PROVINCES.values())) == 77
    assert [sizes[region] for region in range(1, 14)] == [8, 5, 5, 8, 8, 8, 4, 7, 4, 5, 7, 7, 1]


@pytest.mark.parametrize(
    ("code", "region"),
    [("40", 7), (40, 7), (" 10 ", 13), ("50", 1), ("90", 12), ("99", None), ("", None), ("ขก", None)],
)
def test_a_province_lies_in_its_region(code: str | int, region: int | None) -> None:
    assert region_of(code) == region


@pytest.mark.parametrize(
    ("sent", "code", "name"),
    [("1", "S", "โสด"), ("s", "S", "โสด"), ("6", "S", "สมณะ"), ("5", "L", "แยก"), ("UNK", "UNK", "ไม่ทราบ"),
     ("T", "T", ""), ("", "", "")],
)  # fmt: skip
def test_a_marital_status_is_known_by_either_code(sent: str, code: str, name: str) -> None:
    assert marital_status(sent) == (code, name)


@pytest.mark.parametrize(("sent", "code"), [("099", "099"), ("99", "099"), ("TH", "099"), ("48", "048"), ("", "")])
def test_a_nationality_has_three_digits(sent: str, code: str) -> None:
    assert nationality_code(sent) == code
