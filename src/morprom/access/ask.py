"""A unit asks for a person's one-time code (wire protocol, section 5, way 1)."""

from datetime import timedelta

from morprom.access import lines, store
from morprom.access.codes import Grant, ends_at, is_released, mac, new_code, wait_for
from morprom.access.model import Actor, CodeAsked, Ground, Throttled
from morprom.access.policy import Policy
from morprom.access.standing import levels_for_code
from morprom.audit import Outcome
from morprom.kernel import Mode, new_id
from morprom.people import Notifier, Person, code_notice
from morprom.people.inbox import code_withheld
from morprom.storage import KeyKind, KeyRing, Tx

KEPT = timedelta(days=2)
"""Longer than the longest limit counts."""


async def ask_for_code(
    tx: Tx,
    ring: KeyRing,
    policy: Policy,
    mode: Mode,
    notifier: Notifier,
    *,
    person: Person,
    actor: Actor,
    unit_name: str,
) -> CodeAsked | Throttled:
    """Make a code for `actor`, tell it to `person` where that is allowed, and never to who asked.

    Everybody is asked for alike, with the same work: nothing tells whether the person has an account or ever heard of
    it. In production who could not open the notice (T3) is told of the request, and not of the code.
    """
    person_id = person.person_id
    await store.lock_asking(tx, person_id)
    now = await store.now(tx)
    await store.forget(tx, person_id, now - KEPT)
    wait = wait_for(policy.otp.limit, await store.asked(tx, person_id, Ground.OTP, now - KEPT), actor, now)
    if wait:
        await lines.code_asked(tx, person, actor, Outcome.REFUSED, reason="THROTTLED")
        return Throttled(wait)
    await store.end_unused(tx, person_id, actor, Ground.OTP)
    code, grant_id = new_code(), new_id()
    key_id, key = ring.current(KeyKind.OTP)
    levels = await levels_for_code(tx, policy, person, now)
    released = is_released(mode, is_proofed=levels is not None)
    grant = Grant(grant_id, key_id, mac(key, grant_id, code), now, levels=levels)
    await store.insert(tx, person_id, actor, grant, is_live=released)
    ends = ends_at(now, policy.otp)
    if released:
        notice = code_notice(code, actor.unit, unit_name, ends, grant_id, is_simulated=levels is None)
    else:
        notice = code_withheld(actor.unit, unit_name, ends, grant_id)
    await notifier.notify(tx, person, notice)
    await lines.code_asked(
        tx, person, actor, Outcome.PERMITTED, reason="" if released else "NOT_RELEASED", grant_id=grant_id
    )  # fmt: skip
    return CodeAsked(grant_id)
