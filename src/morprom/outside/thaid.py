"""ThaID as its client: OpenID Connect code flow with discovery; HTTP Basic at the token call (DOPA, API v2).

What differs from OpenID Connect: `expire_in` is a Unix time, the person's data (`pid`, names, `birthdate`, `ial`) stand
beside the tokens, and the level is that of this sign-in, so it is read each time. A token is asked about (RFC 7662),
used for that alone, and given back at once (RFC 7009): nothing of ThaID's is kept.
"""

import hmac
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from joserfc import jwk, jwt
from joserfc.errors import JoseError

from morprom.kernel import Secret
from morprom.kernel.pkce import challenge_of
from morprom.outside.calls import Service
from morprom.outside.model import UpstreamRefused, UpstreamRequest, UpstreamSaid
from morprom.outside.thaid_said import ends_at, said_of

DISCOVERY: Final = "/.well-known/openid-configuration"
SCOPES: Final = "openid pid name name_en given_name family_name title birthdate ial"
ALGORITHMS: Final = ("RS256", "ES256")
REMEMBERED: Final = 300.0  # seconds for which addresses and keys are not asked for again
ENDPOINTS: Final = (
    "authorization_endpoint", "token_endpoint", "introspection_endpoint", "revocation_endpoint", "jwks_uri",
)  # fmt: skip


class HttpThaId:
    """Asks ThaID. `login` is our name there and the secret; `keys` may be asked twice, a code may not."""

    is_simulated = False

    def __init__(
        self, issuer: str, login: tuple[str, Secret[str]], service: Service, keys: Service,
        seconds: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._issuer = issuer.rstrip("/")
        self._client_id, self._secret = login
        self._service = service
        self._keys = keys
        self._seconds = seconds
        self._known: tuple[float, dict[str, str], jwk.KeySet] | None = None

    async def address(self, asked: UpstreamRequest) -> str | None:
        """ThaID's page for this sign-in."""
        found = await self._discovered()
        if found is None:
            return None
        query = {
            "response_type": "code", "client_id": self._client_id, "redirect_uri": asked.redirect_uri, "scope": SCOPES,
            "state": asked.state, "nonce": asked.nonce, "code_challenge": challenge_of(asked.verifier),
            "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{found[0]['authorization_endpoint']}?{urlencode(query)}"

    async def exchange(self, code: Secret[str], asked: UpstreamRequest) -> UpstreamSaid | UpstreamRefused:
        """Who signed in there, once for a code."""
        found = await self._discovered()
        if found is None:
            return UpstreamRefused.UNREACHABLE
        endpoints, keys = found
        form = {
            "grant_type": "authorization_code", "code": code.reveal(), "redirect_uri": asked.redirect_uri,
            "code_verifier": asked.verifier,
        }  # fmt: skip
        answer = await self._service.post(endpoints["token_endpoint"], data=form, auth=self._login())
        if answer is None:
            return UpstreamRefused.UNREACHABLE
        given = _object(answer.content) if answer.status_code == 200 else {}
        claims = self._claims(given, keys, asked.nonce)
        token = Secret(str(given.get("access_token", "")))
        if claims is None or not token.reveal() or not await self._is_active(endpoints, token, claims):
            return UpstreamRefused.NOT_BELIEVED
        await self._service.post(endpoints["revocation_endpoint"], data={"token": token.reveal()}, auth=self._login())
        return said_of(given, claims) or UpstreamRefused.NOT_BELIEVED

    async def _discovered(self) -> tuple[dict[str, str], jwk.KeySet] | None:
        """Endpoints and keys, remembered for a while. What stands elsewhere than at the issuer is not believed."""
        now = self._seconds()
        if self._known and self._known[0] > now:
            return self._known[1], self._known[2]
        answer = await self._keys.get(f"{self._issuer}{DISCOVERY}")
        said = _object(answer.content) if answer is not None and answer.status_code == 200 else {}
        endpoints = {name: str(said.get(name, "")) for name in ENDPOINTS}
        is_own = all(url.startswith(f"{self._issuer}/") for url in endpoints.values())
        if not is_own or str(said.get("issuer", "")).rstrip("/") != self._issuer:
            return None
        keys = await self._keys.get(endpoints["jwks_uri"])
        try:
            found = jwk.KeySet.import_key_set(_object(keys.content))  # type: ignore[arg-type, union-attr]  # pyright: ignore
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            return None
        self._known = now + REMEMBERED, endpoints, found
        return endpoints, found

    def _claims(self, given: dict[str, Any], keys: jwk.KeySet, nonce: str) -> dict[str, Any] | None:
        """The claims of the ID token that was given for this sign-in; None for any that does not hold in full."""
        now = self._seconds()
        if ends_at(given, now) <= now:
            return None
        expected = jwt.JWTClaimsRegistry(
            now=lambda: int(now), leeway=60, iss={"essential": True}, exp={"essential": True},
            iat={"essential": True}, nonce={"essential": True},
        )  # fmt: skip
        try:
            claims = jwt.decode(str(given.get("id_token", "")), keys, algorithms=list(ALGORITHMS)).claims
            expected.validate(claims)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            return None
        audience = claims.get("aud")
        is_for_us = audience in (self._client_id, [self._client_id])
        is_own = str(claims["iss"]).rstrip("/") == self._issuer
        return claims if is_for_us and is_own and _same(str(claims["nonce"]), nonce) else None

    async def _is_active(self, endpoints: dict[str, str], token: Secret[str], claims: dict[str, Any]) -> bool:
        """Whether ThaID itself says that the token holds, and of whom."""
        form = {"token": token.reveal()}
        answer = await self._service.post(endpoints["introspection_endpoint"], data=form, auth=self._login())
        said = _object(answer.content) if answer is not None and answer.status_code == 200 else {}
        return said.get("active") is True and said.get("sub", claims.get("sub")) == claims.get("sub")

    def _login(self) -> tuple[str, str]:
        return self._client_id, self._secret.reveal()


def _object(content: bytes) -> dict[str, Any]:
    """A JSON object; {} for whatever is none."""
    try:
        value = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}  # pyright: ignore[reportUnknownVariableType]


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())
