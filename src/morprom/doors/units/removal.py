"""`/api/RemoveEncounter`: a hospital takes a visit back (wire protocol, section 8).

A GET that deletes is what clients speak; POST and DELETE do the same. HEAD is not routed, so it never acts.
"""

from typing import Final

from litestar import Response, route

from morprom.doors.wire import Call, incorrect
from morprom.intake import remove
from morprom.intake.model import RemovalState
from morprom.kernel import Hcode, Words
from morprom.recordstore import UnitRefs
from morprom.units import Account

HELD: Final = Words(
    "มีการลบจำนวนมากในหนึ่งชั่วโมง คำขอนี้รอการยืนยันจากหน่วยบริการ",
    "many removals within an hour: this one is held until the unit confirms it",
)


@route("/api/RemoveEncounter", http_method=["GET", "POST", "DELETE"], status_code=200)
async def remove_encounter(request: Call) -> Response[bytes]:
    """How many visits were removed; 0 when there is none of that ref, or when the removal is held."""
    services = request.services
    account = await request.account()
    account.demand_sending()
    fields = await request.fields()
    account.demand_unit(fields.get("hospital_code") or account.hcode)
    ref = own_number(fields.get("encounter_ref_code", ""), account)
    if not ref:
        raise incorrect("REF_MISSING", "ไม่มี encounter_ref_code", "encounter_ref_code is missing")
    sealed = UnitRefs(await services.directory.ref_key(account.hcode)).sealed(ref)
    async with services.intake.transaction() as tx:
        removed = await remove(
            tx, services.ring, account.hcode, [sealed], account_id=account.account_id, reason="RemoveEncounter"
        )
    message = str(HELD) if removed.state is RemovalState.HELD else "OK"
    return request.answer(removed.count, message=message)


def own_number(code: str, account: Account) -> str:
    """The hospital's own number in `code`, given with or without `hcode:` in front. Raises Problem OTHER_HOSPITAL."""
    hcode, colon, ref = code.partition(":")
    if colon and Hcode.parse(hcode):
        account.demand_unit(hcode)
        return ref.strip()
    return code
