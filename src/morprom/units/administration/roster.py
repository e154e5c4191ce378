"""The list of units: adding to it, bringing it up to date, showing it."""

from dataclasses import dataclass

from morprom.storage import KeyRing, Tx
from morprom.units import store
from morprom.units.model import TEST_UNITS, Unit, UnitEntry
from morprom.units.ref_keys import new_key
from morprom.units.rules import changed_units


@dataclass(frozen=True, slots=True)
class Enrolment:
    """How many units a list added, changed and left alone."""

    added: int
    updated: int
    unchanged: int


async def enrol(tx: Tx, ring: KeyRing, entries: list[UnitEntry]) -> Enrolment:
    """Bring the list of units up to date; a unit that `entries` does not name stays. No hcode may come twice."""
    known = {unit.hcode: unit.entry for unit in await store.units(tx)}
    added, updated = changed_units(known, entries)
    for entry in added:
        await store.insert_unit(tx, entry, entry.hcode in TEST_UNITS, new_key(ring, entry.hcode))
    for entry in updated:
        await store.update_unit(tx, entry)
    return Enrolment(len(added), len(updated), len(entries) - len(added) - len(updated))


async def listed(tx: Tx) -> list[Unit]:
    """Every unit by its code."""
    return await store.units(tx)
