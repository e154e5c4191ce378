"""A unit reads with the code that the person gave it."""

from datetime import datetime
from typing import Final

from morprom.access import lines, store
from morprom.access.codes import Grant, ends_at, is_usable, matching
from morprom.access.model import Actor, Permit, Refusal, Request, Tier
from morprom.access.policy import Policy
from morprom.access.rules import decide
from morprom.access.sharing import sharing_of
from morprom.access.standing import stand
from morprom.kernel import Words
from morprom.people import Person
from morprom.record import Document, Kind
from morprom.recordstore import load
from morprom.storage import KeyKind, KeyRing, Tx

WRONG: Final = Words(
    "รหัสไม่ถูกต้อง หมดอายุ ถูกยกเลิก หรือใส่ผิดเกินกำหนด โปรดขอรหัสใหม่",
    "the code is wrong, too old, ended, or was mistyped too often; ask for a new one",
)
VALIDATE: Final = "ValidateOTP"


async def use_code(
    tx: Tx, ring: KeyRing, policy: Policy, *, person: Person | None, actor: Actor, code: str, tier: Tier
) -> Permit | Refusal:
    """What `code` permits `actor`. The try is counted before the code is compared.

    One refusal for every way in which a code can fail, also for a person whom nobody knows.
    """
    if person is None:
        return _wrong("PERSON_UNKNOWN", policy)
    grants, now = await store.count_try(tx, person.person_id, actor, policy.otp.tries, policy.otp.life_seconds)
    if now is None:
        return _wrong("NO_LIVE_CODE", policy)
    grant = matching(grants, code, ring.all(KeyKind.OTP))
    if grant is None:
        return _wrong("WRONG_CODE", policy)
    if not is_usable(grant, policy.otp, now):
        return _wrong("CODE_TOO_OLD", policy)
    request = await _request(tx, policy, person, actor, grant, tier, now)
    if request.is_frozen and policy.ground_row(grant.ground).closed_by_freeze:
        return _wrong("ACCOUNT_FROZEN", policy)  # a unit is not told what became of somebody's account
    await store.used(tx, grants, grant)
    return decide(policy, request, now)


async def read_with_code(
    tx: Tx,
    ring: KeyRing,
    policy: Policy,
    *,
    person: Person | None,
    actor: Actor,
    code: str,
    action: str,
    tier: Tier,
    kinds: frozenset[Kind],
) -> tuple[Permit, list[Document]] | Refusal:
    """The permit and the documents of `kinds` that `action` shows; its line of history commits with the transaction."""
    answer = await use_code(tx, ring, policy, person=person, actor=actor, code=code, tier=tier)
    if isinstance(answer, Refusal):
        await lines.refused(tx, ring, person, actor, action=action, refusal=answer)
        return answer
    documents = await load(tx, answer, kinds)
    await lines.permitted(tx, answer, action, kinds)
    return answer, documents


async def validate_code(
    tx: Tx, ring: KeyRing, policy: Policy, *, person: Person | None, actor: Actor, code: str
) -> Permit | Refusal:
    """Whether `code` opens anything at all, and until when; reads nothing."""
    answer = await use_code(tx, ring, policy, person=person, actor=actor, code=code, tier=Tier.T1)
    if isinstance(answer, Refusal):
        await lines.refused(tx, ring, person, actor, action=VALIDATE, refusal=answer)
    else:
        await lines.permitted(tx, answer, VALIDATE)
    return answer


async def _request(
    tx: Tx, policy: Policy, person: Person, actor: Actor, grant: Grant, tier: Tier, now: datetime
) -> Request:
    """With the levels at issue, and no more than the owner's account is worth by now."""
    request = Request(
        person, actor, grant.ground, tier, await sharing_of(tx, person), grant.levels,
        grant.grant_id, ends_at(grant.issued_at, policy.otp),
    )  # fmt: skip
    return await stand(tx, request, now)


def _wrong(reason: str, policy: Policy) -> Refusal:
    return Refusal("OTP_REFUSED", WRONG, reason, policy=policy.version)
