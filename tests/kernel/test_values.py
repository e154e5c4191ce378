"""Identifiers, identifiers made, problems, secrets, instants."""

import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morprom.kernel import BANGKOK, Category, Cid, Hcode, Problem, Secret, Words, new_id, time_ordered_id, utc_now
from morprom_wire.cid import TEST_CID, check_digit

TWELVE = st.text("0123456789", min_size=12, max_size=12)
DIGITS = "199000000001" + str(check_digit("199000000001"))


@given(TWELVE)
def test_of_ten_last_digits_one_makes_a_citizen_number(twelve: str) -> None:
    last = [digit for digit in "0123456789" if Cid.parse(twelve + digit)]
    assert last in ([str(check_digit(twelve))], [])  # none: numbers that are nobody's whatever their last digit


@pytest.mark.parametrize(
    "text",
    [
        DIGITS,
        f" {DIGITS}\n",
        f"{DIGITS[0]}-{DIGITS[1:5]}-{DIGITS[5:10]}-{DIGITS[10:12]}-{DIGITS[12]}",
        f"{DIGITS[:6]} {DIGITS[6:]}",
    ],
)
def test_a_citizen_number_is_read_as_people_write_it(text: str) -> None:
    cid = Cid.parse(text)
    assert cid == Cid(DIGITS) and cid is not None and cid.digits == DIGITS and hash(cid) == hash(Cid(DIGITS))


@pytest.mark.parametrize(
    "text", ["", "x", DIGITS[:-1], DIGITS + "0", int(DIGITS), None, b"1", [DIGITS], "๑" * 13, "１" * 13]
)
def test_what_is_no_citizen_number_is_none(text: object) -> None:
    assert Cid.parse(text) is None


def test_made_up_and_test_numbers_are_told_apart() -> None:
    made_up = Cid.parse("106700000001" + str(check_digit("106700000001")))
    assert made_up and made_up.is_made_up_by("10670") and not made_up.is_made_up_by("13814")
    assert Cid(TEST_CID).is_test and not Cid(DIGITS).is_test
    assert not Cid(DIGITS).is_made_up_by("10670")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("10670", "10670"), (" 10670 ", "10670"), (10670, "10670"), ("00a123456", "00A123456"),
        ("123456789", "123456789"),
        ("1067", None), ("106700", None), ("1067x", None), ("", None), (None, None), (True, None), (1.5, None),
        ("๑๐๖๗๐", None), ("10-70", None), ("AB-123456", None),
    ],
)  # fmt: skip
def test_a_hospital_code_has_five_digits_or_nine_characters(text: object, code: str | None) -> None:
    assert Hcode.parse(text) == code


def test_a_time_ordered_id_is_laid_out_as_a_version_7() -> None:
    before = time.time_ns() // 1_000_000
    made = time_ordered_id()
    after = time.time_ns() // 1_000_000
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= after


def test_time_ordered_ids_are_many_and_sort_by_their_millisecond() -> None:
    ids = [time_ordered_id() for _ in range(5_000)]
    assert len(set(ids)) == 5_000
    assert [one.int >> 80 for one in ids] == sorted(one.int >> 80 for one in ids)
    random_bits = [one.int & ((1 << 62) - 1) for one in ids]
    assert len({bits >> 54 for bits in random_bits}) > 200  # the rest is random: every byte value turns up


def test_a_new_id_says_nothing() -> None:
    assert new_id().version == 4
    assert isinstance(new_id(), UUID) and len({new_id() for _ in range(1_000)}) == 1_000


def test_a_problem_prints_its_code_alone() -> None:
    problem = Problem(Category.TOO_MANY, "CODE_THROTTLED", Words("โปรดรอ", "wait"), retry_after=30)
    assert (str(problem), problem.retry_after) == ("CODE_THROTTLED", 30)
    assert str(problem.words) == "โปรดรอ / wait"
    assert len(Category) == 9


def test_secrets_are_equal_by_what_they_hold_and_cannot_be_hashed() -> None:
    assert Secret("a") == Secret("a") == Secret(b"a")
    assert Secret("a") != Secret("b") and Secret("a") != "a"
    with pytest.raises(TypeError):
        hash(Secret("a"))


def test_bangkok_has_no_daylight_saving() -> None:
    for month in range(1, 13):
        assert datetime(2026, month, 1, tzinfo=BANGKOK).utcoffset() == timedelta(hours=7)
    assert utc_now().tzinfo is UTC
