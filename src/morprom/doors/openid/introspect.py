"""`/oidc/introspect`: what a token is worth now (RFC 7662)."""

from litestar import Response, post

from morprom.doors.openid.reply import caller_of, failed, form_of, issuer_of, told
from morprom.doors.wire import Call
from morprom.federation import Refused
from morprom.federation.introspect import introspect
from morprom.kernel import Secret


@post("/oidc/introspect", status_code=200)
async def introspection(request: Call) -> Response[bytes]:
    """`active` and what stands behind it; to its own client and to resource servers."""
    asked = await form_of(request)
    services = request.services
    async with services.identity.transaction() as tx:
        party = await caller_of(tx, request, asked)
        if isinstance(party, Refused):
            return failed(party)
        given = Secret(asked.one("token"))
        found = await introspect(tx, services.ring, issuer_of(request), party, given, services.clock())
    return told(found)
