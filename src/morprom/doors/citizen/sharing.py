"""`/id/sharing`: whether others see one's record, and which visits nobody else sees. Needs T4, to look as to change."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

from litestar import Response, get, post

from morprom.access import Refusal, Tier, current_policy
from morprom.access.controls import SETTING, ControlDesk, NoSuchVisit, OwnClaimant
from morprom.access.own import Owner, read_own
from morprom.assurance import Aal
from morprom.doors.citizen.frame import show
from morprom.doors.citizen.record import lacks_ial, person_at, step_up
from morprom.doors.citizen.shown import Part, said
from morprom.doors.pages import PageCall, Seat, demand_seat, form_of, see_other
from morprom.doors.pages.seat import NotSeated
from morprom.doors.wire import incorrect
from morprom.kernel import BANGKOK, Category, Hcode, Problem, Words
from morprom.mophphr.view import KINDS_NEEDED, render
from morprom.people import Inbox
from morprom.recordstore import VisitName
from morprom.storage import Tx

HERE: Final = "/id/sharing"
VISITS: Final = "Encounter"
SELF: Final = Part(SETTING, "", Words("การเปิดเผยข้อมูล", "Sharing"), "", ())


@get(HERE)
async def sharing_page(request: PageCall) -> Response[bytes]:
    """The switch, and every visit with a button."""
    seat = await demand_seat(request)
    services, now = request.services, request.services.clock()
    organizations = await services.directory.organizations()
    async with services.reader.transaction() as tx:
        claimant = await _claimant(request, tx, seat)
        found = await _desk(request).read(tx, claimant, SETTING)
        if isinstance(found, Refusal):
            return _refused(request, seat, found)
        visits = await read_own(
            tx, services.ring, current_policy(), owner=claimant.owner, action=VISITS, tier=Tier.T3,
            kinds=KINDS_NEEDED[VISITS.lower()], now=now,
        )  # fmt: skip
    if isinstance(visits, Refusal):
        return _refused(request, seat, visits)
    permit, documents = visits
    rows: Any = render(
        VISITS, "", "", documents, seeing=permit.seeing, cid="", organizations=organizations, row_key=permit.row_key,
        today=now.astimezone(BANGKOK).date(),
    )  # fmt: skip
    return show(
        request, "sharing.html", seat=seat, back="/id", controls=found[1], visits=list(reversed(rows)), said=said
    )


@post(HERE, status_code=200)
async def set_sharing(request: PageCall) -> Response[bytes]:
    """Turn the switch."""
    share = (await form_of(request)).text("share", 3)
    if share not in ("yes", "no"):
        raise incorrect("SWITCH_INVALID", "เลือกเปิดหรือปิด", "choose on or off")
    return await _change(request, lambda tx, who: _desk(request).set_sharing(tx, who, share=share == "yes"))


@post(f"{HERE}/visit", status_code=200)
async def set_mask(request: PageCall) -> Response[bytes]:
    """Hide a visit, or show it again."""
    form = await form_of(request)
    hcode, _, ref = form.text("visit").partition(":")
    unit = Hcode.parse(hcode)
    if unit is None or not ref:
        raise _no_such_visit()
    visit = VisitName(str(unit), ref, await request.services.directory.ref_key(unit))
    masked, row = form.text("hide", 3) == "yes", form.text("row", 6)
    place = f"#visit-{row}" if row.isascii() and row.isdigit() else ""  # nobody looks for it in the list again
    return await _change(request, lambda tx, who: _desk(request).set_mask(tx, who, visit, masked=masked), place)


async def _change(
    request: PageCall, change: Callable[[Tx, OwnClaimant], Awaitable[object]], place: str = ""
) -> Response[bytes]:
    seat = await demand_seat(request)
    async with request.services.reader.transaction() as tx:
        done = await change(tx, await _claimant(request, tx, seat))
    match done:
        case NoSuchVisit():
            raise _no_such_visit()
        case Refusal(missing=missing) if missing and not lacks_ial(seat, done):
            raise NotSeated(missing.aal or Aal.ONE_FACTOR, missing.max_age, is_signed_in=True, back=HERE)
        case Refusal():
            return _refused(request, seat, done)
        case _:
            return see_other(HERE + place)


async def _claimant(request: PageCall, tx: Tx, seat: Seat) -> OwnClaimant:
    person = await person_at(request, tx, seat)
    owner = Owner(person, seat.session.levels(seat.account), seat.account.t4_opens_at)
    return OwnClaimant(owner, request.services.clock())


def _desk(request: PageCall) -> ControlDesk:
    services = request.services
    return ControlDesk(services.ring, current_policy(), Inbox(), timedelta(days=services.settings.held_days))


def _refused(request: PageCall, seat: Seat, refusal: Refusal) -> Response[bytes]:
    return show(
        request, "refused.html", status=403, seat=seat, back="/id", part=SELF, refusal=refusal,
        step_up=step_up(request, seat, refusal), lacks_ial=lacks_ial(seat, refusal),
    )  # fmt: skip


def _no_such_visit() -> Problem:
    words = Words("ไม่พบการรับบริการนี้ในข้อมูลของคุณ", "there is no such visit in your record")
    return Problem(Category.NOT_FOUND, "VISIT_UNKNOWN", words)


PAGES: Final = (sharing_page, set_sharing, set_mask)
