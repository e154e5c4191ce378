"""`/api/Explain`: what becomes of an upload, told to its programmer before it is sent (ours). Nothing is stored.

Whatever the payload is like, the reply is 200 and `result` says which status the real call would have; only what keeps
the call itself from being answered (sign-in, size, too often) is a failure.
"""

import asyncio
from typing import Final

from litestar import Response, post

from morprom.access import Tier, current_policy
from morprom.doors.units.turnstile import Turnstile
from morprom.doors.wire import Call, incorrect, read_body
from morprom.intake import compare
from morprom.kernel import BANGKOK, Mode
from morprom.mophphr.explain import CALLS, Explained, Limits, call_of, explain
from morprom.mophphr.model import CountsUpload
from morprom.mophphr.understood import ALONGSIDE, AnyUpload, Moment
from morprom.units import Account

THREAD_ABOVE: Final = 32_768
OBJECTS_ABOVE: Final = 500
"""A body of no more bytes and objects is explained within some milliseconds, others in a thread."""
HIGHEST: Final = Tier.T3  # what a one-time code opens at most; a test holds it to the policy

_CALLS = {call.lower(): call for call in CALLS}


@post("/api/Explain", status_code=200)
async def explain_upload(request: Call) -> Response[bytes]:
    """How the upload in the body is read, everything to mend, who would see what, and what it would change."""
    account = await _caller(request)
    turnstile: Turnstile = request.app.state.setdefault("turnstile", Turnstile())
    turnstile.pass_or_wait(str(account.account_id) if account else request.address)
    body = await read_body(request.scope, request.receive, request.services.settings)
    call, limits, moment = _named(request), _limits(request, account), await _moment(request)
    if len(body) > THREAD_ABOVE or body.count(b"{") > OBJECTS_ABOVE:
        async with turnstile.turn():
            found = await asyncio.to_thread(_explained, call, body, limits, moment)
    else:
        found = _explained(call, body, limits, moment)
    return request.answer(found.result | {"changes": await _changes(request, account, found.upload)})


def _explained(call: str, body: bytes, limits: Limits, moment: Moment) -> Explained:
    return explain(call or call_of(body), body, limits, moment)


async def _caller(request: Call) -> Account | None:
    """Whose token it is; nobody's where people are invented. Raises Problem (unauthenticated, forbidden)."""
    if request.authorization is None and request.services.settings.mode is not Mode.PRODUCTION:
        return None
    account = await request.account()
    account.demand_sending()
    return account


def _named(request: Call) -> str:
    """The upload that the query names, "" when it names none. Raises Problem CALL_UNKNOWN."""
    wanted = request.query_fields().get("call", "").removeprefix("/api/").strip("/")
    if wanted and wanted.lower() not in _CALLS:
        listed = ", ".join(CALLS)
        raise incorrect("CALL_UNKNOWN", f"call ต้องเป็นหนึ่งใน {listed}", f"call is one of {listed}")
    return _CALLS.get(wanted.lower(), "")


def _limits(request: Call, account: Account | None) -> Limits:
    settings = request.services.settings
    return Limits(
        encounters=settings.encounter_limit,
        nesting=settings.nesting_limit,
        test_person_allowed=settings.mode is not Mode.PRODUCTION,
        own=account.hcode if account else None,
    )


async def _moment(request: Call) -> Moment:
    now = request.services.clock()
    actions = current_policy().action
    return Moment(
        organizations=await request.services.directory.organizations(),
        reader_actions=frozenset(action for action, tier in actions.items() if tier <= HIGHEST),
        at=now,
        today=now.astimezone(BANGKOK).date(),
    )


async def _changes(request: Call, account: Account | None, upload: AnyUpload | None) -> list[dict[str, object]] | None:
    """What it would change of what its own hospital has stored; None when there is nobody to tell, or nothing."""
    if account is None or upload is None or isinstance(upload, CountsUpload):
        return None
    services = request.services
    key = await services.directory.ref_key(account.hcode)
    async with services.intake.transaction() as tx:
        differences = await compare(tx, services.ring, upload, key, account_id=account.account_id)
    return [
        {
            "ref": ALONGSIDE.get(one.kind, one.ref),
            "kind": one.kind.name.lower(),
            "outcome": one.outcome,
            "paths": one.paths,
        }
        for one in differences
    ]  # fmt: skip
