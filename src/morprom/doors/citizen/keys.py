"""`/id/security/keys`: the ways to sign in. Changing them takes a fresh sign-in, as high as one can."""

from typing import Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from morprom.accounts import Authenticator, AuthenticatorKind
from morprom.accounts.authenticators import authenticators_of, rename, take_away
from morprom.doors.citizen.binder import demand_fresh
from morprom.doors.citizen.frame import show
from morprom.doors.citizen.tell import contacts_now, tell
from morprom.doors.pages import PageCall, Seat, demand_seat, form_of, see_other
from morprom.kernel import Category, Problem, Words
from morprom.people import notices

HERE: Final = "/id/security/keys"


@get(HERE)
async def keys_page(request: PageCall) -> Response[bytes]:
    """All of them."""
    seat = await demand_seat(request)
    return show(request, "keys.html", seat=seat, back="/id/security", keys=await _keys(request, seat))


@get(f"{HERE}/{{key:uuid}}")
async def key_page(request: PageCall, key: FromPath[UUID]) -> Response[bytes]:
    """One: name it, or take it away."""
    seat = await demand_seat(request)
    return _key_page(request, seat, await _key(request, seat, key))


@post(f"{HERE}/{{key:uuid}}/name", status_code=200)
async def name_key(request: PageCall, key: FromPath[UUID]) -> Response[bytes]:
    """Another name."""
    form = await form_of(request)
    seat = await demand_fresh(request)
    services = request.services
    async with services.identity.transaction() as tx:
        await rename(tx, services.ring, seat.session.person_id, key, form.text("name", 60))
    return see_other(HERE)


@post(f"{HERE}/{{key:uuid}}/remove", status_code=200)
async def remove_key(request: PageCall, key: FromPath[UUID]) -> Response[bytes]:
    """Take it away."""
    await form_of(request)
    seat = await demand_fresh(request)
    services, person_id = request.services, seat.session.person_id
    try:
        async with services.identity.transaction() as tx:
            await take_away(tx, services.ring, person_id, key, services.clock())
    except Problem as problem:
        if problem.code != "LAST_AUTHENTICATOR":
            raise
        return _key_page(request, seat, await _key(request, seat, key), problem.words)
    notice = notices.keys_changed("ยกเลิกวิธีเข้าสู่ระบบหนึ่งวิธี", "A way to sign in was taken away.")
    await tell(request, person_id, notice, await contacts_now(request, person_id))
    return see_other(HERE)


def _key_page(request: PageCall, seat: Seat, key: Authenticator, fault: Words | None = None) -> Response[bytes]:
    return show(request, "key.html", status=409 if fault else 200, seat=seat, back=HERE, key=key, fault=fault)


async def _keys(request: PageCall, seat: Seat) -> list[Authenticator]:
    async with request.services.identity.transaction() as tx:
        mine = await authenticators_of(tx, request.services.ring, seat.session.person_id)
    return [one for one in mine if one.kind is not AuthenticatorKind.RECOVERY_CODES]


async def _key(request: PageCall, seat: Seat, key: UUID) -> Authenticator:
    found = next((one for one in await _keys(request, seat) if one.authenticator_id == key), None)
    if found is None:
        words = Words("ไม่พบวิธีเข้าสู่ระบบนี้", "there is no such authenticator")
        raise Problem(Category.NOT_FOUND, "AUTHENTICATOR_UNKNOWN", words)
    return found


PAGES: Final = (keys_page, key_page, name_key, remove_key)
