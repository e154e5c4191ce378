"""The owner ends a grant at once, and sees which have ended."""

from uuid import UUID

from morprom.access import store
from morprom.audit import Basis, Content, Entry, Outcome, Purpose, record
from morprom.people import Person
from morprom.storage import Tx


async def end_grant(tx: Tx, person: Person, grant_id: UUID) -> bool:
    """End one grant of `person`, used or not; False when it has ended already or is not theirs."""
    ended = await store.end(tx, person.person_id, grant_id)
    if ended:
        content = Content(action="EndGrant", purpose=Purpose.OWN_ACCESS, grant_id=grant_id)
        await record(tx, Entry(Basis.SELF, Outcome.REMOVED, content, person.person_id), person.data_key)
    return ended


async def live_grants(tx: Tx, person: Person) -> set[str]:
    """Which grants of `person` have not been ended, by them or by whoever asked for another code."""
    return {str(grant_id) for grant_id in await store.live(tx, person.person_id)}
