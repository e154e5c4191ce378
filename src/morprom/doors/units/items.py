"""The uploads of items other than visits: eight paths, one reply (wire protocol, section 3).

Account Center token only; an upload token is none.
"""

import time
from dataclasses import dataclass
from typing import Final

from litestar import Response, post

from morprom.doors.services import Services
from morprom.doors.units.exercised import note_upload
from morprom.doors.units.hospital import wrong_hospital
from morprom.doors.units.outcome import count_items, result_of
from morprom.doors.units.unregister import take_out
from morprom.doors.wire import Call, incorrect, read_body
from morprom.identity.provider_sessions import vouches
from morprom.intake import Received, Sender, receive_items
from morprom.intake.model import RemovalState
from morprom.kernel import Mode
from morprom.mophphr import Finding, ItemsUpload, Rejected, finding, read_items_upload, upload_notes
from morprom.mophphr.item_calls import ITEM_CALLS, ItemCall
from morprom.record import Kind
from morprom.units import Account

PATHS: Final = [f"/api/{call.name}" for call in ITEM_CALLS.values()]


@post(PATHS, status_code=200)
async def items(request: Call) -> Response[bytes]:
    """Store the items; the result is `{receipt_id, new, same, changed, moved, removed}`."""
    account = await request.account()
    account.demand_sending()
    call = ITEM_CALLS[request.url.path.rpartition("/")[2].lower()]
    mode = request.query_fields().get("mode", "").lower()
    if mode == "remove" and call.kind is Kind.CHRONIC_REGISTER:
        return await take_out(request, account)
    if mode:
        raise incorrect("MODE_UNKNOWN", "ไม่รู้จัก mode นี้", "there is no such mode of this call")
    return await _store(request, account, call)


async def _store(request: Call, account: Account, call: ItemCall) -> Response[bytes]:
    services = request.services
    started = request.started
    body = await read_body(request.scope, request.receive, services.settings)
    read_at = time.monotonic()
    upload = _parsed(request, call, body)
    if isinstance(upload, Rejected):
        return request.rejected(upload)
    wrong = await wrong_hospital(services.directory, upload.hcode or account.hcode, account.hcode)
    if wrong:
        fault = wrong.fault
        message = f"{fault.path}: {fault.th} / {fault.en}"
        return request.answer(None, status=wrong.status, message=message, extra={"processing_issue": (fault,)})
    parsed_at = time.monotonic()
    received = await receive_items(
        upload,
        account.hcode,
        Sender(account.account_id, may_remove=True),
        await services.directory.ref_key(account.hcode),
        writer=services.writer,
        database=services.intake,
        ring=services.ring,
        providers=_Providers(services),
    )
    count_items(call.name, received)
    note_upload(request.scope, upload, received)
    stages = {
        "read": (read_at - started) * 1000,
        "parse": (parsed_at - read_at) * 1000,
        "write": (time.monotonic() - parsed_at) * 1000,
    }
    findings = (*upload.findings, *_told(upload, received))
    return request.answer(result_of(received), extra=upload_notes(findings, stages))


@dataclass(frozen=True, slots=True)
class _Providers:
    """Who prescribed: a token that holds, and the sign-in that it comes from. The simulator's has none."""

    services: Services

    async def verified_provider(self, token: str, hcode: str) -> str | None:
        services = self.services
        provider_id = services.providers.verified_provider(token, hcode)
        jti = services.providers.session_named(token) if provider_id else None
        if jti is None:
            return provider_id
        async with services.identity.transaction() as tx:
            return provider_id if await vouches(tx, services.ring, jti, hcode, services.clock()) else None


def _parsed(request: Call, call: ItemCall, body: bytes) -> ItemsUpload | Rejected:
    settings = request.services.settings
    return read_items_upload(
        call,
        body,
        item_limit=settings.encounter_limit,
        nesting_limit=settings.nesting_limit,
        test_person_allowed=settings.mode is not Mode.PRODUCTION,
    )


def _told(upload: ItemsUpload, received: Received) -> list[Finding]:
    """What storing found out: proofs that do not hold, and what a whole list did to what it leaves out."""
    array = (None, upload.call.array)
    indices = _indices(upload) if received.unverified else []
    told = [
        finding("PROVIDER_TOKEN_INVALID", (((array, indices[place]), "requester"), "providerToken"))
        for place in received.unverified
    ]
    if received.removed and received.removed.state is RemovalState.HELD:
        told.append(finding("ITEM_REMOVAL_HELD", array))
    elif received.removed and received.removed.count:
        told.append(finding("ITEMS_REMOVED", array))
    return told


def _indices(upload: ItemsUpload) -> list[int]:
    """Where in the array each item was: those that a later one of the same key replaced are not among the items."""
    replaced = {one.path.rpartition("/")[2] for one in upload.findings if one.code == "DUPLICATE_REF"}
    everything = range(len(upload.items) + len(replaced))
    return [index for index in everything if str(index) not in replaced]
