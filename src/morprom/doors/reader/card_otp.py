"""`/api/GetPHROTP`: a one-time code for the access token that a shown card brought (wire protocol, section 5, way 2).

A card that a station of the unit signed for and DOPA says is valid opens T3; one that is merely reported, T2.
"""

from typing import Any, Final

from litestar import Response, post

from morprom.access import Ground, current_policy, issue_code
from morprom.doors.reader.reading import cid_of, identifier_of, members_of, reader_of
from morprom.doors.wire import Call, incorrect
from morprom.identity import card
from morprom.kernel import Category, Cid, Problem, Secret, Words, new_id
from morprom.people import find

LONGEST_TOKEN: Final = 200
REFUSED: Final = Words(
    "access_token ไม่ถูกต้อง หมดเวลา ใช้ไปแล้ว หรือไม่ใช่ของบุคคลหรือหน่วยบริการนี้",
    "the access token is wrong, too old, used, or not of this person or this hospital",
)


@post("/api/GetPHROTP", status_code=200)
async def get_phr_otp(request: Call) -> Response[bytes]:
    """The code, for the account that calls. One refusal for every way in which a token can fail."""
    actor = await reader_of(request)
    members = await members_of(request)
    cid = cid_of(members)
    brought = _token(members, cid)
    services = request.services
    async with services.reader.transaction() as tx:
        person = await find(tx, services.ring, identifier_of(cid))
        desk = card.Desk(actor.unit, actor.account_id, actor.name)
        token = await card.spend(tx, services.ring, brought, person, desk)
        if person is not None and not isinstance(token, card.CardRefused):
            grant_id = new_id()
            code = await issue_code(
                tx, services.ring, current_policy(),
                person=person, actor=actor, client=token.client, grant_id=grant_id,
                ground=Ground.CARD if token.is_vouched else Ground.CARD_REPORTED,
            )  # fmt: skip
            await card.note_grant(tx, token, grant_id)
            answer: str | None = code
        else:
            answer = None  # what was refused is in the history, so this commits too
    if answer is None:
        raise Problem(Category.FORBIDDEN, "CARD_TOKEN_REFUSED", REFUSED)
    return request.answer(answer)


def _token(members: dict[str, Any], cid: Cid) -> Secret[str]:
    """The access token, also as `/oauth2/token` gives it beside: behind the number and a colon."""
    token = members.get("access_token")
    if not isinstance(token, str) or not token.strip():
        raise incorrect("FIELD_MISSING", "ไม่มี access_token", "access_token is missing")
    return Secret(token.strip().removeprefix(f"{cid.digits}:")[:LONGEST_TOKEN])
