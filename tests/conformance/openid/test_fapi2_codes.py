"""FAPI 2.0 security profile (final): modules of codes: once, in time, for its client and its key."""

import pytest
from joserfc import jwk

from conformance.openid.party import PAR, TOKEN, call, checked, code_form, fapi, refused, resource
from doors.relying import Answer, Browser, House, RelyingParty

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def bound(house: House, **asked: str) -> tuple[RelyingParty, Browser, Answer]:
    """A client with a code for a request of which something says a key."""
    party, browser = await fapi(house)
    return party, browser, await house.allowed(browser, party, **asked)


async def bound_by_proof(house: House) -> tuple[RelyingParty, str]:
    """A client with a code whose request was pushed with a proof of its key."""
    party, browser = await fapi(house)
    reply = await party.push(party.asked(), dpop=party.proof("POST", PAR))
    assert reply.status_code == 201
    page = await browser.get(f"/oidc/authorize?client_id={party.client_id}&request_uri={reply.json()['request_uri']}")
    return party, (await browser.send(page.reply, "/oidc/ask", answer="allow")).code


async def test_fapi2_security_profile_final_attempt_reuse_authorization_code_after_one_second(house: House) -> None:
    """FAPI 2.0, 5.3.2.2; RFC 6749, 4.1.2: a code that comes again is refused, and ends what it had become."""
    party, browser = await fapi(house)
    answer = await house.allowed(browser, party, scope="openid offline_access")
    tokens = (await party.exchange(answer.code)).json()
    assert (await resource(party, tokens["access_token"])).status_code == 200
    house.later(seconds=1)
    refused(await party.exchange(answer.code), "invalid_grant")
    assert (await resource(party, tokens["access_token"])).status_code == 401
    refused(await party.renew(tokens["refresh_token"]), "invalid_grant")


async def test_fapi2_security_profile_final_ensure_authorization_code_is_bound_to_client(house: House) -> None:
    """RFC 6749, 4.1.3: another client has nothing of a code, with everything right but its name."""
    party, browser = await fapi(house)
    other, _ = await fapi(house)
    code = (await house.allowed(browser, party)).code
    refused(await call(other, TOKEN, code_form(party, code)), "invalid_grant")
    code = (await house.allowed(browser, party)).code
    await checked(house, party, (await call(party, TOKEN, code_form(party, code))).json())


async def test_fapi2_security_profile_final_ensure_token_endpoint_fails_with_expired_auth_code(house: House) -> None:
    """FAPI 2.0, 5.3.2.1: a code is of no use after 60 seconds."""
    party, browser = await fapi(house)
    for seconds, lives in ((59, True), (61, False)):
        code = (await house.allowed(browser, party)).code
        house.later(seconds=seconds)
        reply = await party.exchange(code)
        if lives:
            await checked(house, party, reply.json())
        else:
            refused(reply, "invalid_grant")


async def test_fapi2_security_profile_final_ensure_dpop_auth_code_binding_success(house: House) -> None:
    """RFC 9449, 10: a code whose request named a key by `dpop_jkt` becomes tokens with a proof of that key."""
    party, browser = await fapi(house)
    code = (await house.allowed(browser, party, dpop_jkt=party.dpop_key.thumbprint())).code
    tokens = (await party.exchange(code)).json()
    await checked(house, party, tokens)
    assert tokens["token_type"] == "DPoP" and (await resource(party, tokens["access_token"])).status_code == 200


async def test_fapi2_security_profile_final_ensure_token_endpoint_fails_with_mismatched_dpop_jkt(house: House) -> None:
    """RFC 9449, 10: with a proof of another key than `dpop_jkt` named, or with none, a code becomes nothing."""
    party, browser = await fapi(house)
    thumbprint, own = party.dpop_key.thumbprint(), party.dpop_key
    code = (await house.allowed(browser, party, dpop_jkt=thumbprint)).code
    other = party.proof("POST", TOKEN, key=jwk.ECKey.generate_key("P-256"))
    refused(await call(party, TOKEN, code_form(party, code), proof=other), "invalid_grant", "invalid_dpop_proof")
    code = (await house.allowed(browser, party, dpop_jkt=thumbprint)).code
    refused(await call(party, TOKEN, code_form(party, code), proof=None), "invalid_dpop_proof")
    reply = await call(party, TOKEN, code_form(party, code), proof=party.proof("POST", TOKEN, key=own))
    await checked(house, party, reply.json())


async def test_fapi2_security_profile_final_ensure_dpopproof_at_par_endpoint_binding_success(house: House) -> None:
    """RFC 9449, 10.1: a proof at the PAR endpoint binds the code to its key."""
    party, code = await bound_by_proof(house)
    tokens = (await party.exchange(code)).json()
    await checked(house, party, tokens)
    assert (await resource(party, tokens["access_token"])).status_code == 200


async def test_fapi2_security_profile_final_ensure_token_endpoint_fails_with_mismatched_dpop_proof_jkt(house: House) -> None:  # fmt: skip  # noqa: E501
    """RFC 9449, 10.1: a code whose request was pushed with a proof becomes nothing with a proof of another key."""
    party, code = await bound_by_proof(house)
    other = party.proof("POST", TOKEN, key=jwk.ECKey.generate_key("P-256"))
    refused(await call(party, TOKEN, code_form(party, code), proof=other), "invalid_grant", "invalid_dpop_proof")


async def test_fapi2_security_profile_final_ensure_mismatched_dpop_jkt_fails(house: House) -> None:
    """RFC 9449, 10.1: a proof at the PAR endpoint of another key than `dpop_jkt` names is refused there."""
    party, _ = await fapi(house)
    other = jwk.ECKey.generate_key("P-256").thumbprint()
    asked = party.asked(dpop_jkt=other)
    reply = await party.push(asked, dpop=party.proof("POST", PAR))
    refused(reply, "invalid_dpop_proof", "invalid_request")
    same = asked | {"dpop_jkt": party.dpop_key.thumbprint()}
    assert (await party.push(same, dpop=party.proof("POST", PAR))).status_code == 201


async def test_fapi2_security_profile_final_ensure_holder_of_key_required(house: House) -> None:
    """FAPI 2.0, 5.3.2.1 and 5.3.4: no tokens without a proof, and a token without a proof of its key opens nothing."""
    party, browser = await fapi(house)
    code = (await house.allowed(browser, party)).code
    refused(await call(party, TOKEN, code_form(party, code), proof=None), "invalid_dpop_proof")
    tokens = (await party.exchange(code)).json()
    token = tokens["access_token"]
    for scheme, headers in (("DPoP", {}), ("Bearer", {}), ("Bearer", {"dpop": party.proof("GET", "/oidc/userinfo", token=token)})):  # fmt: skip  # noqa: E501
        reply = await party.http.get("/oidc/userinfo", headers={"authorization": f"{scheme} {token}"} | headers)
        assert reply.status_code == 401 and "error=" in reply.headers["www-authenticate"]
    thief = party.proof("GET", "/oidc/userinfo", token=token, key=jwk.ECKey.generate_key("P-256"))
    assert (await resource(party, token, proof=thief)).status_code == 401
    assert (await party.http.post("/oidc/userinfo", data={"access_token": token})).status_code == 401
    assert (await resource(party, token)).status_code == 200
