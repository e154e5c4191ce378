"""What is known of a person, as the faces tell it; and the lines of their history about who was told."""

from uuid import UUID

from morprom.audit import Basis, Content, Entry, Outcome, Purpose, record
from morprom.doors.services import Services
from morprom.federation.facts import facts_of as all_facts_of
from morprom.identity import Client
from morprom.identity.face_model import Facts
from morprom.people import Inbox, Notice, get
from morprom.proofing.model import chip_name
from morprom.storage import Tx


async def facts_of(services: Services, tx: Tx, person_id: UUID) -> Facts:
    """What stands in the best proofing that counts today. Needs the role identity."""
    found = await all_facts_of(tx, services.ring, person_id, services.clock())
    card = found.card
    if card is None:
        return Facts(mobile=found.mobile)
    th, en = chip_name(card.name_th), chip_name(card.name_en)
    is_whole = card.birth_known == "day"
    return Facts(card.cid, *th, *en, birth_on=card.birth_on if is_whole else None, mobile=found.mobile)


async def line(
    services: Services,
    person_id: UUID | None,
    client: Client,
    action: str,
    outcome: Outcome = Outcome.PERMITTED,
    reason: str = "",
    notice: Notice | None = None,
) -> None:
    """Write into a person's history, or into that of nobody known, that a client of a face had something, or not."""
    content = Content(action=action, purpose=Purpose.OWN_ACCESS, client=client.name, reason=reason)
    async with services.reader.transaction() as tx:
        person = await get(tx, services.ring, person_id) if person_id else None
        entry = Entry(Basis.HEALTH_ID, outcome, content, person.person_id if person else None, unit=client.hcode)
        await record(tx, entry, person.data_key if person else services.ring)
        if person and notice:
            await Inbox().notify(tx, person, notice)


def first_time(client: Client, unit_name: str) -> Notice:
    """A program was allowed something for the first time."""
    return Notice(
        kind="client-allowed",
        text_th=f"คุณอนุญาตโปรแกรม {client.name} ของ {unit_name} ให้ใช้บัญชีของคุณ หากไม่ใช่คุณ โปรดยกเลิกและแจ้งการทุจริต",
        text_en=f"You allowed {client.name} of {unit_name} to use your account. Not you? End it and report fraud.",
        unit=str(client.hcode),  # msgspec takes no kind of str but its own
        unit_name=unit_name,
    )
