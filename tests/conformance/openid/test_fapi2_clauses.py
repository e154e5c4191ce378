"""FAPI 2.0 security profile (final) and RFC 9700: demands that no module of the plans tries.

docs/openid.md lists them.
"""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from joserfc import jwk

from conformance.openid.party import (
    AUTHORIZE,
    PAR,
    TOKEN,
    USERINFO,
    by,
    call,
    checked,
    code_form,
    fapi,
    forged,
    hash_of,
    refused,
    resource,
    signed_in,
    some_text,
    stays,
)
from doors.relying import BACK, ISSUER, House
from morprom.federation import Terms, register_party
from morprom.kernel import Mode, Problem
from units.cast import KHON_KAEN

pytestmark = pytest.mark.asyncio(loop_scope="session")

PUBLIC = {"keys": [jwk.ECKey.generate_key("P-256").as_dict(private=False)]}
FAPI: dict[str, Any] = {"profile": "fapi2", "auth": "private_key_jwt", "scopes": ("openid",), "jwks": PUBLIC}


async def registered(house: House, uri: str = BACK, mode: Mode = Mode.PRODUCTION, **terms: Any) -> bool:
    """Whether a client of those terms may be registered."""
    try:
        async with house.database.transaction() as tx:
            await register_party(tx, "a client", KHON_KAEN, (uri,), Terms(**(FAPI | terms)), mode)
    except Problem as problem:
        assert problem.code in ("TERMS_INVALID", "REDIRECT_URI_INVALID")
        return False
    return True


# Clients


async def test_clients_of_the_profile_are_confidential_and_have_a_key(house: House) -> None:
    """FAPI 2.0, 5.3.2.1: no secret, no public client; private_key_jwt alone."""
    assert await registered(house)
    for auth in ("client_secret_basic", "client_secret_post"):
        assert not await registered(house, auth=auth)
        assert not await registered(house, auth=auth, jwks=None)
    assert not await registered(house, jwks=None) and not await registered(house, jwks={"keys": []})
    assert not await registered(house, id_token_alg="RS256")
    metadata = (await house.browser().http.get("/.well-known/openid-configuration")).json()
    assert "none" not in metadata["token_endpoint_auth_methods_supported"]


async def test_keys_of_clients_are_of_the_algorithms_and_lengths_of_the_profile(house: House) -> None:
    """FAPI 2.0, 5.4.1: RSA of 2048 bits and more, P-256, Ed25519; public halves alone."""
    fits = (jwk.RSAKey.generate_key(2048), jwk.ECKey.generate_key("P-256"), jwk.OKPKey.generate_key("Ed25519"))
    for key in fits:
        assert await registered(house, jwks={"keys": [key.as_dict(private=False)]})
        assert not await registered(house, jwks={"keys": [key.as_dict(private=True)]})
    for key in (jwk.RSAKey.generate_key(1024), jwk.ECKey.generate_key("P-384"), jwk.OKPKey.generate_key("X25519")):
        assert not await registered(house, jwks={"keys": [key.as_dict(private=False)]})
    assert not await registered(house, jwks={"keys": [jwk.OctKey.generate_key(256).as_dict()]})


@pytest.mark.parametrize("algorithm", ["PS256", "ES256", "EdDSA", "Ed25519"])
async def test_every_algorithm_of_the_profile_is_taken(house: House, algorithm: str) -> None:
    """FAPI 2.0, 5.4.1: in assertions and in proofs alike."""
    made = {"PS256": lambda: jwk.RSAKey.generate_key(2048), "ES256": lambda: jwk.ECKey.generate_key("P-256")}
    key = made.get(algorithm, lambda: jwk.OKPKey.generate_key("Ed25519"))()
    party, browser = await fapi(house, jwks={"keys": [key.as_dict(private=False)]})
    party.key = key

    def shown() -> dict[str, str]:
        return by(party.assertion(algorithm=algorithm))

    def proof(method: str, path: str, token: str = "") -> str:
        head = {"alg": algorithm, "jwk": key.as_dict(private=False), "x-ours": "of no meaning"}
        now = int(house.time.seconds())
        claims = {"htm": method, "htu": f"{ISSUER}{path}", "iat": now, "jti": some_text(20)}
        claims |= {"ath": hash_of(token)} if token else {}
        return forged({"typ": "dpop+jwt"} | head, claims, key, algorithm)

    pushed = await call(party, PAR, party.asked(), shown=shown(), proof=proof("POST", PAR))
    assert pushed.status_code == 201, pushed.text
    page = await browser.get(f"{AUTHORIZE}?client_id={party.client_id}&request_uri={pushed.json()['request_uri']}")
    form = code_form(party, (await browser.send(page.reply, "/oidc/ask", answer="allow")).code)
    tokens = (await call(party, TOKEN, form, shown=shown(), proof=proof("POST", TOKEN))).json()
    await checked(house, party, tokens)
    token = tokens["access_token"]
    assert (await resource(party, token, proof=proof("GET", USERINFO, token))).status_code == 200


