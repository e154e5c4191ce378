"""`/counter/{unit}/case/{case}`: one case, at the step that comes next or the one that was asked for."""

from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec.structs import replace

from morprom.assurance import derive_ial, table
from morprom.audit import Outcome
from morprom.doors.counter import saying, telling
from morprom.doors.counter.desk import Desk, at_desk
from morprom.doors.counter.shown import shown
from morprom.doors.counter.steps import Step, may_show, next_step
from morprom.doors.counter.ways import WAYS
from morprom.doors.pages import Form, PageCall, form_of, see_other
from morprom.doors.wire import status_of
from morprom.kernel import Category, Problem
from morprom.outside import CardState
from morprom.proofing import case_of, cases_of, give_up, level_of
from morprom.proofing.model import OpenCase
from morprom.storage import Tx

Act = Callable[[Tx, Desk, OpenCase, Form], Awaitable[OpenCase]]
ON_PAGE: Final = (Category.INCORRECT, Category.FORBIDDEN, Category.CONFLICT, Category.TOO_MANY, Category.UNAVAILABLE)
"""Refusals that the officer can act on: they are said on the page of the case."""

STEPS: Final = frozenset(Step)


class _Typed(dict[str, str]):
    """What was typed into a form that was refused; "" for what was not."""

    def __missing__(self, _: str) -> str:
        return ""


@get("/counter/{unit:str}/case/{case_id:uuid}")
async def case_page(request: PageCall, unit: FromPath[str], case_id: FromPath[UUID]) -> Response[bytes]:
    """The step to do, or the one in `at`."""
    desk = await at_desk(request, unit)
    return await show_case(request, desk, case_id, at=request.query_params.get("at", ""))


@post("/counter/{unit:str}/case/{case_id:uuid}/give-up", status_code=303)
async def drop(request: PageCall, unit: FromPath[str], case_id: FromPath[UUID]) -> Response[bytes]:
    """Drop a case and all that was read for it. That somebody looked at the card stays in the history."""
    await form_of(request)
    desk = await at_desk(request, unit)
    services = request.services
    async with services.identity.transaction() as tx:
        open_case = await case_of(tx, services.ring, case_id, unit=unit, officer=desk.officer)
        await give_up(tx, open_case)
    if card := open_case.case.card:
        await telling.note_alone(services, desk, Outcome.REFUSED, f"given up {open_case.case.path}", card.cid)
    return see_other(desk.path)


async def act_on(
    request: PageCall, unit: str, case_id: UUID, act: Act, *, back: Step | None = None
) -> Response[bytes] | tuple[Desk, OpenCase]:
    """Do something to one of the officer's own cases; when it is refused, the page of the case that says so.

    `back` is the step that the refusal is shown at; else the one that comes next.
    """
    form = await form_of(request)
    desk = await at_desk(request, unit)
    services = request.services
    try:
        async with services.identity.transaction() as tx:
            open_case = await case_of(tx, services.ring, case_id, unit=unit, officer=desk.officer)
            return desk, await act(tx, desk, open_case, form)
    except Problem as refused:
        if refused.category not in ON_PAGE:
            raise
        return await refuse(request, desk, case_id, refused, back, form.fields)


async def refuse(
    request: PageCall, desk: Desk, case_id: UUID, refused: Problem, back: Step | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response[bytes]:  # fmt: skip
    """The page of the case with what was refused and what was typed; the refusal is a line of the history."""
    await telling.note_alone(request.services, desk, Outcome.REFUSED, refused.code)
    return await show_case(request, desk, case_id, at=back or "", fault=refused, typed=typed)


async def show_case(
    request: PageCall, desk: Desk, case_id: UUID, *, at: str = "", fault: Problem | None = None, sms: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response[bytes]:  # fmt: skip
    """The page of a case. `sms` is what a simulated gateway would have sent."""
    services = request.services
    async with services.identity.transaction() as tx:
        open_case = await case_of(tx, services.ring, case_id, unit=desk.hcode, officer=desk.officer)
        twin = _twin(open_case, await cases_of(tx, services.ring, desk.hcode))
    step = _step(open_case, at, asks_dopa=services.outside.card_status is not None)
    return shown(
        request, desk, f"step-{step}.html", status=status_of(fault) if fault else 200, step=step, sms=sms,
        fault=fault.words if fault else None, twin=twin, typed=_Typed(typed or {}), **facts(request, open_case),
    )  # fmt: skip


def facts(request: PageCall, open_case: OpenCase) -> dict[str, Any]:
    """What a page may say of a case."""
    outside, case = request.services.outside, open_case.case
    return {
        "open_case": open_case, "case": case, "card": case.card, "checks": case.checks, "way": WAYS[case.path],
        "photo": picture(case.photo), "derived": level_of(open_case), "lines": saying.lines_of(case.checks),
        "asks_dopa": outside.card_status is not None, "sends_sms": outside.sms is not None,
        "compares_faces": outside.face is not None and bool(case.photo), "state": CardState,
        "with_second": derive_ial(replace(case.checks, second_officer=True), table()).level,
        "link": request.services.settings.public_url.partition("://")[2],
    }  # fmt: skip


def picture(photo: bytes) -> str:
    """A photo inside the page, so that no address leads to it; "" when there is none."""
    return f"data:image/jpeg;base64,{b64encode(photo).decode()}" if photo else ""


def case_path(desk: Desk, case_id: UUID, at: Step | None = None) -> str:
    """Where a case is."""
    return f"{desk.path}/case/{case_id}" + (f"?at={at}" if at else "")


def on(desk: Desk, open_case: OpenCase, at: Step | None = None) -> Response[bytes]:
    """On to what comes next."""
    return see_other(case_path(desk, open_case.case_id, at))


def _step(open_case: OpenCase, at: str, *, asks_dopa: bool) -> Step:
    asked = Step(at) if at in STEPS else None
    if asked is not None and may_show(asked, open_case.case):
        return asked
    return next_step(open_case.case, asks_dopa=asks_dopa)


def _twin(open_case: OpenCase, opened: list[OpenCase]) -> OpenCase | None:
    """An older open case of the same officer about the same person."""
    card = open_case.case.card
    if card is None:
        return None
    for other in opened:
        is_same = other.case.card is not None and other.case.card.cid == card.cid
        if is_same and other.officer == open_case.officer and other.case_id != open_case.case_id:
            return other
    return None
