"""`/api/OrganizationSummary`: what arrived, a day's refs or a month's counts (wire protocol, section 8)."""

from datetime import date
from typing import Any

from litestar import Response, get

from morprom.doors.services import Services
from morprom.doors.units.disputed import disputed_rows
from morprom.doors.wire import Call, day_of, incorrect
from morprom.kernel import BANGKOK
from morprom.oversight import DaySummary, month_summary
from morprom.recordstore import UnitRefs, refs_of_day, register
from morprom.units import Permission


@get("/api/OrganizationSummary")
async def organization_summary(request: Call) -> Response[bytes]:
    """`data=encounter_ref_code` and a date, `month_summary` and a month, `patient_chronic_registry` and a cd_code."""
    account = await request.account()
    account.demand(Permission.HIE, Permission.REPORT)
    fields = request.query_fields()
    account.demand_unit(fields.get("hospital_code") or account.hcode)
    match fields.get("data", "").lower():
        case "encounter_ref_code":
            result: list[Any] = await _refs(request.services, account.hcode, _day(fields, "date"))
        case "month_summary":
            result = await _month(request.services, account.hcode, _day(fields, "month"))
        case "patient_chronic_registry":
            result = await _registry(request.services, account.hcode, fields.get("cd_code") or None)
        case "disputed":
            result = await disputed_rows(request.services, account)
        case _:
            raise incorrect("DATA_UNKNOWN", "ไม่รู้จัก data นี้", "there is no such data")
    return request.answer(result)


async def _refs(services: Services, hcode: str, day: date) -> list[str]:
    ref_key = await services.directory.ref_key(hcode)
    async with services.oversight.transaction() as tx:
        return await refs_of_day(tx, hcode, day, ref_key)


async def _registry(services: Services, hcode: str, code: str | None) -> list[str]:
    """The hospital's own numbers of the entries of one disease, or of all."""
    refs = UnitRefs(await services.directory.ref_key(hcode))
    async with services.oversight.transaction() as tx:
        return sorted((await register(tx, hcode, refs, code)).values())


async def _month(services: Services, hcode: str, month: date) -> list[dict[str, Any]]:
    today = services.clock().astimezone(BANGKOK).date()
    async with services.oversight.transaction() as tx:
        return [_row(day) for day in await month_summary(tx, hcode, month, today)]


def _row(day: DaySummary) -> dict[str, Any]:
    return {
        "date": day.day.isoformat(),
        "encounter_count": day.opd + day.ipd,
        "opd_count": day.opd,
        "ipd_count": day.ipd,
        "his_opd_count": day.his_opd,
        "his_ipd_count": day.his_ipd,
        "percent": day.percent,
    }


def _day(fields: dict[str, str], name: str) -> date:
    day = day_of(fields.get(name, ""))
    if day is None:
        raise incorrect("DATE_INVALID", f"{name} ต้องเป็นวันที่แบบ 2026-04-01", f"{name} is a date such as 2026-04-01")
    return day
