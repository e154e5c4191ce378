"""`/api/PatientChronicRegisterv1?mode=remove&cd_code=`: a hospital takes entries of one disease out (section 3)."""

from litestar import Response

from morprom.doors.units.outcome import ITEMS
from morprom.doors.units.removal import HELD, own_number
from morprom.doors.wire import Call, incorrect, read_body
from morprom.intake import unregister
from morprom.intake.model import RemovalState
from morprom.mophphr import Rejected, read_ref_list
from morprom.units import Account


async def take_out(request: Call, account: Account) -> Response[bytes]:
    """How many entries were removed. The body is an array of their numbers; an empty one means all of that disease."""
    services = request.services
    fields = request.query_fields()
    account.demand_unit(fields.get("hospital_code") or account.hcode)
    code = fields.get("cd_code", "")
    if not code:
        raise incorrect("CD_CODE_MISSING", "ไม่มี cd_code", "cd_code is missing")
    body = await read_body(request.scope, request.receive, services.settings)
    refs = read_ref_list(body, nesting_limit=services.settings.nesting_limit)
    if isinstance(refs, Rejected):
        return request.rejected(refs)
    numbers = [own_number(ref, account) for ref in refs]
    ref_key = await services.directory.ref_key(account.hcode)
    async with services.intake.transaction() as tx:
        removed = await unregister(
            tx, services.ring, account.hcode, ref_key, code, numbers, account_id=account.account_id
        )  # fmt: skip
    if removed.count:
        ITEMS.add("PatientChronicRegisterv1", "removed", count=removed.count)
    message = str(HELD) if removed.state is RemovalState.HELD else "OK"
    return request.answer(removed.count, message=message)
