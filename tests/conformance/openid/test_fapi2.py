"""FAPI 2.0 security profile (final): modules of what goes well, and of the authorization request's own parameters."""

import json

import pytest

from conformance.openid.party import PAR, checked, fapi, refused, resource, signs_in_again, some_text, told
from doors.relying import BACK, CODE_ALONE, ISSUER, House

pytestmark = pytest.mark.asyncio(loop_scope="session")

BITS_128 = 22  # characters of base64url


async def test_fapi2_security_profile_final_discovery_end_point_verification(house: House) -> None:
    """FAPI 2.0, 5.3.2.1 and 5.4.1; RFC 8414, 2 and 3; RFC 9126, 5; RFC 9207, 3; RFC 9449, 5.1: the metadata."""
    http = house.browser().http
    metadata = (await http.get("/.well-known/openid-configuration")).json()
    assert metadata == (await http.get("/.well-known/oauth-authorization-server")).json()
    assert metadata["issuer"] == ISSUER and not ISSUER.endswith("/")
    endpoints = [name for name in metadata if name.endswith("_endpoint") or name == "jwks_uri"]
    assert {"pushed_authorization_request_endpoint", "authorization_endpoint", "token_endpoint"} <= set(endpoints)
    assert all(metadata[name].startswith(f"{ISSUER}/oidc/") for name in endpoints)
    assert metadata["response_types_supported"] == ["code"] and metadata["code_challenge_methods_supported"] == ["S256"]
    assert metadata["grant_types_supported"] == ["authorization_code", "refresh_token"]
    assert metadata["authorization_response_iss_parameter_supported"] is True
    assert "private_key_jwt" in metadata["token_endpoint_auth_methods_supported"]
    allowed = {"PS256", "ES256", "EdDSA", "Ed25519"}
    for name in ("dpop_signing_alg_values_supported", "token_endpoint_auth_signing_alg_values_supported"):
        assert metadata[name] and set(metadata[name]) <= allowed
    assert allowed & set(metadata["id_token_signing_alg_values_supported"])
    assert metadata["claims_parameter_supported"] is True and "openid" in metadata["scopes_supported"]
    keys = (await http.get(metadata["jwks_uri"])).json()["keys"]
    assert len({key["kid"] for key in keys}) == len(keys)


async def test_fapi2_security_profile_final_happy_flow(house: House) -> None:
    """FAPI 2.0, 5.3.2: a pushed request becomes tokens that are bound to a key, for each of two clients."""
    seen: set[str] = set()
    for _ in range(2):
        party, browser = await fapi(house)
        pushed = await party.push(party.asked(scope="openid profile", state="s", nonce="n"))
        assert pushed.status_code == 201 and pushed.headers["cache-control"] == "no-store"
        assert pushed.json()["request_uri"].startswith("urn:ietf:params:oauth:request_uri:")
        assert 5 <= pushed.json()["expires_in"] < 600
        answer = await house.allowed(browser, party, scope="openid profile", state="s", nonce="n")
        assert answer.members == {"code": answer.code, "iss": ISSUER, "state": "s"}
        reply = await party.exchange(answer.code)
        assert reply.status_code == 200 and reply.headers["cache-control"] == "no-store"
        tokens = reply.json()
        assert tokens["token_type"] == "DPoP" and tokens["expires_in"] > 0 and "refresh_token" not in tokens
        await checked(house, party, tokens, nonce="n")
        used = await resource(party, tokens["access_token"])
        assert used.status_code == 200 and used.headers["content-type"] == "application/json"
        secret = [pushed.json()["request_uri"].rpartition(":")[2], answer.code, tokens["access_token"]]
        assert all(len(one) >= BITS_128 for one in secret) and seen.isdisjoint(secret)
        seen.update(secret)


async def test_fapi2_security_profile_final_user_rejects_authentication(house: House) -> None:
    """RFC 6749, 4.1.2.1; RFC 9207, 2: the person says no; the client is told so, with `state` and `iss`."""
    party, browser = await fapi(house)
    page = await browser.get(await party.start(state="s"))
    answer = await browser.send(page.reply, "/oidc/ask", answer="refuse")
    assert set(answer.members) == {"error", "error_description", "iss", "state"}
    assert (answer.error, answer.members["state"], answer.members["iss"]) == ("access_denied", "s", ISSUER)
    assert answer.reply.headers["location"].startswith(f"{BACK}?") and "#" not in answer.reply.headers["location"]


