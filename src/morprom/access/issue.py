"""A code for a unit: made and kept in one way, whether it is asked for (`ask`) or the unit proved the person otherwise,
by their card or by their Health ID.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from morprom.access import lines, store
from morprom.access.codes import Grant, ends_at, mac, new_code, wait_for
from morprom.access.model import Actor, Ground
from morprom.access.policy import Policy
from morprom.assurance import Levels
from morprom.audit import Outcome
from morprom.kernel import Category, Problem, Words, new_id
from morprom.people import Inbox, Person, notices
from morprom.storage import KeyKind, KeyRing, Tx

KEPT: Final = timedelta(days=2)
"""Longer than the longest limit counts."""

CALLS: Final = {
    Ground.HEALTH_ID_CODE: "RequestOTP",
    Ground.CARD: "GetPHROTP",
    Ground.CARD_REPORTED: "GetPHROTP",
}
"""The call of the wire protocol by which a code of a ground is had."""


async def issue_code(
    tx: Tx,
    ring: KeyRing,
    policy: Policy,
    *,
    person: Person,
    actor: Actor,
    ground: Ground,
    levels: Levels | None = None,
    client: str = "",
    grant_id: UUID | None = None,
) -> str:
    """A code that `actor` alone may use, and that opens what `ground` at `levels` does. The person is told.

    `client` is the program by which the person proved themselves; `grant_id` is what the code is to be known by.
    Raises Problem CODE_THROTTLED: the limits of codes that are asked for hold, each ground counted by itself.
    """
    person_id = person.person_id
    now, wait = await in_turn(tx, policy, person_id, actor, ground)
    if wait:
        raise throttled(wait)
    code, grant_id = await keep_code(tx, ring, person_id, actor, ground, levels, now, grant_id=grant_id)
    basis = policy.ground_row(ground).audited_as
    await lines.code_asked(
        tx, person, actor, Outcome.PERMITTED, action=CALLS[ground], basis=basis, grant_id=grant_id, client=client
    )  # fmt: skip
    is_card = ground is not Ground.HEALTH_ID_CODE
    await Inbox().notify(tx, person, notices.code_made(actor.unit, ends_at(now, policy.otp), grant_id, is_card=is_card))
    return code


async def in_turn(tx: Tx, policy: Policy, person_id: UUID, actor: Actor, ground: Ground) -> tuple[datetime, int]:
    """Now, and how many seconds `actor` waits for a code of `ground`: one at a time is made for a person."""
    await store.lock_asking(tx, person_id)
    now = await store.now(tx)
    await store.forget(tx, person_id, now - KEPT)
    return now, wait_for(policy.otp.limit, await store.asked(tx, person_id, ground, now - KEPT), actor, now)


async def keep_code(
    tx: Tx, ring: KeyRing, person_id: UUID, actor: Actor, ground: Ground, levels: Levels | None, now: datetime,
    *, grant_id: UUID | None = None, is_live: bool = True,
) -> tuple[str, UUID]:  # fmt: skip
    """A new code, in place of those of that ground which `actor` has not used; and what it is known by."""
    await store.end_unused(tx, person_id, actor, ground)
    code, grant_id = new_code(), grant_id or new_id()
    key_id, key = ring.current(KeyKind.OTP)
    grant = Grant(grant_id, key_id, mac(key, grant_id, code), now, None, ground, levels)
    await store.insert(tx, person_id, actor, grant, is_live=is_live)
    return code, grant_id


def throttled(wait: int) -> Problem:
    """What is said of too many codes; `wait` is in seconds."""
    words = Words("ขอรหัสบ่อยเกินไป โปรดรอ", "too many requests for a code; wait")
    return Problem(Category.TOO_MANY, "CODE_THROTTLED", words, retry_after=wait)
