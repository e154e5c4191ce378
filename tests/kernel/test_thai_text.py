"""Thai dates and ages, leap days and all."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morprom.kernel import BANGKOK
from morprom.kernel.thai_text import MONTHS, SHORT_MONTHS, day_said, full_age, long_date, long_datetime, short_date

DAYS = st.dates(date(1880, 1, 1), date(2500, 12, 31))


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(2017, 11, 14), "14 พฤศจิกายน 2560", "14 พ.ย. 2560"),
        (date(2024, 2, 29), "29 กุมภาพันธ์ 2567", "29 ก.พ. 2567"),
        (date(2000, 1, 1), "1 มกราคม 2543", "1 ม.ค. 2543"),
        (date(1940, 12, 31), "31 ธันวาคม 2483", "31 ธ.ค. 2483"),
        (date(9999, 12, 31), "31 ธันวาคม 10542", "31 ธ.ค. 10542"),
    ],
)
def test_a_date_in_words(day: date, long: str, short: str) -> None:
    assert (long_date(day), short_date(day)) == (long, short)


def test_there_are_twelve_months_of_each() -> None:
    assert len(set(MONTHS)) == len(set(SHORT_MONTHS)) == 12


def test_a_time_has_hours_and_minutes() -> None:
    assert long_datetime(datetime(2017, 11, 14, 8, 5, 59, tzinfo=BANGKOK)) == "14 พฤศจิกายน 2560 08:05"


@pytest.mark.parametrize(
    ("born_on", "today", "age"),
    [
        (date(1981, 1, 12), date(2026, 4, 14), "45 ปี 3 เดือน 2 วัน"),
        (date(2026, 4, 14), date(2026, 4, 14), "0 ปี 0 เดือน 0 วัน"),
        (date(2026, 4, 13), date(2026, 4, 14), "0 ปี 0 เดือน 1 วัน"),
        (date(2026, 4, 15), date(2026, 4, 14), ""),
        # born on a leap day: a year is full on the 28th in common years, which have no 29th
        (date(2004, 2, 29), date(2005, 2, 28), "0 ปี 11 เดือน 30 วัน"),
        (date(2004, 2, 29), date(2005, 3, 1), "1 ปี 0 เดือน 1 วัน"),
        (date(2004, 2, 29), date(2008, 2, 28), "3 ปี 11 เดือน 30 วัน"),
        (date(2004, 2, 29), date(2008, 2, 29), "4 ปี 0 เดือน 0 วัน"),
        (date(2004, 2, 29), date(2024, 3, 1), "20 ปี 0 เดือน 1 วัน"),
        # months of different lengths
        (date(2026, 1, 31), date(2026, 2, 28), "0 ปี 0 เดือน 28 วัน"),
        (date(2026, 1, 31), date(2026, 3, 1), "0 ปี 1 เดือน 1 วัน"),
        (date(2026, 1, 31), date(2026, 3, 31), "0 ปี 2 เดือน 0 วัน"),
        (date(2025, 12, 31), date(2026, 1, 1), "0 ปี 0 เดือน 1 วัน"),
        (date(1900, 1, 1), date(2026, 1, 1), "126 ปี 0 เดือน 0 วัน"),
        (date(1, 1, 1), date(9999, 12, 31), "9998 ปี 11 เดือน 30 วัน"),
    ],
)
def test_an_age_in_whole_years_months_and_days(born_on: date, today: date, age: str) -> None:
    assert full_age(born_on, today) == age


@given(DAYS, st.integers(0, 45_000))
def test_an_age_is_whole_and_grows_by_a_day_at_a_time(born_on: date, days: int) -> None:
    today = date.fromordinal(born_on.toordinal() + days)
    years, months, rest = (int(number) for number in full_age(born_on, today).split()[::2])
    assert (0 <= months <= 11) and (0 <= rest <= 30)
    assert abs(years * 365.2425 + months * 30.44 + rest - days) < 4


@given(DAYS.filter(lambda day: (day.month, day.day) != (2, 29)), st.integers(0, 120))
def test_a_birthday_is_whole_years(born_on: date, years: int) -> None:
    assert full_age(born_on, born_on.replace(year=born_on.year + years)) == f"{years} ปี 0 เดือน 0 วัน"


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ((2502, 4, 9), date(1959, 4, 9)),
        ((1959, 4, 9), date(1959, 4, 9)),
        ((2401, 1, 1), date(1858, 1, 1)),
        ((2400, 1, 1), date(2400, 1, 1)),
        ((2567, 2, 29), date(2024, 2, 29)),
        ((2566, 2, 29), None),
        ((0, 1, 1), None),
        ((99999, 1, 1), None),
        ((2502, 13, 1), None),
    ],
)
def test_a_day_is_said_in_either_era(said: tuple[int, int, int], day: date | None) -> None:
    assert day_said(*said) == day
