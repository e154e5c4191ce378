"""`/oauth2/auth`: the card page (wire protocol, section 5, way 2). A station of the hospital reads the card and signs.

Demo and sandbox also simulate a reader: that form says so in large letters and takes invented people only.
"""

import secrets
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response, route
from litestar.datastructures import Cookie

from morprom.doors.pages.forms import demand_own, form_token
from morprom.doors.pages.guard import SELF, guarded
from morprom.doors.pages.station import station_origin
from morprom.doors.reader.card_reading import NOT_VALID, CardRead, card_read, known_stations, nonce_for
from morprom.doors.reader.card_request import Asked, Pairs, asked_of, form_of, only
from morprom.doors.reader.reading import identifier_of
from morprom.doors.wire import Call
from morprom.identity import card
from morprom.kernel import Cid, Mode, Problem, Words
from morprom.outside import CardState
from morprom.people import ensure
from morprom.synth import CAST
from morprom_wire.cid import TEST_CID

INVENTED_DISTRICT: Final = "9900"  # exists nowhere; the invented people of demo and sandbox are of it
LOCKED: Final = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
NO_STATION: Final = Words(
    "หน่วยบริการนี้ยังไม่ได้ลงทะเบียนเครื่องอ่านบัตร โปรดใช้รหัสจากเจ้าของข้อมูล (RequestTokenv1) หรือลงทะเบียนเครื่องอ่านที่หน้าเคาน์เตอร์",
    "This unit has no card station. Ask the person for a code instead (RequestTokenv1), or enrol one at the counter.",
)
NOBODY: Final = Words(
    "ไม่รู้จักโปรแกรมนี้ หรือที่อยู่ที่จะส่งกลับไม่ตรงกับที่ลงทะเบียนไว้ โปรดแจ้งผู้ดูแลโปรแกรมของหน่วยบริการ",
    "This programme is not known here, or the address to go back to is not one that it registered."
    " Tell whoever looks after the programme.",
)
FORGED: Final = Words(
    "แบบฟอร์มนี้ไม่ได้มาจากหน้านี้ หรือเปิดทิ้งไว้นานเกินไป โปรดเริ่มใหม่จากโปรแกรมของหน่วยบริการ",
    "This form did not come from this page, or was open for too long. Start again in your programme.",
)
WRONG: Final = Words("เลขนี้ไม่ใช่เลขประจำตัวประชาชนที่ถูกต้อง", "This is not a valid citizen number.")
REAL: Final = Words(
    "หน้านี้รับเฉพาะเลขของบุคคลสมมุติ (หลักที่ 2 ถึง 5 เป็น 9900) หรือบุคคลทดสอบ ห้ามใส่เลขของคนจริง",
    "Only invented people are taken here (digits 2 to 5 are 9900), or the test person. Never enter a real number.",
)

