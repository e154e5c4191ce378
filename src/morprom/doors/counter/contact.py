"""The person's mobile number: a code by SMS, typed back here. Redeeming the slip needs a code to the same number."""

from typing import Final
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath

from morprom import throttle
from morprom.accounts.contacts import contacts_of, mobile_of
from morprom.doors.counter.case import act_on, on, refuse, show_case
from morprom.doors.counter.desk import Desk
from morprom.doors.counter.steps import Step
from morprom.doors.pages import Form, PageCall
from morprom.kernel import Category, Problem, Secret, Words, new_id
from morprom.outside import Messenger, Sent
from morprom.proofing.cases import ask_contact, note_contact, unreadable
from morprom.proofing.model import OpenCase
from morprom.storage import Tx

SMS: Final = "{code} คือรหัสยืนยันเบอร์ที่ {unit} บอกเจ้าหน้าที่ตรงหน้าคุณเท่านั้น / is your code at the counter"
WRONG: Final = Words(
    "รหัสไม่ถูกต้อง เกิน 10 นาที หรือลองครบ 5 ครั้งแล้ว ส่งรหัสใหม่ได้",
    "wrong code, older than 10 minutes, or five were tried; send another",
)
OWN: Final = Words(
    "นี่คือเบอร์ของเจ้าหน้าที่ ต้องเป็นเบอร์ของผู้มารับบริการ", "this is the officer's own number; it has to be the person's"
)
UNSENT: Final = Words(
    "ส่ง SMS ไม่สำเร็จ ถ้ารหัสไม่มาในหนึ่งนาที ตรวจเบอร์แล้วส่งใหม่ (F4)",
    "the message was not sent for certain; if none comes within a minute, look at the number and send again (F4)",
)


@post("/counter/{unit:str}/case/{case_id:uuid}/contact", status_code=303)
async def contact(request: PageCall, unit: FromPath[str], case_id: FromPath[UUID]) -> Response[bytes]:
    """Send a code to a number."""
    services, service = request.services, request.services.outside.sms
    code: list[Secret[str]] = []
    waits: list[int] = []

    async def ask(tx: Tx, desk: Desk, open_case: OpenCase, form: Form) -> OpenCase:
        number = mobile_of(form.text("mobile", 30))
        if open_case.case.card is None:
            raise unreadable()
        if number in [own.value for own in await contacts_of(tx, services.ring, desk.officer)]:
            raise Problem(Category.FORBIDDEN, "OWN_CONTACT", OWN)
        if wait := await throttle.count(tx, _asking(desk, case_id), services.clock()):
            waits.append(wait)
            return open_case  # what was counted stays counted
        asked, secret = await ask_contact(tx, services.ring, open_case, number, services.clock())
        code.append(secret)
        return asked

    done = await act_on(request, unit, case_id, ask, back=Step.CONTACT)
    if isinstance(done, Response):
        return done
    desk, asked = done
    if waits:
        return await refuse(request, desk, case_id, _too_often(waits[0]), Step.CONTACT)
    text = SMS.format(code=code[0].reveal(), unit=desk.unit.name)
    if service is None or await _send(service, asked, text) is not Sent.SENT:
        unsent = Problem(Category.UNAVAILABLE, "SMS_NOT_SENT", UNSENT)
        return await refuse(request, desk, case_id, unsent, Step.CONTACT)
    if service.is_simulated:
        return await show_case(request, desk, case_id, at=Step.CONTACT, sms=text)
    return on(desk, asked, Step.CONTACT)


@post("/counter/{unit:str}/case/{case_id:uuid}/code", status_code=303)
async def code_back(request: PageCall, unit: FromPath[str], case_id: FromPath[UUID]) -> Response[bytes]:
    """The code that the person read out. A wrong one stays counted: nothing is raised while the case is noted."""
    services = request.services
    right: list[bool] = []

    async def compare(tx: Tx, _: Desk, open_case: OpenCase, form: Form) -> OpenCase:
        code = form.secret("code", 20)
        noted, is_right = await note_contact(tx, services.ring, open_case, code, services.clock())
        right.append(is_right)
        return noted

    done = await act_on(request, unit, case_id, compare, back=Step.CONTACT)
    if isinstance(done, Response):
        return done
    desk, noted = done
    if not right[0]:
        return await refuse(request, desk, case_id, Problem(Category.FORBIDDEN, "CODE_WRONG", WRONG), Step.CONTACT)
    async with services.identity.transaction() as tx:
        await throttle.forgive(tx, _asking(desk, case_id), services.clock())
    return on(desk, noted)


async def _send(service: Messenger, asked: OpenCase, text: str) -> Sent:
    return await service.send(Secret(asked.case.contact), Secret(text), str(new_id()))


def _too_often(wait: int) -> Problem:
    words = Words(f"ส่งรหัสบ่อยเกินไป รอ {wait} วินาที", f"too many codes were sent; wait {wait} seconds")
    return Problem(Category.TOO_MANY, "CODES_TOO_OFTEN", words, retry_after=wait)


def _asking(desk: Desk, case_id: UUID) -> throttle.Secret:
    """Codes are counted by case and by officer, not by network: a hospital has one for all its counters."""
    return throttle.Secret("counter-sms", (str(case_id),), address=f"officer {desk.officer}", place=str(case_id))
