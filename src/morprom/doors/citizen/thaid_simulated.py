"""`/id/thaid/simulated`: the page that stands in for ThaID in demo mode, and says so."""

from typing import Final
from urllib.parse import urlencode

from litestar import Response, get, post

from morprom.doors.citizen.frame import show
from morprom.doors.citizen.thaid import BACK, NOT_OFFERED
from morprom.doors.pages import PageCall, form_of, see_other
from morprom.doors.wire import incorrect
from morprom.kernel import Category, Cid, Problem
from morprom.outside.simulated_thaid import PAGE, simulated_code
from morprom.outside.thaid_said import LEVELS

FACTORS: Final = {"two": ("pin", "swk"), "one": ("pin",)}


@get(PAGE)
async def simulated_page(request: PageCall) -> Response[bytes]:
    """Who signs in, and what ThaID would say."""
    _demand_simulator(request)
    return show(request, "thaid-simulated.html", levels=LEVELS, here=request.here)


@post(PAGE, status_code=200)
async def simulated_answer(request: PageCall) -> Response[bytes]:
    """Back with a code for that."""
    _demand_simulator(request)
    form, asked = await form_of(request), request.query_fields()
    state = {"state": asked.get("state", "")}
    if form.text("answer") != "yes":
        return see_other(f"{BACK}?{urlencode({'error': 'access_denied'} | state)}")
    cid = Cid.parse(form.text("cid"))
    if cid is None:
        raise incorrect("CID_INVALID", "เลขประจำตัวประชาชนไม่ถูกต้อง", "that is no citizen number")
    amr = FACTORS.get(form.text("factors"), ())
    code = simulated_code(cid, form.text("ial"), amr, asked.get("code_challenge", ""), asked.get("nonce", ""))
    return see_other(f"{BACK}?{urlencode({'code': code} | state)}")


def _demand_simulator(request: PageCall) -> None:
    """Raise Problem FACE_CLOSED wherever ThaID is not simulated."""
    thaid = request.services.outside.thaid
    if thaid is None or not thaid.is_simulated:
        raise Problem(Category.NOT_FOUND, "FACE_CLOSED", NOT_OFFERED)


PAGES: Final = (simulated_page, simulated_answer)