async def test_fapi2_security_profile_final_access_token_type_header_case_sensitivity(house: House) -> None:
    """RFC 9110, 11.1; RFC 9449, 7.1: the name of an authentication scheme may be written in any case."""
    party, browser = await fapi(house)
    tokens = await house.tokens(browser, party)
    for scheme in ("DPoP", "dpop", "DPOP", "dPoP"):
        assert (await resource(party, tokens["access_token"], scheme=scheme)).status_code == 200
    for scheme in ("Bearer", "bearer", "BEARER"):
        assert (await resource(party, tokens["access_token"], scheme=scheme)).status_code == 401


async def test_fapi2_security_profile_final_ensure_other_scope_order_succeeds(house: House) -> None:
    """RFC 6749, 3.3: the order of scopes has no meaning."""
    party, browser = await fapi(house)
    for scope in ("openid profile phone", "phone profile openid"):
        tokens = await house.tokens(browser, party, scope=scope)
        assert set(tokens["scope"].split()) == {"openid", "profile", "phone"}
        await checked(house, party, tokens)


async def test_fapi2_security_profile_final_ensure_authorization_request_without_nonce_success(house: House) -> None:
    """Core, 3.1.2.1: `nonce` may be left out with codes; the ID token then has none."""
    party, browser = await fapi(house)
    await checked(house, party, await house.tokens(browser, party, nonce=""), nonce=None)


async def test_fapi2_security_profile_final_ensure_authorization_request_with_64_char_nonce_success(house: House) -> None:  # fmt: skip  # noqa: E501
    """FAPI 2.0, 5.3.2.3: a `nonce` of 64 characters comes back as it was."""
    party, browser = await fapi(house)
    nonce = some_text(64)
    await checked(house, party, await house.tokens(browser, party, nonce=nonce), nonce=nonce)


async def test_fapi2_security_profile_final_ensure_authorization_request_with_long_nonce(house: House) -> None:
    """FAPI 2.0, 5.3.2.3: a longer `nonce` comes back whole; one that is absurd is refused, never cut."""
    party, browser = await fapi(house)
    for length in (65, 384, 1024):
        nonce = some_text(length)
        await checked(house, party, await house.tokens(browser, party, nonce=nonce), nonce=nonce)
    refused(await party.push(party.asked(nonce=some_text(5000))), "invalid_request")


async def test_fapi2_security_profile_final_ensure_authorization_request_with_long_state(house: House) -> None:
    """RFC 6749, 4.1.2: a long `state` comes back as it was, with whatever characters; an absurd one is refused."""
    party, browser = await fapi(house)
    for state in (some_text(384), some_text(1024), "%2F+ &=#\"'<ก>\\" * 20):
        answer = await house.allowed(browser, party, state=state)
        assert answer.members["state"] == state and answer.code
    refused(await party.push(party.asked(state=some_text(5000))), "invalid_request")


async def test_fapi2_security_profile_final_ensure_authorization_request_without_state_success(house: House) -> None:
    """RFC 6749, 4.1.1: `state` may be left out; the answer then has none."""
    party, browser = await fapi(house)
    answer = await house.allowed(browser, party, state="")
    assert set(answer.members) == {"code", "iss"}
    await checked(house, party, (await party.exchange(answer.code)).json())


async def test_fapi2_security_profile_final_ensure_response_type_code_idtoken_fails(house: House) -> None:
    """FAPI 2.0, 5.3.2.2: `code id_token` is refused where it is pushed, and nothing comes of it."""
    await response_type_fails(house, "code id_token")


async def test_fapi2_security_profile_final_ensure_response_type_token_fails(house: House) -> None:
    """FAPI 2.0, 5.3.2.2; RFC 9700, 2.1.2: `token` is refused where it is pushed, and nothing comes of it."""
    await response_type_fails(house, "token")


async def response_type_fails(house: House, response_type: str) -> None:
    """No `request_uri` for a response type; the same request for a code has one."""
    party, _ = await fapi(house)
    asked = party.asked()
    reply = await party.push(asked | {"response_type": response_type})
    refused(reply, "unsupported_response_type")
    assert (await party.push(asked)).status_code == 201