async def test_codes_go_by_https_or_to_a_program_on_the_same_machine(house: House) -> None:
    """FAPI 2.0, 5.3.2.2; RFC 8252, 7.3: no answer by http, but to the loopback interface."""
    for uri in (BACK, "http://127.0.0.1:8080/back", "http://localhost:8080/back"):
        assert await registered(house, uri), uri
    for uri in ("http://rp.example/back", "http://127.0.0.1.evil.example/", "ftp://rp.example/", "javascript:alert(1)",
                "data:text/html,x", "https://rp.example/back#fragment", "https://*.rp.example/", "", "/back",
                "https://user:word@rp.example/", "com.example.app:/back"):  # fmt: skip
        assert not await registered(house, uri), uri


async def test_a_client_is_never_taken_for_a_person(house: House) -> None:
    """RFC 9700, 2.6 and 4.15: clients do not choose their names, and no token is about a client."""
    party, browser = await fapi(house)
    claims = await checked(house, party, await house.tokens(browser, party))
    assert claims["sub"] != party.client_id and len(claims["sub"]) != len(party.client_id)
    for grant in ("client_credentials", "urn:ietf:params:oauth:grant-type:jwt-bearer"):
        refused(await call(party, TOKEN, {"grant_type": grant, "assertion": party.assertion()}), "unsupported_grant_type")  # fmt: skip  # noqa: E501


# Requests


async def test_there_is_no_grant_by_password(house: House) -> None:
    """FAPI 2.0, 5.3.2.1; RFC 9700, 2.4: refused for every client, right password or wrong."""
    for party in ((await fapi(house))[0], await house.party(), await house.party(auth="client_secret_post")):
        form = {"grant_type": "password", "username": "somebody", "password": "a word"}
        refused(await party.call(TOKEN, form, proof=party.is_fapi), "unsupported_grant_type")
        refused(await party.call(TOKEN, {"grant_type": "implicit"}, proof=party.is_fapi), "unsupported_grant_type")


async def test_nobody_pushes_a_request_without_saying_who_they_are(house: House) -> None:
    """FAPI 2.0, 5.3.2.2: a name is not enough."""
    party, _ = await fapi(house)
    for shown in ({}, {"client_id": party.client_id}, {"client_id": party.client_id, "client_secret": "a"}):
        refused(await call(party, PAR, party.asked(), shown=shown, proof=None), "invalid_client")


async def test_a_client_has_the_scopes_that_it_is_registered_for(house: House) -> None:
    """FAPI 2.0, 5.3.2.1; RFC 9700, 2.3: a token opens no more than its client needs."""
    party, browser = await fapi(house, scopes=("openid", "profile"))
    tokens = await house.tokens(browser, party, scope="openid profile pid phr.read offline_access unknown")
    assert tokens["scope"] == "openid profile" and "refresh_token" not in tokens
    refused(await party.push(party.asked(scope="pid phr.read")), "invalid_scope")


@pytest.mark.parametrize("mode", ["fragment", "web_message", "query.jwt", "jwt", "Query"])
async def test_answers_come_by_query_or_form_alone(house: House, mode: str) -> None:
    """RFC 9700, 4.3.1 and 4.17: not where scripts of the page or of others read it."""
    party, browser = await signed_in(house)
    answer = await browser.get(await party.start(response_mode=mode))
    assert answer.error == "invalid_request" and urlsplit(answer.reply.headers["location"]).fragment == ""
    fapi_party, _ = await fapi(house)
    refused(await fapi_party.push(fapi_party.asked(response_mode=mode)), "invalid_request")


# Answers


async def test_a_browser_is_sent_on_by_303_always(house: House) -> None:
    """FAPI 2.0, 5.3.2.2; RFC 9700, 4.12: never 307, which would send a form of ours to others."""
    party, browser = await fapi(house)
    page = await browser.get(await party.start())
    form = {name: value for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.reply.text)}  # fmt: skip  # noqa: E501
    headers = {"origin": ISSUER, "sec-fetch-site": "same-origin"}
    said = await browser.http.post("/oidc/ask", data=form | {"answer": "allow"}, headers=headers)
    old, _ = await signed_in(house)
    stranger = house.browser().http
    replies = [
        said,
        await browser.http.get(await party.start()),  # remembered: at once
        await browser.http.get(AUTHORIZE, params=old.asked(response_type="token")),
        await browser.http.post(AUTHORIZE, data=old.asked()),
        await stranger.get(AUTHORIZE, params=old.asked()),
        await stranger.get(AUTHORIZE, params=old.asked(prompt="none")),
        await stranger.get("/oidc/logout", params={"state": "s"}),
        await stranger.post("/oidc/logout", data={"state": "s"}),
    ]
    assert {reply.status_code for reply in replies if "location" in reply.headers} == {303}
    assert [reply.status_code for reply in replies].count(303) == 7


