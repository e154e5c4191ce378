"""Counting attempts before a secret is compared, and forgetting them when it was right.

An attempt counts against its network and against the secret. Where the secret was right before (a hospital's computer,
a person's phone) it is counted apart, so that strangers' failures elsewhere do not shut that place out.
"""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from morprom.storage import Tx
from morprom.throttle import rules, store


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that somebody may guess at: its `kind` and whose it is, whether or not there is such a one.

    `place` is where the attempt comes from, as far as it can be recognised again: an address, a known device. After
    `most` failures in a row it is closed to whoever is not in a known place.
    """

    kind: str
    owner: tuple[str, ...]
    address: str
    place: str = ""
    most: int = rules.MOST

    @property
    def anywhere(self) -> bytes:
        """The secret, attempted from anywhere."""
        return rules.subject(self.kind, *self.owner)

    @property
    def here(self) -> bytes:
        """The secret, attempted from this place."""
        return rules.subject("known", self.kind, *self.owner, self.place or rules.network(self.address))

    @property
    def network(self) -> bytes:
        """The network that it comes from."""
        return rules.subject("address", rules.network(self.address))


async def count(tx: Tx, secret: Secret, now: datetime) -> int | None:
    """Count an attempt that may be made; else the seconds to wait, an hour at most.

    The transaction has to commit before the secret is compared.
    """
    is_known = await store.is_known(tx, secret.here)
    subject, waits = (secret.here, rules.KNOWN_WAITS) if is_known else (secret.anywhere, rules.waits_of(secret.most))
    open_at = await store.count(tx, secret.network, rules.ADDRESS_WAITS, now, now - rules.ADDRESS_MEMORY)
    if open_at is None:
        open_at = await store.count(tx, subject, waits, now, now - rules.ATTEMPT_MEMORY)
    return None if open_at is None else min(rules.HOUR, ceil((open_at - now).total_seconds()))


async def forgive(tx: Tx, secret: Secret, now: datetime) -> None:
    """The secret was right: the count starts afresh, and this place is known from now on."""
    # in the order of `count`, network before secret: two sign-ins must not wait for each other
    await store.take_back(tx, secret.network, now)
    if not await store.is_known(tx, secret.here):
        await store.forgive(tx, secret.anywhere, now)
    await store.forgive(tx, secret.here, now)
    await store.forget_old(tx, now - rules.ATTEMPT_MEMORY)


async def forget(tx: Tx, kind: str, *owner: str) -> None:
    """Drop the count of a secret that has been replaced."""
    await store.forget(tx, rules.subject(kind, *owner))
