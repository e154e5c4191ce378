"""SQL of Health ID sessions."""

from datetime import datetime
from uuid import UUID

from morprom.assurance import Aal, Ial, Levels
from morprom.identity.model import HealthIdSession
from morprom.storage import Tx


async def insert(tx: Tx, session: HealthIdSession) -> None:
    """Keep a new session."""
    await tx.execute(
        "insert into health_id_session (jti, person_id, authenticated_at, ends_at, client_id, scopes, ial, aal,"
        " account_session) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        session.jti, session.person_id, session.levels.authenticated_at, session.ends_at, session.client_id,
        sorted(session.scopes), session.levels.ial, session.levels.aal, session.account_session,
    )  # fmt: skip


async def live(tx: Tx, jti: UUID, now: datetime) -> HealthIdSession | None:
    """The session of a token, while it lives, with the levels that it began with."""
    row = await tx.fetchrow(
        "select jti, person_id, client_id, scopes, ial, aal, authenticated_at, ends_at, account_session"
        " from health_id_session s where jti = $1 and ended_at is null and ends_at > $2 and not exists"
        " (select from client c where c.client_id = s.client_id"
        " and (c.revoked_at is not null or c.disabled_at is not null))",
        jti, now,
    )  # fmt: skip
    if row is None:
        return None
    levels = Levels(Ial(row["ial"]), Aal(row["aal"]), row["authenticated_at"])
    return HealthIdSession(
        row["jti"], row["person_id"], row["client_id"], frozenset(row["scopes"]), levels, row["ends_at"],
        row["account_session"],
    )  # fmt: skip


async def end(tx: Tx, jti: UUID) -> bool:
    """End a session; False when it had ended."""
    row = await tx.fetchrow(
        "update health_id_session set ended_at = clock_timestamp()"
        " where jti = $1 and ended_at is null and ends_at > clock_timestamp() returning jti",
        jti,
    )
    return row is not None


async def end_at_client(tx: Tx, person_id: UUID, client_id: str, now: datetime) -> None:
    """End what a client has of a person."""
    await tx.execute(
        "update health_id_session set ended_at = $3 where person_id = $1 and client_id = $2 and ended_at is null",
        person_id, client_id, now,
    )  # fmt: skip


async def end_of_code(tx: Tx, jti: UUID, now: datetime) -> None:
    """End the session that a code became."""
    await tx.execute("update health_id_session set ended_at = coalesce(ended_at, $2) where jti = $1", jti, now)


async def forget(tx: Tx, person_id: UUID, before: datetime) -> None:
    """Drop a person's sessions that were over before then."""
    await tx.execute("delete from health_id_session where person_id = $1 and ends_at < $2", person_id, before)
