"""What this provider can do, and its keys (OpenID Connect Discovery 1.0; RFC 8414; RFC 7517)."""

from typing import Any, Final

from litestar import Response, get

from morprom.doors.openid.reply import issuer_of, tokens_of, told
from morprom.doors.wire import Call
from morprom.federation.client_auth import ALGORITHMS
from morprom.federation.facts import LANGUAGES
from morprom.federation.keys import KEPT_SECONDS
from morprom.federation.offers import CLAIM_WORDS, OF_PROOFING, SCOPES
from morprom.federation.rules import ACR_VALUES
from morprom.federation.verified import FRAMEWORK, METHODS

KEPT: Final = {"cache-control": f"public, max-age={KEPT_SECONDS}"}
ENDPOINTS: Final = {
    "authorization_endpoint": "authorize",
    "token_endpoint": "token",
    "userinfo_endpoint": "userinfo",
    "jwks_uri": "jwks",
    "pushed_authorization_request_endpoint": "par",
    "introspection_endpoint": "introspect",
    "revocation_endpoint": "revoke",
    "end_session_endpoint": "logout",
}
METHODS_OF_CLIENTS: Final = ["private_key_jwt", "client_secret_basic", "client_secret_post"]
TOLD_ALWAYS: Final = ["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "ial", "aal", "sid", "nonce"]


@get(["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"])
async def configuration(request: Call) -> Response[bytes]:
    """The metadata of the provider."""
    return told(metadata(issuer_of(request)), headers=KEPT)


@get("/oidc/jwks")
async def keys(request: Call) -> Response[bytes]:
    """The public halves of the next, the current and the former keys."""
    return told(tokens_of(request).jwks(), headers=KEPT)


def metadata(issuer: str) -> dict[str, Any]:
    """Endpoints, and what each takes."""
    return {
        "issuer": issuer,
        **{name: f"{issuer}/oidc/{path}" for name, path in ENDPOINTS.items()},
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256", "RS256"],
        "scopes_supported": list(SCOPES),
        "claims_supported": [*TOLD_ALWAYS, *CLAIM_WORDS],
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": True,
        "claims_locales_supported": list(LANGUAGES),
        "ui_locales_supported": list(LANGUAGES),
        "display_values_supported": ["page"],
        "acr_values_supported": list(ACR_VALUES),
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "require_request_uri_registration": False,
        "authorization_response_iss_parameter_supported": True,
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": list(ALGORITHMS),
        "require_pushed_authorization_requests": False,
        **_of_clients("token_endpoint"),
        **_of_clients("introspection_endpoint"),
        **_of_clients("revocation_endpoint"),
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "verified_claims_supported": True,
        "trust_frameworks_supported": [FRAMEWORK],
        "evidence_supported": ["document"],
        "documents_supported": ["idcard"],
        "documents_check_methods_supported": list(METHODS),
        "claims_in_verified_claims_supported": list(OF_PROOFING),
    }


def _of_clients(endpoint: str) -> dict[str, list[str]]:
    return {
        f"{endpoint}_auth_methods_supported": METHODS_OF_CLIENTS,
        f"{endpoint}_auth_signing_alg_values_supported": list(ALGORITHMS),
    }
