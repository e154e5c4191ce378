"""Telling people what happened to their account: in the inbox, and by a message that only says to look there."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from morprom.accounts.contacts import Contact, contacts_of
from morprom.accounts.model import ContactKind
from morprom.doors.wire import Call
from morprom.kernel import Secret, new_id
from morprom.people import Inbox, Notice, get
from morprom.proofing.model import ProofingEvent
from morprom.staff import staff_of

LOOK: Final = Secret("หมอพร้อม: มีการเปลี่ยนแปลงสำคัญในบัญชีของคุณ โปรดเปิดหมอพร้อมเพื่อดู หากไม่ใช่คุณ ให้แจ้งจุดยืนยันตัวตนทันที")
"""No code and no health datum ever stands in it."""


async def tell(request: Call, person_id: UUID, notice: Notice, contacts: Sequence[Contact] = ()) -> None:
    """Put a notice into the inbox and say so to `contacts`. What happened is committed already."""
    services = request.services
    async with services.reader.transaction() as tx:
        person = await get(tx, services.ring, person_id)
        if person:
            await Inbox().notify(tx, person, notice)
    for contact in contacts:
        messenger = services.outside.sms if contact.kind is ContactKind.MOBILE else services.outside.line
        if messenger:
            await messenger.send(contact.value, LOOK, str(new_id()))


async def contacts_now(request: Call, person_id: UUID) -> list[Contact]:
    """Who is told: those that count before something is changed."""
    services = request.services
    async with services.identity.transaction() as tx:
        return await contacts_of(tx, services.ring, person_id)


async def tell_unit(request: Call, event: ProofingEvent, notice: Notice) -> None:
    """Tell the directors and staff managers of the unit that proofed somebody."""
    services = request.services
    async with services.identity.transaction() as tx:
        staff = await staff_of(tx, services.ring, event.unit)
    for person_id in {provider.person_id for provider, at in staff if at.work.is_director or at.work.is_hr_admin}:
        await tell(request, person_id, notice)
