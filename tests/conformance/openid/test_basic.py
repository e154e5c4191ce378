"""OpenID Connect Core 1.0: the modules of the OpenID Foundation's basic plan. docs/openid.md lists them."""

from typing import Any

import httpx
import pytest

from conformance.openid.party import USERINFO, checked, refused, signed_in, told, unsigned
from doors.relying import BACK, ISSUER, House

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_oidcc_server(house: House) -> None:
    """Core, 3.1: a code comes back with `state` and `iss`, and becomes an ID token and an access token."""
    party, browser = await signed_in(house)
    answer = await house.allowed(browser, party, state="a state", nonce="n")
    assert set(answer.members) == {"code", "iss", "state"}
    assert (answer.members["iss"], answer.members["state"]) == (ISSUER, "a state")
    reply = await party.exchange(answer.code)
    assert reply.status_code == 200 and reply.headers["cache-control"] == "no-store"
    assert reply.headers["content-type"] == "application/json" and reply.headers["pragma"] == "no-cache"
    tokens = reply.json()
    assert set(tokens) == {"access_token", "token_type", "expires_in", "scope", "id_token"}
    assert tokens["token_type"] == "Bearer"
    claims = await checked(house, party, tokens, nonce="n")
    assert (await party.userinfo(tokens["access_token"])).json()["sub"] == claims["sub"]


async def test_oidcc_response_type_missing(house: House) -> None:
    """Core, 3.1.2.1: a request without `response_type` comes back as invalid_request."""
    party, browser = await signed_in(house)
    answer = await browser.get(await party.start(response_type=""))
    assert (answer.error, answer.members["state"]) == ("invalid_request", "a state") and "code" not in answer.members


async def test_oidcc_idtoken_signature(house: House) -> None:
    """Core, 3.1.3.7 and 10.1: the signature holds with the published key that `kid` names, and with no other."""
    for algorithm in ("RS256", "ES256"):
        party, browser = await signed_in(house, id_token_alg=algorithm)
        tokens = await house.tokens(browser, party)
        await checked(house, party, tokens)
        keys = (await party.http.get("/oidc/jwks")).json()["keys"]
        assert len({key["kid"] for key in keys}) == len(keys)
        assert all(key["use"] == "sig" and not {"d", "p", "q", "k"} & set(key) for key in keys)


async def test_oidcc_idtoken_unsigned(house: House) -> None:
    """Core, 2 and 3.1.3.7: ID tokens without a signature are not offered and no client can be registered for them."""
    party = await house.party()
    metadata = (await party.http.get("/.well-known/openid-configuration")).json()
    assert "none" not in metadata["id_token_signing_alg_values_supported"]
    hint = unsigned({"iss": ISSUER, "aud": party.client_id, "sub": "s"})
    browser = house.browser()
    await house.sign_in(browser)
    assert (await browser.get(await party.start(id_token_hint=hint))).error == "login_required"


async def test_oidcc_userinfo_get(house: House) -> None:
    """Core, 5.3.1: userinfo by GET with the token in the header."""
    party, browser = await signed_in(house)
    tokens = await house.tokens(browser, party, scope="openid profile")
    reply = await party.http.get(USERINFO, headers={"authorization": f"Bearer {tokens['access_token']}"})
    assert reply.status_code == 200 and reply.headers["content-type"] == "application/json"
    assert reply.json()["sub"] == (await checked(house, party, tokens))["sub"]


async def test_oidcc_userinfo_post_header(house: House) -> None:
    """Core, 5.3.1: userinfo by POST with the token in the header."""
    party, browser = await signed_in(house)
    tokens = await house.tokens(browser, party)
    reply = await party.http.post(USERINFO, headers={"authorization": f"Bearer {tokens['access_token']}"})
    assert reply.status_code == 200 and reply.json()["sub"] == (await checked(house, party, tokens))["sub"]


async def test_oidcc_userinfo_post_body(house: House) -> None:
    """RFC 6750, 2.2: userinfo by POST with the token in the form."""
    party, browser = await signed_in(house)
    tokens = await house.tokens(browser, party)
    reply = await party.http.post(USERINFO, data={"access_token": tokens["access_token"]})
    assert reply.status_code == 200 and reply.json()["sub"] == (await checked(house, party, tokens))["sub"]


async def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(house: House) -> None:
    """Core, 3.1.2.1: `nonce` may be left out, and is then not in the ID token."""
    party, browser = await signed_in(house)
    await checked(house, party, await house.tokens(browser, party, nonce=""), nonce=None)


