"""`/api/MaskEncounter`: the owner hides a visit from every other reader (wire protocol, section 7)."""

from typing import Any

from litestar import Response, post

from morprom.access import Refusal
from morprom.access.controls import MASK, Claimant, ControlDesk, NoSuchVisit
from morprom.doors.reader.owner import claimant, desk_of, no_such_visit, opened, truth_of, visit_of
from morprom.doors.reader.reading import refused
from morprom.doors.wire import Call, incorrect, text_of
from morprom.storage import Tx


@post("/api/MaskEncounter", status_code=200)
async def mask_encounter(request: Call) -> Response[bytes]:
    """`mode=set {cid, encounter_ref_code, mask}`, where mask is true unless given; `mode=get`, of one visit or all.

    Needs what PHRSetting does.
    """
    mode = request.query_fields().get("mode", "").lower()
    if mode not in ("set", "get"):
        raise incorrect("MODE_UNKNOWN", "mode ต้องเป็น set หรือ get", "mode is set or get")
    session, cid, members = await opened(request)
    visit = await visit_of(request.services, members) if mode == "set" else None
    masked = truth_of(members.get("mask"), default=True)
    desk = desk_of(request.services)
    async with request.services.reader.transaction() as tx:
        owner = await claimant(request, tx, session, cid)
        if visit is None:
            answer = await _read(tx, desk, owner, text_of(members.get("encounter_ref_code")))
        else:
            answer = await desk.set_mask(tx, owner, visit, masked=masked)
    match answer:
        case Refusal():
            return refused(request, answer)
        case NoSuchVisit():
            return no_such_visit(request)
        case None:
            return request.answer({"encounter_ref_code": visit.text if visit else "", "mask": masked})
        case _:
            return request.answer(answer)


async def _read(
    tx: Tx, desk: ControlDesk, owner: Claimant, ref: str
) -> Refusal | dict[str, Any] | list[dict[str, Any]]:
    """What is hidden. Of a visit that nobody has the answer is as of one that is shown."""
    answer = await desk.read(tx, owner, MASK)
    if isinstance(answer, Refusal):
        return answer
    masked = answer[1].masked
    if ref:
        return {"encounter_ref_code": ref, "mask": ref in masked}
    return [{"encounter_ref_code": each, "mask": True} for each in masked]
