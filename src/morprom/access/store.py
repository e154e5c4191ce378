"""SQL of one-time codes. The database's clock is the only one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from morprom.access.codes import Asking, Grant
from morprom.access.model import Actor, Ground
from morprom.assurance import Aal, Ial, Levels
from morprom.storage import Row, Tx


async def lock_asking(tx: Tx, person_id: UUID) -> None:
    """Let requests for one person's codes follow one another, so that none slips past the limits."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0x6f7470))", str(person_id))


async def now(tx: Tx) -> datetime:
    """The database's time."""
    return await tx.fetchval("select clock_timestamp()")


async def asked(tx: Tx, person_id: UUID, ground: Ground, since: datetime) -> list[Asking]:
    """Requests for this person's codes of `ground` since then."""
    rows = await tx.fetch(
        "select unit, actor, issued_at from otp_grant where person_id = $1 and ground = $2 and issued_at > $3",
        person_id, ground, since,
    )  # fmt: skip
    return [Asking(row["unit"], row["actor"], row["issued_at"]) for row in rows]


async def forget(tx: Tx, person_id: UUID, before: datetime) -> None:
    """Drop grants that no limit counts any more."""
    await tx.execute("delete from otp_grant where person_id = $1 and issued_at < $2", person_id, before)


async def end_unused(tx: Tx, person_id: UUID, actor: Actor, ground: Ground) -> None:
    """End the codes of `ground` that this user asked for before and did not use."""
    await tx.execute(
        "update otp_grant set ended_at = clock_timestamp()"
        " where person_id = $1 and unit = $2 and actor = $3 and ground = $4"
        " and ended_at is null and first_used_at is null",
        person_id, actor.unit, actor.account_id, ground,
    )  # fmt: skip


async def insert(tx: Tx, person_id: UUID, actor: Actor, grant: Grant, *, is_live: bool = True) -> None:
    """Keep a new code; one that is not live counts as asked for, and opens nothing."""
    levels = grant.levels
    signed_in = (levels.ial, levels.aal, levels.authenticated_at) if levels else (None, None, None)
    await tx.execute(
        "insert into otp_grant"
        " (grant_id, person_id, unit, actor, key_id, mac, issued_at, ground, ial, aal, authenticated_at, ended_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, case when not $12 then $7::timestamptz end)",
        grant.grant_id, person_id, actor.unit, actor.account_id, grant.key_id, grant.mac, grant.issued_at,
        grant.ground, *signed_in, is_live,
    )  # fmt: skip


async def count_try(
    tx: Tx, person_id: UUID, actor: Actor, tries: int, life_seconds: int
) -> tuple[list[Grant], datetime | None]:
    """Count one try against every live code of this user for this person; those that still bore one, and the time.

    One atomic update: of any number at once, `tries` get through. Nobody else's codes are touched.
    """
    rows = await tx.fetch(
        "update otp_grant set tries = tries + 1"
        " where person_id = $1 and unit = $2 and actor = $3 and ended_at is null and tries < $4"
        " and issued_at > clock_timestamp() - make_interval(secs => $5)"
        " returning grant_id, key_id, mac, issued_at, first_used_at, ground, ial, aal, authenticated_at,"
        " clock_timestamp() as now",
        person_id, actor.unit, actor.account_id, tries, life_seconds,
    )  # fmt: skip
    return [_grant(row) for row in rows], rows[0]["now"] if rows else None


async def used(tx: Tx, grants: Sequence[Grant], right: Grant) -> None:
    """The try was the right code of `right`: it costs `grants` nothing, and from its first use the code is a grant."""
    await tx.execute(
        "update otp_grant set tries = tries - 1, first_used_at ="
        " case when grant_id = $2 then coalesce(first_used_at, clock_timestamp()) else first_used_at end"
        " where grant_id = any($1::uuid[])",
        [grant.grant_id for grant in grants], right.grant_id,
    )  # fmt: skip


async def live(tx: Tx, person_id: UUID) -> set[UUID]:
    """Which grants of a person nobody has ended; whether they are too old is not asked."""
    rows = await tx.fetch("select grant_id from otp_grant where person_id = $1 and ended_at is null", person_id)
    return {row["grant_id"] for row in rows}


async def end(tx: Tx, person_id: UUID, grant_id: UUID) -> bool:
    """End one grant of a person; False when it has ended or is not theirs."""
    row = await tx.fetchrow(
        "update otp_grant set ended_at = clock_timestamp()"
        " where person_id = $1 and grant_id = $2 and ended_at is null returning grant_id",
        person_id, grant_id,
    )  # fmt: skip
    return row is not None


def _grant(row: Row) -> Grant:
    levels = Levels(Ial(row["ial"]), Aal(row["aal"]), row["authenticated_at"]) if row["ial"] else None
    return Grant(
        row["grant_id"],
        row["key_id"],
        row["mac"],
        row["issued_at"],
        row["first_used_at"],
        Ground(row["ground"]),
        levels,
    )
