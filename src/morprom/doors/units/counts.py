"""`/api/OrgEncounterSummary`: the visits of its days as a hospital counts them itself (wire protocol, section 3)."""

from litestar import Response, post

from morprom.doors.units.hospital import wrong_hospital
from morprom.doors.wire import Call, read_body
from morprom.mophphr import Rejected, read_counts_upload, upload_notes
from morprom.oversight import HospitalCount, keep_counts


@post("/api/OrgEncounterSummary", status_code=200)
async def org_encounter_summary(request: Call) -> Response[bytes]:
    """Keep the counts; the result is how many days they are of. The same day again replaces it."""
    services = request.services
    account = await request.account()
    account.demand_sending()
    body = await read_body(request.scope, request.receive, services.settings)
    upload = read_counts_upload(body, nesting_limit=services.settings.nesting_limit)
    if isinstance(upload, Rejected):
        return request.rejected(upload)
    wrong = await wrong_hospital(services.directory, upload.hcode, account.hcode)
    if wrong:
        message = f"{wrong.fault.path}: {wrong.fault.th} / {wrong.fault.en}"
        return request.answer(None, status=wrong.status, message=message, extra={"processing_issue": (wrong.fault,)})
    days = [HospitalCount(day.day, day.opd_encounters, day.ipd_encounters, day.ipd_discharges) for day in upload.days]
    async with services.intake.transaction() as tx:
        await keep_counts(tx, account.hcode, days, services.clock())
    return request.answer(len(days), extra=upload_notes(upload.findings))
