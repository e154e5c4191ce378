"""`/id/thaid`: to ThaID and back, to sign in to an account that is open here, or to raise one.

Nobody gets an account this way, and nobody gets one raised but by ThaID's word on the very same number. The browser
comes back from another site, so its strict cookies are not there: the state is in a cookie of its own, and which
browser it is was noted when it left.
"""

import hmac
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Response, get, post

from morprom.accounts.events import note
from morprom.accounts.model import Event
from morprom.doors.citizen.arrive import arrive
from morprom.doors.citizen.binder import demand_fresh
from morprom.doors.citizen.frame import show
from morprom.doors.citizen.tell import contacts_now, tell
from morprom.doors.pages import (
    PageCall,
    Seat,
    device_of,
    form_of,
    put_cookie,
    seat_of,
    see_other,
    take_cookie,
)
from morprom.doors.pages.cookies import UPSTREAM, device_was, drop_cookie
from morprom.doors.pages.seat import own_path
from morprom.identity.upstream import LIFE, Waiting, amr_of, come_back, ial_of, send_off
from morprom.kernel import Category, Problem, Secret, Words
from morprom.outside import UpstreamSaid
from morprom.outside.model import ThaId, UpstreamRefused
from morprom.people import Identifier, Scheme, notices
from morprom.people.find import id_of
from morprom.proofing.upstream import NotRaised, raise_by_upstream

HERE: Final = "/id/thaid"
BACK: Final = f"{HERE}/back"
PROOFING: Final = "/id/security/proofing"

LONGEST: Final = 4000
NOT_OFFERED: Final = Words("ไม่ได้เปิดให้เข้าสู่ระบบด้วย ThaID", "signing in through ThaID is not offered here")
NO_ANSWER: Final = Words("ติดต่อ ThaID ไม่ได้ในขณะนี้ โปรดลองใหม่ภายหลัง", "ThaID does not answer now; try again later")
NOT_BELIEVED: Final = Words("คำตอบจาก ThaID ใช้ไม่ได้ โปรดเริ่มใหม่", "what came back from ThaID does not hold; start again")
NOBODY_WENT: Final = Words(
    "เริ่มไว้นานเกินไป หรือไม่ได้เริ่มจากเบราว์เซอร์นี้ โปรดเริ่มใหม่", "started too long ago, or not in this browser; start again"
)
SAID_NO: Final = Words("ยกเลิกที่ ThaID แล้ว", "ThaID was not allowed to tell us")
NO_ACCOUNT: Final = Words(
    "ยังไม่มีบัญชีที่นี่ ต้องยืนยันตัวตนที่จุดยืนยันตัวตนก่อนหนึ่งครั้ง", "there is no account here yet; be proofed at a counter first, once"
)
OTHER_PERSON: Final = Words(
    "ผู้ที่เข้าสู่ระบบที่ ThaID ไม่ใช่เจ้าของบัญชีนี้", "who signed in at ThaID is not the owner of this account"
)


@get(HERE)
async def thaid_page(request: PageCall) -> Response[bytes]:
    """What will happen, and the way to it."""
    thaid = _offered(request)
    fields = request.query_fields()
    is_proof = fields.get("for") == "proof"
    seat = await demand_fresh(request) if is_proof else await seat_of(request)
    return show(
        request, "thaid.html", seat=seat, is_proof=is_proof, next=own_path(fields.get("next", "")),
        is_simulated=thaid.is_simulated, form_action=_origins(request), back=PROOFING if is_proof else "/id/sign-in",
    )  # fmt: skip


@post(HERE, status_code=200)
async def go_to_thaid(request: PageCall) -> Response[bytes]:
    """Off to ThaID."""
    thaid, form = _offered(request), await form_of(request)
    is_proof = form.text("for") == "proof"
    seat = await demand_fresh(request) if is_proof else None
    services = request.services
    device, device_cookie = device_of(request)
    async with services.identity.transaction() as tx:
        state, waiting = await send_off(
            tx, services.ring, purpose="proof" if is_proof else "sign-in", onward=own_path(form.text("next", 2000)),
            device=device.key, session=seat.session.session_id if seat else None, now=services.clock(),
        )  # fmt: skip
    address = await thaid.address(waiting.request(state, _back(request)))
    if address is None:
        raise Problem(Category.UNAVAILABLE, "THAID_UNREACHABLE", NO_ANSWER)
    cookie = put_cookie(request, UPSTREAM, state, max_age=int(LIFE.total_seconds()), lax=True)
    return see_other(address, cookie, device_cookie)


