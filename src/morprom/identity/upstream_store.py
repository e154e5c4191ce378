"""SQL of people on their way through ThaID."""

from datetime import datetime

from morprom.storage import Row, Tx


async def add(tx: Tx, state_hash: bytes, now: datetime, key_id: int, sealed: bytes) -> None:
    """Somebody goes."""
    await tx.execute(
        "insert into thaid_request (state_hash, made_at, key_id, sealed) values ($1, $2, $3, $4)",
        state_hash, now, key_id, sealed,
    )  # fmt: skip


async def forget(tx: Tx, before: datetime) -> None:
    """Who went before then does not come back."""
    await tx.execute("delete from thaid_request where made_at < $1", before)


async def take(tx: Tx, state_hash: bytes, since: datetime) -> Row | None:
    """Somebody comes back: (key_id, sealed), which are gone from now; None when they are gone or too old."""
    row = await tx.fetchrow(
        "delete from thaid_request where state_hash = $1 returning made_at, key_id, sealed", state_hash
    )
    return row if row and row["made_at"] >= since else None
