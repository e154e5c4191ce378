"""A unit reads the referrals that were sent to it, without asking the person: they go there for that."""

from collections.abc import Callable, Sequence
from typing import Final, cast

from morprom.access import lines, store
from morprom.access.model import Actor, Ground, Permit, Refusal, Request
from morprom.access.policy import Policy
from morprom.access.rules import decide
from morprom.access.sharing import sharing_of
from morprom.audit import Basis
from morprom.kernel import Words
from morprom.people import Person
from morprom.record import Document, Kind
from morprom.recordstore import load
from morprom.storage import KeyRing, Tx

ACTION: Final = "Referral"
NONE_FOR_YOU: Final = Words(
    "ไม่มีการส่งต่อที่หน่วยบริการนี้เปิดอ่านได้โดยไม่ใช้รหัส", "there is no referral that this unit may read without a code"
)

Rows = Callable[[Permit, Sequence[Document]], object]
"""Renders what the permit shows of the documents: rows, none when nothing of them is for this unit."""


async def read_referrals(
    tx: Tx, ring: KeyRing, policy: Policy, *, person: Person | None, actor: Actor, kinds: frozenset[Kind], rows: Rows
) -> list[object] | Refusal:
    """The rows of the referrals to the actor's unit.

    One refusal for nobody, for no such referral, for one that is closed or the unit's own, and for sharing turned
    off: asking about anybody tells a unit nothing but what was sent to it.
    """
    answer = await _read(tx, policy, person, actor, kinds, rows)
    if isinstance(answer, Refusal):
        await lines.refused(tx, ring, person, actor, action=ACTION, refusal=answer)
        return answer
    permit, shown = answer
    await lines.permitted(tx, permit, ACTION, frozenset({Kind.REFERRAL}))
    return shown


async def _read(
    tx: Tx, policy: Policy, person: Person | None, actor: Actor, kinds: frozenset[Kind], rows: Rows
) -> tuple[Permit, list[object]] | Refusal:
    if person is None:
        return _refused("PERSON_UNKNOWN", policy)
    tier = policy.action[ACTION]
    request = Request(person, actor, Ground.REFERRAL, tier, await sharing_of(tx, person))
    permit = decide(policy, request, await store.now(tx))
    if isinstance(permit, Refusal):
        return _refused(permit.reason, policy)
    shown = rows(permit, await load(tx, permit, kinds))
    return (
        (permit, cast("list[object]", shown)) if isinstance(shown, list) and shown else _refused("NO_REFERRAL", policy)
    )


def _refused(reason: str, policy: Policy) -> Refusal:
    return Refusal(
        "REFERRAL_REFUSED", NONE_FOR_YOU, reason, None, policy.action[ACTION], policy.version, Basis.REFERRAL
    )
