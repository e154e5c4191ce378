"""Who binds an authenticator, and by what right: a redeemed slip, a recovery, or a session that is high and fresh."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from uuid import UUID

from litestar.datastructures import Cookie

from morprom.accounts import AuthenticatorKind, end_all, passkeys, session_of, start_session
from morprom.accounts.account import close_t4, demand_working
from morprom.accounts.attempts import Attempt, renew_pin
from morprom.accounts.authenticators import authenticators_of
from morprom.accounts.checks import confirmed_check, end_check
from morprom.accounts.events import note
from morprom.accounts.model import Event, Purpose
from morprom.accounts.sessions import end_session
from morprom.assurance import Aal, Amr, derive_aal, table
from morprom.doors.citizen.tell import contacts_now, tell
from morprom.doors.pages import Seat, demand_seat, device_of, put_cookie, take_cookie
from morprom.doors.pages.cookies import CHECK, REDEMPTION, SESSION, drop_cookie
from morprom.doors.pages.seat import NotSeated
from morprom.doors.wire import Call
from morprom.kernel import Cid, Secret
from morprom.people import notices
from morprom.proofing import events_of, person_redeeming, redeem
from morprom.proofing.model import chip_name
from morprom.storage import Tx

FRESH: Final = 300
"""Seconds since a sign-in within which authenticators and contacts may be changed."""


@dataclass(frozen=True, slots=True)
class Binder:
    """Who binds. `way` says what a bound authenticator completes; what is proposed on it is seen on it alone."""

    person_id: UUID
    way: Literal["slip", "recovery", "session"]
    by: str
    seat: Seat | None = None


async def binder_of(request: Call) -> Binder:
    """Who binds here. Raises Problem ACCOUNT_CLOSED, and NotSeated, which leads to signing in high and freshly."""
    services, now = request.services, request.services.clock()
    redemption = take_cookie(request, REDEMPTION) or Secret("")
    async with services.identity.transaction() as tx:
        if person_id := await person_redeeming(tx, redemption, now):
            return Binder(person_id, "slip", redemption.digest().hex())
        cookie = take_cookie(request, CHECK) or Secret("")
        check = await confirmed_check(tx, services.ring, cookie, Purpose.RECOVER, now)
        if check:
            await demand_working(tx, check.person_id, now)
            return Binder(check.person_id, "recovery", cookie.digest().hex())
    seat = await demand_fresh(request)
    return Binder(seat.session.person_id, "session", str(seat.session.session_id), seat)


async def demand_fresh(request: Call) -> Seat:
    """Who is signed in as high as they can be, within five minutes. Raises NotSeated.

    With a passkey that is AAL 2.2; somebody who has none cannot reach more than 2.1.
    """
    seat = await demand_seat(request)
    if seat.session.ial_at_most is not None:  # ThaID signed them in; only what is bound here binds more
        raise NotSeated(Aal.TWO_FACTORS, FRESH, is_signed_in=True)
    async with request.services.identity.transaction() as tx:
        mine = await authenticators_of(tx, request.services.ring, seat.session.person_id, AuthenticatorKind.PASSKEY)
    return await demand_seat(request, Aal.CRYPTOGRAPHIC if mine else Aal.TWO_FACTORS, FRESH)


async def name_of(tx: Tx, request: Call, person_id: UUID) -> str:
    """What a phone shows beside a passkey: enough to tell the people of one household apart."""
    events = await events_of(tx, request.services.ring, person_id)
    return chip_name(events[0].event.inside.card.name_th).masked if events else "หมอพร้อม"


async def born_of(tx: Tx, request: Call, person_id: UUID) -> date | None:
    """The date of birth that a counter saw, which makes no PIN."""
    events = await events_of(tx, request.services.ring, person_id)
    return events[0].event.inside.card.birth_on if events else None


async def renew_pin_of(tx: Tx, request: Call, person_id: UUID) -> None:
    """A new PIN was set: what was guessed at the one before is over, and this device is known."""
    services, (device, _) = request.services, device_of(request)
    for sealed in (await events_of(tx, services.ring, person_id))[:1]:
        attempt = Attempt(Cid.parse(sealed.event.inside.card.cid), device)
        await renew_pin(tx, services.ring, attempt, services.clock())


async def bound(tx: Tx, request: Call, binder: Binder, amr: Set[Amr]) -> tuple[str, list[Cookie | None]]:
    """Where to go, and with which cookies, after something was bound in this transaction."""
    ring, now = request.services.ring, request.services.clock()
    if binder.seat:
        if binder.seat.session.aal < Aal.CRYPTOGRAPHIC <= derive_aal(amr, table()).level:
            await close_t4(tx, binder.person_id, now)  # a PIN and a code that were phished open no tier 4 at once
        return "/id/security/keys", []
    if binder.way == "slip":
        await redeem(tx, ring, take_cookie(request, REDEMPTION) or Secret(""), now)
    else:
        await _recover(tx, request, binder.person_id)
    await _end_here(tx, request)
    device, device_cookie = device_of(request)
    started = await start_session(tx, ring, binder.person_id, amr=amr, device=device, now=now)
    spent = drop_cookie(request, REDEMPTION if binder.way == "slip" else CHECK)
    return "/id/welcome", [put_cookie(request, SESSION, started.cookie, lax=True), device_cookie, spent]


async def tell_bound(request: Call, binder: Binder, kind: AuthenticatorKind) -> None:
    """Whoever could be told before is told."""
    if binder.way == "slip":
        notice = notices.redeemed()
    elif binder.way == "recovery":
        notice = notices.recovered()
    else:
        name = "พาสคีย์" if kind is AuthenticatorKind.PASSKEY else "PIN และแอปสร้างรหัส"
        notice = notices.keys_changed(f"เพิ่มวิธีเข้าสู่ระบบ: {name}", "A way to sign in was added.")
    await tell(request, binder.person_id, notice, await contacts_now(request, binder.person_id))


async def _end_here(tx: Tx, request: Call) -> None:
    """Whoever was signed in in this browser is not any more: a family may share a phone."""
    services, now = request.services, request.services.clock()
    found = await session_of(tx, services.ring, take_cookie(request, SESSION), now)
    if found:
        await end_session(tx, services.ring, found[0].person_id, found[0].session_id, now)


async def _recover(tx: Tx, request: Call, person_id: UUID) -> None:
    services, now = request.services, request.services.clock()
    check = await confirmed_check(tx, services.ring, take_cookie(request, CHECK), Purpose.RECOVER, now)
    if check is None:
        raise passkeys.refused()
    await demand_working(tx, person_id, now)
    await end_check(tx, check)
    await close_t4(tx, person_id, now)
    await end_all(tx, person_id, now)
    event = Event(what="recovered", th="กู้บัญชีด้วยรหัสกู้คืน", en="recovered with a recovery code")
    await note(tx, services.ring, person_id, event)
