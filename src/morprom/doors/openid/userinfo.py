"""`/oidc/userinfo`: what a token may learn of its person (OpenID Connect Core, section 5.3; RFC 6750; RFC 9449)."""

from typing import Any

from litestar import Response, route
from litestar.enums import HttpMethod

from morprom.doors.openid.reply import authorization_of, challenge, form_of, proof_of, told
from morprom.doors.wire import Call
from morprom.federation import Refused
from morprom.federation.about import userinfo as about
from morprom.federation.model import LiveToken
from morprom.federation.read_request import Asked, invalid
from morprom.federation.sign_ins import ACCESS, live_token
from morprom.kernel import Secret, Words
from morprom.storage import Tx

PATH = "/oidc/userinfo"
SCHEMES = {"bearer": "Bearer", "dpop": "DPoP"}


@route(PATH, http_method=[HttpMethod.GET, HttpMethod.POST], status_code=200)
async def userinfo(request: Call) -> Response[bytes]:
    """The claims. The token comes in the header, or in the body of a POST; never in the address."""
    asked = await form_of(request) if request.method == "POST" else Asked({})
    scheme, given = authorization_of(request)
    in_body = asked.one("access_token")
    if in_body and given:
        return _refused("Bearer", invalid("the token comes in one way (RFC 6750, section 2)"))
    if in_body:
        scheme, given = "bearer", in_body
    if scheme not in SCHEMES or not given:
        headers = {"www-authenticate": _both()}
        return told({"error": "invalid_token", "error_description": "a token is required"}, status=401, headers=headers)
    async with request.services.identity.transaction() as tx:
        found = await _about(tx, request, SCHEMES[scheme], Secret(given))
    return _refused(SCHEMES[scheme], found) if isinstance(found, Refused) else told(found)


async def _about(tx: Tx, request: Call, scheme: str, token: Secret[str]) -> dict[str, Any] | Refused:
    now = request.services.clock()
    live = await live_token(tx, request.services.ring, token, now)
    if live is None or live.kind != ACCESS:
        return _invalid_token()
    if fault := await _binding(tx, request, scheme, token, live):
        return fault
    if "openid" not in live.scopes:
        return Refused("insufficient_scope", Words("token ไม่มี scope openid", "the token is not for openid"))
    return await about(tx, request.services.ring, live, now)


async def _binding(tx: Tx, request: Call, scheme: str, token: Secret[str], live: LiveToken) -> Refused | None:
    """What is wrong with how a token is shown: a bound one comes with a proof of its key, another as a bearer token."""
    if (scheme == "DPoP") != (live.jkt is not None):
        return _invalid_token()
    if live.jkt is None:
        return None
    jkt = await proof_of(tx, request, PATH, token)
    if isinstance(jkt, Refused):
        return jkt
    return None if jkt == live.jkt else _invalid_token()


def _invalid_token() -> Refused:
    return Refused("invalid_token", Words("token ใช้ไม่ได้แล้ว", "the token is of no use, or not shown as it must be"))


def _refused(scheme: str, refusal: Refused) -> Response[bytes]:
    status = {"insufficient_scope": 403, "invalid_request": 400}.get(refusal.error, 401)
    said = {"error": refusal.error, "error_description": refusal.words.en}
    return told(said, status=status, headers=challenge(scheme, refusal))


def _both() -> str:
    return ", ".join(challenge(scheme)["www-authenticate"] for scheme in ("DPoP", "Bearer"))
