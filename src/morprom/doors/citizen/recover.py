"""`/id/recover`: back without what was bound, by a recovery code and a code to a verified contact or of a generator.

That opens nothing but the binding of something new: every session ends, every contact is told, tier 4 waits a day.
"""

from typing import Any, Final

from litestar import Response, get, post

from morprom.accounts.attempts import Attempt, Refused, recover_with_code
from morprom.accounts.checks import LIFE, confirm_check, is_right, start_check, try_check
from morprom.accounts.codes import is_code_right
from morprom.accounts.contacts import contacts_of
from morprom.accounts.model import ContactKind, Purpose
from morprom.doors.citizen.frame import show, slowed
from morprom.doors.citizen.redeem import WRONG_CODE, send_code
from morprom.doors.citizen.sign_in import NO_NUMBER
from morprom.doors.pages import PageCall, device_of, form_of, put_cookie, see_other, take_cookie
from morprom.doors.pages.cookies import CHECK
from morprom.kernel import Cid, Secret, Words

WRONG: Final = Words(
    "เลขประจำตัวหรือรหัสกู้คืนไม่ถูกต้อง หรือรหัสนี้ใช้ไปแล้ว", "the number or the recovery code is not right, or was used"
)


@get("/id/recover")
async def recover_page(request: PageCall) -> Response[bytes]:
    """Number and recovery code."""
    return show(request, "recover.html", back="/id/lost", cid="")


@post("/id/recover", status_code=200)
async def recover(request: PageCall) -> Response[bytes]:
    """One answer for whatever does not fit. A right code is used up, and the second one sent."""
    form = await form_of(request)
    services, now = request.services, request.services.clock()
    device, device_cookie = device_of(request)
    again: dict[str, Any] = {"cookies": [device_cookie], "back": "/id/lost", "cid": form.text("cid", 17)}
    cid = Cid.parse(form.text("cid"))
    if cid is None:
        return show(request, "recover.html", status=400, fault=NO_NUMBER, at=["cid"], **again)
    attempt = Attempt(cid, device)
    found = await recover_with_code(services.identity.transaction, services.ring, attempt, form.secret("code", 40), now)
    if isinstance(found, Refused):
        if found.wait:
            return slowed(request, "recover.html", found.wait, **again)
        return show(request, "recover.html", status=401, fault=WRONG, **again)
    async with services.identity.transaction() as tx:
        mobiles = [one for one in await contacts_of(tx, services.ring, found) if one.kind is ContactKind.MOBILE]
        contact = mobiles[0].value if mobiles else Secret("")
        started = await start_check(tx, services.ring, found, Purpose.RECOVER, contact, now)
    simulated = await send_code(request, contact, started.code) if mobiles else ""
    cookie = put_cookie(request, CHECK, started.cookie, max_age=int(LIFE.total_seconds()))
    return show(
        request, "recover-code.html", cookies=[cookie, device_cookie], simulated=simulated, back="/id/recover",
        contact=mobiles[0].masked if mobiles else "",
    )  # fmt: skip


@post("/id/recover/code", status_code=200)
async def confirm(request: PageCall) -> Response[bytes]:
    """The second code."""
    form = await form_of(request)
    services, now, code = request.services, request.services.clock(), form.secret("code", 20)
    async with services.identity.transaction() as tx:
        check = await try_check(tx, services.ring, take_cookie(request, CHECK), Purpose.RECOVER, now)
        is_back = check is not None and (
            is_right(services.ring, check, code) or await is_code_right(tx, services.ring, check.person_id, code, now)
        )
        if check and is_back:
            await confirm_check(tx, check, now)
    if not is_back:
        simulated = form.text("simulated") if services.outside.sms and services.outside.sms.is_simulated else ""
        return show(
            request, "recover-code.html", status=401, fault=WRONG_CODE, at=["code"], back="/id/recover",
            contact=form.text("contact", 10), simulated=simulated,
        )  # fmt: skip
    return see_other("/id/bind")


PAGES: Final = (recover_page, recover, confirm)
