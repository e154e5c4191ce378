"""`/id/bind`: a passkey, or a PIN with a code generator. It opens the account, brings it back, or adds to it."""

import base64
import io
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import segno
from litestar import Response, get, post

from morprom.accounts import AuthenticatorKind, passkeys
from morprom.accounts.codes import confirm_generator, propose_generator, proposed_generator
from morprom.accounts.pins import confirm_pin, propose_pin, verifiers_of
from morprom.assurance import Amr
from morprom.doors.citizen.binder import Binder, binder_of, born_of, bound, name_of, renew_pin_of, tell_bound
from morprom.doors.citizen.frame import answer, refused, show
from morprom.doors.citizen.words import device_name
from morprom.doors.pages import PageCall, device_of, form_of, see_other
from morprom.doors.pages.forms import demand_own
from morprom.kernel import Category, Problem, Secret, Words
from morprom.storage import Tx

JSON: Final[dict[str, Any]] = {"status_code": 200, "exception_handlers": {Problem: refused}}
PROPOSED: Final = timedelta(minutes=30)
PASSKEY: Final = frozenset((Amr.SOFTWARE_KEY, Amr.USER, Amr.MULTI_FACTOR))
PIN_AND_CODE: Final = frozenset((Amr.PIN, Amr.OTP, Amr.MULTI_FACTOR))
UNLIKE: Final = Words("PIN สองช่องไม่ตรงกัน", "the two PINs are not the same")


@get("/id/bind")
async def bind_page(request: PageCall) -> Response[bytes]:
    """A passkey; or the way to the other."""
    binder = await binder_of(request)
    device, _ = device_of(request)
    return show(request, "bind.html", name=device_name(device), seat=binder.seat, back=_back(binder))


@post("/id/bind/options", **JSON)
async def binding_options(request: PageCall) -> Response[bytes]:
    """What a browser needs to make a passkey."""
    demand_own(request)
    binder, services = await binder_of(request), request.services
    async with services.identity.transaction() as tx:
        name = await name_of(tx, request, binder.person_id)
        return answer(
            await passkeys.binding_options(
                tx, services.ring, services.settings, binder.person_id, name=name, now=services.clock()
            )
        )


@post("/id/bind/passkey", **JSON)
async def bind_passkey(request: PageCall) -> Response[bytes]:
    """The passkey that it made."""
    demand_own(request)
    sent = await request.json_object()
    binder, services = await binder_of(request), request.services
    async with services.identity.transaction() as tx:
        await passkeys.bind(
            tx, services.ring, services.settings, binder.person_id, sent.get("answer"),
            name=str(sent.get("name", ""))[:60], now=services.clock(),
        )  # fmt: skip
        path, cookies = await bound(tx, request, binder, PASSKEY)
    await tell_bound(request, binder, AuthenticatorKind.PASSKEY)
    return answer({"go": path}, *cookies)


@get("/id/bind/pin")
async def pin_page(request: PageCall) -> Response[bytes]:
    """A PIN, twice."""
    binder = await binder_of(request)
    return show(request, "bind-pin.html", seat=binder.seat, back="/id/bind")


@post("/id/bind/pin", status_code=200)
async def bind_pin(request: PageCall) -> Response[bytes]:
    """Alone it opens nothing; on to the generator."""
    form = await form_of(request)
    binder, services = await binder_of(request), request.services
    pin = form.secret("pin", 200)
    try:
        if pin != form.secret("again", 200):
            raise Problem(Category.INCORRECT, "PIN_UNLIKE", UNLIKE)
        async with services.identity.transaction() as tx:
            born = await born_of(tx, request, binder.person_id)
            await propose_pin(tx, services.ring, binder.person_id, pin, services.clock(), born=born, by=binder.by)
    except Problem as problem:
        if problem.code not in ("PIN_UNLIKE", "PIN_WEAK"):
            raise
        at = ["again" if problem.code == "PIN_UNLIKE" else "pin"]
        return show(
            request, "bind-pin.html", status=400, seat=binder.seat, fault=problem.words, at=at, back="/id/bind"
        )  # fmt: skip
    return see_other("/id/bind/generator", device_of(request)[1])


@get("/id/bind/generator")
async def generator_page(request: PageCall) -> Response[bytes]:
    """The secret, to scan or to type; the same when the page is opened again."""
    return await _generator_page(request, await binder_of(request))


@post("/id/bind/generator", status_code=200)
async def bind_generator(request: PageCall) -> Response[bytes]:
    """The first code of it: PIN and generator work from now on."""
    form = await form_of(request)
    binder, services = await binder_of(request), request.services
    try:
        async with services.identity.transaction() as tx:
            if not await _has_pin(tx, request, binder):
                return see_other("/id/bind/pin", device_of(request)[1])
            now = services.clock()
            await confirm_generator(tx, services.ring, binder.person_id, form.secret("code", 20), now, binder.by)
            path, cookies = await bound(tx, request, binder, PIN_AND_CODE)
    except Problem as problem:
        if problem.code != "CODE_WRONG":
            raise
        return await _generator_page(request, binder, problem.words)
    await tell_bound(request, binder, AuthenticatorKind.CODE_GENERATOR)
    return see_other(path, *cookies)


async def _has_pin(tx: Tx, request: PageCall, binder: Binder) -> bool:
    """Whether a PIN goes with the generator: one just proposed, or for who is signed in the one that they have."""
    services, now = request.services, request.services.clock()
    if await confirm_pin(tx, services.ring, binder.person_id, now, since=now - PROPOSED, by=binder.by):
        await renew_pin_of(tx, request, binder.person_id)
        return True
    return binder.way == "session" and bool(await verifiers_of(tx, services.ring, binder.person_id))


async def _generator_page(request: PageCall, binder: Binder, fault: Words | None = None) -> Response[bytes]:
    services, now = request.services, request.services.clock()
    async with services.identity.transaction() as tx:
        address = await proposed_generator(tx, services.ring, binder.person_id, now - PROPOSED, binder.by)
        if address is None:
            name = await name_of(tx, request, binder.person_id)
            address = await propose_generator(
                tx, services.ring, binder.person_id, name=name, now=now, by=binder.by
            )  # fmt: skip
    secret = parse_qs(urlsplit(address.reveal()).query)["secret"][0]
    typed = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return show(
        request, "bind-generator.html", status=400 if fault else 200, fault=fault, at=["code"] if fault else (),
        qr=qr_image(address), typed=typed, address=address.reveal(), seat=binder.seat, back="/id/bind/pin",
    )  # fmt: skip


def qr_image(text: Secret[str]) -> str:
    """A QR code as the address of an image that stands in the page."""
    drawn = io.BytesIO()
    segno.make(text.reveal(), error="m").save(drawn, kind="svg", scale=6, border=4, light="#fff", dark="#000")
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"


def _back(binder: Binder) -> str:
    return "/id/security/keys" if binder.way == "session" else "/id"


PAGES: Final = (bind_page, binding_options, bind_passkey, pin_page, bind_pin, generator_page, bind_generator)
