"""Attacks on tokens that a client holds: refreshed again, by others, asked about and given back by others."""

import asyncio

import pytest

from conformance.openid.party import TOKEN, call, fapi, refused, resource, signed_in
from doors.relying import House, RelyingParty, proofed

pytestmark = pytest.mark.asyncio(loop_scope="session")

PROFILES = pytest.mark.parametrize("profile", ["old", "fapi2"])
SCOPE = "openid profile offline_access"


async def holding(house: House, profile: str = "old") -> tuple[RelyingParty, dict[str, str]]:
    """A client and its tokens."""
    party, browser = await signed_in(house, profile=profile)
    return party, await house.tokens(browser, party, scope=SCOPE)


@PROFILES
async def test_a_refresh_token_that_comes_again_ends_the_family(house: House, profile: str) -> None:
    """RFC 9700, 4.14.2: however long ago it was used, all that was made of it and after it is over."""
    party, first = await holding(house, profile)
    second = (await party.renew(first["refresh_token"])).json()
    third = (await party.renew(second["refresh_token"])).json()
    assert (await party.userinfo(third["access_token"])).status_code == 200
    refused(await party.renew(first["refresh_token"]), "invalid_grant")
    for tokens in (first, second, third):
        assert (await party.userinfo(tokens["access_token"])).status_code == 401
        refused(await party.renew(tokens["refresh_token"]), "invalid_grant")


@PROFILES
async def test_of_two_refreshes_at_once_one_is_a_copy(house: House, profile: str) -> None:
    """RFC 9700, 4.14.2: a race is a second use."""
    party, tokens = await holding(house, profile)
    replies = await asyncio.gather(*(party.renew(tokens["refresh_token"]) for _ in range(4)))
    won = [reply for reply in replies if reply.status_code == 200]
    assert len(won) == 1
    assert (await party.userinfo(won[0].json()["access_token"])).status_code == 401


@PROFILES
async def test_a_refresh_token_is_of_no_use_to_another_client(house: House, profile: str) -> None:
    """RFC 6749, 6 and 10.4; RFC 9700, 4.14: whoever shows it has a copy, so its family ends."""
    party, tokens = await holding(house, profile)
    thief = await house.party(profile=profile)
    refused(await thief.renew(tokens["refresh_token"]), "invalid_grant")
    refused(await party.renew(tokens["refresh_token"]), "invalid_grant")
    assert (await party.userinfo(tokens["access_token"])).status_code == 401


async def test_another_client_of_the_sector_is_another_client_all_the_same(house: House) -> None:
    """RFC 6749, 6: clients of one sector share the names of people, and nothing else."""
    party, browser = await signed_in(house, sector="one ministry")
    tokens = await house.tokens(browser, party, scope=SCOPE)
    sister = await house.party(sector="one ministry")
    assert await sister.introspected(tokens["access_token"]) == {"active": False}
    refused(await sister.renew(tokens["refresh_token"]), "invalid_grant")


async def test_a_refresh_raises_nothing(house: House) -> None:
    """RFC 6749, 6: scopes that were not allowed are refused, and the token is not used up by the attempt."""
    party, browser = await signed_in(house)
    tokens = await house.tokens(browser, party, scope="openid offline_access")
    for scope in ("openid profile", "pid", "openid offline_access phr.read", "unknown"):
        refused(await party.renew(tokens["refresh_token"], scope=scope), "invalid_scope")
    less = (await party.renew(tokens["refresh_token"], scope="openid")).json()
    assert less["scope"] == "openid"
    again = (await party.renew(less["refresh_token"])).json()
    assert again["scope"] == "openid offline_access"
    assert "given_name" not in (await party.userinfo(again["access_token"])).json()


async def test_a_refresh_without_a_proof_is_no_way_down_to_a_bearer_token(house: House) -> None:
    """FAPI 2.0, 5.3.2.1: sender-constrained tokens only, on every way to them."""
    party, tokens = await holding(house, "fapi2")
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    refused(await call(party, TOKEN, form, proof=None), "invalid_dpop_proof")
    assert (await party.renew(tokens["refresh_token"])).json()["token_type"] == "DPoP"


@PROFILES
async def test_others_neither_read_nor_end_a_clients_tokens(house: House, profile: str) -> None:
    """RFC 7009, 2.1; RFC 7662, 2.2 and 4: to another client a token is as if it were none."""
    party, tokens = await holding(house, profile)
    other = await house.party(profile=profile)
    for name in ("access_token", "refresh_token"):
        assert await other.introspected(tokens[name]) == {"active": False} == await other.introspected("none at all")
        for hint in ("access_token", "refresh_token", "nonsense"):
            assert (
                await other.call("/oidc/revoke", {"token": tokens[name], "token_type_hint": hint})
            ).status_code == 200
        assert (await party.introspected(tokens[name]))["active"]
    assert (await party.userinfo(tokens["access_token"])).status_code == 200


