"""Codes to contacts: to add one, and to come back with a recovery code. Five tries in ten minutes.

The browser goes on with a cookie of its own; what is kept of the code is an HMAC, sealed with the contact.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from morprom.accounts import store
from morprom.accounts.model import Purpose
from morprom.accounts.sealing import Sealed, opened, sealed
from morprom.kernel import Secret, new_id
from morprom.storage import KeyKind, KeyRing, Row, Tx

TABLE: Final = b"contact_check"
LIFE: Final = timedelta(minutes=15)
CODE_LIFE: Final = timedelta(minutes=10)  # NIST SP 800-63B-4, 3.1.3.2; ASVS 5, 6.5.5
CODE_TRIES: Final = 5


class _Inside(msgspec.Struct):
    contact: str
    mac: bytes
    mac_key_id: int

    def __repr__(self) -> str:
        return "_Inside(…)"


class Started(NamedTuple):
    """The cookie that goes on with it, and the code to send."""

    cookie: Secret[str]
    code: Secret[str]


class Check(NamedTuple):
    """A check that somebody goes on with. `contact` is where the code went, "" when it went nowhere."""

    check_id: UUID
    person_id: UUID
    contact: Secret[str]
    mac: Secret[bytes]
    mac_key_id: int


def new_code() -> str:
    """Six digits, as they go to a contact wherever one is verified: here, at a counter, and with a slip."""
    return f"{secrets.randbelow(1_000_000):06}"


def typed(code: Secret[str]) -> str:
    """What came back, without the blanks that people and telephones put between digits."""
    return "".join(code.reveal().split())


async def start_check(
    tx: Tx, ring: KeyRing, person_id: UUID, purpose: Purpose, contact: Secret[str], now: datetime
) -> Started:
    """A code for a contact; the caller sends it."""
    check_id, cookie = new_id(), Secret(secrets.token_urlsafe(32))
    code = new_code()
    key_id, _ = ring.current(KeyKind.OTP)
    inside = _Inside(contact.reveal(), _mac(ring, key_id, check_id, code), key_id)
    columns = sealed(ring, TABLE, check_id, inside)
    await store.add_check(tx, check_id, person_id, purpose, cookie.digest(), now, columns)
    return Started(cookie, Secret(code))


async def try_check(tx: Tx, ring: KeyRing, cookie: Secret[str] | None, purpose: Purpose, now: datetime) -> Check | None:
    """The check of a cookie, with one try counted; None when it is over. The transaction commits whatever comes."""
    if cookie is None:
        return None
    row = await store.count_check_try(tx, cookie.digest(), purpose, now - CODE_LIFE, CODE_TRIES)
    return _check(ring, row) if row else None


def is_right(ring: KeyRing, check: Check, code: Secret[str]) -> bool:
    """Whether this is the code that was sent."""
    expected = _mac(ring, check.mac_key_id, check.check_id, typed(code))
    return bool(check.contact.reveal()) and hmac.compare_digest(expected, check.mac.reveal())


async def confirm_check(tx: Tx, check: Check, now: datetime) -> None:
    """It came back."""
    await store.confirm_check(tx, check.check_id, now)


async def confirmed_check(
    tx: Tx, ring: KeyRing, cookie: Secret[str] | None, purpose: Purpose, now: datetime
) -> Check | None:
    """A check whose code came back, still in time, locked."""
    row = await store.confirmed_check(tx, cookie.digest(), purpose, now - LIFE) if cookie else None
    return _check(ring, row) if row else None


async def end_check(tx: Tx, check: Check) -> None:
    """It did what it was for."""
    await store.drop_check(tx, check.check_id)


def _check(ring: KeyRing, row: Row) -> Check:
    inside = opened(ring, TABLE, row["check_id"], Sealed(row["key_id"], row["sealed"]), _Inside)
    return Check(row["check_id"], row["person_id"], Secret(inside.contact), Secret(inside.mac), inside.mac_key_id)


def _mac(ring: KeyRing, key_id: int, check_id: UUID, code: str) -> bytes:
    return hmac.digest(ring.get(KeyKind.OTP, key_id).reveal(), b"check\0" + check_id.bytes + code.encode(), "sha256")
