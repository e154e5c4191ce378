"""`/v1/oauth2/token`: the newer flow of Provider ID. A code or a refresh token for tokens; form with HTTP Basic."""

import base64
import binascii
from urllib.parse import unquote_plus

from litestar import Response, post

from morprom.audit import Outcome
from morprom.doors.faces.answers import CREDENTIAL_TH, OF_CODES_TH, provider_refused, success
from morprom.doors.faces.ask import NOT_PROVIDER
from morprom.doors.faces.known import line
from morprom.doors.faces.provider import Signed, sign, signed_for
from morprom.doors.faces.said import Said, demand_face, members_of
from morprom.doors.wire import Call
from morprom.identity.face_model import PROVIDER_ID, FaceClient, FaceRefused
from morprom.identity.faces import DENIED, INVALID, authenticate_face, note_session, take_code
from morprom.identity.provider_sessions import new_refresh, take_refresh
from morprom.kernel import Secret
from morprom.staff import provider_of
from morprom.storage import Tx

NO_STAFF = FaceRefused(NOT_PROVIDER.en, 400)


@post("/v1/oauth2/token", status_code=200)
async def provider_oauth_token(request: Call) -> Response[bytes]:
    """`grant_type` is authorization_code, or refresh_token, which is good once."""
    demand_face(request, PROVIDER_ID)
    services, said = request.services, await members_of(request)
    client_id, secret = _credentials(request, said)
    async with services.identity.transaction() as tx:
        client = await authenticate_face(tx, services.ring, client_id, secret, PROVIDER_ID)
        if isinstance(client, FaceRefused):
            return provider_refused(401, client.words, CREDENTIAL_TH, {"www-authenticate": 'Basic realm="provider-id"'})
        answer = await _granted(tx, request, client, said)
        refresh = None if isinstance(answer, FaceRefused) else await new_refresh(tx, answer.session, services.clock())
    if isinstance(answer, FaceRefused) or refresh is None:
        refused = answer if isinstance(answer, FaceRefused) else DENIED
        await line(services, refused.person_id, client.client, "ProviderToken", Outcome.REFUSED, refused.words)
        return provider_refused(refused.status, refused.words, OF_CODES_TH.get(refused.words, NOT_PROVIDER.th))
    await line(services, answer.session.person_id, client.client, "ProviderToken")
    return success(answer.data | {"refresh_token": refresh.reveal()})


async def _granted(tx: Tx, request: Call, client: FaceClient, said: Said) -> Signed | FaceRefused:
    services, now = request.services, request.services.clock()
    match said.get("grant_type"):
        case "authorization_code" if said.get("code"):
            return await _by_code(tx, request, client, said)
        case "refresh_token" if said.get("refresh_token"):
            found = await take_refresh(tx, services.ring, client, Secret(said["refresh_token"]), now)
            provider = await provider_of(tx, services.ring, found[0].person_id) if found else None
            return await signed_for(services, tx, client, found[0], provider) if found and provider else DENIED
        case "authorization_code":
            return INVALID
        case _:
            return DENIED


async def _by_code(tx: Tx, request: Call, client: FaceClient, said: Said) -> Signed | FaceRefused:
    services = request.services
    code = Secret(said["code"])
    taken = await take_code(
        tx, services.ring, code, client, said.get("redirect_uri", ""), said.get("code_verifier", ""), services.clock()
    )  # fmt: skip
    if isinstance(taken, FaceRefused):
        return taken
    found, behind, _ = taken
    provider = await provider_of(tx, services.ring, found.person_id)
    if provider is None:
        return NO_STAFF
    signed = await sign(services, tx, client, behind, provider, found.scopes)
    await note_session(tx, code, signed.session.jti)
    return signed


def _credentials(request: Call, said: Said) -> tuple[str, Secret[str]]:
    """Of HTTP Basic, whose parts are form-encoded (RFC 6749, 2.3.1), else of the body."""
    scheme, _, packed = (request.authorization or b"").strip().partition(b" ")
    if scheme.lower() != b"basic":
        return said.get("client_id", ""), Secret(said.get("client_secret") or said.get("secret_key", ""))
    try:
        text = base64.b64decode(packed.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    client_id, _, secret = (unquote_plus(part) for part in text.partition(":"))
    return client_id, Secret(secret)
