"""What the platform holds of one hospital, told to that hospital."""

from datetime import date

from morprom.kernel import Secret
from morprom.record import Kind
from morprom.recordstore import store
from morprom.recordstore.refs import UnitRefs
from morprom.recordstore.store import DayRow
from morprom.storage import Tx


async def refs_of_day(tx: Tx, hcode: str, day: date, ref_key: Secret[bytes]) -> list[str]:
    """`hcode:ref` of every visit that began on a local day, in order."""
    refs = UnitRefs(ref_key)
    return sorted(f"{hcode}:{refs.opened(ref)}" for ref in await store.refs_of_day(tx, hcode, day))


async def register(tx: Tx, hcode: str, refs: UnitRefs, code: str | None = None) -> dict[bytes, str]:
    """Entries of the chronic register by sealed ref, each with its own number; of one disease, or all of them."""
    rows = await store.register(tx, hcode)
    return {ref: refs.opened(ref, Kind.CHRONIC_REGISTER) for ref, label in rows if _is_of(refs, ref, label, code)}


def _is_of(refs: UnitRefs, ref: bytes, label: bytes | None, code: str | None) -> bool:
    if code is None:
        return True
    return (refs.opened_label(label, ref) if label else "") == code


async def counts_of_days(tx: Tx, hcode: str, first: date, last: date) -> list[DayRow]:
    """Visits and stays a day, by the local day on which they began."""
    return await store.counts_of_days(tx, hcode, first, last)
