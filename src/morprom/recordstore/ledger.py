"""What the platform holds of one hospital, told to that hospital."""

from datetime import date

from morprom.kernel import Secret
from morprom.recordstore import store
from morprom.recordstore.refs import UnitRefs
from morprom.recordstore.store import DayRow
from morprom.storage import Tx


async def refs_of_day(tx: Tx, hcode: str, day: date, ref_key: Secret[bytes]) -> list[str]:
    """`hcode:ref` of every visit that began on a local day, in order."""
    refs = UnitRefs(ref_key)
    return sorted(f"{hcode}:{refs.opened(ref)}" for ref in await store.refs_of_day(tx, hcode, day))


async def counts_of_days(tx: Tx, hcode: str, first: date, last: date) -> list[DayRow]:
    """Visits and stays a day, by the local day on which they began."""
    return await store.counts_of_days(tx, hcode, first, last)
