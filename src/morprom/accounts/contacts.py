"""Verified contacts: where a person is told what happens to their account."""

import re
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from morprom.accounts import store
from morprom.accounts.events import note
from morprom.accounts.model import ContactKind, Event
from morprom.accounts.sealing import Sealed, opened, sealed
from morprom.kernel import Category, Problem, Secret, Words, new_id
from morprom.storage import KeyRing, Tx

TABLE: Final = b"contact"
MOBILE: Final = re.compile(r"0[689][0-9]{8}")


class _Value(msgspec.Struct):
    value: str


class Contact(NamedTuple):
    """One place to tell a person; `masked` may be shown, `value` only be sent to."""

    contact_id: UUID
    kind: ContactKind
    value: Secret[str]
    verified_at: datetime

    @property
    def masked(self) -> str:
        """The last four characters."""
        return "•••" + self.value.reveal()[-4:]


def mobile_of(typed: str) -> Secret[str]:
    """A Thai mobile number, as it is written with blanks and hyphens. Raises Problem MOBILE_INVALID."""
    number = typed.replace("-", "").replace(" ", "")
    if not MOBILE.fullmatch(number):
        words = Words(
            "เบอร์มือถือต้องขึ้นต้นด้วย 06 08 หรือ 09 และมี 10 หลัก", "a mobile number begins with 06, 08 or 09 and has 10 digits"
        )
        raise Problem(Category.INCORRECT, "MOBILE_INVALID", words)
    return Secret(number)


async def keep_contact(
    tx: Tx, ring: KeyRing, person_id: UUID, kind: ContactKind, value: Secret[str], now: datetime
) -> UUID:
    """Keep a contact to which a code was sent and came back."""
    contact_id = new_id()
    columns = sealed(ring, TABLE, contact_id, _Value(value.reveal()))
    await store.add_contact(tx, contact_id, person_id, kind, now, columns)
    await note(tx, ring, person_id, Event(what="contact-added", th="เพิ่มช่องทางติดต่อ", en="contact added"))
    return contact_id


async def contacts_of(tx: Tx, ring: KeyRing, person_id: UUID) -> list[Contact]:
    """Those that count, newest first."""
    return [
        Contact(row["contact_id"], ContactKind(row["kind"]), Secret(value.value), row["verified_at"])
        for row in await store.contacts(tx, person_id)
        for value in [opened(ring, TABLE, row["contact_id"], Sealed(row["key_id"], row["sealed"]), _Value)]
    ]


async def end_contact(tx: Tx, ring: KeyRing, person_id: UUID, contact_id: UUID, now: datetime) -> bool:
    """Take one away; False when it is not theirs."""
    ended = await store.end_contact(tx, person_id, contact_id, now)
    if ended:
        await note(tx, ring, person_id, Event(what="contact-removed", th="ยกเลิกช่องทางติดต่อ", en="contact removed"))
    return ended
