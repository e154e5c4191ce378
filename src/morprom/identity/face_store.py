"""SQL of the faces: keys of their clients, names of people at clients, codes, sessions of staff."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from morprom.identity.face_model import FaceCode, ProviderSession
from morprom.storage import Row, Tx


async def add_client(tx: Tx, client_id: str, key_id: int, sealed: bytes) -> None:
    """The sealed key of a new client."""
    await tx.execute(
        "insert into face_client (client_id, key_id, sealed) values ($1, $2, $3)", client_id, key_id, sealed
    )


async def client_key(tx: Tx, client_id: str) -> Row | None:
    """(key_id, sealed) of a client."""
    return await tx.fetchrow("select key_id, sealed from face_client where client_id = $1", client_id)


async def subject(tx: Tx, person_id: UUID, client_id: str, made: UUID) -> UUID:
    """The name of a person at a client; `made` when there is none yet."""
    await tx.execute(
        "insert into face_subject (person_id, client_id, subject) values ($1, $2, $3) on conflict do nothing",
        person_id, client_id, made,
    )  # fmt: skip
    found = await tx.fetchval(
        "select subject from face_subject where person_id = $1 and client_id = $2", person_id, client_id
    )
    return found or made


async def add_code(
    tx: Tx, code_hash: bytes, client_id: str, person_id: UUID, account_session: UUID, redirect_uri: str,
    challenge: str | None, scopes: Sequence[str], now: datetime,
) -> None:  # fmt: skip
    """A new code."""
    await tx.execute(
        "insert into face_code (code_hash, client_id, person_id, account_session, redirect_uri, challenge, scopes,"
        " issued_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        code_hash, client_id, person_id, account_session, redirect_uri, challenge, list(scopes), now,
    )  # fmt: skip


async def present(tx: Tx, code_hash: bytes, now: datetime) -> FaceCode | None:
    """A code comes back. Of two at once the second sees that it came before: the row is locked until the commit."""
    row = await tx.fetchrow(
        "update face_code set presented_at = coalesce(presented_at, $2) where code_hash = $1"
        " returning client_id, person_id, account_session, redirect_uri, challenge, scopes, issued_at,"
        " old.presented_at, jti",
        code_hash, now,
    )  # fmt: skip
    if row is None:
        return None
    return FaceCode(
        row["client_id"], row["person_id"], row["account_session"], row["redirect_uri"], row["challenge"],
        tuple(row["scopes"]), row["issued_at"], row["presented_at"], row["jti"],
    )  # fmt: skip


async def end_codes(tx: Tx, person_id: UUID, client_id: str, now: datetime) -> None:
    """Codes of a person that a client has not brought yet are of no use from now."""
    await tx.execute(
        "update face_code set presented_at = $3 where person_id = $1 and client_id = $2 and presented_at is null"
        " and issued_at > $3::timestamptz - interval '1 minute'",
        person_id, client_id, now,
    )  # fmt: skip


async def became(tx: Tx, code_hash: bytes, jti: UUID) -> None:
    """Which session a code became."""
    await tx.execute("update face_code set jti = $2 where code_hash = $1", code_hash, jti)


async def add_provider(tx: Tx, session: ProviderSession, now: datetime) -> None:
    """A new session of staff."""
    await tx.execute(
        "insert into provider_session (jti, person_id, account_session, client_id, scopes, made_at, ends_at)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        session.jti, session.person_id, session.account_session, session.client_id, sorted(session.scopes), now,
        session.ends_at,
    )  # fmt: skip


async def live_provider(tx: Tx, jti: UUID, now: datetime) -> ProviderSession | None:
    """A session of staff that has not ended."""
    row = await tx.fetchrow(
        "select jti, person_id, account_session, client_id, scopes, ends_at from provider_session"
        " where jti = $1 and ended_at is null and ends_at > $2",
        jti, now,
    )  # fmt: skip
    if row is None:
        return None
    return ProviderSession(
        row["jti"], row["person_id"], row["account_session"], row["client_id"], frozenset(row["scopes"]), row["ends_at"]
    )


async def vouching(tx: Tx, jti: UUID, now: datetime) -> UUID | None:
    """Whose session of staff that is, while nothing ended it, its client or the sign-in behind it."""
    return await tx.fetchval(
        "select p.person_id from provider_session p join client c using (client_id)"
        " join person_session s on s.session_id = p.account_session"
        " where p.jti = $1 and p.ended_at is null and p.ends_at > $2 and s.ended_at is null"
        " and c.revoked_at is null and c.disabled_at is null",
        jti, now,
    )  # fmt: skip


async def end_provider(tx: Tx, jti: UUID, now: datetime) -> None:
    """End a session of staff."""
    await tx.execute(
        "update provider_session set ended_at = coalesce(ended_at, $2) where jti = $1", jti, now
    )  # fmt: skip


async def end_provider_at_unit(tx: Tx, person_id: UUID, client_id: str, now: datetime) -> None:
    """End the sessions of staff at every client of the unit whose client this is."""
    await tx.execute(
        "update provider_session set ended_at = $3 where person_id = $1 and ended_at is null and client_id in"
        " (select c.client_id from client c join client named using (hcode) where named.client_id = $2)",
        person_id, client_id, now,
    )  # fmt: skip


async def forget(tx: Tx, codes: datetime, sessions: datetime) -> None:
    """Codes from before one time go, sessions that were over before another, with their refresh tokens."""
    await tx.execute("delete from face_code where issued_at < $1", codes)
    await tx.execute("delete from provider_session where ends_at < $1", sessions)
    await tx.execute("delete from health_id_session where ends_at < $1", sessions)


async def add_refresh(tx: Tx, token_hash: bytes, jti: UUID, now: datetime) -> None:
    """A new refresh token."""
    await tx.execute(
        "insert into provider_refresh (token_hash, jti, made_at) values ($1, $2, $3)", token_hash, jti, now
    )


async def refresh(tx: Tx, token_hash: bytes) -> Row | None:
    """(jti, used_at, client_id) of a refresh token that comes; the row is locked until the commit."""
    return await tx.fetchrow(
        "select r.jti, r.used_at, p.client_id from provider_refresh r join provider_session p using (jti)"
        " where r.token_hash = $1 for update of r",
        token_hash,
    )


async def use_refresh(tx: Tx, token_hash: bytes, now: datetime) -> None:
    """A refresh token was exchanged."""
    await tx.execute("update provider_refresh set used_at = $2 where token_hash = $1", token_hash, now)
