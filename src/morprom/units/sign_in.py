"""Signing in at the Account Center with user and password hash (wire protocol, section 2.1).

Two short transactions with Argon2 between them: the attempt is counted and committed before the password is compared,
and no connection waits for the comparison. That is why this desk opens its own transactions.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import structlog

from morprom import throttle
from morprom.kernel import Clock, Secret, Settings, utc_now
from morprom.storage import KeyRing, Tx
from morprom.units import rules, store
from morprom.units.gate import Transactions, issuer_of
from morprom.units.model import Account, NotSignedIn
from morprom.units.passwords import Verification
from morprom.units.signing import Signer

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who says to be whom, from where. `address` is the client's network address."""

    login: str = field(repr=False)
    password_hash: Secret[str]
    hcode: str
    address: str

    @property
    def secret(self) -> throttle.Secret:
        """What is guessed at."""
        return throttle.Secret("account", (self.hcode, self.login), self.address)


class SignInDesk:
    """Turns user and password hash into an Account Center token. One a process: it limits Argon2."""

    def __init__(self, transactions: Transactions, ring: KeyRing, settings: Settings, clock: Clock = utc_now) -> None:
        self._transactions = transactions
        self._signer = Signer(ring, issuer_of(settings))
        self._minutes = settings.token_minutes
        self._clock = clock
        self._verification = Verification()

    async def sign_in(self, attempt: Attempt) -> Secret[str] | NotSignedIn:
        """The token (a JWT), or why not. Unknown user, wrong password and disabled account are one answer."""
        async with self._transactions() as tx:
            wait = await throttle.count(tx, attempt.secret, self._clock())
            found = None if wait is not None else await store.account_and_verifier(tx, attempt.hcode, attempt.login)
        if wait is not None:
            return _told(attempt, NotSignedIn(wait))
        account, verifier = found or (None, None)
        right = await self._verification.matches(verifier, attempt.password_hash)
        if account is None or account.disabled_at is not None or not right:
            return _told(attempt, NotSignedIn())
        async with self._transactions() as tx:
            return await self._admit(tx, attempt, account)

    async def token_of(self, tx: Tx, account_id: UUID, until: datetime) -> Secret[str] | None:
        """The token of an account whose holder signed in elsewhere, no longer than `until`; None for one that is
        disabled.
        """
        account = await store.account(tx, account_id)
        minutes = int((until - self._clock()).total_seconds() // 60)
        if account is None or account.disabled_at is not None or minutes < 1:
            return None
        return await self._signed(tx, account, min(minutes, self._minutes))

    async def _admit(self, tx: Tx, attempt: Attempt, account: Account) -> Secret[str]:
        now = self._clock()
        await throttle.forgive(tx, attempt.secret, now)
        return await self._signed(tx, account, self._minutes)

    async def _signed(self, tx: Tx, account: Account, minutes: int) -> Secret[str]:
        unit = await store.unit(tx, account.hcode)
        name = unit.name if unit else ""
        log.info("signed_in", hcode=account.hcode, account=str(account.account_id))
        issuer = self._signer.issuer
        return self._signer.sign(
            rules.claims(account, name, issuer=issuer, now=self._clock(), minutes=minutes, jti=str(uuid4()))
        )


def _told(attempt: Attempt, answer: NotSignedIn) -> NotSignedIn:
    log.info("sign_in_refused", hcode=attempt.hcode, throttled=answer.wait is not None)
    return answer
