"""The owner reads their own record, signed in here (basis SELF): by the levels of that session, up to T4."""

from dataclasses import dataclass
from datetime import datetime

from morprom.access import lines
from morprom.access.model import Ground, Permit, Refusal, Request, Sharing, Tier
from morprom.access.policy import Policy
from morprom.access.rules import decide
from morprom.access.standing import stand
from morprom.assurance import Levels
from morprom.people import Person
from morprom.record import Document, Kind
from morprom.recordstore import load
from morprom.storage import KeyRing, Tx


@dataclass(frozen=True, slots=True)
class Owner:
    """Who is signed in, and how surely. `t4_opens_at` as the account has it."""

    person: Person
    levels: Levels
    t4_opens_at: datetime


async def permit_own(
    tx: Tx, ring: KeyRing, policy: Policy, *, owner: Owner, action: str, tier: Tier, now: datetime
) -> Permit | Refusal:
    """Whether the owner may see what is of `tier` now; a refusal has its line of history already.

    Whether they share does not matter to themselves. `now` is the clock that the session's age is told by.
    """
    request = Request(
        owner.person, None, Ground.SELF, tier, Sharing(), owner.levels, t4_opens_at=owner.t4_opens_at
    )  # fmt: skip
    answer = decide(policy, await stand(tx, request, now, has_account=True), now)
    if isinstance(answer, Refusal):
        await lines.refused(tx, ring, owner.person, None, action=action, refusal=answer)
    return answer


async def read_own(
    tx: Tx, ring: KeyRing, policy: Policy, *, owner: Owner, action: str, tier: Tier, kinds: frozenset[Kind],
    now: datetime,
) -> tuple[Permit, list[Document]] | Refusal:  # fmt: skip
    """The permit and the documents of `kinds` that `action` shows; its line of history commits with the transaction."""
    answer = await permit_own(tx, ring, policy, owner=owner, action=action, tier=tier, now=now)
    if isinstance(answer, Refusal):
        return answer
    documents = await load(tx, answer, kinds)
    await lines.permitted(tx, answer, action, kinds)
    return answer, documents
