"""Codes of a code generator: TOTP (RFC 6238), SHA-1, 6 digits, 30 seconds, each step used once."""

import base64
import hmac
import secrets
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode
from uuid import UUID

from morprom.accounts import store
from morprom.accounts.authenticators import authenticators_of, confirm, keep, proposals
from morprom.accounts.model import AuthenticatorKind, Inside
from morprom.kernel import Category, Problem, Secret, Words
from morprom.storage import KeyRing, Tx

STEP: Final = 30  # seconds, RFC 6238 5.2
DIGITS: Final = 6
SECRET_BYTES: Final = 20  # as long as the HMAC, RFC 4226 4
DRIFT: Final = 1  # steps before and after that count, RFC 6238 5.2
ISSUER: Final = "MorProm"
CODE_GENERATOR: Final = AuthenticatorKind.CODE_GENERATOR


async def propose_generator(
    tx: Tx, ring: KeyRing, person_id: UUID, *, name: str, now: datetime, by: str = ""
) -> Secret[str]:
    """A new generator as an `otpauth://` address for a QR code; it works once `confirm_generator` saw a code of it."""
    secret = secrets.token_bytes(SECRET_BYTES)
    inside = Inside(secret=secret, is_confirmed=False, proposed_by=by, name=name[:60])
    await keep(tx, ring, person_id, CODE_GENERATOR, inside, now)
    return _address(secret, name[:60])


async def proposed_generator(
    tx: Tx, ring: KeyRing, person_id: UUID, since: datetime, by: str = ""
) -> Secret[str] | None:
    """The generator that was proposed since then and has not shown a code yet, so that a page may be opened again."""
    proposed = await proposals(tx, ring, person_id, CODE_GENERATOR, by)
    if not proposed or proposed[-1].created_at < since:
        return None
    return _address(proposed[-1].inside.secret, proposed[-1].inside.name)


async def confirm_generator(
    tx: Tx, ring: KeyRing, person_id: UUID, code: Secret[str], now: datetime, by: str = ""
) -> None:
    """The latest proposed generator works from now on, instead of the one before. Raises Problem CODE_WRONG."""
    proposed = await proposals(tx, ring, person_id, CODE_GENERATOR, by, lock=True)
    step = _step(proposed[-1].inside.secret, code, now, after=0) if proposed else None
    if step is None:
        words = Words("รหัสไม่ตรง โปรดตรวจนาฬิกาของเครื่อง", "the code does not fit; check the clock of the device")
        raise Problem(Category.INCORRECT, "CODE_WRONG", words)
    await confirm(tx, ring, proposed[-1], now)
    await store.used(tx, proposed[-1].authenticator_id, step, now)


async def is_code_right(
    tx: Tx, ring: KeyRing, person_id: UUID, code: Secret[str], now: datetime, *, use: bool = True
) -> bool:
    """Whether the person's generator shows this code now, and it was not used before. Count the attempt first.

    Without `use` it is compared and stays unused: what was typed beside it was wrong.
    """
    for one in await authenticators_of(tx, ring, person_id, CODE_GENERATOR, lock=True):
        step = _step(one.inside.secret, code, now, after=one.counter)
        if step is not None:
            if use:
                await store.used(tx, one.authenticator_id, step, now)
            return True
    return False


def _address(secret: bytes, name: str) -> Secret[str]:
    told = base64.b32encode(secret).decode()
    query = urlencode({"secret": told, "issuer": ISSUER, "digits": DIGITS, "period": STEP})
    return Secret(f"otpauth://totp/{quote(f'{ISSUER}:{name}')}?{query}")


def _step(secret: bytes, code: Secret[str], now: datetime, *, after: int) -> int | None:
    """The step whose code this is, later than `after`. Every step is compared, so that time tells nothing."""
    current = int(now.timestamp()) // STEP
    given = code.reveal().strip().replace(" ", "")
    steps = range(current - DRIFT, current + DRIFT + 1)
    fitting = [step for step in steps if hmac.compare_digest(code_of(secret, step).encode(), given.encode())]
    return next((step for step in fitting if step > after), None)


def code_of(secret: bytes, step: int) -> str:
    """The code of a step (RFC 4226, 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"
