"""`/counter/{unit}/second`: exceptions that wait for a second officer, who confirms in their own session."""

import hashlib
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from morprom.audit import Outcome
from morprom.doors.counter import telling
from morprom.doors.counter.board import waiting_for_second
from morprom.doors.counter.case import facts
from morprom.doors.counter.desk import Desk, at_desk, demand_other
from morprom.doors.counter.shown import shown
from morprom.doors.pages import PageCall, form_of, see_other
from morprom.kernel import Category, Problem, Words
from morprom.proofing import case_of, cases_of
from morprom.proofing.cases import confirm_beside
from morprom.proofing.model import OpenCase


@get("/counter/{unit:str}/second")
async def second(request: PageCall, unit: FromPath[str]) -> Response[bytes]:
    """What waits."""
    desk = await at_desk(request, unit)
    async with request.services.identity.transaction() as tx:
        opened = await cases_of(tx, request.services.ring, unit)
    return shown(request, desk, "second.html", waiting=waiting_for_second(opened, desk))


@get("/counter/{unit:str}/second/{case_id:uuid}")
async def second_case(request: PageCall, unit: FromPath[str], case_id: FromPath[UUID]) -> Response[bytes]:
    """All of one case, as its first officer noted it. That it was looked at is a line of the history."""
    desk = await at_desk(request, unit)
    open_case = await _waiting(request, desk, case_id)
    card = open_case.case.card
    await telling.note_alone(request.services, desk, Outcome.PERMITTED, "second looked", card.cid if card else "")
    return shown(request, desk, "second-case.html", seen=mark_of(open_case), **facts(request, open_case))


@post("/counter/{unit:str}/second/{case_id:uuid}", status_code=303)
async def confirm(request: PageCall, unit: FromPath[str], case_id: FromPath[UUID]) -> Response[bytes]:
    """Confirm what was seen; refused when it changed since the page was shown."""
    form = await form_of(request)
    desk = await at_desk(request, unit)
    try:
        cid = await _confirm(request, desk, case_id, form.text("seen", 80))
    except Problem as refused:
        await telling.note_alone(request.services, desk, Outcome.REFUSED, refused.code)
        raise
    await telling.note_alone(request.services, desk, Outcome.PERMITTED, "second confirmed", cid)
    return see_other(f"{desk.path}/second")


async def _confirm(request: PageCall, desk: Desk, case_id: UUID, seen: str) -> str:
    services = request.services
    async with services.identity.transaction() as tx:
        open_case = await case_of(tx, services.ring, case_id, unit=desk.hcode)
        card, guardian = open_case.case.card, open_case.case.guardian_cid
        if card is None or seen != mark_of(open_case):
            words = Words("รายการเปลี่ยนไประหว่างที่ดู โปรดดูใหม่", "the case changed while you looked; look again")
            raise Problem(Category.CONFLICT, "CASE_CHANGED", words)
        for cid in filter(None, (card.cid, guardian)):
            await demand_other(tx, services.ring, cid, desk.officer)
        await confirm_beside(tx, services.ring, open_case, desk.officer)
    return card.cid


async def _waiting(request: PageCall, desk: Desk, case_id: UUID) -> OpenCase:
    async with request.services.identity.transaction() as tx:
        open_case = await case_of(tx, request.services.ring, case_id, unit=desk.hcode)
    if not waiting_for_second([open_case], desk):
        raise Problem(Category.NOT_FOUND, "CASE_UNKNOWN", Words("ไม่พบรายการนี้", "there is no such case"))
    return open_case


def mark_of(open_case: OpenCase) -> str:
    """A mark of what stands on the page: the confirmation is of this case as it is now and of nothing later."""
    return hashlib.sha256(open_case.case_id.bytes + msgspec.msgpack.encode(open_case.case)).hexdigest()
