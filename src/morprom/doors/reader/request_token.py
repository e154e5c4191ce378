"""`/api/RequestTokenv1`: a unit asks for a person's code (wire protocol, section 5, way 1)."""

from litestar import Response, post

from morprom.access import Throttled, ask_for_code, current_policy
from morprom.access.issue import throttled
from morprom.doors.reader.reading import cid_of, identifier_of, members_of, reader_of
from morprom.doors.wire import Call
from morprom.kernel import Cid, Mode, Words
from morprom.people import Inbox, ensure

CANNOT_BE_TOLD = Words("เลขนี้ไม่ใช่เลขของบุคคลที่ส่งรหัสถึงได้", "this number is nobody's to whom a code could be sent")


@post("/api/RequestTokenv1", status_code=200)
async def request_token(request: Call) -> Response[bytes]:
    """Send a code to the owner. The reply is the same whoever the owner is, and never holds the code."""
    actor = await reader_of(request)
    cid = cid_of(await members_of(request))
    if not _can_be_a_person(cid, actor.unit, request.services.settings.mode):
        return request.answer(None, status=422, message=str(CANNOT_BE_TOLD))
    policy = current_policy()
    unit = await request.services.directory.unit(actor.unit)
    async with request.services.reader.transaction() as tx:
        person = await ensure(tx, request.services.ring, identifier_of(cid))
        answer = await ask_for_code(
            tx, request.services.ring, policy, request.services.settings.mode, Inbox(),
            person=person, actor=actor, unit_name=unit.name if unit else actor.unit,
        )  # fmt: skip
    if isinstance(answer, Throttled):
        raise throttled(answer.wait)
    told = {"first_use_seconds": policy.otp.first_use_seconds, "life_seconds": policy.otp.life_seconds}
    return request.answer(told)


def _can_be_a_person(cid: Cid, hcode: str, mode: Mode) -> bool:
    """Numbers that hospitals make up mean nobody; the ministry's test person lives in demo and sandbox only."""
    if cid.is_test:
        return mode is not Mode.PRODUCTION
    return not cid.is_made_up_by(hcode)
