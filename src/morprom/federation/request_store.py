"""SQL of requests that wait, of proofs that count once, and of the names by which clients know people."""

from datetime import datetime
from uuid import UUID

from morprom.storage import Row, Tx


async def add(
    tx: Tx, request_hash: bytes, client_id: str, pushed_hash: bytes | None, now: datetime, ends_at: datetime,
    sealed: bytes,
) -> None:  # fmt: skip
    """Keep a request."""
    await tx.execute(
        "insert into openid_request (request_hash, client_id, pushed_hash, made_at, ends_at, sealed)"
        " values ($1, $2, $3, $4, $5, $6)",
        request_hash, client_id, pushed_hash, now, ends_at, sealed,
    )  # fmt: skip


async def waiting(tx: Tx, request_hash: bytes, now: datetime) -> Row | None:
    """A request that waits, unless it or the pushed one behind it was answered."""
    return await tx.fetchrow(
        "select r.request_hash, r.pushed_hash, r.client_id, r.made_at, r.sealed from openid_request r"
        " where r.request_hash = $1 and r.used_at is null and r.ends_at > $2 and not exists ("
        "  select from openid_request p where p.request_hash = r.pushed_hash and p.used_at is not null)",
        request_hash, now,
    )  # fmt: skip


async def answer(tx: Tx, request_hashes: list[bytes], now: datetime) -> int:
    """Note that requests were answered; how many of them had not been."""
    rows = await tx.fetch(
        "update openid_request set used_at = $2 where request_hash in ("
        "  select request_hash from openid_request where request_hash = any($1::bytea[]) order by request_hash"
        "  for update) and used_at is null returning request_hash",
        request_hashes, now,
    )  # fmt: skip
    return len(rows)


async def show(tx: Tx, shown_hash: bytes, ends_at: datetime) -> bool:
    """Note that a proof was shown; False when it was before."""
    row = await tx.fetchrow(
        "insert into shown_once (shown_hash, ends_at) values ($1, $2) on conflict do nothing returning shown_hash",
        shown_hash, ends_at,
    )  # fmt: skip
    return row is not None


async def subject(tx: Tx, person_id: UUID, sector: str, proposed: str) -> str:
    """The name by which a sector knows a person; the proposed one when there was none."""
    known = "select subject from openid_subject where person_id = $1 and sector = $2"
    if found := await tx.fetchval(known, person_id, sector):
        return found
    await tx.execute(
        "insert into openid_subject (person_id, sector, subject) values ($1, $2, $3) on conflict do nothing",
        person_id, sector, proposed,
    )  # fmt: skip
    return await tx.fetchval(known, person_id, sector)


async def person_named(tx: Tx, sector: str, subject: str) -> UUID | None:
    """Whom a sector knows by that name."""
    return await tx.fetchval("select person_id from openid_subject where subject = $2 and sector = $1", sector, subject)


async def purge(tx: Tx, now: datetime) -> None:
    """Delete what counts no longer."""
    await tx.execute("delete from openid_request where ends_at < $1", now)
    await tx.execute("delete from shown_once where ends_at < $1", now)