@get(BACK)
async def back_from_thaid(request: PageCall) -> Response[bytes]:
    """Back from ThaID, with a code or with a refusal."""
    thaid, services = _offered(request), request.services
    state, kept = request.query_params.get("state") or "", take_cookie(request, UPSTREAM)
    if kept is None or not hmac.compare_digest(kept.reveal().encode(), state.encode("utf-8", "replace")):
        raise Problem(Category.FORBIDDEN, "THAID_STATE", NOBODY_WENT)
    async with services.identity.transaction() as tx:
        waiting = await come_back(tx, services.ring, kept, services.clock())
    if waiting is None:
        raise Problem(Category.FORBIDDEN, "THAID_STATE", NOBODY_WENT)
    code = request.query_params.get("code") or ""
    if not code or len(code) > LONGEST:
        raise Problem(Category.FORBIDDEN, "THAID_REFUSED", SAID_NO)
    device_was(request, Secret(waiting.device))
    said = await thaid.exchange(Secret(code), waiting.request(kept, _back(request)))
    if said is UpstreamRefused.UNREACHABLE:
        raise Problem(Category.UNAVAILABLE, "THAID_UNREACHABLE", NO_ANSWER)
    if not isinstance(said, UpstreamSaid):
        raise Problem(Category.FORBIDDEN, "THAID_NOT_BELIEVED", NOT_BELIEVED)
    async with services.identity.transaction() as tx:
        person_id = await id_of(tx, services.ring, Identifier(Scheme.CID, said.cid.digits))
    return await (_proofed if waiting.purpose == "proof" else _signed_in)(request, waiting, said, person_id)


async def _signed_in(
    request: PageCall, waiting: Waiting, said: UpstreamSaid, person_id: UUID | None
) -> Response[bytes]:
    if person_id is None:
        raise Problem(Category.FORBIDDEN, "ACCOUNT_CLOSED", NO_ACCOUNT)
    services, ial = request.services, ial_of(said)
    arrived = await arrive(request, person_id, amr_of(said), ial)
    async with services.identity.transaction() as tx:
        th, en = f"เข้าสู่ระบบผ่าน ThaID (IAL {ial})", f"signed in through ThaID (IAL {ial})"
        await note(tx, services.ring, person_id, Event(what="upstream", th=th, en=en, device=arrived.session.device))
    onward = arrived.onward(waiting.onward)
    return see_other(onward, *arrived.cookies, drop_cookie(request, UPSTREAM))


async def _proofed(request: PageCall, waiting: Waiting, said: UpstreamSaid, person_id: UUID | None) -> Response[bytes]:
    seat = await demand_fresh(request)
    if seat.session.session_id != waiting.session or seat.session.ial_at_most is not None:
        raise Problem(Category.FORBIDDEN, "THAID_STATE", NOBODY_WENT)
    if person_id is None or person_id != seat.session.person_id:
        raise Problem(Category.FORBIDDEN, "OTHER_PERSON", OTHER_PERSON)
    services = request.services
    contacts = await contacts_now(request, person_id)
    async with services.identity.transaction() as tx:
        account = await raise_by_upstream(tx, services.ring, seat.session, said, services.clock())
    if isinstance(account, NotRaised):
        return _told(request, seat, said, "", account.has)
    await tell(request, person_id, notices.proofed_upstream(account.ial), contacts)
    return _told(request, seat, said, account.ial, account.ial)


def _told(request: PageCall, seat: Seat, said: UpstreamSaid, raised: str, has: str) -> Response[bytes]:
    return show(
        request, "thaid-done.html", seat=seat, raised=raised, has=has, said=said.ial, is_simulated=said.is_simulated,
        back=PROOFING, cookies=[drop_cookie(request, UPSTREAM)],
    )  # fmt: skip


def _offered(request: PageCall) -> ThaId:
    """Raise Problem FACE_CLOSED where ThaID is switched off or not set up."""
    thaid = request.services.outside.thaid
    if thaid is None:
        raise Problem(Category.NOT_FOUND, "FACE_CLOSED", NOT_OFFERED)
    return thaid


def _back(request: PageCall) -> str:
    return f"{request.services.settings.public_url}{BACK}"


def _origins(request: PageCall) -> list[str]:
    """Where the form leads to beside this site."""
    parts = urlsplit(request.services.settings.thaid_url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


PAGES: Final = (thaid_page, go_to_thaid, back_from_thaid)
