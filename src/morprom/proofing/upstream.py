"""A proofing that ThaID did, as ThaID told of it when its person signed in there.

It raises an account as a redeemed slip does: others are signed out and tier 4 waits a day. It opens none, and no unit
did it, so `check_ekyc` does not count it. What ThaID says may change, so it counts for a year.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from morprom.accounts import Account, Session, account_of, end_all, open_account
from morprom.accounts.sealing import sealed
from morprom.assurance import CURRENT, Checks, Ial, derive_ial, table
from morprom.kernel import BANGKOK, time_ordered_id
from morprom.outside import UpstreamSaid
from morprom.proofing import store
from morprom.proofing.events import LOWEST, TABLE, level_on
from morprom.proofing.model import CardFields, Inside
from morprom.storage import KeyRing, Tx

COUNTS: Final = timedelta(days=365)
NO_UNIT: Final = ""


class NotRaised(NamedTuple):
    """What ThaID says comes to no more than what the account has; nothing was changed."""

    level: str
    has: Ial


async def raise_by_upstream(
    tx: Tx, ring: KeyRing, session: Session, said: UpstreamSaid, now: datetime
) -> Account | NotRaised:
    """Let the account of who sits there have the level that ThaID says. The caller has compared the numbers."""
    person_id, today = session.person_id, now.astimezone(BANGKOK).date()
    account = await account_of(tx, person_id, now)
    checks = Checks(upstream="thaid", upstream_ial=Ial(said.ial).value if said.ial else "", channel="app")
    level = derive_ial(checks, table()).level
    if account is None or level < LOWEST or level <= account.ial:
        return NotRaised(level, account.ial if account else Ial.SELF_ASSERTED)
    card = CardFields(cid=said.cid.digits, name_th=said.name_th, name_en=said.name_en, birth_on=said.birth_on)
    inside = Inside(
        path="thaid", checks=checks, card=card, licence="", station_id=None, documents="", guardian_cid="",
        face_score=None, face_threshold=None, status_code="", contact="", is_simulated=said.is_simulated,
    )  # fmt: skip
    event_id = time_ordered_id()
    await store.add_event(
        tx, event_id, person_id, NO_UNIT, person_id, None, now, today + COUNTS,
        *sealed(ring, TABLE, event_id, inside), None, None,
    )  # fmt: skip
    await store.set_redeemed(tx, event_id, now)
    await end_all(tx, person_id, now, but=session)
    best, until = await level_on(tx, ring, person_id, today)
    return await open_account(tx, ring, person_id, ial=best, table=CURRENT, now=now, until=until)
