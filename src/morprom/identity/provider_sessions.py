"""Staff signed in at a client by their Provider ID: sessions that follow the sign-in behind them, refresh tokens.

A refresh token is good once; one that comes again ends its session, for one of two holders stole it (RFC 9700, 4.14).
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from morprom.accounts import Account, Session
from morprom.accounts.sessions import session_by_id
from morprom.identity import face_store
from morprom.identity.face_model import PROVIDER_ID, FaceClient, ProviderSession
from morprom.identity.faces import find_face
from morprom.identity.provider import LIFE
from morprom.kernel import Secret, new_id
from morprom.staff import positions_of
from morprom.storage import KeyRing, Tx

Found = tuple[ProviderSession, Session, Account]


async def start_provider(
    tx: Tx, client: FaceClient, behind: Session, scopes: Iterable[str], now: datetime
) -> ProviderSession:
    """Begin a session that ends with the sign-in behind it, or after the customary day."""
    session = ProviderSession(
        new_id(),
        behind.person_id,
        behind.session_id,
        client.client_id,
        frozenset(scopes),
        min(now + LIFE, behind.ends_at),
    )
    await face_store.add_provider(tx, session, now)
    return session


async def provider_session(tx: Tx, ring: KeyRing, client: FaceClient, jti: UUID | None, now: datetime) -> Found | None:
    """A session of this client that lives, and the sign-in behind it."""
    session = await face_store.live_provider(tx, jti, now) if jti else None
    if session is None or session.client_id != client.client_id:
        return None
    behind = await session_by_id(tx, ring, session.account_session, now)
    return (session, *behind) if behind and behind[0].person_id == session.person_id else None


async def vouches(tx: Tx, ring: KeyRing, jti: UUID, hcode: str, now: datetime) -> bool:
    """Whether a session speaks for its person to others: it lives, and they work at that hospital still.

    Idleness of the person's own pages does not count: who prescribes all morning works in another window.
    """
    person_id = await face_store.vouching(tx, jti, now)
    return person_id is not None and any(one.unit == hcode for one in await positions_of(tx, ring, person_id))


async def session_at_client(tx: Tx, ring: KeyRing, jti: UUID, now: datetime) -> tuple[FaceClient, Found] | None:
    """A session that lives and the client that holds its token, for a call to which the token alone is brought."""
    session = await face_store.live_provider(tx, jti, now)
    client = await find_face(tx, ring, session.client_id, PROVIDER_ID) if session else None
    found = await provider_session(tx, ring, client, jti, now) if client else None
    return (client, found) if client and found else None


async def new_refresh(tx: Tx, session: ProviderSession, now: datetime) -> Secret[str]:
    """A refresh token of a session."""
    token = Secret(secrets.token_urlsafe(32))
    await face_store.add_refresh(tx, token.digest(), session.jti, now)
    return token


async def take_refresh(tx: Tx, ring: KeyRing, client: FaceClient, token: Secret[str], now: datetime) -> Found | None:
    """The session of a refresh token that comes for the first time. Another's client, or a second time, ends it.

    While nobody has used the person's own pages lately it is refused and nothing more: who works in another window goes
    on there.
    """
    token_hash = token.digest()
    row = await face_store.refresh(tx, token_hash)
    if row is None:
        return None
    if row["used_at"] is not None or row["client_id"] != client.client_id:
        await face_store.end_provider(tx, row["jti"], now)
        return None
    found = await provider_session(tx, ring, client, row["jti"], now)
    if found:
        await face_store.use_refresh(tx, token_hash, now)
    return found
