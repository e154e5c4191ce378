"""Signing in with what is typed: PIN and code generator, or a recovery code to come back with.

An attempt is counted and committed before anything is compared, and for somebody whom nobody knows the same is done as
for everybody: the same statements, one Argon2. Strangers' failures close it to strangers, never to a device where its
owner has signed in before, and never the passkeys.
"""

import hmac
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from morprom import throttle
from morprom.accounts.codes import is_code_right
from morprom.accounts.events import note_once
from morprom.accounts.model import Device, Event
from morprom.accounts.pins import PinCheck, verifiers_of
from morprom.accounts.recovery import use_code
from morprom.kernel import BANGKOK, Cid, Secret
from morprom.people import Identifier, Scheme
from morprom.people.find import id_of
from morprom.storage import KeyKind, KeyRing, Tx
from morprom.throttle.rules import network

Transactions = Callable[[], AbstractAsyncContextManager[Tx]]

NOBODY: Final = UUID(int=0)
PIN_FAILURES: Final = 10  # ETDA 20-2564: a PIN is closed after ten failures, anything else after a hundred


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who somebody says to be, from where. None: what was typed is no citizen number."""

    cid: Cid | None = field(repr=False)
    device: Device

    def at_pin(self, ring: KeyRing) -> throttle.Secret:
        """A guess at somebody's PIN."""
        return throttle.Secret("pin", (self._owner(ring),), self.device.address, self.device.key, PIN_FAILURES)

    def at_codes(self, ring: KeyRing) -> throttle.Secret:
        """A guess at somebody's recovery codes. Nobody guesses 80 bits (NIST SP 800-63B 5.1.2.2 wants no limit there),
        so each network is counted apart: strangers elsewhere cannot keep their owner from coming back or reporting.
        """
        owner = (self._owner(ring), network(self.device.address))
        return throttle.Secret("recovery", owner, self.device.address, self.device.key)

    def _owner(self, ring: KeyRing) -> str:
        """The number under a key, so that the table of attempts tells nobody who signs in."""
        _, key = ring.current(KeyKind.ACCOUNTS)
        number = self.cid.digits if self.cid else ""
        return hmac.digest(key.reveal(), f"attempt\0{number}".encode(), "sha256").hex()


@dataclass(frozen=True, slots=True)
class Refused:
    """Not signed in: wrong in any way, or after `wait` seconds."""

    wait: int | None = None


@dataclass(frozen=True, slots=True)
class PinAndCode:
    """What was typed."""

    pin: Secret[str]
    code: Secret[str] = field(repr=False)


async def sign_in_with_pin(
    transactions: Transactions, ring: KeyRing, check: PinCheck, attempt: Attempt, typed: PinAndCode, now: datetime
) -> UUID | Refused:
    """Whose PIN and code these are. Opens its own transactions: no connection waits for Argon2."""
    secret = attempt.at_pin(ring)
    if refused := await _counted(transactions, ring, attempt, secret, now):
        return refused
    async with transactions() as tx:
        person_id = await _person(tx, ring, attempt)
        verifiers = await verifiers_of(tx, ring, person_id)
    is_pin = await check.matches(verifiers, typed.pin)
    async with transactions() as tx:
        is_code = await is_code_right(tx, ring, person_id, typed.code, now, use=is_pin)
        if not (is_pin and is_code):
            return Refused()
        await throttle.forgive(tx, secret, now)
    return person_id


async def renew_pin(tx: Tx, ring: KeyRing, attempt: Attempt, now: datetime) -> None:
    """The owner set a new PIN on this device: failures at the one before close it no longer, nor anybody's since."""
    await throttle.renew(tx, attempt.at_pin(ring), now)


async def recover_with_code(
    transactions: Transactions, ring: KeyRing, attempt: Attempt, code: Secret[str], now: datetime
) -> UUID | Refused:
    """Whose recovery code this is; it is used up. It signs nobody in by itself."""
    secret = attempt.at_codes(ring)
    if refused := await _counted(transactions, ring, attempt, secret, now):
        return refused
    async with transactions() as tx:
        person_id = await _person(tx, ring, attempt)
        if not await use_code(tx, ring, person_id, code, now):
            return Refused()
        await throttle.forgive(tx, secret, now)
    return person_id


async def _counted(
    transactions: Transactions, ring: KeyRing, attempt: Attempt, secret: throttle.Secret, now: datetime
) -> Refused | None:
    """Count an attempt, committed when this returns; Refused when it has to wait, which its owner can see."""
    async with transactions() as tx:
        wait = await throttle.count(tx, secret, now)
        if wait is None:
            return None
        await _note_guessing(tx, ring, attempt, now)
    return Refused(wait)


async def _note_guessing(tx: Tx, ring: KeyRing, attempt: Attempt, now: datetime) -> None:
    """Its owner sees that somebody guesses. The device's key is left out: guessing makes no device a known one."""
    where = Device(agent=attempt.device.agent, address=attempt.device.address)
    event = Event(
        what="guessed", th="มีผู้ใส่รหัสผิดหลายครั้ง ระบบให้รอ", en="wrong codes, several times; made to wait", device=where
    )
    await note_once(tx, ring, await _person(tx, ring, attempt), event, now.astimezone(BANGKOK).date())


async def _person(tx: Tx, ring: KeyRing, attempt: Attempt) -> UUID:
    """Whom the number means; NOBODY, who has nothing to compare with, for everybody else."""
    digits = attempt.cid.digits if attempt.cid else "-"
    return await id_of(tx, ring, Identifier(Scheme.CID, digits)) or NOBODY
