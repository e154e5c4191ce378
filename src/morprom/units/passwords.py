"""Password verifiers: Argon2id over the `password_hash` that travels, which is worth as much as the password itself."""

import asyncio
import re
from typing import Final

import argon2

from morprom.kernel import Secret

# OWASP Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane. A login at a time costs little memory on a small server.
HASHER: Final = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
AT_ONCE: Final = 2
TRAVELLING: Final = re.compile(r"[0-9a-f]{64}")


def make_verifier(password_hash: Secret[str]) -> str:
    """What is stored of a lower-case hex password hash."""
    return HASHER.hash(password_hash.reveal())


NOBODY: Final = make_verifier(Secret("nobody has this password"))
"""Checked for an unknown user, so that the answer takes as long as for a known one."""


class Verification:
    """The one place where passwords are compared: in threads, a fixed few at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def matches(self, verifier: str | None, password_hash: Secret[str]) -> bool:
        """Whether the travelling hash, in either letter case, is the one of `verifier`; None: never, as slowly."""
        travelled = password_hash.reveal().strip().lower()
        async with self._turn:
            right = await asyncio.to_thread(_verify, verifier or NOBODY, travelled)
        return right and verifier is not None and TRAVELLING.fullmatch(travelled) is not None


def _verify(verifier: str, travelled: str) -> bool:
    try:
        return HASHER.verify(verifier, travelled)
    except argon2.exceptions.VerifyMismatchError:
        return False
