"""Decisions about a hospital's sending."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from math import ceil
from typing import Final

from morprom.oversight.model import AnotherSends, DaySummary, HospitalCount, SendingAgent, TooSoon
from morprom.recordstore import DayRow

APART: Final = timedelta(seconds=5)  # wire protocol, section 8
SENDING: Final = timedelta(minutes=2)  # an agent that has been silent this long has stopped


def why_not_noted(agent: SendingAgent, computer_name: str, now: datetime) -> TooSoon | AnotherSends:
    """Why the report of `computer_name` was not taken after `agent` had reported."""
    if agent.computer_name != computer_name:
        return AnotherSends(agent.computer_name)
    return too_soon(agent.reported_at, now)


def too_soon(last: datetime, now: datetime) -> TooSoon:
    """How long to wait after the report at `last`."""
    return TooSoon(max(1, ceil((last + APART - now).total_seconds())))


def is_sending(agent: SendingAgent, now: datetime) -> bool:
    """Whether an agent that was last heard of then still sends."""
    return now - agent.reported_at < SENDING


def days_of_month(month: date, today: date) -> list[date]:
    """The days of the month of `month` up to today."""
    first = month.replace(day=1)
    days = (first + timedelta(days=n) for n in range(31))
    return [day for day in days if day.month == first.month and day <= today]


def summarised(
    days: Iterable[date], held: Mapping[date, DayRow], counted: Mapping[date, HospitalCount]
) -> list[DaySummary]:
    """What is held beside what the hospital counts, day by day."""
    return [_day(day, held.get(day, DayRow(day, 0, 0)), counted.get(day)) for day in days]


def _day(day: date, held: DayRow, counted: HospitalCount | None) -> DaySummary:
    his_opd = counted.opd_encounters if counted else None
    his_ipd = counted.ipd_encounters if counted else None
    percent = None
    if his_opd is not None or his_ipd is not None:
        expected = (his_opd or 0) + (his_ipd or 0)
        percent = round(100 * (held.opd + held.ipd) / expected, 2) if expected else 100.0
    return DaySummary(day, held.opd, held.ipd, his_opd, his_ipd, percent)
