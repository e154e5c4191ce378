"""What a change of a relying party leaves: a line in the history, and a word to those who answer for its unit."""

from typing import Final

from morprom.audit import Basis, Content, Entry, Outcome, Purpose, record
from morprom.doors.admin.desk import Desk
from morprom.doors.admin.frame import WHATS
from morprom.doors.pages import PageCall
from morprom.federation import Party
from morprom.people import Inbox, Notice, get
from morprom.people.notices import account
from morprom.staff import staff_of
from morprom.staff.model import Administers
from morprom.storage import Tx

ACTION: Final = "ClientRegistry"


async def note_change(request: PageCall, tx: Tx, desk: Desk, party: Party, what: str) -> None:
    """Write the line in the transaction that it tells of."""
    content = Content(action=ACTION, purpose=Purpose.KEEPING, who=desk.who, client=party.client_id, reason=what)
    await record(
        tx, Entry(Basis.OPERATOR, Outcome.WRITTEN, content, unit=str(party.client.hcode)), request.services.ring
    )


async def tell_unit(request: PageCall, desk: Desk, party: Party, what: str) -> None:
    """Tell directors, managers of staff and administrators of the unit. The change is committed already."""
    services, unit = request.services, str(party.client.hcode)
    async with services.identity.transaction() as tx:
        staff = await staff_of(tx, services.ring, unit)
    answer = {
        provider.person_id
        for provider, at in staff
        if at.work.is_director or at.work.is_hr_admin or at.administers is not Administers.NOTHING
    }
    async with services.reader.transaction() as tx:
        for person_id in sorted(answer):
            if person := await get(tx, services.ring, person_id):
                await Inbox().notify(tx, person, _notice(desk, party, what))


def _notice(desk: Desk, party: Party, what: str) -> Notice:
    name, done = party.client.name, WHATS[what]
    return account(
        "client", f"{desk.who} {done.th}โปรแกรม {name} ของหน่วยบริการ ดูได้ที่หน้าดูแลโปรแกรม",
        f"The programme {name} of your unit was {done.en} by {desk.who}; see it at /admin/clients.",
        str(party.client.hcode),
    )  # fmt: skip
