"""Telling a person something. The inbox is the first channel: a notice waits for its person, account or not.

A notice that carries a code is read only by its person: it is sealed under their data key.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from morprom.kernel import Words, time_ordered_id
from morprom.people import inbox_store as store
from morprom.people.model import Person
from morprom.storage import Row, Tx, open_small, seal_small

SUBKEY = b"inbox"


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What a person is told. `at` is set when it is read back; `grant` is the code that it is about."""

    kind: str
    text_th: str
    text_en: str
    code: str = ""
    unit: str = ""
    unit_name: str = ""
    expires_at: datetime | None = None
    grant: str = ""
    at: datetime | None = None

    def __repr__(self) -> str:
        return f"Notice({self.kind})"


class Notifier(Protocol):
    """The face of a channel to a person."""

    async def notify(self, tx: Tx, person: Person, notice: Notice) -> None:
        """Tell `person`; it is told if and only if the transaction commits."""
        ...


class Inbox:
    """The channel that everybody has."""

    async def notify(self, tx: Tx, person: Person, notice: Notice) -> None:
        notice_id = time_ordered_id()
        sealed = seal_small(msgspec.json.encode(notice), person.data_key.subkey(SUBKEY), notice_id.bytes)
        await store.insert(tx, notice_id, person.person_id, sealed)

    async def notices(self, tx: Tx, person: Person) -> list[Notice]:
        """Everything that waits for `person`, newest last."""
        return self.opened(await self.sealed(tx, person.person_id), person)

    async def sealed(self, tx: Tx, person_id: UUID) -> list[Row]:
        """The same as they are kept, for a role that may fetch and not open them."""
        return await store.of_person(tx, person_id)

    def opened(self, rows: Sequence[Row], person: Person) -> list[Notice]:
        """What `sealed` fetched, opened."""
        return [_opened(row["sealed"], row["notice_id"].bytes, row["at"], person) for row in rows]


def code_notice(
    code: str, unit: str, unit_name: str, expires_at: datetime, grant_id: UUID, *, is_simulated: bool
) -> Notice:
    """The notice that carries a one-time code; `is_simulated` says that nobody proofed who reads it."""
    th = f"{unit_name} ({unit}) ขอดูประวัติสุขภาพของคุณ หากคุณยินยอม บอกรหัส {code} แก่เจ้าหน้าที่ หากไม่ ไม่ต้องทำอะไร"
    en = f"{unit_name} ({unit}) asks to see your health record. Tell them {code} if you agree; else do nothing."
    skipped = Words(
        " (ระบบสาธิตหรือทดสอบ: ข้ามการพิสูจน์ตัวตนของผู้รับ)", " (Demo or sandbox: the receiver's identity was not proofed.)"
    )
    return Notice(
        kind="otp",
        text_th=th + (skipped.th if is_simulated else ""),
        text_en=en + (skipped.en if is_simulated else ""),
        code=code,
        unit=unit,
        unit_name=unit_name,
        expires_at=expires_at,
        grant=str(grant_id),
    )


def code_withheld(unit: str, unit_name: str, expires_at: datetime, grant_id: UUID) -> Notice:
    """A code was asked for, and its owner was not proofed for what it opens: they are told, and nobody has it."""
    return Notice(
        kind="otp-withheld",
        text_th=f"{unit_name} ({unit}) ขอดูประวัติสุขภาพของคุณ ระบบไม่ออกรหัส เพราะคุณยังไม่ได้พิสูจน์ตัวตนถึงระดับที่กำหนด",
        text_en=f"{unit_name} ({unit}) asked to see your health record. No code was given: be proofed first.",
        unit=unit,
        unit_name=unit_name,
        expires_at=expires_at,
        grant=str(grant_id),
    )


def _opened(sealed: bytes, associated: bytes, at: datetime, person: Person) -> Notice:
    plain = open_small(sealed, person.data_key.subkey(SUBKEY), associated)
    return msgspec.structs.replace(msgspec.json.decode(plain, type=Notice), at=at)
