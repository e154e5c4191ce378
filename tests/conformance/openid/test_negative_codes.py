"""Attacks on authorization codes: used again, stolen, injected, taken elsewhere, robbed of their proof key."""

import asyncio
import hashlib
from typing import Any

import httpx
import pytest

from conformance.openid.party import TOKEN, call, code_form, fapi, refused, resource, signed_in, some_text
from doors.relying import BACK, ISSUER, Answer, Browser, House, RelyingParty, b64

pytestmark = pytest.mark.asyncio(loop_scope="session")

PROFILES = pytest.mark.parametrize("profile", ["old", "fapi2"])


async def with_code(house: House, **terms: Any) -> tuple[RelyingParty, Browser, Answer]:
    """A client that has a code, and the browser that brought it."""
    party, browser = await signed_in(house, **terms)
    return party, browser, await house.allowed(browser, party, scope="openid offline_access")


async def dead(party: RelyingParty, tokens: dict[str, str]) -> bool:
    """Whether nothing of these tokens works any more."""
    uses = [await party.userinfo(tokens["access_token"])]
    states = [await party.introspected(tokens[name]) for name in ("access_token", "refresh_token")]
    renewed = await party.renew(tokens["refresh_token"])
    return [uses[0].status_code, *states, renewed.status_code] == [401, {"active": False}, {"active": False}, 400]


@PROFILES
async def test_a_code_that_comes_again_ends_every_token_made_of_it(house: House, profile: str) -> None:
    """RFC 6749, 4.1.2 and 10.5; RFC 9700, 4.5: also those that a refresh token has made since."""
    party, _, answer = await with_code(house, profile=profile)
    first = (await party.exchange(answer.code)).json()
    second = (await party.renew(first["refresh_token"])).json()
    assert (await party.userinfo(second["access_token"])).status_code == 200
    refused(await party.exchange(answer.code), "invalid_grant")
    assert await dead(party, second)


@PROFILES
async def test_of_two_at_once_one_has_tokens_and_loses_them(house: House, profile: str) -> None:
    """RFC 6749, 4.1.2: a race is a second use; there is no moment at which both are first."""
    party, _, answer = await with_code(house, profile=profile)
    replies = await asyncio.gather(*(party.exchange(answer.code) for _ in range(4)))
    won = [reply for reply in replies if reply.status_code == 200]
    assert len(won) == 1 and all(reply.json() == invalid_grant() for reply in replies if reply not in won)
    assert await dead(party, won[0].json())


@PROFILES
async def test_a_code_is_of_no_use_to_another_client(house: House, profile: str) -> None:
    """RFC 6749, 4.1.3 and 10.5; RFC 9700, 4.4: a mix-up or a theft; then it is of no use to its own one either."""
    party, _, answer = await with_code(house, profile=profile)
    thief = await house.party(profile=profile)
    thief.verifier = party.verifier
    refused(await thief.exchange(answer.code), "invalid_grant")
    refused(await party.exchange(answer.code), "invalid_grant")


async def test_another_client_that_shows_a_used_code_ends_its_tokens(house: House) -> None:
    """RFC 9700, 4.5: somebody has a copy of the code."""
    party, _, answer = await with_code(house)
    tokens = (await party.exchange(answer.code)).json()
    refused(await (await house.party()).exchange(answer.code), "invalid_grant")
    assert await dead(party, tokens)


@PROFILES
async def test_a_code_injected_into_another_sign_in_fails(house: House, profile: str) -> None:
    """RFC 9700, 4.5.3: the thief's own sign-in at the same client began with another challenge."""
    party, browser, stolen = await with_code(house, profile=profile)
    theirs = party.verifier
    await house.allowed(browser, party)
    assert party.verifier != theirs
    refused(await party.exchange(stolen.code), "invalid_grant")
    party.verifier = theirs
    refused(await party.exchange(stolen.code), "invalid_grant")  # it was shown


