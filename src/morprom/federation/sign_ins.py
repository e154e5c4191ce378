"""Sign-ins at clients, opened; and whether one still holds."""

import base64
import hashlib
from datetime import datetime
from typing import Final
from uuid import UUID

from morprom.accounts import Account, Session
from morprom.accounts.sealing import Sealed, opened, sealed
from morprom.accounts.sessions import session_by_id
from morprom.federation import store
from morprom.federation.client_auth import find_party
from morprom.federation.model import Details, LiveToken, SignIn
from morprom.kernel import Secret
from morprom.storage import KeyRing, Row, Tx

TABLE: Final = b"openid_sign_in"
ACCESS: Final = 1
REFRESH: Final = 2


def sealed_details(ring: KeyRing, sign_in_id: UUID, details: Details) -> Sealed:
    """The sealed part of a sign-in."""
    return sealed(ring, TABLE, sign_in_id, details)


def sign_in_of(ring: KeyRing, row: Row) -> SignIn:
    """A row, opened."""
    details = opened(ring, TABLE, row["sign_in_id"], Sealed(row["key_id"], row["sealed"]), Details)
    return SignIn(
        row["sign_in_id"], row["person_id"], row["client_id"], row["session_id"], row["made_at"], row["ended_at"],
        row["sid"], details,
    )  # fmt: skip


async def holds(tx: Tx, ring: KeyRing, sign_in: SignIn, now: datetime) -> tuple[Session, Account] | None:
    """The live session behind a sign-in; None when it, the account or the sign-in has ended.

    Idle time counts: a person who left is not behind a token any more.
    """
    if sign_in.ended_at is not None:
        return None
    return await session_by_id(tx, ring, sign_in.session_id, now)


async def live_token(tx: Tx, ring: KeyRing, token: Secret[str], now: datetime) -> LiveToken | None:
    """Who is behind a token, and through which client; None for whatever does not work."""
    row = await store.token(tx, token.digest())
    if row is None or row["token_ended_at"] or row["used_at"] or row["token_ends_at"] <= now:
        return None
    sign_in = sign_in_of(ring, row)
    behind = await holds(tx, ring, sign_in, now)
    party = await find_party(tx, sign_in.client_id)
    if behind is None or party is None:
        return None
    return LiveToken(
        sign_in, party, *behind, row["kind"], party.still(row["scopes"]), row["token_made_at"], row["token_ends_at"],
        row["jkt"],
    )  # fmt: skip


def sid_of(session_id: UUID, client_id: str) -> str:
    """A session as one client knows it; from two of them nobody sees that it is the same."""
    digest = hashlib.sha256(b"sid\0" + session_id.bytes + client_id.encode()).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()
