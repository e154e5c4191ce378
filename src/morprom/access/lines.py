"""The lines of history that this room writes."""

from uuid import UUID

from morprom.access.model import Actor, Permit, Refusal, Tier
from morprom.audit import Basis, Content, Entry, Outcome, Purpose, record
from morprom.people import Person
from morprom.record import Kind
from morprom.storage import KeyRing, Tx


async def permitted(
    tx: Tx, permit: Permit, action: str, kinds: frozenset[Kind] = frozenset(), *, client: str = ""
) -> None:
    """A read, with the classes of data that it opens; `client` is the program when the owner reads by one."""
    content = _content(
        permit.actor, action, classes=tuple(sorted(kinds - {Kind.CONTROLS})), tier=permit.tier, policy=permit.policy,
        grant_id=permit.grant_id, client=client,
    )  # fmt: skip
    entry = _entry(permit.basis, Outcome.PERMITTED, content, permit.person, permit.actor)
    await record(tx, entry, permit.person.data_key)


async def refused(
    tx: Tx,
    ring: KeyRing,
    person: Person | None,
    actor: Actor | None,
    *,
    action: str,
    refusal: Refusal,
    client: str = "",
) -> None:
    """A refused read, also of somebody whom the platform does not know."""
    content = _content(actor, action, reason=refusal.reason, tier=refusal.tier, policy=refusal.policy, client=client)
    entry = _entry(refusal.basis, Outcome.REFUSED, content, person, actor)
    await record(tx, entry, person.data_key if person else ring)


async def controlled(
    tx: Tx,
    permit: Permit,
    action: str,
    outcome: Outcome,
    *,
    client: str,
    reason: str = "",
    refs: tuple[bytes, ...] = (),
) -> None:
    """What the owner changed or looked up of their own settings; `refs` are the visits it is about."""
    content = _content(
        None, action, classes=(Kind.CONTROLS,), reason=reason, tier=permit.tier, policy=permit.policy, client=client,
        refs=refs,
    )  # fmt: skip
    await record(tx, _entry(permit.basis, outcome, content, permit.person, None), permit.person.data_key)


async def code_asked(
    tx: Tx, person: Person, actor: Actor, outcome: Outcome, *, action: str = "RequestTokenv1", basis: Basis = Basis.OTP,
    reason: str = "", grant_id: UUID | None = None, client: str = "",
) -> None:  # fmt: skip
    """A request for a code."""
    content = _content(actor, action, reason=reason, grant_id=grant_id, client=client)
    await record(tx, _entry(basis, outcome, content, person, actor), person.data_key)


def _content(
    actor: Actor | None,
    action: str,
    *,
    classes: tuple[int, ...] = (),
    reason: str = "",
    tier: Tier = Tier.T0,
    policy: int = 0,
    grant_id: UUID | None = None,
    client: str = "",
    refs: tuple[bytes, ...] = (),
) -> Content:
    """Without an account that acts it is the owner who does."""
    return Content(
        action=action, classes=classes, reason=reason, tier=tier, policy=policy, grant_id=grant_id, client=client,
        refs=refs, purpose=Purpose.CARE if actor else Purpose.OWN_ACCESS,
        who=actor.name if actor else "", is_shared_account=actor is not None and actor.is_shared,
    )  # fmt: skip


def _entry(basis: Basis, outcome: Outcome, content: Content, person: Person | None, actor: Actor | None) -> Entry:
    return Entry(
        basis, outcome, content, person.person_id if person else None,
        actor.account_id if actor else None, actor.unit if actor else "",
    )  # fmt: skip
