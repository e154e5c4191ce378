"""A lost phone, and fraud: what to do, plainly, and the one button that stops everything at once."""

from typing import Final

from litestar import Response, get, post

from morprom.accounts import freeze
from morprom.doors.citizen.frame import show
from morprom.doors.citizen.tell import contacts_now, tell, tell_unit
from morprom.doors.pages import PageCall, demand_seat, form_of, seat_of
from morprom.doors.pages.cookies import SESSION, drop_cookie
from morprom.kernel import Words
from morprom.people import notices
from morprom.proofing import events_of, withdraw

REPORTED: Final = Words("เจ้าของแจ้งการทุจริต บัญชีถูกระงับ", "its owner reported fraud; the account is frozen")


@get("/id/lost")
async def lost_page(request: PageCall) -> Response[bytes]:
    """Without the phone."""
    return show(request, "lost.html", signed_in=await seat_of(request) is not None, back="/id")


@get("/id/report")
async def report_page(request: PageCall) -> Response[bytes]:
    """What reporting does. Whoever is signed in may: waiting for a second factor would help the thief."""
    await demand_seat(request)
    return show(request, "report.html", signed_in=True, back="/id/security")


@post("/id/report", status_code=200)
async def report(request: PageCall) -> Response[bytes]:
    """Frozen, signed out everywhere, no proofing counts any more; the units that proofed are told."""
    await form_of(request)
    seat = await demand_seat(request)
    services, person_id = request.services, seat.session.person_id
    contacts = await contacts_now(request, person_id)
    async with services.identity.transaction() as tx:
        counting = [one.event for one in await events_of(tx, services.ring, person_id) if not one.event.withdrawn_at]
        await freeze(tx, services.ring, person_id, why=REPORTED, now=services.clock())
        await withdraw(tx, services.ring, person_id, services.clock())
    await tell(request, person_id, notices.fraud_reported(), contacts)
    for event in {event.unit: event for event in counting}.values():
        await tell_unit(request, event, notices.fraud_at_unit(event.unit))
    return show(request, "reported.html", cookies=[drop_cookie(request, SESSION)])


PAGES: Final = (lost_page, report_page, report)
