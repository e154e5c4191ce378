"""`/counter/{unit}/stations`: the card stations of a unit. One is enrolled once, by comparing what its window shows."""

from base64 import b64decode
from binascii import Error
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from morprom.audit import Outcome
from morprom.doors.counter import telling
from morprom.doors.counter.desk import Desk, at_desk
from morprom.doors.counter.shown import shown
from morprom.doors.pages import Form, PageCall, form_of, see_other
from morprom.doors.wire import status_of
from morprom.kernel import Category, Problem, Words
from morprom.proofing.stations import end_station, enrol
from morprom_wire.card import fingerprint


@get("/counter/{unit:str}/stations")
async def stations(request: PageCall, unit: FromPath[str]) -> Response[bytes]:
    """The list, and the station that this page is connected to."""
    return _show(request, await at_desk(request, unit))


@post("/counter/{unit:str}/stations", status_code=303)
async def add(request: PageCall, unit: FromPath[str]) -> Response[bytes]:
    """Enrol a key whose fingerprint the officer typed as the station's own window shows it."""
    form = await form_of(request)
    desk = await at_desk(request, unit)
    services = request.services
    try:
        key = _key(form)
        async with services.identity.transaction() as tx:
            if key in [one.public_key for one in desk.stations]:
                words = Words("ลงทะเบียนเครื่องนี้ไว้แล้ว", "this station is enrolled already")
                raise Problem(Category.CONFLICT, "STATION_KNOWN", words)
            name = form.text("name", 80) or "เคาน์เตอร์"
            await enrol(tx, unit=unit, name=name, public_key=key, officer=desk.officer, now=services.clock())
            await telling.note(services, tx, desk, Outcome.WRITTEN, f"station enrolled {fingerprint(key)}")
    except Problem as refused:
        if refused.category not in (Category.INCORRECT, Category.CONFLICT):
            raise
        return _show(request, desk, refused)
    return see_other(f"{desk.path}/stations")


@post("/counter/{unit:str}/stations/{station_id:uuid}/end", status_code=303)
async def end(request: PageCall, unit: FromPath[str], station_id: FromPath[UUID]) -> Response[bytes]:
    """Take a station away: what it signs from now on does not count."""
    await form_of(request)
    desk = await at_desk(request, unit)
    services = request.services
    async with services.identity.transaction() as tx:
        if await end_station(tx, unit=unit, station_id=station_id, now=services.clock()):
            await telling.note(services, tx, desk, Outcome.REMOVED, "station ended")
    return see_other(f"{desk.path}/stations")


def _show(request: PageCall, desk: Desk, fault: Problem | None = None) -> Response[bytes]:
    return shown(
        request, desk, "stations.html", status=status_of(fault) if fault else 200, fault=fault.words if fault else None
    )


def _key(form: Form) -> bytes:
    try:
        key = b64decode(form.text("public_key", 400), validate=True)
    except (ValueError, Error):
        key = b""
    typed = form.text("fingerprint", 40).upper().replace("-", "").replace(" ", "")
    if not key or typed != fingerprint(key).replace("-", ""):
        words = Words(
            "ลายนิ้วมือของกุญแจไม่ตรงกับที่หน้าต่างเครื่องอ่านแสดง อย่าลงทะเบียนจนกว่าจะตรง",
            "the key's fingerprint is not what the station's window shows; do not enrol it until it is",
        )
        raise Problem(Category.INCORRECT, "FINGERPRINT_WRONG", words)
    return key
