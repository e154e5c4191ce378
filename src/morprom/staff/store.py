"""Every SQL statement about staff."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from morprom.storage import Row, Tx


async def put_provider(tx: Tx, person_id: UUID, provider_id: str, now: datetime, key_id: int, sealed: bytes) -> None:
    """List a provider, or keep what is new about one."""
    await tx.execute(
        "insert into provider (person_id, provider_id, listed_at, key_id, sealed) values ($1, $2, $3, $4, $5)"
        " on conflict (person_id) do update set ended_at = null, key_id = $4, sealed = $5",
        person_id, provider_id, now, key_id, sealed,
    )  # fmt: skip


async def provider(tx: Tx, person_id: UUID) -> Row | None:
    """A provider who counts."""
    return await tx.fetchrow(
        "select person_id, provider_id, listed_at, key_id, sealed from provider"
        " where person_id = $1 and ended_at is null",
        person_id,
    )


async def add_position(
    tx: Tx, position_id: UUID, person_id: UUID, unit: str, now: datetime, key_id: int, sealed: bytes
) -> None:
    """List a position."""
    await tx.execute(
        "insert into staff_position (position_id, person_id, unit, since, key_id, sealed)"
        " values ($1, $2, $3, $4, $5, $6)",
        position_id, person_id, unit, now, key_id, sealed,
    )  # fmt: skip


POSITION = "position_id, person_id, unit, since, key_id, sealed, permissions, may_send, may_read, administers"


async def positions(tx: Tx, person_id: UUID) -> Sequence[Row]:
    """A person's positions that count, oldest first."""
    return await tx.fetch(
        f"select {POSITION} from staff_position"  # noqa: S608 (a constant)
        " where person_id = $1 and ended_at is null order by since",
        person_id,
    )


async def person_at(tx: Tx, position_id: UUID) -> UUID | None:
    """Whose a position is, or was."""
    return await tx.fetchval("select person_id from staff_position where position_id = $1", position_id)


async def administers(tx: Tx, position_id: UUID) -> str | None:
    """Whose clients somebody looks after in a position, or did."""
    return await tx.fetchval("select administers from staff_position where position_id = $1", position_id)


async def all_positions(tx: Tx) -> Sequence[Row]:
    """Every position that counts."""
    return await tx.fetch(f"select {POSITION} from staff_position where ended_at is null")  # noqa: S608 (a constant)


async def positions_at(tx: Tx, unit: str) -> Sequence[Row]:
    """A unit's positions that count, oldest first."""
    return await tx.fetch(
        f"select {POSITION} from staff_position"  # noqa: S608 (a constant)
        " where unit = $1 and ended_at is null order by since",
        unit,
    )


async def end_position(tx: Tx, unit: str, position_id: UUID, now: datetime) -> bool:
    """End a position; False when it is not that unit's or has ended."""
    row = await tx.fetchrow(
        "update staff_position set ended_at = $3 where position_id = $2 and unit = $1 and ended_at is null"
        " returning position_id",
        unit, position_id, now,
    )  # fmt: skip
    return row is not None


async def end_provider(tx: Tx, person_id: UUID, now: datetime) -> None:
    """End somebody's Provider ID."""
    await tx.execute("update provider set ended_at = $2 where person_id = $1 and ended_at is null", person_id, now)


async def has_unit(tx: Tx, unit: str) -> bool:
    """Whether there is a unit of that code."""
    return await tx.fetchval("select exists (select from unit where hcode = $1)", unit)


async def set_rights(tx: Tx, position_id: UUID, permissions: Sequence[str], *, may_send: bool, may_read: bool) -> bool:
    """What a position may do; the account of it follows. Needs the role owner. False when it has ended."""
    row = await tx.fetchrow(
        "update staff_position set permissions = $2, may_send = $3, may_read = $4"
        " where position_id = $1 and ended_at is null returning position_id",
        position_id, list(permissions), may_send, may_read,
    )  # fmt: skip
    return row is not None


async def set_administers(tx: Tx, position_id: UUID, what: str) -> bool:
    """Whose clients a position looks after. Needs the role owner. False when it has ended."""
    row = await tx.fetchrow(
        "update staff_position set administers = $2 where position_id = $1 and ended_at is null returning position_id",
        position_id, what,
    )  # fmt: skip
    return row is not None


async def account_of(tx: Tx, position_id: UUID) -> UUID | None:
    """The Account Center account of a position, made when there is none; None where it may do nothing."""
    return await tx.fetchval("select staff_account($1)", position_id)
