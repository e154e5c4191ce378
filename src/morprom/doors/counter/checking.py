"""Checks of a card that was noted: its status with DOPA, and the face of who stands there."""

from base64 import b64decode
from binascii import Error
from typing import Final
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath

from morprom.doors.counter.case import act_on, on, refuse
from morprom.doors.counter.desk import Desk
from morprom.doors.counter.steps import Step
from morprom.doors.pages import Form, PageCall
from morprom.doors.services import Services
from morprom.kernel import Category, Cid, Problem, Secret, Words
from morprom.outside import FaceAnswer
from morprom.proofing import case_of
from morprom.proofing.cases import (
    note_laser_code,
    note_officers_comparison,
    note_service_comparison,
    note_status,
    question_of,
    unreadable,
)
from morprom.proofing.death import note_death
from morprom.proofing.model import OpenCase
from morprom.storage import Tx

LARGEST_PICTURE: Final = 1_500_000
JPEG: Final = b"\xff\xd8\xff"


@post("/counter/{unit:str}/case/{case_id:uuid}/status", status_code=303)
async def status(request: PageCall, unit: FromPath[str], case_id: FromPath[UUID]) -> Response[bytes]:
    """Ask DOPA, again or with the code on the card's back."""
    services = request.services

    async def note(tx: Tx, _: Desk, open_case: OpenCase, form: Form) -> OpenCase:
        typed = form.text("laser_code", 40)
        return await note_laser_code(tx, services.ring, open_case, typed) if typed else open_case

    done = await act_on(request, unit, case_id, note, back=Step.STATUS)
    if isinstance(done, Response):
        return done
    await ask_dopa(services, *done)
    return on(*done)


@post("/counter/{unit:str}/case/{case_id:uuid}/face", status_code=303)
async def face(request: PageCall, unit: FromPath[str], case_id: FromPath[UUID]) -> Response[bytes]:
    """What the officer saw, from the photo to the person."""
    services = request.services

    async def note(tx: Tx, _: Desk, open_case: OpenCase, form: Form) -> OpenCase:
        said = form.text("matches", 3)
        if said not in ("yes", "no") or open_case.case.card is None:
            raise unreadable()
        return await note_officers_comparison(tx, services.ring, open_case, matches=said == "yes")

    done = await act_on(request, unit, case_id, note, back=Step.FACE)
    return done if isinstance(done, Response) else on(*done)


@post("/counter/{unit:str}/case/{case_id:uuid}/face-service", status_code=303)
async def face_service(request: PageCall, unit: FromPath[str], case_id: FromPath[UUID]) -> Response[bytes]:
    """Let the face service compare. The picture is passed on and kept nowhere."""
    services = request.services
    live: list[Secret[bytes]] = []

    async def look(_: Tx, __: Desk, open_case: OpenCase, form: Form) -> OpenCase:
        live.append(_picture(form))
        if open_case.case.card is None or not open_case.case.photo or services.outside.face is None:
            raise unreadable()
        return open_case

    done = await act_on(request, unit, case_id, look, back=Step.FACE)
    if isinstance(done, Response):
        return done
    desk, open_case = done
    answer = await _compare(services, open_case, live[0])
    if not answer.reached:
        words = Words("ติดต่อบริการเทียบใบหน้าไม่ได้ เทียบด้วยตาแทน", "the face service cannot be reached; compare in person")
        unreached = Problem(Category.UNAVAILABLE, "FACE_UNREACHABLE", words)
        return await refuse(request, desk, open_case.case_id, unreached, Step.FACE)
    async with services.identity.transaction() as tx:
        again = await case_of(tx, services.ring, open_case.case_id, unit=desk.hcode, officer=desk.officer)
        demand_same(again, open_case)
        await note_service_comparison(tx, services.ring, again, answer)
    return on(desk, open_case)


async def ask_dopa(services: Services, desk: Desk, open_case: OpenCase) -> None:
    """Ask about the card that was noted, outside of any transaction, and note the answer if it is still that card."""
    card, service = open_case.case.card, services.outside.card_status
    if card is None or service is None or open_case.case.checks.evidence != "id-card":
        return
    if not card.chip_no and not card.laser_code:
        return  # the page asks for the code on the card's back
    answer = await service.ask(question_of(card))
    async with services.identity.transaction() as tx:
        again = await case_of(tx, services.ring, open_case.case_id, unit=desk.hcode, officer=desk.officer)
        demand_same(again, open_case)
        await note_status(tx, services.ring, again, answer)
        if answer.is_deceased:
            await note_death(tx, services.ring, Cid(card.cid), services.clock())


def demand_same(again: OpenCase, before: OpenCase) -> None:
    """Raise Problem CASE_CHANGED when another card was read while somebody outside was asked."""
    if again.case.card != before.case.card or again.case.photo != before.case.photo:
        words = Words("มีการอ่านบัตรใบอื่นระหว่างนั้น", "another card was read meanwhile")
        raise Problem(Category.CONFLICT, "CASE_CHANGED", words)


async def _compare(services: Services, open_case: OpenCase, live: Secret[bytes]) -> FaceAnswer:
    card, service = open_case.case.card, services.outside.face
    if card is None or service is None:
        return FaceAnswer(reached=False)
    return await service.compare(Cid(card.cid), Secret(open_case.case.photo), live)


def _picture(form: Form) -> Secret[bytes]:
    try:
        picture = b64decode(form.text("live", LARGEST_PICTURE), validate=True)
    except (ValueError, Error):
        picture = b""
    if not picture.startswith(JPEG):
        raise unreadable()
    return Secret(picture)
