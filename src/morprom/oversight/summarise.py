"""What arrived of a hospital's visits, beside what the hospital itself counts."""

from collections.abc import Sequence
from datetime import date, datetime

from morprom.oversight import rules, store
from morprom.oversight.model import DaySummary, HospitalCount
from morprom.recordstore import counts_of_days
from morprom.storage import Tx


async def month_summary(tx: Tx, hcode: str, month: date, today: date) -> list[DaySummary]:
    """Every day of a month up to today. `month` is any day of it, both are local days."""
    days = rules.days_of_month(month, today)
    if not days:
        return []
    held = {row.day: row for row in await counts_of_days(tx, hcode, days[0], days[-1])}
    counted = {count.day: count for count in await store.counts(tx, hcode, days[0], days[-1])}
    return rules.summarised(days, held, counted)


async def keep_counts(tx: Tx, hcode: str, counts: Sequence[HospitalCount], now: datetime) -> None:
    """Keep what a hospital counts; a day said again replaces the day. No day may come twice."""
    await store.put_counts(tx, hcode, counts, now)
