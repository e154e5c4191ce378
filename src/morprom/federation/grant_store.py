"""SQL of consents."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from morprom.storage import Row, Tx

GRANT = (
    "g.grant_id, g.client_id, g.granted_at, g.ends_at, g.last_used_at, g.scopes, g.claims, g.language, g.ial, g.aal,"
    " g.text_hash"
)


async def add(
    tx: Tx, grant_id: UUID, person_id: UUID, client_id: str, now: datetime, ends_at: datetime, scopes: Sequence[str],
    claims: Sequence[str], language: str, ial: str, aal: str, text_hash: bytes,
) -> None:  # fmt: skip
    """Keep a consent with its receipt."""
    await tx.execute(
        "insert into openid_grant (grant_id, person_id, client_id, granted_at, ends_at, scopes, claims, language, ial,"
        " aal, text_hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        grant_id, person_id, client_id, now, ends_at, list(scopes), list(claims), language, ial, aal, text_hash,
    )  # fmt: skip


async def live(tx: Tx, person_id: UUID, client_id: str, now: datetime) -> Row | None:
    """The consent that a client has of a person."""
    return await tx.fetchrow(
        f"select {GRANT} from openid_grant g"  # noqa: S608 (a constant)
        " where g.person_id = $1 and g.client_id = $2 and g.ended_at is null and g.ends_at > $3"
        " order by g.granted_at desc limit 1",
        person_id, client_id, now,
    )  # fmt: skip


async def listed(tx: Tx, person_id: UUID, now: datetime) -> Sequence[Row]:
    """Every consent of a person that counts, with client and unit, newest first."""
    return await tx.fetch(
        f"select {GRANT}, c.hcode, c.name, c.redirect_uris, c.registered_at, c.revoked_at, c.kind, c.terms,"  # noqa: S608 (a constant)
        " u.name as unit_name from openid_grant g join client c using (client_id) join unit u using (hcode)"
        " where g.person_id = $1 and g.ended_at is null and g.ends_at > $2 order by g.granted_at desc",
        person_id, now,
    )  # fmt: skip


async def unit_name(tx: Tx, hcode: str) -> str:
    """What a unit is called."""
    return await tx.fetchval("select name from unit where hcode = $1", hcode) or hcode


async def end(tx: Tx, person_id: UUID, client_id: str, now: datetime) -> int:
    """End what a client has of a person; how many consents that were."""
    rows = await tx.fetch(
        "update openid_grant set ended_at = $3 where person_id = $1 and client_id = $2 and ended_at is null"
        " returning grant_id",
        person_id, client_id, now,
    )  # fmt: skip
    return len(rows)


async def end_of_client(tx: Tx, client_id: str, now: datetime) -> None:
    """End what a client has of anybody."""
    await tx.execute("update openid_grant set ended_at = $2 where client_id = $1 and ended_at is null", client_id, now)


async def client_of(tx: Tx, person_id: UUID, grant_id: UUID) -> str | None:
    """Whose a person's consent is, while it counts."""
    return await tx.fetchval(
        "select client_id from openid_grant where person_id = $1 and grant_id = $2 and ended_at is null",
        person_id, grant_id,
    )  # fmt: skip


async def used(tx: Tx, person_id: UUID, client_id: str, now: datetime) -> None:
    """A client had something by a consent; written once a minute at most."""
    await tx.execute(
        "update openid_grant set last_used_at = $3 where person_id = $1 and client_id = $2 and ended_at is null"
        " and (last_used_at is null or last_used_at < $3::timestamptz - interval '1 minute')",
        person_id, client_id, now,
    )  # fmt: skip
