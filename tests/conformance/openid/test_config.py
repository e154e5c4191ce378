"""OpenID Connect Discovery 1.0: the module of the OpenID Foundation's configuration plan. docs/openid.md lists it."""

from typing import Any

import pytest
from joserfc import jwk

from doors.relying import ISSUER, House

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLACES = (
    "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint",
    "pushed_authorization_request_endpoint", "introspection_endpoint", "revocation_endpoint",
)  # fmt: skip
OFFERED = {
    "response_types_supported": "code",
    "response_modes_supported": "query",
    "grant_types_supported": "authorization_code",
    "subject_types_supported": "pairwise",
    "id_token_signing_alg_values_supported": "RS256",
    "scopes_supported": "openid",
    "claims_supported": "sub",
    "token_endpoint_auth_methods_supported": "client_secret_basic",
    "token_endpoint_auth_signing_alg_values_supported": "ES256",
    "code_challenge_methods_supported": "S256",
    "dpop_signing_alg_values_supported": "ES256",
}
ON = (
    "claims_parameter_supported", "authorization_response_iss_parameter_supported", "backchannel_logout_supported",
    "backchannel_logout_session_supported", "verified_claims_supported",
)  # fmt: skip
NEVER = {"none", "HS256", "HS384", "HS512", "plain", "token", "id_token", "implicit", "password"}


async def test_oidcc_discovery_endpoint_verification(house: House) -> None:
    """Discovery, 3 and 4: the configuration is JSON at its place, names this issuer, and is whole and true."""
    http = house.browser().http
    reply = await http.get("/.well-known/openid-configuration")
    assert reply.status_code == 200 and reply.headers["content-type"] == "application/json"
    metadata: dict[str, Any] = reply.json()
    assert metadata["issuer"] == ISSUER and "?" not in ISSUER and "#" not in ISSUER
    for name in PLACES:
        assert metadata[name].startswith(f"{ISSUER}/") and "#" not in metadata[name], name
    for name, value in OFFERED.items():
        assert value in metadata[name] and NEVER.isdisjoint(metadata[name]), name
    assert all(metadata[name] is True for name in ON) and "none" in metadata["prompt_values_supported"]
    assert metadata["request_parameter_supported"] is metadata["request_uri_parameter_supported"] is False
    keys = jwk.KeySet.import_key_set((await http.get(metadata["jwks_uri"].removeprefix(ISSUER))).json())
    assert {key.kid for key in keys} and all(not key.is_private for key in keys)
    assert (await http.get("/.well-known/oauth-authorization-server")).json() == metadata  # RFC 8414


async def test_every_place_that_the_configuration_names_is_there(house: House) -> None:
    """Discovery, 3: no endpoint of the list is unknown to the server."""
    http = house.browser().http
    metadata = (await http.get("/.well-known/openid-configuration")).json()
    for name in PLACES:
        path = metadata[name].removeprefix(ISSUER)
        statuses = {(await http.get(path)).status_code, (await http.post(path)).status_code}
        assert 404 not in statuses and not any(status >= 500 for status in statuses), name
