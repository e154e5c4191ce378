"""`/id/redeem`: a slip of a counter, scanned or typed, then the code that goes to the contact verified there.

The QR code's secret stands behind `#`, which browsers keep to themselves: the page posts it, and no log has it. One
answer for everything that does not fit, and the same work on the way to it.
"""

from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from litestar import Response, get, post

from morprom import throttle
from morprom.doors.citizen.frame import show, slowed
from morprom.doors.citizen.sign_in import NO_NUMBER
from morprom.doors.citizen.tell import contacts_now, tell, tell_unit
from morprom.doors.citizen.words import LONG_MONTHS
from morprom.doors.pages import Form, PageCall, device_of, form_of, put_cookie, seat_of, see_other, take_cookie
from morprom.doors.pages.cookies import REDEMPTION
from morprom.doors.pages.place import maker_of
from morprom.doors.wire import Call
from morprom.kernel import Category, Cid, Problem, Secret, Words, new_id
from morprom.kernel.thai_text import day_said
from morprom.outside import Sent
from morprom.people import Identifier, Scheme, notices
from morprom.people.find import id_of
from morprom.proofing.model import Maker, NotRedeemed, ProofingEvent, Shown
from morprom.proofing.slips import DIGITS, REDEMPTION_LIFE, SHOWN_AGAIN, confirm_contact, show_digits, show_qr

REFUSED: Final = Words(
    "ใช้ใบนี้ไม่ได้ โปรดตรวจเลขประจำตัว วันเกิด และรหัส 8 หลัก หากผิดหลายครั้งหรือเกิน 24 ชั่วโมง ให้ขอใบใหม่",
    "This slip does not work. Check number, birth date and digits; after several tries or 24 hours, ask for a new one.",
)
SAME_PLACE: Final = Words(
    "ใช้ใบนี้จากเครื่องหรือเครือข่ายของหน่วยบริการไม่ได้ โปรดใช้โทรศัพท์ของคุณเองและอินเทอร์เน็ตของคุณเอง",
    "A slip is not redeemed where it was printed. Use your own phone, on its own internet connection.",
)
NO_DATE: Final = Words(
    "วันเกิดไม่ถูกต้อง ตัวอย่าง: วันที่ 9 เดือนเมษายน ปี 2502", "This is no date. For example: day 9, April, year 2502."
)
NO_DIGITS: Final = Words("รหัสบนใบมี 8 หลัก โปรดตรวจดูอีกครั้ง", "The slip has 8 digits. Look again.")
WRONG_CODE: Final = Words(
    "รหัสไม่ถูกต้องหรือหมดเวลา โปรดลองใหม่หรือเริ่มใหม่", "the code is wrong or too old; try again, or start again"
)


@get("/id/redeem")
async def redeem_page(request: PageCall) -> Response[bytes]:
    """Scan or type."""
    return show(request, "redeem.html", back="/id", typed=Form({}), months=LONG_MONTHS)


@post("/id/redeem", status_code=200)
async def show_slip(request: PageCall) -> Response[bytes]:
    """A slip was shown: on to the code."""
    form = await form_of(request)
    _, device_cookie = device_of(request)
    again: dict[str, Any] = {"cookies": [device_cookie], "back": "/id", "typed": form, "months": LONG_MONTHS}
    if mistyped := _mistyped(form):
        return show(request, "redeem.html", status=400, fault=mistyped[0], at=mistyped[1], **again)
    async with request.services.identity.transaction() as tx:
        wait = await throttle.count(tx, _attempt(request), request.services.clock())
    if wait:
        return slowed(request, "redeem.html", wait, **again)
    found = await _found(request, form, maker_of(request, await seat_of(request)))
    if isinstance(found, NotRedeemed):
        if found.code == "SHOWN_OFTEN":
            return slowed(request, "redeem.html", int(SHOWN_AGAIN.total_seconds()), **again)
        if found.event:
            await _report(request, found.event)
        fault = SAME_PLACE if found.event else REFUSED
        return show(request, "redeem.html", status=403, fault=fault, **again)
    simulated = await send_code(request, found.contact, found.code)
    cookie = put_cookie(request, REDEMPTION, found.cookie, max_age=int(REDEMPTION_LIFE.total_seconds()))
    return show(
        request, "redeem-code.html", cookies=[cookie, device_cookie], simulated=simulated,
        contact=f"•••{found.contact.reveal()[-4:]}", back="/id/redeem",
    )  # fmt: skip


