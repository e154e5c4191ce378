"""`/token`: user and password hash for an Account Center token (wire protocol, section 2.1).

As GET query, as POST query with an empty body, as POST JSON body. The reply is the bare JWT.
Staff who signed in by their Provider ID bring that token as a bearer, in place of user and password, and act as
themselves.
"""

from typing import Final

from litestar import Response, route

from morprom.doors.units.staff_token import token_of_staff
from morprom.doors.wire import Call, incorrect, noted_in
from morprom.kernel import Category, Hcode, Problem, Secret, Words
from morprom.units import Attempt, NotSignedIn

STAFF: Final = "get_moph_access_token_idp"
"""Further fields (name, provider_id, …) are the caller's own words, which prove nothing; a Provider ID token does."""

ACTIONS: Final = ("get_moph_access_token", STAFF)


@route("/token", http_method=["GET", "POST"], status_code=200)
async def token(request: Call) -> Response[str]:
    """Sign in. Every wrong sign-in is the same 401; a throttled one is 429 with Retry-After."""
    fields = await request.fields()
    if fields.get("action", "").lower() not in ACTIONS:
        raise incorrect("ACTION_UNKNOWN", "ไม่รู้จัก Action นี้", "there is no such Action")
    if fields["action"].lower() == STAFF and request.authorization:
        hcode = Hcode.parse(fields.get("hospital_code")) or ""
        return _bare(request, await token_of_staff(request, hcode), hcode)
    if missing := [name for name in ("user", "password_hash", "hospital_code") if not fields.get(name)]:
        raise incorrect("FIELD_MISSING", f"ไม่มี {', '.join(missing)}", f"missing: {', '.join(missing)}")
    answer = await request.services.desk.sign_in(
        Attempt(
            fields["user"],
            Secret(fields["password_hash"]),
            Hcode.parse(fields["hospital_code"]) or "",
            request.address,
        )
    )
    if isinstance(answer, NotSignedIn):
        raise _refusal(answer)
    return _bare(request, answer, fields["hospital_code"])


def _bare(request: Call, answer: Secret[str], hcode: str) -> Response[str]:
    noted_in(request.scope).hcode = hcode
    return Response(answer.reveal(), media_type="text/plain", headers={"cache-control": "no-store"})


def _refusal(answer: NotSignedIn) -> Problem:
    if answer.wait is not None:
        words = Words("ลงชื่อเข้าใช้ผิดหลายครั้ง โปรดรอก่อนลองใหม่", "too many failed sign-ins; wait before the next")
        return Problem(Category.TOO_MANY, "SIGN_IN_THROTTLED", words, retry_after=answer.wait)
    words = Words("ชื่อผู้ใช้ รหัสผ่าน หรือรหัสหน่วยบริการไม่ถูกต้อง", "the user, the password or the hospital code is wrong")
    return Problem(Category.UNAUTHENTICATED, "SIGN_IN_WRONG", words)
