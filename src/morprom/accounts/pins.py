"""A person's PIN: what they know, beside a code generator. Argon2id, a blocklist, no rules of composition.

NIST SP 800-63B 5.1.1.2: at least 8 characters for a password that stands alone; a PIN of 6 digits is allowed where it
is one of two factors and its attempts are counted, as here.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Final
from uuid import UUID

import argon2

from morprom.accounts.authenticators import authenticators_of, confirm, keep, proposals
from morprom.accounts.model import AuthenticatorKind, Inside
from morprom.kernel import Category, Problem, Secret, Words
from morprom.kernel.thai_text import BUDDHIST_ERA
from morprom.storage import KeyRing, Tx

SHORTEST: Final = 6
LONGEST: Final = 128
HASHER: Final = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP Password Storage
AT_ONCE: Final = 2
NOBODY: Final = HASHER.hash("nobody has this PIN")
PIN: Final = AuthenticatorKind.PIN

COMMON: Final = frozenset(
    ("password", "qwerty", "asdfgh", "iloveyou", "letmein", "thailand", "morprom", "112233", "123123", "121212")
)


class PinCheck:
    """The one place where PINs are compared: in threads, a fixed few at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def matches(self, verifiers: Sequence[str], pin: Secret[str]) -> bool:
        """Whether the PIN is the one of `verifiers`; without any it takes as long, and is never right."""
        async with self._turn:
            right = await asyncio.to_thread(_verify, verifiers[0] if verifiers else NOBODY, pin.reveal()[:LONGEST])
        return right and bool(verifiers)


async def propose_pin(
    tx: Tx, ring: KeyRing, person_id: UUID, pin: Secret[str], now: datetime, *, born: date | None = None, by: str = ""
) -> None:
    """A PIN that `confirm_pin` lets work: by itself it changes nothing.

    Raises Problem PIN_WEAK with why: it is not the day of birth either.
    """
    demand_strong(pin, born)
    verifier = await asyncio.to_thread(HASHER.hash, pin.reveal())
    inside = Inside(verifiers=(verifier,), is_confirmed=False, proposed_by=by)
    await keep(tx, ring, person_id, PIN, inside, now)


async def confirm_pin(tx: Tx, ring: KeyRing, person_id: UUID, now: datetime, *, since: datetime, by: str = "") -> bool:
    """The latest PIN that was proposed since then works from now on, instead of the one before; False for none."""
    proposed = [one for one in await proposals(tx, ring, person_id, PIN, by, lock=True) if one.created_at >= since]
    if proposed:
        await confirm(tx, ring, proposed[-1], now)
    return bool(proposed)


async def verifiers_of(tx: Tx, ring: KeyRing, person_id: UUID) -> tuple[str, ...]:
    """What a PIN is compared with: none, or one."""
    bound = await authenticators_of(tx, ring, person_id, PIN)
    return tuple(verifier for one in bound for verifier in one.inside.verifiers)


def demand_strong(pin: Secret[str], born: date | None = None) -> None:
    """Raise Problem PIN_WEAK for what is too short, too long or too easily guessed."""
    text = pin.reveal()
    if not SHORTEST <= len(text) <= LONGEST:
        raise _weak(f"ต้องยาว {SHORTEST} ตัวขึ้นไป", f"it has at least {SHORTEST} characters")
    if text.lower() in COMMON or len(set(text)) <= 2 or _is_run(text) or _is_year(text):
        raise _weak("เดาง่ายเกินไป โปรดเลือกใหม่", "it is too easily guessed; choose another")
    if born and text in _dates(born):
        raise _weak("ห้ามใช้วันเกิดของคุณ โปรดเลือกใหม่", "it is your date of birth; choose another")


def _is_run(text: str) -> bool:
    """123456, 987654, abcdef."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps <= {1} or steps <= {-1}


def _is_year(text: str) -> bool:
    """A date of birth as people write it: ddmmyyyy of either era."""
    return len(text) == 8 and text.isdecimal() and text[4:6] in {"19", "20", "24", "25"} and 1 <= int(text[2:4]) <= 12


def _dates(born: date) -> set[str]:
    """A date in six or eight digits, in every order and both eras."""
    day, month = f"{born.day:02}", f"{born.month:02}"
    years = [str(born.year), str(born.year + BUDDHIST_ERA)]
    years += [year[2:] for year in years]
    return {"".join(parts) for year in years for parts in ((day, month, year), (month, day, year), (year, month, day))}


def _verify(verifier: str, pin: str) -> bool:
    try:
        return HASHER.verify(verifier, pin)
    except argon2.exceptions.VerifyMismatchError:
        return False


def _weak(th: str, en: str) -> Problem:
    return Problem(Category.INCORRECT, "PIN_WEAK", Words(th, en))
