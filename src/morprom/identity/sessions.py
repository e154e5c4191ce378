"""A Health ID session begins, follows the sign-in behind it, and ends. Tokens name it; it says what they are worth."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from morprom.accounts import Account, Session
from morprom.accounts.sessions import session_by_id
from morprom.assurance import Levels, table
from morprom.identity import store
from morprom.identity.model import PHR_READ, TOKEN_LIFE, HealthIdSession
from morprom.kernel import new_id
from morprom.people import Person
from morprom.storage import KeyRing, Tx

KEPT: Final = timedelta(days=30)
"""How long a session that is over can still be looked up by the operator."""


async def start_session(
    tx: Tx,
    person: Person,
    *,
    client_id: str,
    levels: Levels,
    scopes: Iterable[str] = (PHR_READ,),
    life: timedelta = TOKEN_LIFE,
) -> HealthIdSession:
    """Begin a session that lasts `life` from the sign-in, and no longer than its AAL allows."""
    allowed = timedelta(seconds=table().limits(levels.aal).absolute)
    ends_at = levels.authenticated_at + min(life, TOKEN_LIFE, allowed)
    session = HealthIdSession(new_id(), person.person_id, client_id, frozenset(scopes), levels, ends_at)
    await store.forget(tx, person.person_id, levels.authenticated_at - KEPT)
    await store.insert(tx, session)
    return session


async def follow_session(
    tx: Tx, behind: Session, account: Account, *, client_id: str, scopes: Iterable[str], now: datetime
) -> HealthIdSession:
    """Begin a session that has the levels of a sign-in here, now and later, and ends with it."""
    ends_at = min(now + TOKEN_LIFE, behind.ends_at)
    session = HealthIdSession(
        new_id(), behind.person_id, client_id, frozenset(scopes), behind.levels(account), ends_at,
        behind.session_id, account.t4_opens_at,
    )  # fmt: skip
    await store.forget(tx, behind.person_id, now - KEPT)
    await store.insert(tx, session)
    return session


async def live_session(tx: Tx, ring: KeyRing, jti: UUID, now: datetime) -> HealthIdSession | None:
    """The session of a token while it lives, with the levels that the sign-in behind it has at this moment."""
    session = await store.live(tx, jti, now)
    if session is None or session.account_session is None:
        return session
    behind = await session_by_id(tx, ring, session.account_session, now)
    if behind is None or behind[0].person_id != session.person_id:
        return None
    signed_in, account = behind
    return replace(session, levels=signed_in.levels(account), t4_opens_at=account.t4_opens_at)


async def end_session(tx: Tx, jti: UUID) -> bool:
    """End a session at once; False when it was over."""
    return await store.end(tx, jti)
