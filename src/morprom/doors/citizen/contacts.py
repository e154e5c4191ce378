"""`/id/security/contacts`: where one is told of what happens. A contact counts once a code sent there came back."""

from typing import Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from morprom import throttle
from morprom.accounts.checks import LIFE, confirm_check, end_check, is_right, start_check, try_check
from morprom.accounts.contacts import contacts_of, end_contact, keep_contact, mobile_of
from morprom.accounts.model import ContactKind, Purpose
from morprom.doors.citizen.binder import demand_fresh
from morprom.doors.citizen.frame import show, slowed
from morprom.doors.citizen.redeem import WRONG_CODE, send_code
from morprom.doors.citizen.tell import contacts_now, tell
from morprom.doors.pages import PageCall, demand_seat, device_of, form_of, put_cookie, see_other, take_cookie
from morprom.doors.pages.cookies import CHECK
from morprom.kernel import Category, Problem, Words
from morprom.people import notices

HERE: Final = "/id/security/contacts"
LAST: Final = Words("เป็นช่องทางสุดท้าย โปรดเพิ่มช่องทางอื่นก่อน", "it is your last contact; add another first")


@get(HERE)
async def contacts_page(request: PageCall) -> Response[bytes]:
    """All of them, masked."""
    seat = await demand_seat(request)
    contacts = await contacts_now(request, seat.session.person_id)
    return show(request, "contacts.html", seat=seat, back="/id/security", contacts=contacts)


@get(f"{HERE}/add")
async def add_page(request: PageCall) -> Response[bytes]:
    """A mobile number."""
    return show(request, "contact-add.html", seat=await demand_fresh(request), back=HERE, mobile="")


@post(f"{HERE}/add", status_code=200)
async def add_contact(request: PageCall) -> Response[bytes]:
    """A code goes there."""
    form = await form_of(request)
    seat = await demand_fresh(request)
    services, now, person_id = request.services, request.services.clock(), seat.session.person_id
    try:
        mobile = mobile_of(form.text("mobile", 20))
    except Problem as wrong:
        return show(
            request, "contact-add.html", status=400, seat=seat, back=HERE, fault=wrong.words, at=["mobile"],
            mobile=form.text("mobile", 20),
        )  # fmt: skip
    device, _ = device_of(request)
    async with services.identity.transaction() as tx:
        wait = await throttle.count(tx, throttle.Secret("contact", (str(person_id),), device.address), now)
        if wait:
            return slowed(request, "contact-add.html", wait, seat=seat, back=HERE, mobile=mobile.reveal())
        started = await start_check(tx, services.ring, person_id, Purpose.ADD_CONTACT, mobile, now)
    simulated = await send_code(request, mobile, started.code)
    cookie = put_cookie(request, CHECK, started.cookie, max_age=int(LIFE.total_seconds()))
    return show(
        request, "contact-code.html", cookies=[cookie], seat=seat, back=f"{HERE}/add", simulated=simulated,
        contact=f"•••{mobile.reveal()[-4:]}",
    )  # fmt: skip


@post(f"{HERE}/code", status_code=200)
async def confirm(request: PageCall) -> Response[bytes]:
    """The code came back: it counts, and those that counted before are told."""
    form = await form_of(request)
    seat = await demand_fresh(request)
    services, now, person_id = request.services, request.services.clock(), seat.session.person_id
    before = await contacts_now(request, person_id)
    async with services.identity.transaction() as tx:
        check = await try_check(tx, services.ring, take_cookie(request, CHECK), Purpose.ADD_CONTACT, now)
        fits = (
            check is not None and check.person_id == person_id and is_right(services.ring, check, form.secret("code"))
        )
        if check and fits:
            await confirm_check(tx, check, now)
            await end_check(tx, check)
            if all(one.value != check.contact for one in before):
                await keep_contact(tx, services.ring, person_id, ContactKind.MOBILE, check.contact, now)
    if not fits:
        simulated = form.text("simulated") if services.outside.sms and services.outside.sms.is_simulated else ""
        return show(
            request, "contact-code.html", status=403, seat=seat, back=f"{HERE}/add", fault=WRONG_CODE, at=["code"],
            contact=form.text("contact", 10), simulated=simulated,
        )  # fmt: skip
    await tell(request, person_id, notices.keys_changed("เพิ่มช่องทางติดต่อ", "A contact was added."), before)
    return see_other(HERE)


@post(f"{HERE}/{{contact:uuid}}/remove", status_code=200)
async def remove(request: PageCall, contact: FromPath[UUID]) -> Response[bytes]:
    """Take one away, never the last."""
    await form_of(request)
    seat = await demand_fresh(request)
    services, person_id = request.services, seat.session.person_id
    before = await contacts_now(request, person_id)
    async with services.identity.transaction() as tx:
        if len(await contacts_of(tx, services.ring, person_id)) < 2:
            raise Problem(Category.CONFLICT, "LAST_CONTACT", LAST)
        await end_contact(tx, services.ring, person_id, contact, services.clock())
    await tell(request, person_id, notices.keys_changed("ยกเลิกช่องทางติดต่อ", "A contact was taken away."), before)
    return see_other(HERE)


PAGES: Final = (contacts_page, add_page, add_contact, confirm, remove)
