"""Every SQL statement about attempts that are counted."""

from collections.abc import Sequence
from datetime import datetime

from morprom.storage import Tx


async def count(
    tx: Tx, subject: bytes, waits: Sequence[int], now: datetime, forgotten_before: datetime
) -> datetime | None:
    """Count an attempt if one may be made now; otherwise the instant from which one may.

    `waits` are the seconds that follow the first, second, … attempt. The row lock puts parallel attempts in a
    queue, and each sees what the one before it left. Where nobody has to wait the subject is open since ever: of two
    calls from one hospital at once, the one that began first may be counted second.
    """
    counted = await tx.fetchval(
        "insert into sign_in_attempt as known (subject, failures, open_at, attempted_at)"
        " values ($1, 1, coalesce($3::timestamptz + make_interval(secs => nullif(($2::int[])[1], 0)), 'epoch'), $3)"
        " on conflict (subject) do update set attempted_at = $3,"
        "  failures = case when known.attempted_at < $4 then 1 else known.failures + 1 end,"
        "  open_at = coalesce($3::timestamptz + make_interval(secs => nullif(($2::int[])[case when"
        "   known.attempted_at < $4 then 1 else least(known.failures + 1, cardinality($2::int[])) end], 0)), 'epoch')"
        " where known.open_at <= $3 returning true",
        subject, waits, now, forgotten_before,
    )  # fmt: skip
    if counted:
        return None
    return await tx.fetchval("select open_at from sign_in_attempt where subject = $1", subject)


async def is_known(tx: Tx, subject: bytes) -> bool:
    """Whether an attempt of that subject is on record."""
    return bool(await tx.fetchval("select true from sign_in_attempt where subject = $1", subject))


async def forgive(tx: Tx, subject: bytes, now: datetime) -> None:
    """A success: the subject starts afresh, and is on record."""
    await tx.execute(
        "insert into sign_in_attempt (subject, failures, open_at, attempted_at) values ($1, 0, 'epoch', $2)"
        " on conflict (subject) do update set failures = 0, open_at = 'epoch', attempted_at = $2",
        subject,
        now,
    )


async def take_back(tx: Tx, subject: bytes) -> None:
    """One attempt fewer, for an address where it was a success after all."""
    await tx.execute(
        "update sign_in_attempt set failures = greatest(failures - 1, 0), open_at = 'epoch' where subject = $1", subject
    )


async def forget_old(tx: Tx, before: datetime) -> None:
    """Drop what was last attempted before an instant, but for what another sign-in is looking at."""
    await tx.execute(
        "delete from sign_in_attempt where subject in (select subject from sign_in_attempt"
        " where attempted_at < $1 and open_at < $1 limit 1000 for update skip locked)",
        before,
    )


async def forget(tx: Tx, subject: bytes) -> None:
    """Drop one subject's count."""
    await tx.execute("delete from sign_in_attempt where subject = $1", subject)
