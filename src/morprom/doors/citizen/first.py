"""`/id`: what this is, for who is not signed in; where to go, for who is. And what every other address answers."""

from typing import Final

from litestar import Response, get
from litestar.params import FromPath

from morprom.accounts.authenticators import STRONG, authenticators_of
from morprom.accounts.events import events_of
from morprom.accounts.recovery import codes_left
from morprom.doors.citizen.binder import name_of
from morprom.doors.citizen.frame import show
from morprom.doors.pages import PageCall, demand_seat, seat_of, see_other
from morprom.kernel import Category, Problem, Words
from morprom.staff import positions_of

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
        keys = await authenticators_of(tx, services.ring, seat.session.person_id)
        left = await codes_left(tx, services.ring, seat.session.person_id)
        name = await name_of(tx, request, seat.session.person_id)
        positions = await positions_of(tx, services.ring, seat.session.person_id)
    earlier = [event for event in events if event.what in SIGN_INS and event.at and event.at < seat.session.started_at]
    return show(
        request, "home.html", seat=seat, last=earlier[0] if earlier else None, name=name, left=left,
        has_second=sum(one.kind in STRONG for one in keys) > 1, t4_waits=services.clock() < seat.account.t4_opens_at,
        proofs=any(one.work.may_proof for one in positions), administers=any(one.administers for one in positions),
    )  # fmt: skip


@get("/id/welcome")
async def welcome(request: PageCall) -> Response[bytes]:
    """After an authenticator was bound: what opens when, and the recovery codes to be had."""
    seat = await demand_seat(request)
    return show(
        request, "welcome.html", seat=seat,
        t4_waits=request.services.clock() < seat.account.t4_opens_at,
    )  # fmt: skip


@get([
    "/id/redeem/code", "/id/recover/code", "/id/report/code", "/id/security/contacts/code",
    "/id/security/keys/{key:uuid}/name", "/id/security/keys/{key:uuid}/remove",
])  # fmt: skip
async def again(request: PageCall) -> Response[bytes]:
    """A form that told what was wrong stands at its own address. Loaded again, or come back to from signing in, that
    is the page before it.
    """
    return see_other(request.scope["path"].rpartition("/")[0])


@get(["/id/{path:path}", "/id/security/{path:path}"])
async def nothing_here(request: PageCall, path: FromPath[str]) -> Response[bytes]:
    """No page has this address."""
    raise Problem(Category.NOT_FOUND, "NOT_FOUND", Words("ไม่พบหน้านี้", "there is no such page"))


PAGES: Final = (first_page, welcome, again, nothing_here)
