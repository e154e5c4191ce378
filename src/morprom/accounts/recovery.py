"""Recovery codes: ten, each used once, for whoever has lost their phone.

A code alone signs nobody in (identity is then one factor weaker): it counts together with another bound authenticator
or a code to a verified contact, and whoever asks for it sees to that.
"""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from morprom.accounts import store
from morprom.accounts.authenticators import authenticators_of, keep, replace_inside
from morprom.accounts.model import AuthenticatorKind, Inside
from morprom.kernel import Secret
from morprom.storage import KeyRing, Tx

HOW_MANY: Final = 10
ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0, 1, I and O, which look alike
LETTERS: Final = 16  # 80 bits: a plain hash of it is enough
CODES: Final = AuthenticatorKind.RECOVERY_CODES


async def new_codes(tx: Tx, ring: KeyRing, person_id: UUID, now: datetime) -> list[Secret[str]]:
    """Ten new codes, shown this once, instead of those before."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(HOW_MANY)]
    await store.end_authenticators(tx, person_id, CODES, now)
    await keep(tx, ring, person_id, CODES, Inside(verifiers=tuple(_hash(code) for code in codes)), now)
    return [Secret("-".join(code[at : at + 4] for at in range(0, LETTERS, 4))) for code in codes]


async def use_code(tx: Tx, ring: KeyRing, person_id: UUID, code: Secret[str], now: datetime) -> bool:
    """Whether it is one of the person's codes that was not used; it is used up. Count the attempt first."""
    given = _hash(code.reveal().upper().replace("-", "").replace(" ", ""))
    for one in await authenticators_of(tx, ring, person_id, CODES, lock=True):
        left = [verifier for verifier in one.inside.verifiers if not hmac.compare_digest(verifier, given)]
        if len(left) < len(one.inside.verifiers):
            await replace_inside(tx, ring, one, msgspec.structs.replace(one.inside, verifiers=tuple(left)))
            await store.used(tx, one.authenticator_id, one.counter + 1, now)
            return True
    return False


async def codes_left(tx: Tx, ring: KeyRing, person_id: UUID) -> int:
    """How many are left."""
    return sum(len(one.inside.verifiers) for one in await authenticators_of(tx, ring, person_id, CODES))


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
