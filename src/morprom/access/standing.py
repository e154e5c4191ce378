"""What an owner's account is worth at the moment of a read: what a sign-in said before counts for no more than that."""

from dataclasses import replace
from datetime import datetime

from morprom.access.model import Ground, Permit, Request, Sharing, Tier
from morprom.access.policy import Policy
from morprom.access.rules import decide
from morprom.accounts.account import standing_of
from morprom.assurance import Levels
from morprom.people import Person
from morprom.storage import Tx


async def stand(tx: Tx, request: Request, now: datetime, *, has_account: bool = False) -> Request:
    """`request` with what the owner's account is worth now: a card that expired, fraud that was reported since.

    `has_account`: there is one behind what the owner comes with; were it gone, nothing would open.
    """
    standing = await standing_of(tx, request.person.person_id, now)
    if standing is None:
        return replace(request, is_frozen=has_account)
    levels = request.levels and replace(request.levels, ial=min(request.levels.ial, standing.ial))
    is_frozen = standing.frozen_at is not None
    return replace(
        request, levels=levels, t4_opens_at=standing.t4_opens_at, is_frozen=is_frozen, proofed=standing.ial
    )  # fmt: skip


async def levels_for_code(tx: Tx, policy: Policy, person: Person, now: datetime) -> Levels | None:
    """The highest levels at which the owner could sign in now, if a notice that carries a code (T3) opens at them."""
    standing = await standing_of(tx, person.person_id, now)
    if standing is None:
        return None
    levels = Levels(standing.ial, standing.aal, now)
    is_frozen = standing.frozen_at is not None
    request = Request(person, None, Ground.SELF, Tier.T3, Sharing(), levels, is_frozen=is_frozen)
    return levels if isinstance(decide(policy, request, now), Permit) else None
