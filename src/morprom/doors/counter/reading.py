"""What the card said: a nonce for the station, and the reading that it signed."""

from uuid import UUID

import msgspec
from litestar import Response, post
from litestar.params import FromPath

from morprom.doors.counter import telling
from morprom.doors.counter.case import act_on, on
from morprom.doors.counter.checking import ask_dopa
from morprom.doors.counter.desk import Desk, at_desk, demand_other
from morprom.doors.counter.steps import Step
from morprom.doors.counter.ways import WAYS
from morprom.doors.pages import Form, PageCall, form_of
from morprom.doors.pages.guard import guarded, policy
from morprom.kernel import Category, Mode, Problem, Words
from morprom.proofing import case_of
from morprom.proofing.cases import note_reading, unreadable
from morprom.proofing.model import OpenCase
from morprom.proofing.stations import new_nonce, reading_of
from morprom.storage import Tx


@post("/counter/{unit:str}/case/{case_id:uuid}/nonce", status_code=200)
async def nonce(request: PageCall, unit: FromPath[str], case_id: FromPath[UUID]) -> Response[bytes]:
    """A nonce for one reading of one station of this unit; for the page's script, as JSON."""
    form = await form_of(request)
    desk = await at_desk(request, unit)
    services = request.services
    try:
        station_id = UUID(form.text("station_id", 40))
    except ValueError:
        raise unreadable() from None
    async with services.identity.transaction() as tx:
        open_case = await case_of(tx, services.ring, case_id, unit=unit, officer=desk.officer)
        demand_source(open_case, "chip")
        given = await new_nonce(tx, unit=unit, station_id=station_id, now=services.clock())
    body = msgspec.json.encode({"nonce": given.reveal(), "station_id": str(station_id)})
    return Response(body, media_type="application/json", headers=guarded(policy()))


@post("/counter/{unit:str}/case/{case_id:uuid}/reading", status_code=303)
async def reading(request: PageCall, unit: FromPath[str], case_id: FromPath[UUID]) -> Response[bytes]:
    """Take what the station signed, and ask DOPA at once."""
    services = request.services

    async def take(tx: Tx, desk: Desk, open_case: OpenCase, form: Form) -> OpenCase:
        demand_source(open_case, "chip")
        is_demo = services.settings.mode is Mode.DEMO
        read = reading_of(form.fields)
        noted = await note_reading(tx, services.ring, open_case, read, services.clock(), simulated_allowed=is_demo)
        await demand_other(tx, services.ring, noted.case.card.cid if noted.case.card else "", desk.officer)
        return noted

    done = await act_on(request, unit, case_id, take, back=Step.IDENTITY)
    if isinstance(done, Response):
        return done
    desk, noted = done
    await telling.note_started(services, desk, noted)
    await ask_dopa(services, desk, noted)
    return on(desk, noted)


def demand_source(open_case: OpenCase, source: str) -> None:
    """Raise Problem WAY_REFUSED when a case's way does not go by that source."""
    if source not in WAYS[open_case.case.path].sources:
        words = Words("ทางที่เลือกไว้ไม่ใช้วิธีนี้ เริ่มรายการใหม่", "the way that was chosen does not go so; start another case")
        raise Problem(Category.CONFLICT, "WAY_REFUSED", words)
