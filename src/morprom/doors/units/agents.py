"""`/api/UpdateAgentStatus` and `/api/GetAgentComputerName`: which machine sends for a hospital (section 8)."""

from typing import assert_never

from litestar import Response, post

from morprom.doors.wire import Call
from morprom.kernel import Category, Problem, Words
from morprom.oversight import AgentReport, AnotherSends, Noted, TooSoon, report_error, report_status, sending_agent
from morprom.units import Account


@post("/api/UpdateAgentStatus", status_code=200)
async def update_agent_status(request: Call) -> Response[bytes]:
    """What the agent does now, or with `mode=Error` what went wrong; 429 within 5 s, 409 while another sends."""
    account, fields = await _sender(request)
    services = request.services
    now, status = services.clock(), fields.get("agent_status", "")
    async with services.intake.transaction() as tx:
        if fields.get("mode", "").lower() == "error":
            outcome = await report_error(tx, account.hcode, status, now)
        else:
            report = AgentReport(
                fields.get("agent_computer_name", ""),
                status,
                fields.get("agent_version", ""),
                fields.get("most_client_version", ""),
            )
            outcome = await report_status(tx, account.hcode, report, now)
    match outcome:
        case Noted():
            return request.answer(True)
        case TooSoon():
            words = Words("ส่งสถานะได้ทุก 5 วินาที", "a status may be sent every 5 seconds")
            raise Problem(Category.TOO_MANY, "STATUS_TOO_SOON", words, retry_after=outcome.wait)
        case AnotherSends():
            words = Words(
                f"เครื่อง {outcome.computer_name} กำลังส่งข้อมูลอยู่", f"the computer {outcome.computer_name} is sending now"
            )
            raise Problem(Category.CONFLICT, "ANOTHER_AGENT_SENDS", words)
        case _:
            assert_never(outcome)


@post("/api/GetAgentComputerName", status_code=200)
async def get_agent_computer_name(request: Call) -> Response[bytes]:
    """The name of the computer that sends now; "" when none was heard of for 2 minutes."""
    account, _ = await _sender(request)
    services = request.services
    async with services.intake.transaction() as tx:
        name = await sending_agent(tx, account.hcode, services.clock())
    return request.answer(name or "")


async def _sender(request: Call) -> tuple[Account, dict[str, str]]:
    account = await request.account()
    account.demand_sending()
    fields = await request.fields()
    account.demand_unit(fields.get("hospital_code") or account.hcode)
    return account, fields
