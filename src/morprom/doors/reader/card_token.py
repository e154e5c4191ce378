"""`/oauth2/token`: an access token for the code of the card page (wire protocol, section 5; RFC 6749, section 4.1.3).

The reply has OAuth's members beside those of the envelope; a failure has `error` as RFC 6749, section 5.2, names it.
"""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_plus

from litestar import Response, post

from morprom.doors.reader.card_request import CLIENT_ID, Pairs, form_of, only, repeated
from morprom.doors.wire import Call
from morprom.identity import Client, card, clients
from morprom.kernel import Secret, Words

NOT_KEPT: Final = {"pragma": "no-cache"}  # RFC 6749, section 5.1, beside cache-control, which every reply has
CLIENT_WRONG: Final = Words("ไม่รู้จักโปรแกรม หรือความลับไม่ถูกต้อง", "the client is not known, or its secret is wrong")
CODE_WRONG: Final = Words(
    "code ไม่ถูกต้อง หมดเวลา ใช้ไปแล้ว หรือไม่ตรงกับโปรแกรมหรือ redirect_uri",
    "the code is wrong, too old, used, or not of this client and redirect_uri",
)
INCOMPLETE: Final = Words("คำขอไม่ครบ หรือมีค่าซ้ำ", "a parameter is missing, or comes twice")
GRANT_TYPE: Final = Words("grant_type ต้องเป็น authorization_code", "grant_type is authorization_code")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client says that it is, and by which secret."""

    client_id: str
    secret: Secret[str] = field(repr=False)


@post("/oauth2/token", status_code=200)
async def card_token(request: Call) -> Response[bytes]:
    """A code becomes an access token, once."""
    form = await form_of(request)
    credentials = _credentials(request, form)
    if credentials is None or repeated(form):
        return _failed(request, "invalid_request", INCOMPLETE)
    client = await _client(request, credentials)
    if client is None:
        return _failed(request, "invalid_client", CLIENT_WRONG)
    grant_type, code, redirect_uri = (only(form, name) for name in ("grant_type", "code", "redirect_uri"))
    if grant_type and grant_type != "authorization_code":
        return _failed(request, "unsupported_grant_type", GRANT_TYPE)
    if not grant_type or not code or not redirect_uri:
        return _failed(request, "invalid_request", INCOMPLETE)
    return await _exchanged(request, client, Secret(code), redirect_uri, only(form, "code_verifier") or "")


async def _exchanged(
    request: Call, client: Client, code: Secret[str], redirect_uri: str, verifier: str
) -> Response[bytes]:
    async with request.services.reader.transaction() as tx:
        answer = await card.exchange(tx, request.services.ring, code, client, redirect_uri, verifier)
    if isinstance(answer, card.CardRefused):
        return _failed(request, "invalid_grant", CODE_WRONG)
    token = answer.token.reveal()
    told = {
        "access_token": token, "token_type": "Bearer", "expires_in": answer.seconds, "scope": "read",
        "otp": f"{answer.cid.digits}:{token}",
    }  # fmt: skip
    return request.answer(True, extra=told, headers=NOT_KEPT)


async def _client(request: Call, credentials: Credentials) -> Client | None:
    if not CLIENT_ID.fullmatch(credentials.client_id):
        return None
    async with request.services.identity.transaction() as tx:
        return await clients.authenticate(tx, credentials.client_id, credentials.secret)


def _credentials(request: Call, form: Pairs) -> Credentials | None:
    """From the body or from HTTP Basic, whose parts are form-encoded (RFC 6749, section 2.3.1); None when from both."""
    named, secret = only(form, "client_id") or "", only(form, "client_secret")
    scheme, _, packed = (request.authorization or b"").strip().partition(b" ")
    if scheme.lower() != b"basic":
        return Credentials(named, Secret(secret or ""))
    try:
        text = base64.b64decode(packed.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    client_id, _, password = (unquote_plus(part) for part in text.partition(":"))
    if secret is not None or named not in ("", client_id):
        return None
    return Credentials(client_id, Secret(password))


def _failed(request: Call, error: str, words: Words) -> Response[bytes]:
    status = 401 if error == "invalid_client" else 400
    headers = NOT_KEPT | ({"www-authenticate": 'Basic realm="morprom"'} if status == 401 else {})
    told = {"error": error, "error_description": words.en}
    return request.answer(None, status=status, message=str(words), extra=told, headers=headers)
