"""`/api/PHRSetting`: whether the owner shares their record (wire protocol, section 7)."""

from litestar import Response, post

from morprom.access import Permit, Refusal
from morprom.access.controls import SETTING
from morprom.doors.reader.owner import claimant, desk_of, opened, truth_of
from morprom.doors.reader.reading import refused
from morprom.doors.wire import Call, incorrect


@post("/api/PHRSetting", status_code=200)
async def phr_setting(request: Call) -> Response[bytes]:
    """`mode=set {cid, share_phr}` and `mode=get {cid}`, by a Health ID session of AAL 2.2 of the last five minutes."""
    mode = request.query_fields().get("mode", "").lower()
    if mode not in ("set", "get"):
        raise incorrect("MODE_UNKNOWN", "mode ต้องเป็น set หรือ get", "mode is set or get")
    session, cid, members = await opened(request)
    share = truth_of(members.get("share_phr")) if mode == "set" else None
    desk = desk_of(request.services)
    async with request.services.reader.transaction() as tx:
        owner = await claimant(request, tx, session, cid)
        if share is None:
            answer = await desk.read(tx, owner, SETTING)
        else:
            answer = await desk.set_sharing(tx, owner, share=share)
    if isinstance(answer, Refusal):
        return refused(request, answer)
    permit, controls = answer
    return request.answer({"cid": _opaque(permit), "share_phr": controls.share_phr})


def _opaque(permit: Permit) -> str:
    """What stands for the number: the same every time, keyed for this person, and never made of the number."""
    return permit.row_key(b"cid")
