"""`/id/notices`: what the platform told a person. Messages by SMS and LINE only say to look here.

A code for a hospital stands here for whoever is proofed and signed in for T3; it is shown by the same rule as the
record, and the history says so.
"""

from collections.abc import Set
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from litestar import Response, get, post

from morprom.access import Refusal, Tier, current_policy
from morprom.access.end import end_grant, live_grants
from morprom.access.own import Owner, read_own
from morprom.doors.citizen.frame import show
from morprom.doors.citizen.record import lacks_ial, step_up
from morprom.doors.pages import PageCall, Seat, demand_seat, form_of, see_other
from morprom.people import Inbox, Notice, Person
from morprom.people import get as person_of
from morprom.storage import Tx

HERE: Final = "/id/notices"
MOST: Final = 100
ACTION: Final = "Notices"
MAY_GO_ON: Final = timedelta(hours=2)


class Told(NamedTuple):
    """A notice. `is_waiting`: its code still works. `may_end`: what it lets somebody do may still go on."""

    notice: Notice
    is_waiting: bool
    may_end: bool


@get(HERE)
async def notices_page(request: PageCall) -> Response[bytes]:
    """The latest, newest first; before them the codes that somebody waits for."""
    seat = await demand_seat(request)
    services, now = request.services, request.services.clock()
    async with services.identity.transaction() as tx:
        sealed = await Inbox().sealed(tx, seat.session.person_id)
    async with services.reader.transaction() as tx:
        person = await person_of(tx, services.ring, seat.session.person_id)
        if person is None:
            raise RuntimeError("an account of nobody")
        live = await live_grants(tx, person)
        told = [_told(notice, live, now) for notice in reversed(Inbox().opened(sealed, person)[-MOST:])]
        told.sort(key=lambda one: not one.is_waiting)
        refusal = await _refusal(request, tx, seat, person, Tier.T1)
        if refusal:
            told = []
        elif any(one.is_waiting for one in told):
            refusal = await _refusal(request, tx, seat, person, Tier.T3)
    return show(
        request, "notices.html", seat=seat, back="/id", told=told, refusal=refusal,
        step_up=step_up(request, seat, refusal) if refusal else "",
        lacks_ial=bool(refusal and lacks_ial(seat, refusal)),
    )  # fmt: skip


@post(f"{HERE}/end", status_code=200)
async def end(request: PageCall) -> Response[bytes]:
    """Not agreed: the code, or what was opened with it, ends at once. It takes no more than being signed in."""
    form = await form_of(request)
    seat = await demand_seat(request)
    services = request.services
    async with services.reader.transaction() as tx:
        person = await person_of(tx, services.ring, seat.session.person_id)
        with suppress(ValueError):
            if person:
                await end_grant(tx, person, UUID(form.text("grant", 40)))
    return see_other(HERE)


async def _refusal(request: PageCall, tx: Tx, seat: Seat, person: Person, tier: Tier) -> Refusal | None:
    """Why codes are not shown; the line of history is written either way."""
    services = request.services
    owner = Owner(person, seat.session.levels(seat.account), seat.account.t4_opens_at)
    found = await read_own(
        tx, services.ring, current_policy(), owner=owner, action=ACTION, tier=tier, kinds=frozenset(),
        now=services.clock(),
    )  # fmt: skip
    return found if isinstance(found, Refusal) else None


def _told(notice: Notice, live: Set[str], now: datetime) -> Told:
    is_live = notice.grant in live
    is_young = notice.at is not None and now - notice.at < MAY_GO_ON
    return Told(notice, is_live and bool(notice.code) and _is_before(now, notice.expires_at), is_live and is_young)


def _is_before(now: datetime, end: datetime | None) -> bool:
    return end is None or now < end


PAGES: Final = (notices_page, end)
