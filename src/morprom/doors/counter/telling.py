"""What a proofing leaves for its person: a line in their history, a notice in their inbox, a word to their phone.

SMS and LINE say only "open the app": whoever reads them over a shoulder learns nothing of a proofing.
"""

from typing import Final

from morprom.accounts.contacts import Contact, contacts_of
from morprom.accounts.model import ContactKind
from morprom.audit import Basis, Content, Entry, Outcome, Purpose, record
from morprom.doors.counter.desk import Desk
from morprom.doors.counter.ways import WAYS
from morprom.doors.services import Services
from morprom.kernel import Secret, Words, new_id
from morprom.people import Identifier, Person, Scheme, find
from morprom.proofing.model import OpenCase, SealedEvent
from morprom.storage import Tx

OPEN_THE_APP: Final = "หมอพร้อม: มีข้อความใหม่ โปรดเปิดแอป / MorProm: you have a new message, open the app"


def entry(desk: Desk, action: str, outcome: Outcome, reason: str, person: Person | None) -> Entry:
    """A line of the history: the officer by name and number, their unit, and why."""
    content = Content(action=action, purpose=Purpose.KEEPING, who=desk.who, reason=reason, client="counter")
    return Entry(Basis.UNIT, outcome, content, person.person_id if person else None, unit=desk.hcode)


async def note(
    services: Services, tx: Tx, desk: Desk, outcome: Outcome, reason: str, person: Person | None = None
) -> None:
    """Write it in the transaction that it tells of."""
    await record(tx, entry(desk, "Proofing", outcome, reason, person), person.data_key if person else services.ring)


async def note_alone(services: Services, desk: Desk, outcome: Outcome, reason: str, cid: str = "") -> None:
    """Write it when what it tells of was undone, or is over; in the history of the person when they are known here."""
    async with services.reader.transaction() as tx:
        person = await find(tx, services.ring, Identifier(Scheme.CID, cid)) if cid else None
        await note(services, tx, desk, outcome, reason, person)


async def note_started(services: Services, desk: Desk, open_case: OpenCase) -> None:
    """Somebody's card or document was noted: their history says who looked at it."""
    card = open_case.case.card
    if card is not None:
        await note_alone(services, desk, Outcome.PERMITTED, str(WAYS[open_case.case.path].name), card.cid)


def reason_of(sealed: SealedEvent) -> str:
    """What was sealed, as the history says it."""
    name, level = WAYS[sealed.event.inside.path].name, sealed.derived.level
    return str(Words(f"{name.th} IAL {level}", f"{name.en}, IAL {level}") if level else name)


async def contacts_to_tell(services: Services, tx: Tx, person: Person) -> list[Contact]:
    """Where the person was reachable before this proofing: somebody else's phone must not be the only one told."""
    return await contacts_of(tx, services.ring, person.person_id)


async def tell_outside(services: Services, contacts: list[Contact]) -> None:
    """Ask them to look. What cannot be sent is not tried again: the inbox has it."""
    channels = {ContactKind.MOBILE: services.outside.sms, ContactKind.LINE: services.outside.line}
    for contact in contacts:
        channel = channels[contact.kind]
        if channel is not None:
            await channel.send(contact.value, Secret(OPEN_THE_APP), str(new_id()))