@PROFILES
async def test_what_was_used_or_given_back_is_worth_nothing(house: House, profile: str) -> None:
    """RFC 7009, 2; RFC 7662, 2.2: at once, at userinfo and at introspection, and nothing else of the family with it."""
    party, first = await holding(house, profile)
    second = (await party.renew(first["refresh_token"])).json()
    assert await party.introspected(first["refresh_token"]) == {"active": False}
    assert (await party.call("/oidc/revoke", {"token": first["access_token"]})).status_code == 200
    assert (await party.userinfo(first["access_token"])).status_code == 401
    assert await party.introspected(first["access_token"]) == {"active": False}
    assert (await party.userinfo(second["access_token"])).status_code == 200
    assert (await party.call("/oidc/revoke", {"token": second["refresh_token"]})).status_code == 200
    assert (await party.userinfo(second["access_token"])).status_code == 401
    refused(await party.renew(second["refresh_token"]), "invalid_grant")


async def test_nobody_asks_about_tokens_without_saying_who_they_are(house: House) -> None:
    """RFC 7662, 2.1; RFC 7009, 2.1: a name alone, a wrong secret, a bearer token are not enough."""
    party, tokens = await holding(house)
    for path in ("/oidc/introspect", "/oidc/revoke"):
        for shown in ({}, {"client_id": party.client_id}, {"client_id": party.client_id, "client_secret": "x"}):
            refused(await party.http.post(path, data={"token": tokens["access_token"]} | shown), "invalid_client")
        bearer = {"authorization": f"Bearer {tokens['access_token']}"}
        reply = await party.http.post(path, data={"token": tokens["access_token"]}, headers=bearer)
        refused(reply, "invalid_client")
    assert (await party.introspected(tokens["access_token"]))["active"]


async def test_a_client_shows_itself_in_its_own_way_alone(house: House) -> None:
    """RFC 6749, 2.3; RFC 9700, 2.5: the right secret in the wrong place, in two places, or under another's name."""
    basic, post = await house.party(), await house.party(auth="client_secret_post")
    form = {"grant_type": "refresh_token", "refresh_token": "x"}
    as_post = {"client_id": basic.client_id, "client_secret": basic.secret}
    refused(await basic.http.post(TOKEN, data=form | as_post), "invalid_client")
    pair = (post.client_id, post.secret)
    refused(await post.http.post(TOKEN, data=form, auth=pair), "invalid_client")
    refused(await basic.http.post(TOKEN, data=form | as_post, headers=basic.basic()), "invalid_request")
    named = form | {"client_id": post.client_id}
    refused(await basic.http.post(TOKEN, data=named, headers=basic.basic()), "invalid_client")
    keyed = await house.party(profile="fapi2")
    refused(await keyed.http.post(TOKEN, data=form | {"client_id": keyed.client_id}), "invalid_client")
    for secret in ("", "x", basic.secret):
        refused(await keyed.http.post(TOKEN, data=form, auth=(keyed.client_id, secret)), "invalid_client")


async def test_one_persons_token_never_tells_of_another(house: House) -> None:
    """OpenID Connect Core, 5.3.2: the subject of userinfo is the token's, also where two people share a browser."""
    party, browser = await signed_in(house)
    first = await house.tokens(browser, party, scope="openid")
    await house.sign_in(browser, person=await proofed(house.database, house.ring, house.time))
    second = await house.tokens(browser, party, scope="openid")
    told = [(await party.userinfo(tokens["access_token"])).json()["sub"] for tokens in (first, second)]
    assert told[0] != told[1]


async def test_a_bound_token_is_of_no_use_to_who_has_only_the_token(house: House) -> None:
    """RFC 9449, 2 and 7.1: shown as a bearer token, without a proof, or with a proof of another key."""
    party, browser = await fapi(house)
    token = (await house.tokens(browser, party))["access_token"]
    thief = await house.party(profile="fapi2")
    for headers in (
        {"authorization": f"Bearer {token}"},
        {"authorization": f"DPoP {token}"},
        {"authorization": f"Bearer {token}", "dpop": party.proof("GET", "/oidc/userinfo", token=token)},
        {"authorization": f"DPoP {token}", "dpop": thief.proof("GET", "/oidc/userinfo", token=token)},
    ):
        reply = await party.http.get("/oidc/userinfo", headers=headers)
        assert reply.status_code == 401 and "error=" in reply.headers["www-authenticate"]
    assert (await resource(party, token)).status_code == 200


async def test_a_bearer_token_cannot_be_dressed_up_as_a_bound_one(house: House) -> None:
    """RFC 9449, 7.1 and 7.2: a proof beside a token that is bound to no key proves nothing."""
    party, browser = await signed_in(house)
    token = (await house.tokens(browser, party))["access_token"]
    headers = {"authorization": f"DPoP {token}", "dpop": party.proof("GET", "/oidc/userinfo", token=token)}
    assert (await party.http.get("/oidc/userinfo", headers=headers)).status_code == 401
