"""The owner comes with a Health ID session, through a program that they allowed (wire protocol, section 5, way 3)."""

from typing import Final

from morprom.access import lines, store
from morprom.access.issue import issue_code
from morprom.access.model import Actor, Ground, Permit, Refusal, Request, Tier
from morprom.access.policy import Policy
from morprom.access.rules import decide
from morprom.access.sharing import sharing_of
from morprom.access.standing import stand
from morprom.audit import Basis
from morprom.identity import HealthIdSession
from morprom.kernel import Words
from morprom.people import Person
from morprom.record import Document, Kind
from morprom.recordstore import load
from morprom.storage import KeyRing, Tx

OTHER_PERSON: Final = Words("cid ไม่ใช่ของเจ้าของ Health ID นี้", "cid is not that of the owner of this Health ID")


async def permit_owner(
    tx: Tx,
    ring: KeyRing,
    policy: Policy,
    *,
    person: Person | None,
    session: HealthIdSession,
    ground: Ground,
    tier: Tier,
    action: str,
) -> Permit | Refusal:
    """What `session` permits on the record of `person`; a refusal has its line of history already.

    Anybody but the session's own person is refused alike, known here or not.
    """
    if person is None or person.person_id != session.person_id:
        answer: Permit | Refusal = Refusal(
            "OTHER_PERSON", OTHER_PERSON, "OTHER_PERSON", None, tier, policy.version, Basis.HEALTH_ID
        )
    else:
        answer = await _decide(tx, policy, person, session, ground, tier)
    if isinstance(answer, Refusal):
        await lines.refused(tx, ring, person, None, action=action, refusal=answer, client=session.client_id)
    return answer


async def read_as_owner(
    tx: Tx,
    ring: KeyRing,
    policy: Policy,
    *,
    person: Person | None,
    session: HealthIdSession,
    action: str,
    tier: Tier,
    kinds: frozenset[Kind],
) -> tuple[Permit, list[Document]] | Refusal:
    """The permit and the documents of `kinds` that `action` shows; its line of history commits with the transaction."""
    answer = await permit_owner(
        tx, ring, policy, person=person, session=session, ground=Ground.HEALTH_ID, tier=tier, action=action
    )  # fmt: skip
    if isinstance(answer, Refusal):
        return answer
    documents = await load(tx, answer, kinds)
    await lines.permitted(tx, answer, action, kinds, client=session.client_id)
    return answer, documents


async def code_for_owner(
    tx: Tx, ring: KeyRing, policy: Policy, *, person: Person, session: HealthIdSession, actor: Actor
) -> str | Refusal:
    """A code for `actor`, whose system signed the owner in; it opens what the session's levels do now."""
    answer = await _decide(tx, policy, person, session, Ground.HEALTH_ID_CODE, Tier.T1, actor)
    if isinstance(answer, Refusal):
        await lines.refused(tx, ring, person, actor, action="RequestOTP", refusal=answer, client=session.client_id)
        return answer
    return await issue_code(
        tx, ring, policy, person=person, actor=actor, ground=Ground.HEALTH_ID_CODE, levels=session.levels,
        client=session.client_id,
    )  # fmt: skip


async def _decide(
    tx: Tx, policy: Policy, person: Person, session: HealthIdSession, ground: Ground, tier: Tier,
    actor: Actor | None = None,
) -> Permit | Refusal:  # fmt: skip
    """By the levels of the session, and no more than the account behind it is worth now."""
    now = await store.now(tx)
    request = Request(
        person, actor, ground, tier, await sharing_of(tx, person), session.levels, t4_opens_at=session.t4_opens_at
    )  # fmt: skip
    return decide(policy, await stand(tx, request, now, has_account=session.account_session is not None), now)
