"""`/counter`: which unit's counter this is, and pairing the page with the station that opened it."""

from datetime import datetime
from uuid import UUID

from litestar import Response, get, post

from morprom.assurance import Aal
from morprom.doors.counter.shown import plain
from morprom.doors.pages import PageCall, form_of, seat_of, see_other
from morprom.doors.pages.guard import guarded, policy
from morprom.doors.pages.station import paired
from morprom.kernel import BANGKOK, Category, Problem, Words
from morprom.staff import positions_of
from morprom.units import Unit


@get("/counter")
async def start(request: PageCall) -> Response[bytes]:
    """On to the only counter, or a choice of units. A page for whoever is not signed in keeps the pairing meanwhile."""
    return await _choose(request, "")


@get("/counter/second")
async def start_second(request: PageCall) -> Response[bytes]:
    """The list of what waits for a second officer, of the unit that is chosen."""
    return await _choose(request, "/second")


@post("/counter/pair", status_code=200)
async def pair(request: PageCall) -> Response[bytes]:
    """Remember the port on which the station listens, so that the policy of later pages names it and no other."""
    form = await form_of(request)
    cookie = paired(request, form.text("port", 8))
    if cookie is None:
        words = Words("หมายเลขพอร์ตของเครื่องอ่านบัตรไม่ถูกต้อง", "that is no port of a card station")
        raise Problem(Category.INCORRECT, "PORT_INVALID", words)
    return Response(b"", media_type="text/plain", cookies=[cookie], headers=guarded(policy()))


async def _choose(request: PageCall, onward: str) -> Response[bytes]:
    seat = await seat_of(request)
    now = request.services.clock()
    if seat is None or not seat.is_at(Aal.TWO_FACTORS, None, now):
        return plain(request, "enter.html", onward=onward)
    units = await _units(request, seat.session.person_id, now)
    if len(units) == 1:
        return see_other(f"/counter/{units[0].hcode}{onward}")
    return plain(request, "units.html", status=200 if units else 403, units=units, onward=onward)


async def _units(request: PageCall, person_id: UUID, now: datetime) -> list[Unit]:
    services, today = request.services, now.astimezone(BANGKOK).date()
    async with services.identity.transaction() as tx:
        positions = await positions_of(tx, services.ring, person_id)
    hcodes = dict.fromkeys(one.unit for one in positions if one.work.may_proof and one.work.licence.holds(today))
    return [unit for hcode in hcodes if (unit := await services.directory.unit(hcode))]
