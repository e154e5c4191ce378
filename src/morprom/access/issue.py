"""A code for a unit that proved the person in another way than asking them: by their card, or by their Health ID."""

from typing import Final
from uuid import UUID

from morprom.access import lines, store
from morprom.access.ask import KEPT
from morprom.access.codes import Grant, ends_at, mac, new_code, wait_for
from morprom.access.model import Actor, Ground
from morprom.access.policy import Policy
from morprom.assurance import Levels
from morprom.audit import Outcome
from morprom.kernel import Category, Problem, Words, new_id
from morprom.people import Inbox, Person, notices
from morprom.storage import KeyKind, KeyRing, Tx

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
    await store.lock_asking(tx, person_id)
    now = await store.now(tx)
    await store.forget(tx, person_id, now - KEPT)
    wait = wait_for(policy.otp.limit, await store.asked(tx, person_id, ground, now - KEPT), actor, now)
    if wait:
        raise throttled(wait)
    await store.end_unused(tx, person_id, actor, ground)
    code, grant_id = new_code(), grant_id or new_id()
    key_id, key = ring.current(KeyKind.OTP)
    grant = Grant(grant_id, key_id, mac(key, grant_id, code), now, None, ground, levels)
    await store.insert(tx, person_id, actor, grant)
    basis = policy.ground_row(ground).audited_as
    await lines.code_asked(
        tx, person, actor, Outcome.PERMITTED, action=CALLS[ground], basis=basis, grant_id=grant_id, client=client
    )  # fmt: skip
    is_card = ground is not Ground.HEALTH_ID_CODE
    await Inbox().notify(tx, person, notices.code_made(actor.unit, ends_at(now, policy.otp), grant_id, is_card=is_card))
    return code


def throttled(wait: int) -> Problem:
    """What is said of too many codes; `wait` is in seconds."""
    words = Words("ขอรหัสบ่อยเกินไป โปรดรอ", "too many requests for a code; wait")
    return Problem(Category.TOO_MANY, "CODE_THROTTLED", words, retry_after=wait)
