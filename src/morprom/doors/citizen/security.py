"""`/id/security`: all about the account, one thing a page: how one was proofed, what happened, recovery codes."""

from typing import Final

from litestar import Response, get, post

from morprom.access import Tier, current_policy
from morprom.access.policy import TierRow
from morprom.accounts import AuthenticatorKind
from morprom.accounts.authenticators import authenticators_of
from morprom.accounts.contacts import contacts_of
from morprom.accounts.events import events_of as account_events
from morprom.accounts.recovery import codes_left, new_codes
from morprom.accounts.sessions import sessions_of
from morprom.assurance import Ial
from morprom.doors.citizen.binder import demand_fresh
from morprom.doors.citizen.frame import show
from morprom.doors.citizen.tell import contacts_now, tell
from morprom.doors.pages import PageCall, demand_seat, form_of
from morprom.kernel import BANGKOK
from morprom.people import notices
from morprom.proofing import events_of as proofings_of

HERE: Final = "/id/security"
MAKING: Final = frozenset((AuthenticatorKind.PASSKEY, AuthenticatorKind.CODE_GENERATOR))


@get(HERE)
async def security_page(request: PageCall) -> Response[bytes]:
    """What there is to look after."""
    seat = await demand_seat(request)
    services, person_id = request.services, seat.session.person_id
    async with services.identity.transaction() as tx:
        keys = await authenticators_of(tx, services.ring, person_id)
        sessions = await sessions_of(tx, services.ring, person_id, services.clock())
        contacts = await contacts_of(tx, services.ring, person_id)
        left = await codes_left(tx, services.ring, person_id)
    return show(
        request, "security.html", seat=seat, back="/id", keys=sum(one.kind in MAKING for one in keys),
        sessions=len(sessions), contacts=len(contacts), left=left,
    )  # fmt: skip


@get(f"{HERE}/proofing")
async def proofing_page(request: PageCall) -> Response[bytes]:
    """Where and how somebody was proofed, what that comes to and why."""
    seat = await demand_seat(request)
    services = request.services
    async with services.identity.transaction() as tx:
        events = await proofings_of(tx, services.ring, seat.session.person_id)
    return show(
        request, "proofing.html", seat=seat, back=HERE, events=events, opens=_opens(seat.account.ial),
        units=await services.directory.organizations(), today=services.clock().astimezone(BANGKOK).date(),
    )  # fmt: skip


@get(f"{HERE}/events")
async def events_page(request: PageCall) -> Response[bytes]:
    """The last sign-ins and everything else that happened."""
    seat = await demand_seat(request)
    services = request.services
    async with services.identity.transaction() as tx:
        events = await account_events(tx, services.ring, seat.session.person_id)
    return show(request, "events.html", seat=seat, back=HERE, events=events)


@get(f"{HERE}/codes")
async def codes_page(request: PageCall) -> Response[bytes]:
    """How many recovery codes are left."""
    seat = await demand_seat(request)
    services = request.services
    async with services.identity.transaction() as tx:
        left = await codes_left(tx, services.ring, seat.session.person_id)
    return show(request, "codes.html", seat=seat, back=HERE, left=left)


@post(f"{HERE}/codes", status_code=200)
async def make_codes(request: PageCall) -> Response[bytes]:
    """Ten new ones, shown this once."""
    await form_of(request)
    seat = await demand_fresh(request)
    services, person_id = request.services, seat.session.person_id
    async with services.identity.transaction() as tx:
        codes = await new_codes(tx, services.ring, person_id, services.clock())
    notice = notices.keys_changed("ทำรหัสกู้คืนชุดใหม่แล้ว", "New recovery codes were made.")
    await tell(request, person_id, notice, await contacts_now(request, person_id))
    return show(
        request, "codes-new.html", seat=seat, codes=[code.reveal() for code in codes], made_at=services.clock(),
        site=services.settings.public_url,
    )  # fmt: skip


def _opens(ial: Ial) -> list[tuple[TierRow, bool]]:
    """What there is to open, and whether somebody who was proofed so well may."""
    policy = current_policy()
    rows = [policy.tier_row(tier) for tier in (Tier.T1, Tier.T2, Tier.T3, Tier.T4)]
    return [(row, row.ial is None or ial >= row.ial) for row in rows]


PAGES: Final = (security_page, proofing_page, events_page, codes_page, make_codes)
