"""SQL of sealed documents and of the ledger, for reading."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from morprom.storage import Tx


class SealedRow(NamedTuple):
    """A document that counts, as it is stored."""

    kind: int
    unit: str
    ref: bytes
    version: int
    received_at: datetime
    sealed: bytes


class DayRow(NamedTuple):
    """How many visits of a day the platform holds."""

    day: date
    opd: int
    ipd: int


async def documents(tx: Tx, person_id: UUID, kinds: Sequence[int]) -> list[SealedRow]:
    """A person's documents of `kinds` that count."""
    rows = await tx.fetch(
        "select kind, unit, ref, version, received_at, sealed from document"
        " where person_id = $1 and kind = any($2::smallint[]) and held_until is null",
        person_id,
        kinds,
    )
    return [SealedRow(*row) for row in rows]  # type: ignore[misc]


async def refs_of_day(tx: Tx, unit: str, day: date) -> list[bytes]:
    """Sealed refs of a unit's visits of a local day."""
    rows = await tx.fetch(
        "select ref from ledger where unit = $1 and day = $2 and kind = 2 and removed_at is null", unit, day
    )
    return [row[0] for row in rows]


async def register(tx: Tx, unit: str) -> list[tuple[bytes, bytes | None]]:
    """(sealed ref, sealed label) of every entry of a unit's chronic register."""
    rows = await tx.fetch("select ref, label from ledger where unit = $1 and kind = 4 and removed_at is null", unit)
    return [(row[0], row[1]) for row in rows]


async def counts_of_days(tx: Tx, unit: str, first: date, last: date) -> list[DayRow]:
    """A unit's visits a day, `first` and `last` included, days without visits left out."""
    rows = await tx.fetch(
        "select day, count(*) filter (where not is_inpatient)::int, count(*) filter (where is_inpatient)::int"
        " from ledger where unit = $1 and day between $2 and $3 and kind = 2 and removed_at is null"
        " group by day order by day",
        unit,
        first,
        last,
    )
    return [DayRow(*row) for row in rows]  # type: ignore[misc]
