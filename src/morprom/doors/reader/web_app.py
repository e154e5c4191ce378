"""`/api/WebApp`: a person's record, read with the code that the person gave (wire protocol, sections 5 and 6).

The try is counted, the permit decided and the line of history committed before the first byte of the answer leaves.
"""

from dataclasses import dataclass, field

from litestar import Response, route

from morprom.access import Actor, Refusal, Tier, current_policy, read_with_code, validate_code
from morprom.doors.reader.reading import cid_of, identifier_of, members_of, otp_of, reader_of, refused
from morprom.doors.wire import Call, incorrect
from morprom.kernel import BANGKOK, Category, Cid, Problem, Words
from morprom.mophphr.view import KINDS_NEEDED, render
from morprom.people import find

VALIDATE = "validateotp"
REQUEST = "requestotp"
NEEDS_HEALTH_ID = Words(
    "การอ่านโดยไม่ใช้รหัสต้องใช้ Health ID ซึ่งระบบนี้ยังไม่เปิดรับ โปรดขอรหัสด้วย RequestTokenv1",
    "reading without a code takes a Health ID token, which is not accepted here yet; ask for a code by RequestTokenv1",
)


@route("/api/WebApp", http_method=["GET", "POST"], status_code=200)
async def web_app(request: Call) -> Response[bytes]:
    """One Action. GET, and POST without a code, are the Health ID's, whose tokens are not accepted yet: 401."""
    wanted = request.query_fields().get("action", "")
    action = current_policy().action_of(wanted)
    if action is None and wanted.lower() not in (VALIDATE, REQUEST):
        raise incorrect("ACTION_UNKNOWN", "ไม่รู้จัก Action นี้", "there is no such Action")
    members = await members_of(request) if request.method == "POST" else {}
    otp = otp_of(members)
    if not otp or wanted.lower() == REQUEST:
        raise Problem(Category.UNAUTHENTICATED, "HEALTH_ID_NEEDED", NEEDS_HEALTH_ID)
    actor = await reader_of(request)
    code = Code(cid_of(members), actor, otp)
    if action is None:
        return await _validate(request, code)
    return await _read(request, code, *action)


@dataclass(frozen=True, slots=True)
class Code:
    """Who comes with which code for whose record."""

    cid: Cid
    actor: Actor
    text: str = field(repr=False)


async def _validate(request: Call, code: Code) -> Response[bytes]:
    async with request.services.reader.transaction() as tx:
        person = await find(tx, request.services.ring, identifier_of(code.cid))
        answer = await validate_code(
            tx, request.services.ring, current_policy(), person=person, actor=code.actor, code=code.text
        )  # fmt: skip
    if isinstance(answer, Refusal):
        return refused(request, answer)
    ends = answer.until.astimezone(BANGKOK).strftime("%Y-%m-%dT%H:%M:%S") if answer.until else None
    return request.answer({"valid": True, "expire_datetime": ends})


async def _read(request: Call, code: Code, action: str, tier: Tier) -> Response[bytes]:
    organizations = await request.services.directory.organizations()
    async with request.services.reader.transaction() as tx:
        person = await find(tx, request.services.ring, identifier_of(code.cid))
        answer = await read_with_code(
            tx, request.services.ring, current_policy(), person=person, actor=code.actor, code=code.text,
            action=action, tier=tier, kinds=KINDS_NEEDED[action.lower()],
        )  # fmt: skip
    if isinstance(answer, Refusal):
        return refused(request, answer)
    permit, documents = answer
    query = request.query_fields()
    result = render(
        action, query.get("mode", ""), query.get("code", ""), documents,
        seeing=permit.seeing, cid=code.cid.digits, organizations=organizations, row_key=permit.row_key,
        today=request.services.clock().astimezone(BANGKOK).date(),
    )  # fmt: skip
    return request.answer(result)