_pages = Environment(
    loader=PackageLoader("morprom.doors.reader"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


@route("/oauth2/auth", http_method=["GET", "POST"], status_code=200)
async def card_page(request: Call) -> Response[str]:
    """GET shows the page, POST answers with what was done on it."""
    asked = await asked_of(request)
    if asked is None:
        return _told(NOBODY, 400)
    if asked.error:
        return _sent_back(asked, error=asked.error)
    return await (_answered(request, asked) if request.method == "POST" else _shown(request, asked))


async def _answered(request: Call, asked: Asked) -> Response[str]:
    form = await form_of(request)
    try:
        demand_own(request, only(form, "form") or "")
    except Problem:
        return _told(FORGED, 403)
    if only(form, "cancel") is not None:
        return _sent_back(asked, error="access_denied")
    if station := only(form, "nonce_for"):
        return await nonce_for(request, asked, station)
    if only(form, "signature"):
        return await _read(request, asked, form)
    if request.services.settings.mode is Mode.PRODUCTION:
        return await _shown(request, asked)
    cid = Cid.parse(only(form, "cid") or only(form, "chosen"))
    if cid is None or not _is_invented(cid):
        return await _shown(request, asked, REAL if cid else WRONG)
    return await _permitted(request, asked, CardRead(cid, is_simulated=True, state=None))


async def _read(request: Call, asked: Asked, form: Pairs) -> Response[str]:
    try:
        read = await card_read(request, asked, form)
    except Problem as refused:
        return await _shown(request, asked, refused.words)
    if request.services.settings.mode is not Mode.PRODUCTION and not _is_invented(read.cid):
        return await _shown(request, asked, REAL)
    if read.state is CardState.NOT_VALID:
        async with request.services.reader.transaction() as tx:
            person = await ensure(tx, request.services.ring, identifier_of(read.cid))
            await card.refuse_card(tx, person, asked.client, "CARD_NOT_VALID")
        return await _shown(request, asked, NOT_VALID)
    return await _permitted(request, asked, read)


async def _permitted(request: Call, asked: Asked, read: CardRead) -> Response[str]:
    async with request.services.reader.transaction() as tx:
        person = await ensure(tx, request.services.ring, identifier_of(read.cid))
        code = await card.show_card(
            tx, person, read.cid, asked.client, asked.redirect_uri, asked.challenge,
            is_simulated=read.is_simulated, is_vouched=read.is_vouched,
        )  # fmt: skip
    return _sent_back(asked, code=code.reveal())


def _is_invented(cid: Cid) -> bool:
    return cid.is_test or cid.digits[1:5] == INVENTED_DISTRICT


async def _shown(request: Call, asked: Asked, fault: Words | None = None) -> Response[str]:
    """The page to read a card on."""
    mode = request.services.settings.mode
    stations = await known_stations(request, asked)
    if not stations and mode is Mode.PRODUCTION:
        return _told(NO_STATION, 503)
    unit = await request.services.directory.unit(asked.client.hcode)
    form, cookie = form_token(request)
    return _page(
        "card.html", 400 if fault else 200, f"'self' {asked.origin}", [cookie], _station_policy(request, stations),
        client=asked.client.name, unit=unit.name if unit else "", hcode=asked.client.hcode, form=form, fault=fault,
        people=_people(mode), stations=stations, is_demo=mode is Mode.DEMO,
    )  # fmt: skip


def _people(mode: Mode) -> list[tuple[str, Words]]:
    """Whom the page offers: the test person, and the cast where it is on stage; nobody where people are real."""
    if mode is Mode.PRODUCTION:
        return []
    test = [(TEST_CID, Words("บุคคลทดสอบของกระทรวง", "the ministry's test person"))]
    if mode is not Mode.DEMO:
        return test
    cast = [(one.cid, Words(f"{one.given} {one.surname}", " ".join(one.english))) for one in CAST]
    return cast + test


def _station_policy(request: Call, stations: dict[str, str]) -> str:
    """What the page may run and reach where there is a station: our own script, and the station's port."""
    if not stations:
        return ""
    return f"; script-src 'self'; connect-src {' '.join([SELF, *station_origin(request)])}"


def _sent_back(asked: Asked, **members: str) -> Response[str]:
    headers = guarded(LOCKED) | {"location": asked.answered(**members)}
    return Response("", status_code=303, media_type="text/html", headers=headers)


def _told(words: Words, status: int) -> Response[str]:
    return _page("told.html", status, "'none'", [], words=words)


def _page(
    name: str, status: int, form_action: str, cookies: list[Cookie], allowed: str = "", **shown: Any
) -> Response[str]:
    nonce = secrets.token_urlsafe(16)
    policy = f"{LOCKED}; form-action {form_action}; style-src 'nonce-{nonce}'{allowed}"
    text = _pages.get_template(name).render(nonce=nonce, **shown)
    return Response(text, status_code=status, media_type="text/html", headers=guarded(policy), cookies=cookies)
