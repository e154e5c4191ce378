"""Signing in at the Account Center with user and password hash (wire protocol, section 2.1).

Two short transactions with Argon2 between them: the attempt is counted and committed before the password is compared,
and no connection waits for the comparison. That is why this desk opens its own transactions.
"""

from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from uuid import uuid4

import structlog

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
        now = self._clock()
        async with self._transactions() as tx:
            subject, open_at = await _count(tx, attempt, now)
            found = None if open_at else await store.account_and_verifier(tx, attempt.hcode, attempt.login)
        if open_at is not None:
            return _told(attempt, NotSignedIn(wait=min(rules.HOUR, ceil((open_at - now).total_seconds()))))
        account, verifier = found or (None, None)
        right = await self._verification.matches(verifier, attempt.password_hash)
        if account is None or account.disabled_at is not None or not right:
            return _told(attempt, NotSignedIn())
        async with self._transactions() as tx:
            return await self._admit(tx, attempt, account, subject)

    async def _admit(self, tx: Tx, attempt: Attempt, account: Account, subject: bytes) -> Secret[str]:
        now = self._clock()
        # in the order of `_count`, address before account: two sign-ins must not wait for each other
        await store.take_back_attempt(tx, rules.address_subject(attempt.address), now)
        await store.forgive_attempts(tx, subject, now)
        await store.forgive_attempts(tx, rules.known_subject(attempt.hcode, attempt.login, attempt.address), now)
        await store.forget_attempts(tx, now - rules.ATTEMPT_MEMORY)
        unit = await store.unit(tx, account.hcode)
        name = unit.name if unit else ""
        log.info("signed_in", hcode=account.hcode, account=str(account.account_id))
        issuer = self._signer.issuer
        return self._signer.sign(
            rules.claims(account, name, issuer=issuer, now=now, minutes=self._minutes, jti=str(uuid4()))
        )


async def _count(tx: Tx, attempt: Attempt, now: datetime) -> tuple[bytes, datetime | None]:
    """Count the attempt against address and account; what was counted for the account, and how long it must wait.

    Where the account has signed in before it is counted apart, so that strangers cannot shut that computer out.
    """
    known = rules.known_subject(attempt.hcode, attempt.login, attempt.address)
    is_known = await store.is_attempted(tx, known)
    subject = known if is_known else rules.account_subject(attempt.hcode, attempt.login)
    waits = rules.KNOWN_WAITS if is_known else rules.ACCOUNT_WAITS
    network = rules.address_subject(attempt.address)
    open_at = await store.count_attempt(tx, network, rules.ADDRESS_WAITS, now, now - rules.ADDRESS_MEMORY)
    if open_at is None:
        open_at = await store.count_attempt(tx, subject, waits, now, now - rules.ATTEMPT_MEMORY)
    return subject, open_at


def _told(attempt: Attempt, answer: NotSignedIn) -> NotSignedIn:
    log.info("sign_in_refused", hcode=attempt.hcode, throttled=answer.wait is not None)
    return answer
