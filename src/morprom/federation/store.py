"""SQL of sign-ins at clients, and of their tokens."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from morprom.accounts.sealing import Sealed
from morprom.storage import Row, Tx

SIGN_IN = "s.sign_in_id, s.person_id, s.client_id, s.session_id, s.made_at, s.ended_at, s.sid, s.key_id, s.sealed"


async def add_sign_in(
    tx: Tx, sign_in_id: UUID, person_id: UUID, client_id: str, session_id: UUID, now: datetime, code_hash: bytes,
    sid: str, details: Sealed,
) -> None:  # fmt: skip
    """Keep a sign-in with its code."""
    await tx.execute(
        "insert into openid_sign_in (sign_in_id, person_id, client_id, session_id, made_at, code_hash, sid, key_id,"
        " sealed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        sign_in_id, person_id, client_id, session_id, now, code_hash, sid, *details,
    )  # fmt: skip


async def present_code(tx: Tx, code_hash: bytes, now: datetime) -> Row | None:
    """A code comes back. Of two at once the second sees that it came before: the row is locked until the commit."""
    return await tx.fetchrow(
        f"update openid_sign_in s set code_presented_at = coalesce(s.code_presented_at, $2) where code_hash = $1"  # noqa: S608 (a constant)
        f" returning {SIGN_IN}, old.code_presented_at as presented_before",
        code_hash, now,
    )  # fmt: skip


async def end_sign_in(tx: Tx, sign_in_id: UUID, now: datetime) -> None:
    """Everything of a sign-in is of no use from now."""
    await tx.execute(
        "update openid_sign_in set ended_at = $2 where sign_in_id = $1 and ended_at is null", sign_in_id, now
    )


async def end_sign_ins(tx: Tx, person_id: UUID, client_id: str, now: datetime) -> None:
    """Everything that a client has of a person is of no use from now; it is told so of each session that lives."""
    await tx.execute(
        "update openid_sign_in set tell_at = $3 where sign_in_id in ("
        "  select distinct on (session_id) sign_in_id from openid_sign_in s join person_session p using (session_id)"
        "  where s.person_id = $1 and s.client_id = $2 and code_presented_at is not null and s.ended_at is null"
        "   and p.ended_at is null order by session_id, made_at desc)",
        person_id, client_id, now,
    )  # fmt: skip
    await tx.execute(
        "update openid_sign_in set ended_at = $3 where person_id = $1 and client_id = $2 and ended_at is null",
        person_id, client_id, now,
    )  # fmt: skip


async def end_of_client(tx: Tx, client_id: str, now: datetime) -> None:
    """Everything that a client has of anybody is of no use from now."""
    await tx.execute(
        "update openid_sign_in set ended_at = $2 where client_id = $1 and ended_at is null", client_id, now
    )


async def session_of_sid(tx: Tx, client_id: str, sid: str) -> Row | None:
    """The session that a client knows by that name, and whose it is."""
    return await tx.fetchrow(
        "select s.session_id, s.person_id from openid_sign_in s where s.client_id = $1 and s.sid = $2 limit 1",
        client_id, sid,
    )  # fmt: skip


async def add_token(
    tx: Tx, token_hash: bytes, sign_in_id: UUID, kind: int, now: datetime, ends_at: datetime, jkt: str | None,
    scopes: Sequence[str],
) -> None:  # fmt: skip
    """Keep a token."""
    await tx.execute(
        "insert into openid_token (token_hash, sign_in_id, kind, made_at, ends_at, jkt, scopes)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        token_hash, sign_in_id, kind, now, ends_at, jkt, list(scopes),
    )  # fmt: skip


async def token(tx: Tx, token_hash: bytes, *, lock: bool = False) -> Row | None:
    """A token with its sign-in; locked where it is about to be used up."""
    statement = (
        f"select {SIGN_IN}, t.kind, t.made_at as token_made_at, t.ends_at as token_ends_at, t.used_at,"  # noqa: S608 (a constant)
        " t.ended_at as token_ended_at, t.jkt, t.scopes"
        " from openid_token t join openid_sign_in s using (sign_in_id) where t.token_hash = $1"
    )
    return await tx.fetchrow(statement + (" for update of t" if lock else ""), token_hash)


async def use_token(tx: Tx, token_hash: bytes, now: datetime) -> None:
    """A refresh token was exchanged."""
    await tx.execute("update openid_token set used_at = $2 where token_hash = $1", token_hash, now)


async def end_token(tx: Tx, token_hash: bytes, now: datetime) -> None:
    """A token was revoked."""
    await tx.execute(
        "update openid_token set ended_at = $2 where token_hash = $1 and ended_at is null", token_hash, now
    )


async def due_to_tell(tx: Tx, now: datetime, most: int) -> Sequence[Row]:
    """Sign-ins that their person has left and whose client was not told, locked against others that tell.

    What ends a session sets `tell_at`: the trigger `openid_tell`.
    """
    return await tx.fetch(
        f"select {SIGN_IN}, s.tell_tries from openid_sign_in s"  # noqa: S608 (a constant)
        " where s.tell_at <= $1 order by s.tell_at limit $2 for update skip locked",
        now, most,
    )  # fmt: skip


async def told(tx: Tx, sign_in_id: UUID, again_at: datetime | None) -> None:
    """A client was told, or will be told again."""
    await tx.execute(
        "update openid_sign_in set tell_at = $2, tell_tries = tell_tries + 1 where sign_in_id = $1",
        sign_in_id, again_at,
    )  # fmt: skip


async def purge(tx: Tx, tokens_before: datetime, sign_ins_before: datetime) -> None:
    """Delete tokens and sign-ins that are long over."""
    await tx.execute("delete from openid_token where ends_at < $1", tokens_before)
    await tx.execute("delete from openid_sign_in where made_at < $1", sign_ins_before)