@post("/id/redeem/code", status_code=200)
async def confirm(request: PageCall) -> Response[bytes]:
    """The code that went to the verified contact."""
    form = await form_of(request)
    services, cookie = request.services, take_cookie(request, REDEMPTION)
    async with services.identity.transaction() as tx:
        found = await confirm_contact(tx, services.ring, cookie or Secret(""), form.secret("code"), services.clock())
        if not isinstance(found, NotRedeemed):  # else a town behind one address would wait for its own successes
            await throttle.forgive(tx, _attempt(request), services.clock())
    if isinstance(found, NotRedeemed):
        simulated = form.text("simulated") if services.outside.sms and services.outside.sms.is_simulated else ""
        return show(
            request, "redeem-code.html", status=403, fault=WRONG_CODE, at=["code"], back="/id/redeem",
            contact=form.text("contact", 10), simulated=simulated,
        )  # fmt: skip
    return see_other("/id/bind")


async def send_code(request: Call, contact: Secret[str], code: Secret[str]) -> str:
    """Send a code by SMS; what a simulator would have sent, for the page to show. Raises Problem SMS_UNREACHABLE.

    The last line lets phones fill it in here, and nowhere else (WICG, origin-bound one-time codes).
    """
    sms = request.services.outside.sms
    host = urlsplit(request.services.settings.public_url).hostname
    text = f"หมอพร้อม: รหัส {code.reveal()} ใช้ภายใน 10 นาที ห้ามบอกผู้อื่น แม้เป็นเจ้าหน้าที่\n@{host} #{code.reveal()}"
    sent = await sms.send(contact, Secret(text), str(new_id())) if sms else Sent.UNREACHABLE
    if sms is None or sent is not Sent.SENT:
        words = Words("ส่ง SMS ไม่ได้ในขณะนี้ โปรดลองใหม่ภายหลัง", "no SMS can be sent now; try again later")
        raise Problem(Category.UNAVAILABLE, "SMS_UNREACHABLE", words)
    return text if sms.is_simulated else ""


def _attempt(request: Call) -> throttle.Secret:
    """Attempts count by network and browser: nobody's slip is shut by somebody else's tries."""
    device, _ = device_of(request)
    return throttle.Secret("slip", (device.key,), device.address)


async def _found(request: Call, form: Form, maker: Maker) -> Shown | NotRedeemed:
    services = request.services
    async with services.identity.transaction() as tx:
        if qr := form.text("qr", 100):
            return await show_qr(tx, services.ring, Secret(qr), maker, services.clock())
        cid = Cid.parse(form.text("cid"))
        person_id = await id_of(tx, services.ring, Identifier(Scheme.CID, cid.digits if cid else "-"))
        return await show_digits(
            tx, services.ring, person_id, birth_date(form), form.secret("digits", 20), maker, services.clock()
        )


def _mistyped(form: Form) -> tuple[Words, list[str]] | None:
    """What cannot be right whoever it is about, and where it stands. It is no attempt, so it does not count."""
    if form.text("qr", 100):
        return None
    if Cid.parse(form.text("cid")) is None:
        return NO_NUMBER, ["cid"]
    if birth_date(form) is None:
        return NO_DATE, ["day", "month", "year"]
    digits = form.text("digits", 20).replace(" ", "")
    return None if len(digits) == DIGITS and digits.isdecimal() and digits.isascii() else (NO_DIGITS, ["digits"])


async def _report(request: Call, event: ProofingEvent) -> None:
    """It was tried where it had been made: by an officer who keeps slips, or by its person on the unit's network."""
    notice = notices.slip_refused_here(event.unit)
    await tell(request, event.person_id, notice, await contacts_now(request, event.person_id))
    await tell_unit(request, event, notice)


def birth_date(form: Form) -> date | None:
    """Day, month and year as people know them: Buddhist Era, or the common one when it cannot be meant otherwise.

    Some cards say no day or month of birth: left empty they are the first, as `CardFields.birth_on` is.
    """
    given = [form.text("day", 4) or "1", form.text("month", 4) or "1", form.text("year", 4)]
    if not all(part.isascii() and part.isdecimal() for part in given):
        return None
    day, month, year = map(int, given)
    return day_said(year, month, day)


PAGES: Final = (redeem_page, show_slip, confirm)
