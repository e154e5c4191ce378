"""The lines of history that this room writes."""

from uuid import UUID

from morprom.access.model import Actor, Permit, Refusal, Tier
from morprom.audit import Basis, Content, Entry, Outcome, record
from morprom.people import Person
from morprom.record import Kind
from morprom.storage import KeyRing, Tx


async def permitted(tx: Tx, permit: Permit, action: str, kinds: frozenset[Kind] = frozenset()) -> None:
    """A read, with the classes of data that it opens."""
    content = _content(
        permit.actor, action, classes=tuple(sorted(kinds - {Kind.CONTROLS})), tier=permit.tier, policy=permit.policy,
        grant_id=permit.grant_id,
    )  # fmt: skip
    entry = _entry(permit.basis, Outcome.PERMITTED, content, permit.person, permit.actor)
    await record(tx, entry, permit.person.data_key)


async def refused(
    tx: Tx, ring: KeyRing, person: Person | None, actor: Actor, *, basis: Basis, action: str, refusal: Refusal
) -> None:
    """A refused read, also of somebody whom the platform does not know."""
    content = _content(actor, action, reason=refusal.reason, tier=refusal.tier, policy=refusal.policy)
    await record(tx, _entry(basis, Outcome.REFUSED, content, person, actor), person.data_key if person else ring)


async def code_asked(
    tx: Tx, person: Person, actor: Actor, outcome: Outcome, *, reason: str = "", grant_id: UUID | None = None
) -> None:
    """A request for a code."""
    content = _content(actor, "RequestTokenv1", reason=reason, grant_id=grant_id)
    await record(tx, _entry(Basis.OTP, outcome, content, person, actor), person.data_key)


def _content(
    actor: Actor | None,
    action: str,
    *,
    classes: tuple[int, ...] = (),
    reason: str = "",
    tier: Tier = Tier.T0,
    policy: int = 0,
    grant_id: UUID | None = None,
) -> Content:
    return Content(
        action=action, classes=classes, reason=reason, tier=tier, policy=policy, grant_id=grant_id,
        who=actor.name if actor else "", is_shared_account=actor is not None and actor.is_shared,
    )  # fmt: skip


def _entry(basis: Basis, outcome: Outcome, content: Content, person: Person | None, actor: Actor | None) -> Entry:
    return Entry(
        basis, outcome, content, person.person_id if person else None,
        actor.account_id if actor else None, actor.unit if actor else "",
    )  # fmt: skip