async def test_fapi2_security_profile_final_refresh_token(house: House) -> None:
    """RFC 6749, 6; RFC 9449, 5; Core, 12.2: new tokens of the same sign-in, for its client alone."""
    party, browser = await fapi(house)
    other, _ = await fapi(house)
    answer = await house.allowed(browser, party, scope="openid offline_access", nonce="n")
    first = (await party.exchange(answer.code)).json()
    before = await checked(house, party, first, nonce="n")
    assert len(first["refresh_token"]) >= BITS_128
    house.later(seconds=5)
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    refused(await party.call("/oidc/token", form), "invalid_dpop_proof")
    second = (await party.renew(first["refresh_token"])).json()
    assert second["token_type"] == "DPoP" and second["access_token"] != first["access_token"]
    after = await checked(house, party, second, nonce=None)
    for name in ("iss", "sub", "aud", "auth_time"):
        assert after[name] == before[name]
    assert after["iat"] > before["iat"]
    assert (await resource(party, second["access_token"])).status_code == 200
    refused(await other.renew(second["refresh_token"]), "invalid_grant")


async def test_fapi2_security_profile_final_test_claims_parameter_identity_claims(house: House) -> None:
    """Core, 5.5: claims that are asked for by name are told where they were asked for, and no others."""
    party, browser = await fapi(house)
    asked = {
        "id_token": {"given_name": {"essential": True}, "birthdate": None, "auth_time": {"essential": True}},
        "userinfo": {"name": {"essential": True}, "phone_number": None, "family_name": None, "nickname": None},
    }
    claims, info = await told(house, party, browser, claims=json.dumps(asked))
    known = {"name", "given_name", "middle_name", "family_name", "birthdate", "gender", "phone_number", "address"}
    assert known & set(claims) == {"given_name", "birthdate"} and claims["birthdate"] == "1959-04-09"
    assert known & set(info) == {"name", "phone_number", "family_name"} and "nickname" not in info
    assert (claims["given_name"], info["family_name"]) == ("มาลี", "สมมติ")
    for condition, is_met in (({"value": "มาลี"}, True), ({"value": "สมศรี"}, False), ({"values": ["สมศรี"]}, False)):
        wanted = json.dumps({"id_token": {"given_name": condition}, "userinfo": {"given_name": condition}})
        for found in await told(house, party, browser, claims=wanted):
            assert ("given_name" in found) is is_met
    both, _ = await told(house, party, browser, claims=json.dumps(asked), scope="openid address")
    assert "address" not in both  # what a scope opens is told at userinfo alone


async def test_fapi2_security_profile_final_test_essential_acr_sca_claim(house: House) -> None:
    """Core, 5.5.1.1: an essential `acr` is reached and told, or the request fails; never less."""
    party, browser = await fapi(house)
    asked = json.dumps({"id_token": {"acr": {"essential": True, "values": ["aal2.2", "aal2.1"]}}})
    claims, _ = await told(house, party, browser, claims=asked)
    assert claims["acr"] == "aal2.2"
    weak = house.browser()
    await house.sign_in(weak, CODE_ALONE)
    assert (await weak.get(await party.start(claims=asked))).error == "unmet_authentication_requirements"
    unknown = json.dumps({"id_token": {"acr": {"essential": True, "value": "urn:openbanking:psd2:sca"}}})
    assert (await browser.get(await party.start(claims=unknown))).error == "unmet_authentication_requirements"
    nobody = house.browser()
    back = await signs_in_again(house, nobody, await nobody.get(await party.start(claims=asked)))
    assert (await checked(house, party, (await party.exchange(back.code)).json()))["acr"] == "aal2.2"


async def test_fapi2_security_profile_final_ensure_unsigned_authorization_request_without_using_par_fails(house: House) -> None:  # fmt: skip  # noqa: E501
    """FAPI 2.0, 5.3.2.2: a request that was not pushed is refused, and shows nobody a question."""
    party, browser = await fapi(house)
    answer = await browser.http.get("/oidc/authorize", params=party.asked())
    assert answer.status_code == 303 and answer.headers["location"].startswith(f"{BACK}?error=invalid_request")
    posted = await browser.http.post("/oidc/authorize", data=party.asked())
    assert posted.headers["location"].startswith(f"{BACK}?error=invalid_request")
    assert (await party.push(party.asked())).status_code == 201 and PAR == "/oidc/par"
