"""SQL of the visits that their owners hid or reported, for the hospitals that sent them."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from morprom.storage import Tx


class DisputeRow(NamedTuple):
    """A disputed visit that is still its owner's."""

    person_id: UUID
    ref: bytes
    masked_at: datetime | None
    reported_at: datetime | None
    reason: bytes | None
    is_new: bool


async def has_visit(tx: Tx, person_id: UUID, unit: str, ref: bytes) -> bool:
    """Whether a visit that counts is a person's; `ref` is the document's, 16 bytes."""
    return await tx.fetchval(
        "select exists (select from document"
        " where person_id = $1 and kind = 2 and unit = $2 and ref = $3 and held_until is null)",
        person_id, unit, ref,
    )  # fmt: skip


async def mask(tx: Tx, person_id: UUID, unit: str, ref: bytes) -> None:
    """Say that the owner hid a visit."""
    await tx.execute(
        "insert into disputed_visit (person_id, unit, ref, masked_at) values ($1, $2, $3, now())"
        " on conflict (unit, ref, person_id) do update set"
        " seen_at = case when disputed_visit.masked_at is null then null else disputed_visit.seen_at end,"
        " masked_at = coalesce(disputed_visit.masked_at, now())",
        person_id, unit, ref,
    )  # fmt: skip


async def report(tx: Tx, person_id: UUID, unit: str, ref: bytes, reason: bytes) -> None:
    """Say that the owner reported a visit as wrong, and why."""
    await tx.execute(
        "insert into disputed_visit (person_id, unit, ref, reported_at, reason) values ($1, $2, $3, now(), $4)"
        " on conflict (unit, ref, person_id) do update set reported_at = now(), seen_at = null, reason = $4",
        person_id, unit, ref, reason,
    )  # fmt: skip


async def unmask(tx: Tx, person_id: UUID, unit: str, ref: bytes) -> None:
    """Say that the owner shows a visit again."""
    await tx.execute(
        "update disputed_visit set masked_at = null where person_id = $1 and unit = $2 and ref = $3",
        person_id, unit, ref,
    )  # fmt: skip
    await _forget_settled(tx, person_id, unit, ref)


async def withdraw(tx: Tx, person_id: UUID, unit: str, ref: bytes) -> None:
    """Take back what the owner reported of a visit."""
    await tx.execute(
        "update disputed_visit set reported_at = null, reason = null where person_id = $1 and unit = $2 and ref = $3",
        person_id, unit, ref,
    )  # fmt: skip
    await _forget_settled(tx, person_id, unit, ref)


async def of_unit(tx: Tx, unit: str) -> list[DisputeRow]:
    """A hospital's disputed visits that it still holds of these people, marked as seen from now on."""
    rows = await tx.fetch(
        "with seen as (update disputed_visit set seen_at = now() where unit = $1 and seen_at is null returning ref,"
        "  person_id)"
        " select d.person_id, d.ref, d.masked_at, d.reported_at, d.reason, seen.ref is not null"
        " from disputed_visit d join ledger l using (unit, ref, person_id) left join seen using (ref, person_id)"
        " where d.unit = $1 and l.kind = 2 and l.removed_at is null",
        unit,
    )
    return [DisputeRow(*row) for row in rows]  # type: ignore[misc]


async def _forget_settled(tx: Tx, person_id: UUID, unit: str, ref: bytes) -> None:
    await tx.execute(
        "delete from disputed_visit where person_id = $1 and unit = $2 and ref = $3"
        " and masked_at is null and reported_at is null",
        person_id, unit, ref,
    )  # fmt: skip