async def test_a_code_bound_to_a_key_is_of_no_use_with_another(house: House) -> None:
    """RFC 9449, 10: the key came with the pushed request, by its proof or by `dpop_jkt`."""
    party, browser = await fapi(house)
    other = await house.party()
    for pushed in ({"dpop": party.proof("POST", "/oidc/par")}, {}):
        asked = party.asked(**({} if pushed else {"dpop_jkt": party.dpop_key.thumbprint()}))
        uri = (await party.push(asked, **pushed)).json()["request_uri"]
        answer = await browser.get(f"/oidc/authorize?client_id={party.client_id}&request_uri={uri}")
        if "code" not in answer.members:
            answer = await browser.send(answer.reply, "/oidc/ask", answer="allow")
        stolen = party.proof("POST", TOKEN, key=other.dpop_key)
        refused(await call(party, TOKEN, code_form(party, answer.code), proof=stolen), "invalid_grant")


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://rp.example/back/"},
        {"redirect_uri": "https://rp.example/BACK"},
        {"redirect_uri": "https://rp.example/other"},
        {"code_verifier": some_text(43)},
        {"code_verifier": "a" * 42},
        {"code_verifier": "a" * 129},
        {"code_verifier": "ก" * 43},
        {"code": "x"},
    ],
    ids=lambda changed: "-".join(f"{name} of {len(value)}" for name, value in changed.items()),
)
async def test_a_code_comes_with_what_it_was_asked_with(house: House, changed: dict[str, str]) -> None:
    """RFC 6749, 4.1.3; RFC 7636, 4.6: the address letter for letter, the verifier of the challenge."""
    party, _, answer = await with_code(house, uris=(BACK, f"{BACK}/", "https://rp.example/other"))
    refused(await party.exchange(**({"code": answer.code} | changed)), "invalid_grant")


@pytest.mark.parametrize("left_out", ["code", "redirect_uri", "code_verifier", "grant_type"])
async def test_nothing_may_be_left_out_of_an_exchange(house: House, left_out: str) -> None:
    """RFC 7636, 4.6; RFC 9700, 2.1.1: without the verifier there are no tokens, whatever else fits."""
    party, _, answer = await with_code(house)
    form = code_form(party, answer.code)
    del form[left_out]
    refused(await party.call(TOKEN, form), "invalid_request")


@pytest.mark.parametrize(
    "downgraded",
    [
        {"code_challenge": ""},
        {"code_challenge": "", "code_challenge_method": ""},
        {"code_challenge_method": ""},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": "s256"},
        {"code_challenge_method": "none"},
        {"code_challenge": "a" * 42},
        {"code_challenge": "a" * 44},
        {"code_challenge": "a" * 42 + "="},
        {"code_challenge": "a" * 42 + "+"},
        {"code_challenge": "a" * 43 + "\n"},
    ],
    ids=lambda changed: "-".join(repr(value) for value in changed.values()),
)
async def test_no_request_goes_without_a_proof_key_of_sha_256(house: House, downgraded: dict[str, str]) -> None:
    """RFC 7636, 7.2; RFC 9700, 4.8.2: `plain`, or no challenge at all, gets no code, from the front and pushed."""
    party, browser = await signed_in(house)
    answer = await browser.get(await party.start(**downgraded))
    assert answer.error == "invalid_request" and "code" not in answer.members
    pushing = await house.party(profile="fapi2")
    refused(await pushing.push(pushing.asked(**downgraded)), "invalid_request")


async def test_the_verifier_itself_is_no_challenge(house: House) -> None:
    """RFC 7636, 7.2: whoever sends the verifier in place of its hash gets a code that opens with nothing of theirs."""
    party, browser = await signed_in(house)
    plain = b64(b"0" * 32)
    answer = await house.allowed(browser, party, code_challenge=plain)
    party.verifier = plain
    refused(await party.exchange(answer.code), "invalid_grant")


