"""`/id`: what this is, for who is not signed in; where to go, for who is."""

from typing import Final

from litestar import Response, get

from morprom.accounts.events import events_of
from morprom.doors.citizen.frame import show
from morprom.doors.pages import PageCall, demand_seat, seat_of

SIGN_INS: Final = ("signed-in", "stepped-up")


@get("/id")
async def first_page(request: PageCall) -> Response[bytes]:
    """The first page of everybody."""
    seat = await seat_of(request)
    if seat is None:
        return show(request, "first.html")
    services = request.services
    async with services.identity.transaction() as tx:
        events = await events_of(tx, services.ring, seat.session.person_id)
    earlier = [event for event in events if event.what in SIGN_INS and event.at and event.at < seat.session.started_at]
    return show(
        request, "home.html", signed_in=True, seat=seat, last=earlier[0] if earlier else None,
        t4_waits=services.clock() < seat.account.t4_opens_at,
    )  # fmt: skip


@get("/id/welcome")
async def welcome(request: PageCall) -> Response[bytes]:
    """After an authenticator was bound: what opens when, and the recovery codes to be had."""
    seat = await demand_seat(request)
    return show(
        request, "welcome.html", signed_in=True, seat=seat,
        t4_waits=request.services.clock() < seat.account.t4_opens_at,
    )  # fmt: skip


PAGES: Final = (first_page, welcome)
