"""The ministry's two test hospitals, known from the start where people are invented: examples name them."""

from morprom.kernel import Hcode
from morprom.storage import Database, KeyRing
from morprom.units.administration import UnitEntry, roster
from morprom.units.model import TEST_UNITS


async def ensure_test_units(url: str, ring: KeyRing) -> None:
    """Add those that are not there; what an operator called them stays."""
    database = await Database.connect(url, most=1)
    try:
        async with database.transaction() as tx:
            known = {unit.hcode for unit in await roster.listed(tx)}
            missing = [UnitEntry(Hcode(code), f"โรงพยาบาลทดสอบ {code}") for code in sorted(TEST_UNITS - known)]
            await roster.enrol(tx, ring, missing)
    finally:
        await database.close()
