"""A unit asks for a person's one-time code (wire protocol, section 5, way 1)."""

from morprom.access import lines
from morprom.access.codes import ends_at, is_released
from morprom.access.issue import in_turn, keep_code
from morprom.access.model import Actor, CodeAsked, Ground, Throttled
from morprom.access.policy import Policy
from morprom.access.standing import levels_for_code
from morprom.audit import Outcome
from morprom.kernel import Mode
from morprom.people import Notifier, Person, code_notice
from morprom.people.inbox import code_withheld
from morprom.storage import KeyRing, Tx


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
    now, wait = await in_turn(tx, policy, person_id, actor, Ground.OTP)
    if wait:
        await lines.code_asked(tx, person, actor, Outcome.REFUSED, reason="THROTTLED")
        return Throttled(wait)
    levels = await levels_for_code(tx, policy, person, now)
    released = is_released(mode, is_proofed=levels is not None)
    code, grant_id = await keep_code(tx, ring, person_id, actor, Ground.OTP, levels, now, is_live=released)
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
