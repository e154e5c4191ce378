"""`/api/WebApp?Action=RequestOTP`: a unit's system signed the owner in and has a code for that (section 5, 3)."""

from datetime import timedelta
from typing import Any, Final

from litestar import Response

from morprom.access import Refusal, current_policy
from morprom.access.health_id import code_for_owner
from morprom.doors.reader.reading import local_text, reader_of, refused
from morprom.doors.wire import Call
from morprom.identity import HealthIdSession
from morprom.kernel import Category, Problem, Words
from morprom.people import get

REFUSED: Final = Words(
    "idp_jwt ไม่ใช่ Health ID ที่ใช้ได้ โปรดให้เจ้าของลงชื่อเข้าใช้ใหม่",
    "idp_jwt is no Health ID token that holds; let the owner sign in again",
)


async def request_otp(request: Call, members: dict[str, Any]) -> Response[bytes]:
    """`{idp_jwt}` with the unit's own token; the code is of use to that account alone."""
    actor = await reader_of(request)
    session = await _session(request, members.get("idp_jwt"))
    policy = current_policy()
    async with request.services.reader.transaction() as tx:
        person = await get(tx, request.services.ring, session.person_id)
        if person is None:
            raise _refused()
        answer = await code_for_owner(
            tx, request.services.ring, policy, person=person, session=session, actor=actor
        )  # fmt: skip
    if isinstance(answer, Refusal):
        return refused(request, answer)
    ends = request.services.clock() + timedelta(seconds=policy.otp.life_seconds)
    return request.answer({"otp": answer, "expire_datetime": local_text(ends)})


async def _session(request: Call, token: object) -> HealthIdSession:
    if not isinstance(token, str) or not token.isascii():
        raise _refused()
    try:
        return await request.services.health_ids.session_of(token.strip())
    except Problem as problem:
        if problem.category is Category.UNAUTHENTICATED:
            raise _refused() from None
        raise


def _refused() -> Problem:
    return Problem(Category.UNAUTHENTICATED, "IDP_JWT_REFUSED", REFUSED)
