"""Telling those who answer for a unit that one of its clients was changed, whoever did it."""

from typing import Final
from uuid import UUID

from morprom.identity.card_model import Client
from morprom.kernel import Words
from morprom.people import Inbox, Notice, get
from morprom.people.notices import account
from morprom.staff import staff_of
from morprom.staff.model import Administers
from morprom.storage import KeyRing, Tx

WHATS: Final = {
    "added": Words("ลงทะเบียน", "registered"),
    "changed": Words("แก้ไข", "changed"),
    "disabled": Words("ปิดใช้ชั่วคราว", "disabled"),
    "enabled": Words("เปิดใช้อีกครั้ง", "enabled"),
    "new-secret": Words("ออกรหัสลับใหม่", "given a new secret"),
    "removed": Words("ยกเลิกถาวร", "removed"),
}
"""What is done to clients."""

OPERATOR: Final = Words("ผู้ดูแลแพลตฟอร์ม", "the operator of the platform")


async def who_answers(tx: Tx, ring: KeyRing, unit: str) -> list[UUID]:
    """Directors, managers of staff and administrators of a unit."""
    return sorted(
        {
            provider.person_id
            for provider, at in await staff_of(tx, ring, unit)
            if at.work.is_director or at.work.is_hr_admin or at.administers is not Administers.NOTHING
        }
    )


async def tell(tx: Tx, ring: KeyRing, people: list[UUID], notice: Notice) -> None:
    """Put a notice into their inboxes. Needs a role that may use people's keys."""
    for person_id in people:
        if person := await get(tx, ring, person_id):
            await Inbox().notify(tx, person, notice)


def notice_of(client: Client, what: str, by: Words = OPERATOR) -> Notice:
    """What was done to a client, and who did it."""
    done = WHATS[what]
    return account(
        "client", f"{by.th}{done.th}โปรแกรม {client.name} ของหน่วยบริการ {client.hcode}",
        f"The programme {client.name} of unit {client.hcode} was {done.en} by {by.en}.", str(client.hcode),
    )  # fmt: skip
