"""`morprom staff first-officer`: opens the first counter of a deployment, and no second one."""

import asyncio
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from morprom.cli.inbox import CidArgument, person_number
from morprom.cli.say import DataOption, give, tell
from morprom.cli.unit import hcode_of
from morprom.kernel import Category, Hcode, Problem, Secret, Words, new_id, utc_now
from morprom.people import Identifier

if TYPE_CHECKING:
    from morprom.cli.instance import Instance
    from morprom.outside import CardStatus, Messenger
    from morprom.proofing.model import CardFields, OpenCase, Slip

UnitOption = Annotated[str, typer.Option("--unit", help="รหัสหน่วยบริการ / hospital code")]
SMS: Final = "{code} คือรหัสยืนยันเบอร์ บอกผู้ดูแลระบบตรงหน้าคุณเท่านั้น / is your code for the operator"
SIMULATED: Final = "จำลอง ไม่ใช่ของจริง / SIMULATED"
TRIES: Final = 5


def first_officer(cid: CidArgument, unit: UnitOption, data: DataOption = None) -> None:
    """พิสูจน์ตัวตนเจ้าหน้าที่คนแรกของระบบ / Proof the first officer, card in hand: asks for what stands on the card.

    Once an officer has an account it refuses: people are proofed at counters.
    """
    asyncio.run(_first(data, person_number(cid), hcode_of(unit)))


async def _first(data: Path | None, who: Identifier, unit: Hcode) -> None:
    from morprom.cli.instance import open_instance
    from morprom.outside import open_outside

    async with open_instance(data) as instance, open_outside(instance.settings) as outside:
        if outside.card_status is None or outside.sms is None:
            words = Words("ต้องตั้งค่า dopa_url และ sms_url ก่อน", "dopa_url and sms_url have to be set first")
            raise Problem(Category.UNAVAILABLE, "SERVICE_MISSING", words)
        open_case = await _opened(instance, outside.card_status, who, unit)
        try:
            slip = await _sealed(instance, await _contacted(instance, outside.sms, open_case))
        finally:
            await _give_up(instance, open_case)  # nothing is left to give up once it was sealed
        tell("พิมพ์ให้เจ้าหน้าที่นำไปใช้บนโทรศัพท์ของตน ภายใน 24 ชั่วโมง / for the officer's own phone, within 24 hours")
        give(f"{slip.digits.reveal()}\n{instance.settings.public_url}/id/redeem#{slip.qr.reveal()}")


async def _opened(instance: "Instance", service: "CardStatus", who: Identifier, unit: Hcode) -> "OpenCase":
    """What the card says, and what DOPA says of it."""
    from morprom.people import find
    from morprom.proofing.cases import question_of
    from morprom.proofing.founding import demand_no_officer, note_dopa, start_first
    from morprom.staff import demand_officer

    async with instance.database.transaction() as tx:
        await demand_no_officer(tx, instance.ring, utc_now())
        person = await find(tx, instance.ring, who)
        if person is None:
            words = Words("เพิ่มเป็นเจ้าหน้าที่ก่อน ด้วย staff add … --may-proof", "list them first, by staff add … --may-proof")
            raise Problem(Category.NOT_FOUND, "NOT_STAFF", words)
        await demand_officer(tx, instance.ring, person.person_id, unit, utc_now())
    card = _asked(who)
    answer = await service.ask(question_of(card))
    async with instance.database.transaction() as tx:
        open_case = await start_first(tx, instance.ring, person.person_id, unit, card, utc_now())
        open_case = await note_dopa(tx, instance.ring, open_case, answer)
    tell(f"กรมการปกครอง: บัตรใช้ได้ / DOPA: the card is valid{f' ({SIMULATED})' if answer.is_simulated else ''}")
    return open_case


def _asked(who: Identifier) -> "CardFields":
    from morprom.proofing.cases import with_laser_code
    from morprom.proofing.model import CardFields

    name: str = typer.prompt("คำนำหน้า#ชื่อ#ชื่อกลาง#นามสกุล บนบัตร / title#first#middle#last on the card", err=True)
    born: str = typer.prompt("วันเกิด ค.ศ. / born, YYYY-MM-DD", err=True)
    laser: str = typer.prompt("รหัสหลังบัตร / laser code on its back", err=True)
    until: str = typer.prompt("บัตรหมดอายุ ค.ศ. / card expires, YYYY-MM-DD", err=True)
    card = CardFields(cid=who.value, name_th=name.strip(), birth_on=_day(born), expires_on=_day(until))
    return with_laser_code(card, laser)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        words = Words("วันที่ต้องเป็น ค.ศ. ปี-เดือน-วัน", "a date is YYYY-MM-DD, of the common era")
        raise Problem(Category.INCORRECT, "DATE_INVALID", words) from None


async def _contacted(instance: "Instance", service: "Messenger", open_case: "OpenCase") -> "OpenCase":
    """A code to the officer's mobile came back."""
    from morprom.accounts.contacts import mobile_of
    from morprom.outside import Sent
    from morprom.proofing.cases import ask_contact, note_contact

    mobile = mobile_of(typer.prompt("โทรศัพท์มือถือ / mobile number", err=True))
    async with instance.database.transaction() as tx:
        open_case, code = await ask_contact(tx, instance.ring, open_case, mobile, utc_now())
    text = SMS.format(code=code.reveal())
    if await service.send(mobile, Secret(text), str(new_id())) is not Sent.SENT:
        raise Problem(Category.UNAVAILABLE, "SMS_NOT_SENT", Words("ส่ง SMS ไม่ได้", "the message could not be sent"))
    if service.is_simulated:
        tell(f"{SIMULATED}: {text}")
    for _ in range(TRIES):
        typed = Secret(typer.prompt("รหัสที่ได้รับทาง SMS / code from the message", err=True))
        async with instance.database.transaction() as tx:
            open_case, is_right = await note_contact(tx, instance.ring, open_case, typed, utc_now())
        if is_right:
            return open_case
        tell("รหัสไม่ถูกต้อง / wrong code")
    raise Problem(Category.FORBIDDEN, "CODE_WRONG", Words("รหัสไม่ถูกต้อง", "the code was wrong"))


async def _sealed(instance: "Instance", open_case: "OpenCase") -> "Slip":
    from morprom.people import get
    from morprom.proofing.founding import seal_first
    from morprom.staff.listed import note_listed

    async with instance.database.transaction() as tx:
        slip = await seal_first(tx, instance.ring, open_case, utc_now())
        if person := await get(tx, instance.ring, open_case.officer):
            await note_listed(tx, person, open_case.unit, "FirstOfficer")
        return slip


async def _give_up(instance: "Instance", open_case: "OpenCase") -> None:
    from morprom.proofing import give_up

    async with instance.database.transaction() as tx:
        await give_up(tx, open_case)
