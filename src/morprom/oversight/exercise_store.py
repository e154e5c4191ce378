"""Every SQL statement about what test hospitals tried."""

from collections.abc import Sequence
from datetime import datetime

from morprom.storage import Tx


async def put(tx: Tx, hcode: str, items: Sequence[str], now: datetime) -> None:
    """Note that `items` were tried now; the clocks of processes may differ, and the later one counts."""
    await tx.execute(
        "insert into exercise as known (hcode, item, last_at)"
        " select $1, item, $3 from unnest($2::text[]) as given(item) order by item"
        " on conflict (hcode, item) do update set last_at = greatest(known.last_at, $3)",
        hcode,
        items,
        now,
    )


async def of_unit(tx: Tx, hcode: str, since: datetime) -> dict[str, datetime]:
    """What a hospital tried since then, and when last."""
    rows = await tx.fetch("select item, last_at from exercise where hcode = $1 and last_at > $2", hcode, since)
    return {row["item"]: row["last_at"] for row in rows}


async def purge(tx: Tx, before: datetime) -> int:
    """Forget what was last tried before then; how many items."""
    rows = await tx.fetch("delete from exercise where last_at <= $1 returning 1", before)
    return len(rows)
