"""`/id/sign-in`: passkey first, PIN with a code generator second; the same page raises a session in place."""

from typing import Any, Final
from urllib.parse import urlencode

from litestar import Response, get, post

from morprom.accounts import passkeys, session_of
from morprom.accounts.attempts import Attempt, PinAndCode, Refused, sign_in_with_pin
from morprom.accounts.sessions import end_session
from morprom.assurance import Aal, Amr
from morprom.doors.citizen.arrive import arrive
from morprom.doors.citizen.frame import answer, refused, show, slowed
from morprom.doors.pages import PageCall, device_of, form_of, seat_of, see_other, take_cookie
from morprom.doors.pages.cookies import SESSION, drop_cookie
from morprom.doors.pages.forms import demand_own
from morprom.doors.pages.seat import SIGN_IN, is_anybodys, own_path
from morprom.doors.wire import incorrect
from morprom.kernel import Cid, Problem, Words

WRONG: Final = Words(
    "เลขประจำตัว PIN หรือรหัสไม่ถูกต้อง โปรดตรวจแล้วลองใหม่", "the number, PIN or code is not right; check and try again"
)
NO_NUMBER: Final = Words(
    "เลขประจำตัวประชาชนนี้ไม่ถูกต้อง ต้องมี 13 หลัก โปรดตรวจดูกับบัตร",
    "This is no citizen number: it has 13 digits. Compare it with the card.",
)
JSON: Final[dict[str, Any]] = {"status_code": 200, "exception_handlers": {Problem: refused}}


@get(SIGN_IN)
async def sign_in_page(request: PageCall) -> Response[bytes]:
    """The ways in. `aal` and `max_age` say why somebody who is signed in was sent here."""
    asked = _asked(request.query_fields())
    seat = await seat_of(request)
    return show(
        request, "sign-in.html", seat=seat, again=seat is not None, query=urlencode(asked),
        next=asked["next"], is_anybodys=is_anybodys(asked["next"]), back="/id",
        passkey_only=asked.get("aal", "") >= Aal.CRYPTOGRAPHIC,
    )  # fmt: skip


@post(f"{SIGN_IN}/options", **JSON)
async def passkey_options(request: PageCall) -> Response[bytes]:
    """What a browser needs to ask for a passkey."""
    demand_own(request)
    services = request.services
    return answer(passkeys.sign_in_options(services.ring, services.settings, services.clock()))


@post(f"{SIGN_IN}/passkey", **JSON)
async def passkey_sign_in(request: PageCall) -> Response[bytes]:
    """The answer of a passkey."""
    demand_own(request)
    sent = await request.json_object()
    services = request.services
    async with services.identity.transaction() as tx:
        shown = await passkeys.sign_in(tx, services.ring, services.settings, sent.get("answer"), services.clock())
    arrived = await arrive(request, shown.person_id, shown.amr)
    return answer({"go": arrived.onward(str(sent.get("next", "")))}, *arrived.cookies)


@get(f"{SIGN_IN}/pin")
async def pin_page(request: PageCall) -> Response[bytes]:
    """Number, PIN, code."""
    asked = _asked(request.query_fields())
    return show(
        request, "sign-in-pin.html", next=asked["next"], cid="", seat=await seat_of(request),
        back=f"{SIGN_IN}?{urlencode(asked)}",
    )  # fmt: skip


@post(f"{SIGN_IN}/pin", status_code=200)
async def pin_sign_in(request: PageCall) -> Response[bytes]:
    """One answer for whoever is not signed in, known here or not."""
    form = await form_of(request)
    services = request.services
    device, device_cookie = device_of(request)
    path = own_path(form.text("next", 2000))
    again: dict[str, Any] = {
        "cookies": [device_cookie], "next": path, "cid": form.text("cid", 17),
        "back": f"{SIGN_IN}?{urlencode({'next': path})}",
    }  # fmt: skip
    cid = Cid.parse(form.text("cid"))
    if cid is None:
        return show(request, "sign-in-pin.html", status=400, fault=NO_NUMBER, at=["cid"], **again)
    attempt = Attempt(cid, device)
    typed = PinAndCode(form.secret("pin"), form.secret("code"))
    found = await sign_in_with_pin(
        services.identity.transaction, services.ring, services.pins, attempt, typed, services.clock()
    )
    if isinstance(found, Refused):
        if found.wait:
            return slowed(request, "sign-in-pin.html", found.wait, **again)
        return show(request, "sign-in-pin.html", status=401, fault=WRONG, **again)
    arrived = await arrive(request, found, frozenset((Amr.PIN, Amr.OTP, Amr.MULTI_FACTOR)))
    return see_other(arrived.onward(path), *arrived.cookies)


@post("/id/sign-out", status_code=200)
async def sign_out(request: PageCall) -> Response[bytes]:
    """End this session."""
    await form_of(request)
    services = request.services
    async with services.identity.transaction() as tx:
        found = await session_of(tx, services.ring, take_cookie(request, SESSION), services.clock())
        if found:
            await end_session(tx, services.ring, found[0].person_id, found[0].session_id, services.clock())
    return see_other("/id", drop_cookie(request, SESSION))


def _asked(fields: dict[str, str]) -> dict[str, str]:
    """What the address asks for. Raises Problem AAL_UNKNOWN."""
    asked = {"next": own_path(fields.get("next", ""))}
    if aal := fields.get("aal"):
        if aal not in tuple(Aal):
            raise incorrect("AAL_UNKNOWN", "ไม่รู้จักระดับนี้", "there is no such level")
        asked["aal"] = aal
    return asked | ({"max_age": fields["max_age"]} if fields.get("max_age", "").isdecimal() else {})


PAGES: Final = (sign_in_page, passkey_options, passkey_sign_in, pin_page, pin_sign_in, sign_out)
