"""`/api/WebApp?Action=ReportEncounter`: the owner says that a visit is wrong (wire protocol, section 7)."""

from typing import Any

from litestar import Response

from morprom.access import Refusal
from morprom.access.controls import REPORT, NoSuchVisit
from morprom.access.owner import Controls
from morprom.doors.reader.owner import claimant, desk_of, no_such_visit, opened, visit_of
from morprom.doors.reader.reading import refused
from morprom.doors.wire import Call, incorrect, text_of


async def report_encounter(request: Call) -> Response[bytes]:
    """`mode=ADD {cid, encounter_ref_code, reason_text}`, `DELETE`, `LIST {cid}`. GET lists, and changes nothing."""
    mode = request.query_fields().get("mode", "").lower()
    if mode not in ("add", "delete", "list"):
        raise incorrect("MODE_UNKNOWN", "mode ต้องเป็น ADD, DELETE หรือ LIST", "mode is ADD, DELETE or LIST")
    if request.method != "POST" and mode != "list":
        raise incorrect("POST_NEEDED", "ต้องใช้ POST", "this changes something, so it takes a POST")
    session, cid, members = await opened(request)
    visit = None if mode == "list" else await visit_of(request.services, members)
    reason = text_of(members.get("reason_text")) if mode == "add" else None
    desk = desk_of(request.services)
    async with request.services.reader.transaction() as tx:
        owner = await claimant(request, tx, session, cid)
        answer = await (desk.read(tx, owner, REPORT) if visit is None else desk.report(tx, owner, visit, reason))
    match answer:
        case Refusal():
            return refused(request, answer)
        case NoSuchVisit():
            return no_such_visit(request)
        case Controls():
            return request.answer(len(answer.reported))
        case (_, controls):
            return request.answer(_rows(controls))


def _rows(controls: Controls) -> list[dict[str, Any]]:
    return [
        {
            "encounter_ref_code": report.ref,
            "organization_code": report.ref.partition(":")[0],
            "reason_text": report.reason,
            "report_datetime": round(report.at.timestamp() * 1000),
        }
        for report in controls.reported
    ]
