"""What a change of a relying party leaves: a line in the history, and a word to those who answer for its unit."""

from typing import Final

from morprom.audit import Basis, Content, Entry, Outcome, Purpose, record
from morprom.doors.admin.desk import Desk
from morprom.doors.pages import PageCall
from morprom.federation import Party
from morprom.identity.client_notices import notice_of, tell, who_answers
from morprom.kernel import Words
from morprom.storage import Tx

ACTION: Final = "ClientRegistry"


async def note_change(request: PageCall, tx: Tx, desk: Desk, party: Party, what: str) -> None:
    """Write the line in the transaction that it tells of."""
    content = Content(action=ACTION, purpose=Purpose.KEEPING, who=desk.who, client=party.client_id, reason=what)
    await record(
        tx, Entry(Basis.OPERATOR, Outcome.WRITTEN, content, unit=str(party.client.hcode)), request.services.ring
    )


async def tell_unit(request: PageCall, desk: Desk, party: Party, what: str) -> None:
    """Tell the unit. The change is committed already: who signs people in opens nobody's inbox."""
    services = request.services
    async with services.identity.transaction() as tx:
        people = await who_answers(tx, services.ring, party.client.hcode)
    async with services.reader.transaction() as tx:
        notice = notice_of(party.client, what, Words(f"{desk.who} ", desk.who))
        await tell(tx, services.ring, people, notice)
