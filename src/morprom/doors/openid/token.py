"""`/oidc/token`: tokens for a code or a refresh token (RFC 6749, sections 4.1.3 and 6; RFC 9449, section 5)."""

from typing import Any

from litestar import Response, post

from morprom.doors.openid.reply import caller_of, failed, form_of, proof_of, tokens_of, told
from morprom.doors.wire import Call
from morprom.federation import Issued, Party, Refused
from morprom.federation.dpop import refused
from morprom.federation.read_request import Asked, invalid
from morprom.federation.redeem import redeem_code
from morprom.federation.refresh import refresh
from morprom.kernel import Secret, Words
from morprom.storage import Tx

PATH = "/oidc/token"


@post(PATH, status_code=200)
async def token(request: Call) -> Response[bytes]:
    """New tokens."""
    asked = await form_of(request)
    async with request.services.identity.transaction() as tx:
        found = await _issued(tx, request, asked)
    return failed(found) if isinstance(found, Refused) else told(_reply(found))


async def _issued(tx: Tx, request: Call, asked: Asked) -> Issued | Refused:
    party = await caller_of(tx, request, asked)
    if isinstance(party, Refused):
        return party
    jkt = await proof_of(tx, request, PATH)
    if isinstance(jkt, Refused):
        return jkt
    if jkt is None and party.is_fapi:
        return refused("this client's tokens are bound to a key: a DPoP proof is required")
    match asked.one("grant_type"):
        case "authorization_code":
            return await _of_code(tx, request, party, asked, jkt)
        case "refresh_token":
            return await _of_refresh(tx, request, party, asked, jkt)
        case "":
            return invalid("grant_type is missing")
        case _:
            words = Words("ไม่รองรับ grant_type นี้", "grant_type is authorization_code or refresh_token")
            return Refused("unsupported_grant_type", words)


async def _of_code(tx: Tx, request: Call, party: Party, asked: Asked, jkt: str | None) -> Issued | Refused:
    code, redirect_uri, verifier = (asked.one(name) for name in ("code", "redirect_uri", "code_verifier"))
    if not code or not redirect_uri or not verifier:
        return invalid("code, redirect_uri and code_verifier are required")
    return await redeem_code(
        tx, request.services.ring, tokens_of(request), party, Secret(code), redirect_uri=redirect_uri,
        verifier=verifier, jkt=jkt, now=request.services.clock(),
    )  # fmt: skip


async def _of_refresh(tx: Tx, request: Call, party: Party, asked: Asked, jkt: str | None) -> Issued | Refused:
    given = asked.one("refresh_token")
    if not given:
        return invalid("refresh_token is required")
    return await refresh(
        tx, request.services.ring, tokens_of(request), party, Secret(given), scope=asked.one("scope"), jkt=jkt,
        now=request.services.clock(),
    )  # fmt: skip


def _reply(issued: Issued) -> dict[str, Any]:
    told: dict[str, Any] = {
        "access_token": issued.access.reveal(),
        "token_type": "DPoP" if issued.is_bound else "Bearer",
        "expires_in": issued.seconds,
        "scope": " ".join(issued.scopes),
    }
    if issued.refresh:
        told["refresh_token"] = issued.refresh.reveal()
    if issued.id_token:
        told["id_token"] = issued.id_token.reveal()
    return told
