"""`/idp/api/check_ekyc`: how often somebody was proofed here (wire protocol, section 8). 0: never."""

from typing import Final

from litestar import Response, post

from morprom.audit import Basis, Content, Entry, Outcome, record
from morprom.doors.units.turnstile import Turnstile
from morprom.doors.wire import Call, incorrect
from morprom.kernel import Category, Cid, Problem, Words
from morprom.people import Identifier, Scheme, find
from morprom.proofing import count_redeemed
from morprom.units import Account, Permission

ACTION: Final = "check_ekyc"
AT_ONCE: Final = 60
A_SECOND: Final = 0.2
"""A counter asks about who stands before it: sixty at hand, and one more every five seconds for an account."""

_turnstile: Final = Turnstile(at_once=AT_ONCE, a_second=A_SECOND)


@post("/idp/api/check_ekyc", status_code=200)
async def check_ekyc(request: Call) -> Response[bytes]:
    """The count of proofings whose slip was redeemed. Who was asked about, and by whom, is written down first."""
    account = await request.account()
    account.demand(Permission.IDP)
    members = {name.lower(): value for name, value in (await request.json_object()).items()}
    cid = Cid.parse(members.get("cid"))
    if cid is None:
        raise incorrect("CID_INVALID", "cid ต้องเป็นเลขประจำตัวประชาชนที่ถูกต้อง", "cid is not a valid citizen number")
    _pass(account)
    services = request.services
    content = Content(action=ACTION, who=account.name or account.login, is_shared_account=not account.is_personal)
    async with services.reader.transaction() as tx:
        person = await find(tx, services.ring, Identifier(Scheme.CID, cid.digits))
        entry = Entry(
            Basis.UNIT, Outcome.PERMITTED, content, person.person_id if person else None, account.account_id,
            account.hcode,
        )  # fmt: skip
        await record(tx, entry, person.data_key if person else services.ring)
    if person is None:
        return request.answer(0)
    async with services.identity.transaction() as tx:
        return request.answer(await count_redeemed(tx, person.person_id))


def _pass(account: Account) -> None:
    """Nobody runs through the numbers of a province. Raises Problem TOO_MANY_ASKED."""
    try:
        _turnstile.pass_or_wait(str(account.account_id))
    except Problem as problem:
        words = Words("ถามถี่เกินไป โปรดรอ", "too many questions; wait a moment")
        raise Problem(Category.TOO_MANY, "TOO_MANY_ASKED", words, retry_after=problem.retry_after) from None
