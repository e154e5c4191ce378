"""`/api/OrganizationSummary?data=disputed`: visits that their owners hid or reported as wrong (section 7, ours)."""

from datetime import datetime
from typing import Any

from morprom.doors.services import Services
from morprom.recordstore import disputed_visits
from morprom.units import Account, Permission


async def disputed_rows(services: Services, account: Account) -> list[dict[str, Any]]:
    """The list of the account's own hospital, oldest first. It holds the owners' words, so counts alone do not do."""
    account.demand(Permission.HIE)
    ref_key = await services.directory.ref_key(account.hcode)
    async with services.intake.transaction() as tx:
        disputed = await disputed_visits(tx, services.ring, account.hcode, ref_key, account_id=account.account_id)
    return [
        {
            "encounter_ref_code": one.ref,
            "is_masked": one.masked_at is not None,
            "is_reported": one.reported_at is not None,
            "reason_text": one.reason,
            "mask_datetime": _epoch_ms(one.masked_at),
            "report_datetime": _epoch_ms(one.reported_at),
        }
        for one in disputed
    ]


def _epoch_ms(at: datetime | None) -> int | None:
    return round(at.timestamp() * 1000) if at else None
