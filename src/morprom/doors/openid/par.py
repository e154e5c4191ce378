"""`/oidc/par`: a client hands its request in before anybody is sent here (RFC 9126; RFC 9449, section 10.1)."""

import msgspec
from litestar import Response, post

from morprom.doors.openid.reply import caller_of, failed, form_of, proof_of, told
from morprom.doors.wire import Call
from morprom.federation import Party, Refused, Request, waiting
from morprom.federation.dpop import refused
from morprom.federation.read_request import Asked, invalid, request_of, way_of
from morprom.storage import Tx

PATH = "/oidc/par"


@post(PATH, status_code=201)
async def push_request(request: Call) -> Response[bytes]:
    """A `request_uri` that lives for a minute and a half."""
    asked = await form_of(request)
    async with request.services.identity.transaction() as tx:
        found = await _pushed(tx, request, asked)
    if isinstance(found, Refused):
        return failed(found)
    return told({"request_uri": found, "expires_in": waiting.PUSHED_SECONDS}, status=201)


async def _pushed(tx: Tx, request: Call, asked: Asked) -> str | Refused:
    party = await caller_of(tx, request, asked)
    if isinstance(party, Refused):
        return party
    if "request_uri" in asked.values:
        return invalid("request_uri has no place here (RFC 9126, section 2.1)")
    read = _read(asked, party)
    if isinstance(read, Refused):
        return read
    jkt = await proof_of(tx, request, PATH)
    if isinstance(jkt, Refused):
        return jkt
    if jkt and read.dpop_jkt not in ("", jkt):
        return refused("dpop_jkt is not the key of the DPoP proof")
    bound = msgspec.structs.replace(read, dpop_jkt=jkt or read.dpop_jkt)
    return await waiting.push(tx, party, bound, request.services.clock())


def _read(asked: Asked, party: Party) -> Request | Refused:
    way = way_of(asked, party)
    if way is None:
        return invalid("redirect_uri is missing or not registered")
    return request_of(asked, party, way)
