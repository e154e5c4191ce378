"""Who sends for a hospital, and how what arrived compares with what it counts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morprom.kernel import Hcode
from morprom.oversight import (
    AgentReport,
    AnotherSends,
    HospitalCount,
    Noted,
    TooSoon,
    keep_counts,
    month_summary,
    report_error,
    report_status,
    sending_agent,
)
from morprom.oversight.rules import days_of_month, summarised, too_soon
from morprom.recordstore import DayRow
from morprom.storage import KeyRing, Tx
from morprom.units.administration import UnitEntry, roster

HOSPITAL = Hcode("10670")
NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
DAY = date(2026, 4, 1)


@pytest.fixture
async def unit(tx: Tx, ring: KeyRing) -> None:
    await roster.enrol(tx, ring, [UnitEntry(HOSPITAL, "โรงพยาบาลขอนแก่น")])


@pytest.mark.parametrize(
    ("held", "counted", "percent"),
    [
        ((0, 0), None, None),
        ((3, 1), None, None),
        ((0, 0), (None, None), None),
        ((0, 0), (0, 0), 100.0),
        ((3, 0), (6, 0), 50.0),
        ((1, 1), (2, 1), 66.67),
        ((4, 0), (3, 0), 133.33),
        ((3, 0), (3, None), 100.0),
    ],
)
def test_percent_is_of_what_the_hospital_counts(
    held: tuple[int, int], counted: tuple[int | None, int | None] | None, percent: float | None
) -> None:
    counts = {DAY: HospitalCount(DAY, *counted, None)} if counted else {}
    [day] = summarised([DAY], {DAY: DayRow(DAY, *held)}, counts)
    assert day.percent == percent


@given(st.dates(date(1950, 1, 1), date(2400, 1, 1)), st.integers(-400, 400))
def test_a_month_has_its_days_up_to_today(month: date, offset: int) -> None:
    today = month + timedelta(days=offset)
    days = days_of_month(month, today)
    assert days == sorted(set(days))
    assert all((day.year, day.month) == (month.year, month.month) and day <= today for day in days)
    assert bool(days) == (month.replace(day=1) <= today)


@pytest.mark.parametrize(("seconds", "wait"), [(0, 5), (0.1, 5), (4.2, 1), (4.999, 1), (5, 1)])
def test_the_wait_is_whole_seconds_and_never_none(seconds: float, wait: int) -> None:
    assert too_soon(NOW, NOW + timedelta(seconds=seconds)) == TooSoon(wait)


async def test_reports_are_taken_by_the_rule(tx: Tx, unit: None) -> None:
    async def report(computer: str, seconds: int) -> object:
        return await report_status(tx, HOSPITAL, AgentReport(computer, "sending"), NOW + timedelta(seconds=seconds))

    assert await report("A", 0) == Noted()
    assert await report("A", 4) == TooSoon(1)
    assert await report("B", 4) == AnotherSends("A")
    assert await report("A", 5) == Noted()
    assert await report("B", 124) == AnotherSends("A")
    assert await sending_agent(tx, HOSPITAL, NOW + timedelta(seconds=124)) == "A"
    assert await report("B", 125) == Noted()
    assert await sending_agent(tx, HOSPITAL, NOW + timedelta(seconds=125)) == "B"
    assert await sending_agent(tx, "13814", NOW) is None


async def test_an_error_is_taken_from_any_computer_and_makes_none_the_sender(tx: Tx, unit: None) -> None:
    assert await report_error(tx, HOSPITAL, "disk full", NOW) == Noted()
    assert await sending_agent(tx, HOSPITAL, NOW) is None
    assert await report_error(tx, HOSPITAL, "disk full", NOW + timedelta(seconds=2)) == TooSoon(3)
    assert await report_status(tx, HOSPITAL, AgentReport("A", "sending"), NOW) == Noted()


async def test_counts_said_again_replace_and_what_is_not_said_stays(tx: Tx, unit: None) -> None:
    await keep_counts(tx, HOSPITAL, [HospitalCount(DAY, 5, None, None)], NOW)
    await keep_counts(tx, HOSPITAL, [HospitalCount(DAY, 7, 2, 1)], NOW)
    await keep_counts(tx, HOSPITAL, [HospitalCount(DAY, None, 3, None)], NOW)
    [first, *_] = await month_summary(tx, HOSPITAL, DAY, DAY)
    assert (first.his_opd, first.his_ipd, first.percent) == (7, 3, 0.0)


@pytest.mark.parametrize("table", ["agent_status", "hospital_count"])
async def test_intake_writes_and_oversight_reads(tx: Tx, table: str) -> None:
    async def may(role: str) -> set[str]:
        kinds = ("select", "insert", "update", "delete")
        asked = "select has_table_privilege($1, $2, $3)"
        return {kind for kind in kinds if await tx.fetchval(asked, f"morprom_{role}", table, kind)}

    assert await may("intake") == {"select", "insert", "update"}
    assert await may("oversight") == {"select"}
    for role in ("reader", "identity", "sealer", "keys"):
        assert await may(role) == set()
