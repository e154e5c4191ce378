"""Who is calling: bearer tokens to accounts and units, remembered for a few seconds.

Most calls find their token in memory and need no transaction, so this is the one place of the room that opens its own.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Final, Generic, TypeVar
from uuid import UUID

from morprom.kernel import Category, Hcode, Problem, Secret, Settings, Words
from morprom.storage import KeyRing, Tx
from morprom.units import store
from morprom.units.model import Account, Sender, UploadToken
from morprom.units.rules import REMEMBERED_SECONDS, still_holds
from morprom.units.signing import Signer

REMEMBERED_TOKENS: Final = 20_000
LONGEST: Final = 4096

Transactions = Callable[[], AbstractAsyncContextManager[Tx]]
Holder = TypeVar("Holder")


class Gate:
    """Bearer tokens of one door. `seconds` is the clock, in Unix time."""

    def __init__(
        self,
        transactions: Transactions,
        ring: KeyRing,
        settings: Settings,
        seconds: Callable[[], float] = time.time,
    ) -> None:
        self._transactions = transactions
        self._signer = Signer(ring, issuer_of(settings))
        self._seconds = seconds
        self._accounts = Remembered[Account]()
        self._senders = Remembered[UploadToken]()

    async def account(self, authorization: bytes | None) -> Account:
        """The account of an Account Center token, given the Authorization header as it came.

        Raises Problem TOKEN_MISSING or TOKEN_REFUSED (unauthenticated).
        """
        now = self._seconds()
        key = _digest(authorization)
        return self._accounts.find(key, now) or await self._verify(key, bearer(authorization), now)

    async def sender(self, authorization: bytes | None) -> Sender:
        """Whoever may upload visits: an account that may send, or the holder of a unit's upload token.

        Raises Problem as `account`, and Problem (forbidden) when the account may not send.
        """
        now = self._seconds()
        key = _digest(authorization)
        sender = self._senders.find(key, now)
        if sender is not None:
            return sender
        account = self._accounts.find(key, now)
        if account is None:
            token = bearer(authorization)
            hcode, colon, secret = token.partition(":")
            if colon:
                return await self._look_up(key, Hcode.parse(hcode), secret, now)
            account = await self._verify(key, token, now)
        account.demand_sending()
        return account

    def known_unit(self, authorization: bytes | None) -> Hcode | None:
        """The unit of a token that was found good lately; None of any other. Asks nothing of the database."""
        if authorization is None:
            return None
        key, now = _digest(authorization), self._seconds()
        holder = self._accounts.find(key, now) or self._senders.find(key, now)
        return holder.hcode if holder else None

    async def _verify(self, key: bytes, token: str, now: float) -> Account:
        claims = self._signer.verify(token, now)
        if claims is None:
            raise refused()
        try:
            account_id = UUID(claims["sub"])
        except (KeyError, ValueError, TypeError, AttributeError):
            raise refused() from None
        async with self._transactions() as tx:
            account = await store.account(tx, account_id)
        if account is None or not still_holds(account, claims.get("gen")):
            raise refused()
        self._accounts.keep(key, account, min(now + REMEMBERED_SECONDS, claims["exp"]), now)
        return account

    async def _look_up(self, key: bytes, hcode: Hcode | None, secret: str, now: float) -> UploadToken:
        if hcode is None:
            raise refused()
        async with self._transactions() as tx:
            found = await store.upload_token(tx, hcode, Secret(secret).digest(), datetime.fromtimestamp(now, UTC))
        if found is None:
            raise refused()
        self._senders.keep(key, found, now + REMEMBERED_SECONDS, now)
        return found


class Remembered(Generic[Holder]):
    """The last tokens that were good, by the SHA-256 of their header; the longest unused goes first."""

    def __init__(self) -> None:
        self._until: OrderedDict[bytes, tuple[float, Holder]] = OrderedDict()

    def find(self, key: bytes, now: float) -> Holder | None:
        found = self._until.get(key)
        if found is None or found[0] <= now:
            return None
        self._until.move_to_end(key)
        return found[1]

    def keep(self, key: bytes, holder: Holder, until: float, now: float) -> None:
        self._until[key] = (until, holder)
        self._until.move_to_end(key)
        while len(self._until) > REMEMBERED_TOKENS:
            self._until.popitem(last=False)


def bearer(authorization: bytes | None) -> str:
    """The token of an Authorization header. Raises Problem TOKEN_MISSING."""
    scheme, _, token = (authorization or b"").strip().partition(b" ")
    token = token.strip()
    if scheme.lower() != b"bearer" or not token or len(token) > LONGEST or not token.isascii():
        raise Problem(
            Category.UNAUTHENTICATED,
            "TOKEN_MISSING",
            Words("ต้องส่ง Authorization: Bearer <token>", "send Authorization: Bearer <token>"),
        )
    return token.decode("ascii")


def refused() -> Problem:
    """One answer for every token that is not good, whatever is wrong with it."""
    return Problem(
        Category.UNAUTHENTICATED,
        "TOKEN_REFUSED",
        Words("token ไม่ถูกต้องหรือหมดอายุ โปรดลงชื่อเข้าใช้ใหม่", "the token is not valid or has ended; sign in again"),
    )


def issuer_of(settings: Settings) -> str:
    """The `iss` of our tokens."""
    return f"{settings.public_url}/token"


def _digest(authorization: bytes | None) -> bytes:
    return hashlib.sha256(authorization or b"").digest()
