"""Sealing a case into a proofing event, and the slip that its person takes home. A slip is shown once."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import segno
from litestar import Response, post
from litestar.background_tasks import BackgroundTask
from litestar.params import FromPath

from morprom.accounts.contacts import Contact
from morprom.audit import Outcome
from morprom.doors.counter import saying, telling
from morprom.doors.counter.case import refuse
from morprom.doors.counter.desk import Desk, at_desk, demand_other
from morprom.doors.counter.shown import shown
from morprom.doors.counter.steps import Step
from morprom.doors.pages import PageCall, form_of
from morprom.kernel import Category, Problem, Secret, Words
from morprom.people import Identifier, Inbox, Person, Scheme, ensure, get, notices
from morprom.people.find import id_of
from morprom.proofing import case_of, print_slip, seal_case
from morprom.proofing.cases import unreadable
from morprom.proofing.events import event_of
from morprom.proofing.model import ProofingEvent, SealedEvent, Slip
from morprom.storage import Tx

REPRINT_FOR: Final = timedelta(hours=12)


@post("/counter/{unit:str}/case/{case_id:uuid}/seal", status_code=200)
async def seal(request: PageCall, unit: FromPath[str], case_id: FromPath[UUID]) -> Response[bytes]:
    """Seal, tell the person, and show the slip when there is one to redeem."""
    form = await form_of(request)
    desk = await at_desk(request, unit)
    try:
        if form.text("sure", 3) != "yes":
            words = Words("ยืนยันการปิดผนึกอีกครั้ง", "confirm that it is to be sealed")
            raise Problem(Category.INCORRECT, "NOT_SURE", words)
        sealed, slip, contacts = await _seal(request, desk, case_id)
    except Problem as refused:
        if refused.category in (Category.NOT_FOUND, Category.FAULT):
            raise
        return await refuse(request, desk, case_id, refused, Step.SUMMARY)
    page = _slip_page(request, desk, sealed.event, slip, sealed)
    page.background = BackgroundTask(telling.tell_outside, request.services, contacts)
    return page


@post("/counter/{unit:str}/slip/{event_id:uuid}", status_code=200)
async def reprint(request: PageCall, unit: FromPath[str], event_id: FromPath[UUID]) -> Response[bytes]:
    """Another slip for what this officer sealed here today; the one before it ends."""
    await form_of(request)
    desk = await at_desk(request, unit)
    services, now = request.services, request.services.clock()
    async with services.reader.transaction() as rtx, services.identity.transaction() as tx:
        event = await event_of(tx, services.ring, event_id)
        is_own = event is not None and (event.unit, event.officer) == (desk.hcode, desk.officer)
        if event is None or not is_own or now - event.at > REPRINT_FOR:
            raise Problem(Category.NOT_FOUND, "EVENT_UNKNOWN", Words("ไม่พบรายการนี้", "there is no such proofing"))
        if event.redeemed_at is not None or event.withdrawn_at is not None:
            words = Words("ใบนี้ใช้ไปแล้ว เริ่มรายการใหม่", "this one was redeemed or withdrawn; start another case")
            raise Problem(Category.CONFLICT, "EVENT_OVER", words)
        slip = await print_slip(tx, services.ring, event, desk.maker, now)
        person = await get(rtx, services.ring, event.person_id)
        await telling.note(services, tx, desk, Outcome.WRITTEN, "slip printed anew", person)
    return _slip_page(request, desk, event, slip, None)


async def _seal(request: PageCall, desk: Desk, case_id: UUID) -> tuple[SealedEvent, Slip | None, list[Contact]]:
    services, now = request.services, request.services.clock()
    person = await _person(request, desk, case_id)
    async with services.reader.transaction() as rtx, services.identity.transaction() as tx:
        open_case = await case_of(tx, services.ring, case_id, unit=desk.hcode, officer=desk.officer)
        await _demand_person(request, tx, open_case.case.card.cid if open_case.case.card else "", person)
        licence = desk.position.work.licence.number
        sealed = await seal_case(tx, services.ring, open_case, person_id=person.person_id, licence=licence, now=now)
        opens = saying.is_redeemable(sealed)
        slip = await print_slip(tx, services.ring, sealed.event, desk.maker, now) if opens else None
        outcome = Outcome.WRITTEN if opens else Outcome.REFUSED
        await telling.note(services, tx, desk, outcome, telling.reason_of(sealed), person)
        level = sealed.derived.level if opens else ""
        await Inbox().notify(rtx, person, notices.proofed(desk.hcode, desk.unit.name, level))
        contacts = await telling.contacts_to_tell(services, tx, person)
    return sealed, slip, contacts


async def _person(request: PageCall, desk: Desk, case_id: UUID) -> Person:
    """Whom the card's number means. Nobody was made for a case that is never sealed."""
    services = request.services
    async with services.identity.transaction() as tx:
        open_case = await case_of(tx, services.ring, case_id, unit=desk.hcode, officer=desk.officer)
        card = open_case.case.card
        if card is None:
            raise unreadable()
        second = open_case.second_officer if open_case.case.checks.second_officer else None
        await demand_other(tx, services.ring, card.cid, desk.officer, second)
    async with services.reader.transaction() as tx:
        return await ensure(tx, services.ring, Identifier(Scheme.CID, card.cid))


async def _demand_person(request: PageCall, tx: Tx, cid: str, person: Person) -> None:
    if not cid or await id_of(tx, request.services.ring, Identifier(Scheme.CID, cid)) != person.person_id:
        words = Words("มีการอ่านบัตรใบอื่นระหว่างนั้น ตรวจใหม่", "another card was read meanwhile; look again")
        raise Problem(Category.CONFLICT, "CASE_CHANGED", words)


def _slip_page(
    request: PageCall, desk: Desk, event: ProofingEvent, slip: Slip | None, sealed: SealedEvent | None
) -> Response[bytes]:
    link = f"{request.services.settings.public_url}/id/redeem"
    qr = _qr(f"{link}#{slip.qr.reveal()}") if slip else Secret("")
    return shown(
        request, desk, "slip.html" if slip else "no-slip.html", event=event, slip=slip,
        derived=sealed and sealed.derived, qr=qr.reveal(),
        link=link.partition("://")[2], digits=_grouped(slip) if slip else "",
    )  # fmt: skip


def _qr(text: str) -> Secret[str]:
    """The code as SVG of black and white; its size is the style sheet's."""
    return Secret(segno.make(text, error="m", micro=False).svg_inline(omitsize=True, border=4, svgclass="qr"))


def _grouped(slip: Slip) -> str:
    digits = slip.digits.reveal()
    return f"{digits[:4]} {digits[4:]}"
