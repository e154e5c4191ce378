"""`/counter/{unit}`: the queue. A card in the reader starts the next case; open ones wait in the list."""

from datetime import timedelta
from typing import Final

from litestar import Response, get, post
from litestar.params import FromPath

from morprom.doors.counter.case import case_path
from morprom.doors.counter.desk import Desk, at_desk
from morprom.doors.counter.shown import shown
from morprom.doors.counter.ways import WAYS
from morprom.doors.pages import Form, PageCall, form_of, see_other
from morprom.kernel import Category, Problem, Words
from morprom.proofing import cases_of, start_case
from morprom.proofing.events import sealed_by
from morprom.proofing.model import OpenCase, Path

SHOWN_FOR: Final = timedelta(hours=12)
MOST_OPEN: Final = 20


@get("/counter/{unit:str}")
async def board(request: PageCall, unit: FromPath[str]) -> Response[bytes]:
    """The station's state, the ways a case can go, the officer's open cases, and what they sealed today."""
    desk = await at_desk(request, unit)
    services, now = request.services, request.services.clock()
    async with services.identity.transaction() as tx:
        opened = await cases_of(tx, services.ring, unit)
        sealed = await sealed_by(tx, services.ring, unit=unit, officer=desk.officer, since=now - SHOWN_FOR)
    own = [one for one in opened if one.officer == desk.officer]
    return shown(
        request, desk, "board.html", ways=list(WAYS.values()), own=own,
        others=len(opened) - len(own), waiting=len(waiting_for_second(opened, desk)), sealed=sealed,
    )  # fmt: skip


@post("/counter/{unit:str}/case", status_code=303)
async def begin(request: PageCall, unit: FromPath[str]) -> Response[bytes]:
    """Start a case; those that are open stay so."""
    form = await form_of(request)
    desk = await at_desk(request, unit)
    path = _path(form)
    services = request.services
    async with services.identity.transaction() as tx:
        own = [one for one in await cases_of(tx, services.ring, unit) if one.officer == desk.officer]
        empty = next((one for one in own if one.case.card is None and one.case.path == path), None)
        if empty is None and len(own) >= MOST_OPEN:
            words = Words("มีรายการค้างมากเกินไป ปิดรายการเก่าก่อน", "too many cases are open; close some first")
            raise Problem(Category.TOO_MANY, "CASES_OPEN", words)
        case = empty or await start_case(
            tx, services.ring, unit=unit, officer=desk.officer, path=path, now=services.clock()
        )
    return see_other(case_path(desk, case.case_id))


def _path(form: Form) -> Path:
    asked = form.text("path", 20)
    for path in WAYS:
        if path == asked:
            return path
    raise Problem(Category.INCORRECT, "WAY_UNKNOWN", Words("ไม่มีทางเลือกนี้", "there is no such way"))


def waiting_for_second(opened: list[OpenCase], desk: Desk) -> list[OpenCase]:
    """Cases of others that only this officer's confirmation lets go on."""
    return [
        one
        for one in opened
        if one.officer != desk.officer
        and WAYS[one.case.path].is_dual
        and one.case.card is not None
        and not one.case.checks.second_officer
    ]