async def test_no_page_of_another_origin_reads_the_authorization_endpoint(house: House) -> None:
    """FAPI 2.0, 5.2.3; RFC 9700, 2.6: no CORS where browsers go; tokens and metadata have none either."""
    party, browser = await fapi(house)
    headers = {"origin": "https://evil.example", "access-control-request-method": "GET"}
    for path in (AUTHORIZE, "/oidc/ask", "/oidc/logout", "/id/grants", TOKEN, PAR, USERINFO):
        for method in ("OPTIONS", "GET", "POST"):
            reply = await browser.http.request(method, path, headers=headers, params={"client_id": party.client_id})
            assert not [name for name in reply.headers if name.startswith("access-control-")], (method, path)


async def test_the_question_says_who_asks_and_for_what(house: House) -> None:
    """FAPI 2.0, 5.3.2.2; RFC 9700, 4.2.4: client, owner, place and every scope, and nothing from elsewhere in it."""
    party, browser = await fapi(house)
    page = (await browser.get(await party.start(scope="openid profile pid"))).reply
    assert not re.findall(r'(?:src|href)="https?://', page.text)
    for said in ("แอปตัวอย่าง", "โรงพยาบาลขอนแก่น", "rp.example", "เลขประจำตัวประชาชน", "your 13-digit citizen number", "your names"):  # fmt: skip  # noqa: E501
        assert said in page.text


async def test_no_header_of_a_request_changes_who_we_say_that_we_are(house: House) -> None:
    """RFC 9700, 4.13; RFC 8414, 3.3: issuer and endpoints are what was set, whoever is called by whichever name."""
    party, browser = await signed_in(house)
    lies = {"host": "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "http",
            "forwarded": "host=evil.example;proto=http", "x-original-url": "/evil"}  # fmt: skip
    said = await browser.http.get("/.well-known/openid-configuration", headers=lies)
    assert said.json()["issuer"] == ISSUER and "evil.example" not in said.text
    await house.tokens(browser, party)
    location = (await browser.http.get(AUTHORIZE, params=party.asked(), headers=lies)).headers["location"]
    assert location.startswith(f"{BACK}?code=") and "evil.example" not in location
    bound, other = await fapi(house)
    token = (await house.tokens(other, bound))["access_token"]
    elsewhere = bound.proof("GET", USERINFO, token=token, htu=f"https://evil.example{USERINFO}")
    headers = lies | {"authorization": f"DPoP {token}", "dpop": elsewhere}
    assert (await bound.http.get(USERINFO, headers=headers)).status_code == 401


# Tokens


async def test_a_token_opens_what_it_is_for_and_ends_when_it_was_revoked(house: House) -> None:
    """FAPI 2.0, 5.3.4; RFC 6750, 3.1: insufficient_scope, and invalid_token from the moment of revocation."""
    party, browser = await fapi(house)
    token = (await house.tokens(browser, party, scope="profile"))["access_token"]
    reply = await resource(party, token)
    assert reply.status_code == 403 and 'error="insufficient_scope"' in reply.headers["www-authenticate"]
    token = (await house.tokens(browser, party))["access_token"]
    assert (await resource(party, token)).status_code == 200
    assert (await party.call("/oidc/revoke", {"token": token})).status_code == 200
    reply = await resource(party, token)
    assert reply.status_code == 401 and 'error="invalid_token"' in reply.headers["www-authenticate"]


async def test_there_is_no_registration_by_strangers(house: House) -> None:
    """RFC 7591 is not offered; nor is what OpenID Connect Core, 7.2 and 7.2.1 say of clients that nobody knows."""
    browser = house.browser()
    metadata = (await browser.http.get("/.well-known/openid-configuration")).json()
    assert "registration_endpoint" not in metadata
    for path in ("/oidc/register", "/oidc/clients", "/connect/register"):
        assert (await browser.http.post(path, json={"redirect_uris": [BACK]})).status_code in (404, 405)
    party = await house.party()
    asked = party.asked(client_id="https://stranger.example/client", registration='{"redirect_uris":["https://x.example/"]}')  # fmt: skip  # noqa: E501
    stays(await browser.http.get(AUTHORIZE, params=asked))
