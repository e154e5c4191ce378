"""`/oidc/revoke`: a client gives a token back (RFC 7009)."""

from litestar import Response, post

from morprom.doors.openid.reply import caller_of, failed, form_of, told
from morprom.doors.wire import Call
from morprom.federation import Refused
from morprom.federation.read_request import invalid
from morprom.federation.revoke import revoke_token
from morprom.kernel import Secret


@post("/oidc/revoke", status_code=200)
async def revocation(request: Call) -> Response[bytes]:
    """200 whatever the token is: what is not of use any more is what was wanted (section 2.2)."""
    asked = await form_of(request)
    async with request.services.identity.transaction() as tx:
        party = await caller_of(tx, request, asked)
        if isinstance(party, Refused):
            return failed(party)
        if not asked.one("token"):
            return failed(invalid("token is required"))
        await revoke_token(tx, party, Secret(asked.one("token")), request.services.clock())
    return told({})
