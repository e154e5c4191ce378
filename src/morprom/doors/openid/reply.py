"""Calls of relying parties and their answers: form in, JSON out, errors as OAuth names them (RFC 6749, section 5.2)."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl, unquote_plus

import msgspec
from litestar import Request, Response, Router
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from morprom.doors.wire import Call, problem_of, read_body, status_of
from morprom.federation import Credentials, IdTokens, Party, Refused, authenticate
from morprom.federation.dpop import ALGORITHMS, Use, proven, refused
from morprom.federation.read_request import Asked
from morprom.kernel import Category, Secret, Words
from morprom.storage import KeyRing, Tx

MOST_FIELDS: Final = 100
NOT_KEPT: Final = {"cache-control": "no-store", "pragma": "no-cache", "x-content-type-options": "nosniff"}
CODES: Final = {Category.UNAVAILABLE: "temporarily_unavailable", Category.FAULT: "server_error"}
STATUS: Final = {"invalid_client": 401, "invalid_token": 401, "insufficient_scope": 403}


def issuer_of(request: Call) -> str:
    """Our `iss`."""
    return request.services.settings.public_url


def tokens_of(request: Call) -> IdTokens:
    """Where ID tokens are signed; keys are parsed once a process."""
    return _tokens(request.services.ring, issuer_of(request))


@lru_cache(maxsize=8)
def _tokens(ring: KeyRing, issuer: str) -> IdTokens:
    return IdTokens(ring, issuer)


def told(value: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """A JSON answer that nobody keeps."""
    body = msgspec.json.encode(value)
    return Response(body, status_code=status, media_type="application/json", headers=NOT_KEPT | dict(headers or {}))


def failed(refusal: Refused, *, scheme: str = "Basic") -> Response[bytes]:
    """An error of the token endpoint and its like."""
    status = STATUS.get(refusal.error, 400)
    headers = {"www-authenticate": f'{scheme} realm="morprom"'} if status == 401 else {}
    return told({"error": refusal.error, "error_description": refusal.words.en}, status=status, headers=headers)


def oauth(*handlers: HTTPRouteHandler) -> Sequence[Router]:
    """Calls whose exceptions leave as OAuth errors."""
    return [Router(path="/", route_handlers=handlers, request_class=Call, exception_handlers={Exception: _raised})]


def query_of(request: Call) -> Asked:
    """The query's parameters."""
    return asked_of(request.scope["query_string"].decode("latin-1"))


async def form_of(request: Call) -> Asked:
    """The body's parameters, whatever content type it claims."""
    body = await read_body(request.scope, request.receive, request.services.settings)
    return asked_of(body.decode("utf-8", "replace"))


def asked_of(text: str) -> Asked:
    """Parameters of a query or a form; nothing when there are absurdly many."""
    try:
        return Asked.of(parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS))
    except ValueError:
        return Asked({})


async def caller_of(tx: Tx, request: Call, asked: Asked) -> Party | Refused:
    """Which relying party calls. A parameter that stands there twice is refused first (RFC 6749, section 3.2)."""
    if asked.repeated:
        return Refused("invalid_request", Words("มีค่าซ้ำ", "a parameter stands there twice"))
    found = _credentials(request, asked)
    if isinstance(found, Refused):
        return found
    return await authenticate(tx, found, issuer_of(request), request.services.clock())


async def proof_of(tx: Tx, request: Call, path: str, token: Secret[str] | None = None) -> str | Refused | None:
    """The thumbprint of the DPoP proof that came along; None for no proof."""
    proofs = [value for name, value in request.scope["headers"] if name == b"dpop"]
    if not proofs:
        return None
    if len(proofs) > 1:
        return refused("there is more than one DPoP proof")
    use = Use(request.method, f"{issuer_of(request)}{path}", token)
    return await proven(tx, proofs[0].decode("latin-1").strip(), use, request.services.clock())


def challenge(scheme: str, refusal: Refused | None = None) -> dict[str, str]:
    """WWW-Authenticate of a resource (RFC 6750, section 3; RFC 9449, section 7.1)."""
    said = f', error="{refusal.error}", error_description="{refusal.words.en}"' if refusal else ""
    algorithms = f', algs="{" ".join(ALGORITHMS)}"' if scheme == "DPoP" else ""
    return {"www-authenticate": f'{scheme} realm="morprom"{said}{algorithms}'}


def authorization_of(request: Call) -> tuple[str, str]:
    """Scheme in small letters, and what stands behind it."""
    scheme, _, rest = (request.authorization or b"").decode("latin-1").strip().partition(" ")
    return scheme.lower(), rest.strip()


def _credentials(request: Call, asked: Asked) -> Credentials | Refused:
    scheme, packed = authorization_of(request)
    client_id, basic = asked.one("client_id"), None
    if scheme == "basic":
        pair = _basic(packed)
        if pair is None or client_id not in ("", pair[0]):
            return Refused("invalid_client", Words("แสดงตัวไม่ถูกต้อง", "HTTP Basic cannot be read"))
        client_id, basic = pair[0], Secret(pair[1])
    secret = asked.one("client_secret")
    return Credentials(
        client_id, basic, Secret(secret) if secret else None, asked.one("client_assertion"),
        asked.one("client_assertion_type"),
    )  # fmt: skip


def _basic(packed: str) -> tuple[str, str] | None:
    """Name and secret, which are form-encoded within (RFC 6749, section 2.3.1)."""
    try:
        name, _, secret = base64.b64decode(packed, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return unquote_plus(name), unquote_plus(secret)


def _raised(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    if isinstance(error, HTTPException) and error.status_code < 500:
        return told({"error": "invalid_request"}, status=error.status_code, headers=error.headers)
    problem = problem_of(error)
    retry = {"retry-after": str(problem.retry_after)} if problem.retry_after is not None else {}
    said = {"error": CODES.get(problem.category, "invalid_request"), "error_description": problem.words.en}
    return told(said, status=status_of(problem), headers=retry)
