"""`/id/security/sessions`: where one is signed in. Signing out elsewhere takes no more than being signed in."""

from typing import Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from morprom.accounts import end_all
from morprom.accounts.events import note
from morprom.accounts.model import Event
from morprom.accounts.sessions import end_session, seconds_left, sessions_of
from morprom.doors.citizen.frame import answer, refused, show
from morprom.doors.pages import PageCall, demand_seat, form_of, see_other
from morprom.doors.pages.forms import demand_own
from morprom.kernel import Problem

HERE: Final = "/id/security/sessions"


@get(HERE)
async def sessions_page(request: PageCall) -> Response[bytes]:
    """All of them, this one marked."""
    seat = await demand_seat(request)
    services = request.services
    async with services.identity.transaction() as tx:
        found = await sessions_of(tx, services.ring, seat.session.person_id, services.clock())
    return show(request, "sessions.html", seat=seat, back="/id/security", sessions=found)


@post(f"{HERE}/{{session:uuid}}/end", status_code=200)
async def end_one(request: PageCall, session: FromPath[UUID]) -> Response[bytes]:
    """Sign out there."""
    await form_of(request)
    seat = await demand_seat(request)
    services = request.services
    async with services.identity.transaction() as tx:
        await end_session(tx, services.ring, seat.session.person_id, session, services.clock())
    return see_other(HERE)


@post(f"{HERE}/end-others", status_code=200)
async def end_others(request: PageCall) -> Response[bytes]:
    """Sign out everywhere but here."""
    await form_of(request)
    seat = await demand_seat(request)
    services, person_id = request.services, seat.session.person_id
    async with services.identity.transaction() as tx:
        ended = await end_all(tx, person_id, services.clock(), but=seat.session)
        if ended:
            event = Event(what="signed-out", th=f"ออกจากระบบ {ended} เครื่อง", en=f"signed out of {ended} devices")
            await note(tx, services.ring, person_id, event)
    return see_other(HERE)


@post("/id/stay", status_code=200, exception_handlers={Problem: refused})
async def stay(request: PageCall) -> Response[bytes]:
    """Somebody still reads or types: how many seconds the session holds now."""
    demand_own(request)
    seat = await demand_seat(request)
    return answer({"left": seconds_left(seat.session, request.services.clock())})


PAGES: Final = (sessions_page, end_one, end_others, stay)
