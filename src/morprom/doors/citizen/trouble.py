"""Help, a lost phone, and fraud: what to do, plainly, and the one button that stops everything at once.

Whoever is not signed in freezes an account with one of its recovery codes and with nothing less: else anybody could
shut anybody out.
"""

from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post

from morprom.accounts import freeze
from morprom.accounts.attempts import Attempt, Refused, recover_with_code
from morprom.doors.citizen.frame import show, slowed
from morprom.doors.citizen.recover import WRONG
from morprom.doors.citizen.sign_in import NO_NUMBER
from morprom.doors.citizen.tell import contacts_now, tell, tell_unit
from morprom.doors.pages import PageCall, demand_seat, device_of, form_of, seat_of
from morprom.doors.pages.cookies import SESSION, drop_cookie
from morprom.kernel import Cid, Words
from morprom.people import notices
from morprom.proofing import events_of, withdraw

REPORTED: Final = Words("เจ้าของแจ้งการทุจริต บัญชีถูกระงับ", "its owner reported fraud; the account is frozen")


@get("/id/lost")
async def lost_page(request: PageCall) -> Response[bytes]:
    """Without the phone."""
    return show(request, "lost.html", seat=await seat_of(request), back="/id")


@get("/id/help")
async def help_page(request: PageCall) -> Response[bytes]:
    """What to do when."""
    return show(request, "help.html", seat=await seat_of(request), back="/id")


@get("/id/report")
async def report_page(request: PageCall) -> Response[bytes]:
    """What reporting does. Whoever is signed in may: waiting for a second factor would help the thief."""
    seat = await seat_of(request)
    if seat is None:
        return show(request, "report-out.html", back="/id/lost", cid="")
    return show(request, "report.html", seat=seat, back="/id/security")


@post("/id/report", status_code=200)
async def report(request: PageCall) -> Response[bytes]:
    """Frozen, signed out everywhere, no proofing counts any more; the units that proofed are told."""
    await form_of(request)
    seat = await demand_seat(request)
    return await _stopped(request, seat.session.person_id)


@post("/id/report/code", status_code=200)
async def report_with_code(request: PageCall) -> Response[bytes]:
    """The same without being signed in: the phone is gone, the paper is at home. One answer for whatever is wrong."""
    form = await form_of(request)
    services, (device, device_cookie) = request.services, device_of(request)
    again: dict[str, Any] = {"cookies": [device_cookie], "back": "/id/lost", "cid": form.text("cid", 17)}
    cid = Cid.parse(form.text("cid"))
    if cid is None:
        return show(request, "report-out.html", status=400, fault=NO_NUMBER, at=["cid"], **again)
    attempt, code = Attempt(cid, device), form.secret("code", 40)
    found = await recover_with_code(services.identity.transaction, services.ring, attempt, code, services.clock())
    if isinstance(found, Refused):
        if found.wait:
            return slowed(request, "report-out.html", found.wait, **again)
        return show(request, "report-out.html", status=401, fault=WRONG, **again)
    return await _stopped(request, found)


async def _stopped(request: PageCall, person_id: UUID) -> Response[bytes]:
    services = request.services
    contacts = await contacts_now(request, person_id)
    async with services.identity.transaction() as tx:
        counting = [one.event for one in await events_of(tx, services.ring, person_id) if not one.event.withdrawn_at]
        await freeze(tx, services.ring, person_id, why=REPORTED, now=services.clock())
        await withdraw(tx, services.ring, person_id, services.clock())
    await tell(request, person_id, notices.fraud_reported(), contacts)
    for event in {event.unit: event for event in counting}.values():
        await tell_unit(request, event, notices.fraud_at_unit(event.unit))
    return show(request, "reported.html", cookies=[drop_cookie(request, SESSION)])


PAGES: Final = (help_page, lost_page, report_page, report, report_with_code)