@pytest.mark.parametrize(
    ("verifier", "is_one"), [("a" * 42, False), ("a" * 43, True), ("~" * 128, True), ("a" * 129, False)]
)
async def test_a_verifier_is_long_enough_to_be_a_secret(house: House, verifier: str, is_one: bool) -> None:
    """RFC 7636, 4.1 and 7.1: 43 to 128 characters, whatever the challenge was made of."""
    party, browser = await signed_in(house)
    challenge = b64(hashlib.sha256(verifier.encode()).digest())
    answer = await house.allowed(browser, party, code_challenge=challenge)
    party.verifier = verifier
    assert ((await party.exchange(answer.code)).status_code == 200) is is_one


async def test_a_code_is_too_old_after_a_minute(house: House) -> None:
    """FAPI 2.0, 5.3.2.1; RFC 6749, 4.1.2."""
    party, _, answer = await with_code(house)
    house.later(seconds=61)
    refused(await party.exchange(answer.code), "invalid_grant")


async def test_every_answer_says_whose_it_is(house: House) -> None:
    """RFC 9207, 2; RFC 9700, 4.4.2: codes and errors alike carry `iss`, the one that discovery says."""
    party, browser = await signed_in(house)
    metadata = (await party.http.get("/.well-known/openid-configuration")).json()
    assert metadata["authorization_response_iss_parameter_supported"] and metadata["issuer"] == ISSUER
    good = await house.allowed(browser, party)
    nobody = await house.browser().get(await party.start(prompt="none"))
    wrong = await browser.get(await party.start(response_type="token"))
    for answer in (good, nobody, wrong):
        assert answer.members["iss"] == ISSUER and answer.reply.headers["location"].count("iss=") == 1


async def test_no_token_passes_for_one_of_another_kind(house: House) -> None:
    """RFC 9700, 2.2 and 4.10; RFC 6750, 3.1: code, access, refresh and ID token each do their own work alone."""
    party, browser, answer = await with_code(house)
    tokens = (await party.exchange(answer.code)).json()
    spent = (await house.allowed(browser, party)).code
    for name, given in (tokens | {"code": spent}).items():
        if name in ("expires_in", "scope", "token_type"):
            continue
        if name != "access_token":
            assert (await bearing(party, given)).status_code == 401
        if name != "refresh_token":
            refused(await party.renew(given), "invalid_grant")
        if name in ("access_token", "refresh_token", "id_token"):
            refused(await party.exchange(given), "invalid_grant")
    assert (await bearing(party, tokens["access_token"])).status_code == 200
    assert (await party.introspected(tokens["id_token"])) == {"active": False}
    assert (await party.introspected(spent)) == {"active": False}


async def test_a_token_in_an_address_is_not_looked_at(house: House) -> None:
    """RFC 6750, 2 and 2.3; RFC 9700, 4.3.2: tokens in addresses end up in logs; and no token comes in two ways."""
    party, _, answer = await with_code(house)
    token = (await party.exchange(answer.code)).json()["access_token"]
    for method in ("GET", "POST"):
        reply = await party.http.request(method, "/oidc/userinfo", params={"access_token": token})
        assert reply.status_code == 401 and token not in reply.text
    bearer = {"authorization": f"Bearer {token}"}
    assert (await party.http.post("/oidc/userinfo", headers=bearer, data={"access_token": token})).status_code == 400
    client, browser = await fapi(house)
    bound = (await house.tokens(browser, client))["access_token"]
    assert (await client.http.post("/oidc/userinfo", data={"access_token": bound})).status_code == 401
    assert (await resource(client, bound)).status_code == 200


def invalid_grant() -> dict[str, str]:
    """The one answer for whatever is wrong with a code."""
    return {"error": "invalid_grant", "error_description": "the code or token is of no use here"}


async def bearing(party: RelyingParty, token: str) -> httpx.Response:
    """Userinfo with a token in the header."""
    return await party.http.get("/oidc/userinfo", headers={"authorization": f"Bearer {token}"})