async def test_oidcc_scope_profile(house: House) -> None:
    """Core, 5.4: `profile` opens what the platform knows of it, at userinfo alone."""
    await opens(house, "profile", "name", "given_name", "family_name", "birthdate", "gender")


async def test_oidcc_scope_email(house: House) -> None:
    """Core, 5.4 and 5.3.2: `email` is taken; the platform has no e-mail addresses, so the claims are left out."""
    await opens(house, "email")


async def test_oidcc_scope_address(house: House) -> None:
    """Core, 5.4 and 5.1.1: `address` opens the address as an object."""
    info = await opens(house, "address", "address")
    assert set(info["address"]) == {"formatted", "country"}


async def test_oidcc_scope_phone(house: House) -> None:
    """Core, 5.4: `phone` opens the number in E.164 and that it was verified."""
    info = await opens(house, "phone", "phone_number", "phone_number_verified")
    assert info["phone_number"] == "+66800000071" and info["phone_number_verified"] is True


async def test_oidcc_scope_all(house: House) -> None:
    """Core, 5.4: all scopes at once open the claims of each."""
    names = ("name", "given_name", "family_name", "birthdate", "gender", "address")
    await opens(house, "profile email address phone", *names, "phone_number", "phone_number_verified")


async def opens(house: House, scope: str, *names: str) -> dict[str, Any]:
    """A scope opens these claims at userinfo and no others; the ID token has none of them."""
    party, browser = await signed_in(house)
    claims, info = await told(house, party, browser, scope=f"openid {scope}")
    assert set(info) == {"sub", "ial", "aal", *names} and not set(names) & set(claims)
    return info


async def test_oidcc_codereuse(house: House) -> None:
    """RFC 6749, 4.1.2: a code is taken once."""
    party, browser = await signed_in(house)
    answer = await house.allowed(browser, party)
    assert (await party.exchange(answer.code)).status_code == 200
    refused(await party.exchange(answer.code), "invalid_grant")


async def test_oidcc_codereuse_30seconds(house: House) -> None:
    """RFC 6749, 4.1.2: a code that comes again after 30 seconds is refused, and ends the tokens that it became."""
    party, browser = await signed_in(house)
    answer = await house.allowed(browser, party)
    tokens = (await party.exchange(answer.code)).json()
    house.later(seconds=30)
    assert (await party.userinfo(tokens["access_token"])).status_code == 200
    refused(await party.exchange(answer.code), "invalid_grant")
    assert (await party.userinfo(tokens["access_token"])).status_code == 401


async def test_oidcc_server_client_secret_post(house: House) -> None:
    """Core, 9: a client shows its secret in the form, and in no other way once it is registered for that."""
    party, browser = await signed_in(house, auth="client_secret_post")
    answer = await house.allowed(browser, party)
    basic = httpx.BasicAuth(party.client_id, party.secret)
    form = {
        "grant_type": "authorization_code",
        "code": answer.code,
        "redirect_uri": BACK,
        "code_verifier": party.verifier,
    }
    refused(await party.http.post("/oidc/token", data=form, auth=basic), "invalid_client")
    await checked(house, party, (await party.exchange(answer.code)).json())


async def test_oidcc_refresh_token(house: House) -> None:
    """Core, 12: `offline_access` gives a refresh token; what it becomes is for the same person, and no other client."""
    party, browser = await signed_in(house)
    other = await house.party()
    first = await house.tokens(browser, party, scope="openid offline_access", prompt="consent")
    before = await checked(house, party, first)
    house.later(seconds=2)
    second = (await party.renew(first["refresh_token"])).json()
    after = await checked(house, party, second, nonce=None)
    assert [after[name] for name in ("iss", "sub", "aud", "auth_time")] == [
        before[name] for name in ("iss", "sub", "aud", "auth_time")
    ]
    assert after["iat"] > before["iat"] and second["access_token"] != first["access_token"]
    refused(await other.renew(second["refresh_token"]), "invalid_grant")


async def test_oidcc_ensure_request_with_valid_pkce_succeeds(house: House) -> None:
    """RFC 7636, 4: a code with its verifier becomes tokens."""
    party, browser = await signed_in(house)
    answer = await house.allowed(browser, party, code_challenge_method="S256")
    await checked(house, party, (await party.exchange(answer.code, code_verifier=party.verifier)).json())
