"""Counting attempts before a secret is compared, and forgetting them when it was right.

An attempt counts against its network (but from known devices) and against the secret. Where the secret was right before
(a hospital's computer, a person's phone) it is counted apart, so that strangers' failures elsewhere do not shut that
place out. A device that keeps a secret of its own is closed by its own failures alone; a network, where strangers may
sit too, is slowed only.
"""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from morprom.storage import Tx
from morprom.throttle import rules, store


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that somebody may guess at: its `kind` and whose it is, whether or not there is such a one.

    `place` is the device that the attempt comes from, by what it alone can show; "" for its network. After `most`
    failures in a row the secret is closed to all but known places; to a known device after as many of its own.
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
        """The network that it comes from, for this kind: guests on a hospital's network guess at no password of it."""
        return rules.subject("address", self.kind, rules.network(self.address))


async def count(tx: Tx, secret: Secret, now: datetime) -> int | None:
    """Count an attempt that may be made; else the seconds to wait, an hour at most.

    The transaction has to commit before the secret is compared.
    """
    is_known = await store.is_known(tx, secret.here)
    subject = secret.here if is_known else secret.anywhere
    waits = rules.KNOWN_WAITS if is_known and not secret.place else rules.waits_of(secret.most)
    open_at = None
    if not (is_known and secret.place):  # a province may share one address: its strangers do not shut known devices out
        open_at = await store.count(tx, secret.network, rules.ADDRESS_WAITS, now, now - rules.ADDRESS_MEMORY)
    if open_at is None:
        open_at = await store.count(tx, subject, waits, now, now - rules.ATTEMPT_MEMORY)
    return None if open_at is None else min(rules.HOUR, ceil((open_at - now).total_seconds()))


async def forgive(tx: Tx, secret: Secret, now: datetime) -> None:
    """The secret was right: the count starts afresh, and this place is known from now on."""
    is_known = await store.is_known(tx, secret.here)
    # in the order of `count`, network before secret: two sign-ins must not wait for each other
    if not (is_known and secret.place):
        await store.take_back(tx, secret.network)
    if not is_known:
        await store.forgive(tx, secret.anywhere, now)
    await store.forgive(tx, secret.here, now)
    await store.forget_old(tx, now - rules.ATTEMPT_MEMORY)


async def forget(tx: Tx, kind: str, *owner: str) -> None:
    """Drop the count of a secret that has been replaced."""
    await store.forget(tx, rules.subject(kind, *owner))


async def renew(tx: Tx, secret: Secret, now: datetime) -> None:
    """The owner replaced the secret from here: nothing that was counted before counts, and this place is known."""
    await store.forget(tx, secret.anywhere)
    await store.forgive(tx, secret.here, now)
