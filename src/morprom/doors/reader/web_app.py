"""`/api/WebApp`: a person's record (wire protocol, sections 5 and 6).

Which way in a call comes by follows from what it carries: the owner's Health ID token, a code with the account's
token, or for referrals that token alone. The permit is decided and the line of history committed before the first
byte of the answer leaves.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from litestar import Response, route

from morprom.access import Actor, Permit, Refusal, Tier, current_policy, read_with_code, validate_code
from morprom.access.health_id import read_as_owner
from morprom.access.referral import ACTION as REFERRAL
from morprom.access.referral import read_referrals
from morprom.doors.reader.owner import NEEDS_HEALTH_ID, owner_members, session_of
from morprom.doors.reader.reading import cid_of, identifier_of, local_text, members_of, otp_of, reader_of, refused
from morprom.doors.reader.report import report_encounter
from morprom.doors.reader.request_otp import request_otp
from morprom.doors.wire import Call, incorrect
from morprom.kernel import BANGKOK, Category, Cid, Problem
from morprom.mophphr.view import KINDS_NEEDED, render
from morprom.people import find
from morprom.record import Document

VALIDATE = "validateotp"
REQUEST = "requestotp"
REPORT = "reportencounter"


@route("/api/WebApp", http_method=["GET", "POST"], status_code=200)
async def web_app(request: Call) -> Response[bytes]:
    """One Action."""
    wanted = request.query_fields().get("action", "")
    action = current_policy().action_of(wanted)
    if action is None and wanted.lower() not in (VALIDATE, REQUEST, REPORT):
        raise incorrect("ACTION_UNKNOWN", "ไม่รู้จัก Action นี้", "there is no such Action")
    if wanted.lower() == REPORT:
        return await report_encounter(request)
    if action and request.services.health_ids.is_meant(request.authorization):
        return await _read_as_owner(request, *action)
    members = await members_of(request) if request.method == "POST" else {}
    if wanted.lower() == REQUEST and members:
        return await request_otp(request, members)
    if otp := otp_of(members):
        actor = await reader_of(request)
        code = Code(cid_of(members), actor, otp)
        return await (_read(request, code, *action) if action else _validate(request, code))
    if action and action[0] == REFERRAL and members:
        return await _read_referrals(request, members)
    raise Problem(Category.UNAUTHENTICATED, "HEALTH_ID_NEEDED", NEEDS_HEALTH_ID)


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
    return request.answer({"valid": True, "expire_datetime": local_text(answer.until) if answer.until else None})


async def _read(request: Call, code: Code, action: str, tier: Tier) -> Response[bytes]:
    show = await _view(request, action, code.cid)
    async with request.services.reader.transaction() as tx:
        person = await find(tx, request.services.ring, identifier_of(code.cid))
        answer = await read_with_code(
            tx, request.services.ring, current_policy(), person=person, actor=code.actor, code=code.text,
            action=action, tier=tier, kinds=KINDS_NEEDED[action.lower()],
        )  # fmt: skip
    if isinstance(answer, Refusal):
        return refused(request, answer)
    return request.answer(show(*answer))


async def _read_as_owner(request: Call, action: str, tier: Tier) -> Response[bytes]:
    session = await session_of(request)
    cid = cid_of(await owner_members(request))
    show = await _view(request, action, cid)
    async with request.services.reader.transaction() as tx:
        person = await find(tx, request.services.ring, identifier_of(cid))
        answer = await read_as_owner(
            tx, request.services.ring, current_policy(), person=person, session=session,
            action=action, tier=tier, kinds=KINDS_NEEDED[action.lower()],
        )  # fmt: skip
    if isinstance(answer, Refusal):
        return refused(request, answer)
    return request.answer(show(*answer))


async def _read_referrals(request: Call, members: dict[str, Any]) -> Response[bytes]:
    actor = await reader_of(request)
    cid = cid_of(members)
    show = await _view(request, REFERRAL, cid)
    async with request.services.reader.transaction() as tx:
        person = await find(tx, request.services.ring, identifier_of(cid))
        answer = await read_referrals(
            tx, request.services.ring, current_policy(), person=person, actor=actor,
            kinds=KINDS_NEEDED[REFERRAL.lower()], rows=show,
        )  # fmt: skip
    return refused(request, answer) if isinstance(answer, Refusal) else request.answer(answer)


async def _view(request: Call, action: str, cid: Cid) -> Callable[[Permit, Sequence[Document]], object]:
    """Renders what a permit shows; made before the transaction, in which nothing else is waited for."""
    organizations = await request.services.directory.organizations()
    query = request.query_fields()
    today = request.services.clock().astimezone(BANGKOK).date()

    def show(permit: Permit, documents: Sequence[Document]) -> object:
        return render(
            action, query.get("mode", ""), query.get("code", ""), documents,
            seeing=permit.seeing, cid=cid.digits, organizations=organizations, row_key=permit.row_key, today=today,
        )  # fmt: skip

    return show
