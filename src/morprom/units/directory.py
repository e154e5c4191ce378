"""All units in memory: their names for every row that is read, their ref keys for every visit that is sent."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from morprom.kernel import Secret
from morprom.record import Organization
from morprom.storage import KeyRing
from morprom.units import store
from morprom.units.gate import Transactions
from morprom.units.model import Unit
from morprom.units.ref_keys import ref_key

FRESH_SECONDS: Final = 30
OVERLAP: Final = timedelta(minutes=5)
"""Changes are read again from this long before the last one seen: a transaction may commit after a later one."""


class Directory:
    """The units of this process. `seconds` is a clock that only has to move forward.

    Reads what changed when it is older than 30 seconds or asked for a unit that it does not know; the transaction is
    its own, because most calls need none.
    """

    def __init__(
        self, transactions: Transactions, ring: KeyRing, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._transactions = transactions
        self._ring = ring
        self._seconds = seconds
        self._read_at = float("-inf")
        self._changed_at: datetime | None = None
        self._units: dict[str, Unit] = {}
        self._organizations: dict[str, Organization] = {}
        self._keys: dict[str, Secret[bytes]] = {}

    async def unit(self, hcode: str) -> Unit | None:
        """The unit, or None when there is none."""
        await self._freshen(missing=hcode not in self._units)
        return self._units.get(hcode)

    async def ref_key(self, hcode: str) -> Secret[bytes]:
        """The unit's ref key. Needs a role that may read it. Raises Problem UNIT_UNKNOWN."""
        if hcode not in self._keys:
            async with self._transactions() as tx:
                self._keys[hcode] = await ref_key(tx, self._ring, hcode)
        return self._keys[hcode]

    async def organizations(self) -> Mapping[str, Organization]:
        """Every unit by its code, as rows name it."""
        await self._freshen(missing=False)
        return self._organizations

    async def _freshen(self, *, missing: bool) -> None:
        if not missing and self._seconds() - self._read_at < FRESH_SECONDS:
            return
        since = self._changed_at - OVERLAP if self._changed_at else None
        async with self._transactions() as tx:
            changed = await store.units(tx, since)
        for unit in changed:
            self._units[unit.hcode] = unit
            self._organizations[unit.hcode] = Organization(unit.hcode, unit.name, unit.region)
        self._changed_at = max([unit.changed_at for unit in changed], default=self._changed_at)
        self._read_at = self._seconds()
