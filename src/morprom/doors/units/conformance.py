"""`/api/Conformance`: what the software of a test hospital has tried in the last day, and what is left (ours)."""

from datetime import datetime
from typing import Any

from litestar import Response, get

from morprom.doors.wire import Call
from morprom.kernel import BANGKOK, Category, Mode, Problem, Words
from morprom.oversight import exercise
from morprom.oversight.model import ChecklistRow
from morprom.units import Permission

TEST_UNITS_ONLY = Words(
    "ระบบจริงมีรายการตรวจสอบเฉพาะหน่วยบริการทดสอบ", "production keeps a checklist for test hospitals only"
)


@get("/api/Conformance")
async def conformance(request: Call) -> Response[bytes]:
    """`{hospital_code, since, done, total, items}`, in the order of the checklist."""
    services = request.services
    account = await request.account()
    account.demand(*Permission)
    account.demand_unit(request.query_fields().get("hospital_code") or account.hcode)
    unit = await services.directory.unit(account.hcode)
    if services.settings.mode is Mode.PRODUCTION and not (unit and unit.is_test):
        raise Problem(Category.FORBIDDEN, "TEST_UNITS_ONLY", TEST_UNITS_ONLY)
    now = services.clock()
    async with services.oversight.transaction() as tx:
        rows = await exercise.checklist_of(tx, account.hcode, now)
    return request.answer(
        {
            "hospital_code": str(account.hcode),
            "since": _wall_clock(exercise.since(now)),
            "done": sum(row.last_at is not None for row in rows),
            "total": len(rows),
            "items": [_item(row) for row in rows],
        }
    )


def _item(row: ChecklistRow) -> dict[str, Any]:
    """`how` is the call to make, in the protocol's own words; `how_th` and `how_en` what to send with it."""
    item = row.item
    return {
        "id": item.id,
        "group": item.group.en,
        "group_th": item.group.th,
        "th": item.words.th,
        "en": item.words.en,
        "done": row.last_at is not None,
        "last_at": _wall_clock(row.last_at) if row.last_at else None,
        "how": item.line,
        "how_th": item.how.th,
        "how_en": item.how.en,
    }


def _wall_clock(at: datetime) -> str:
    return at.astimezone(BANGKOK).strftime("%Y-%m-%dT%H:%M:%S")
