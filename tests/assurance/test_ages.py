"""From which day on somebody has an account of their own."""

from datetime import date
from typing import Literal

import pytest

from morprom.assurance.ages import current_ages, may_sign_in, years

FIFTEEN = date(2026, 4, 9)


@pytest.mark.parametrize(
    ("born", "known", "on", "may"),
    [
        (date(2011, 4, 9), "day", date(2026, 4, 8), False),
        (date(2011, 4, 9), "day", FIFTEEN, True),
        (date(2011, 4, 1), "month", date(2026, 4, 29), False),  # of the month it may be the last day
        (date(2011, 4, 1), "month", date(2026, 4, 30), True),
        (date(2011, 1, 1), "year", date(2026, 12, 30), False),
        (date(2011, 1, 1), "year", date(2026, 12, 31), True),
        (date(2012, 2, 29), "day", date(2027, 2, 28), False),
        (date(2012, 2, 29), "day", date(2027, 3, 1), True),
        (date(2012, 2, 1), "month", date(2027, 2, 28), False),
        (date(1959, 4, 9), "day", FIFTEEN, True),
        (None, "day", FIFTEEN, False),
    ],
)
def test_own_sign_in_is_from_fifteen(
    born: date | None, known: Literal["day", "month", "year"], on: date, *, may: bool
) -> None:
    assert may_sign_in(born, known, on) is may


def test_nobody_is_older_than_they_are_at_least() -> None:
    assert years(date(2026, 4, 9), "day", FIFTEEN) == 0
    assert current_ages().own_sign_in == 15
