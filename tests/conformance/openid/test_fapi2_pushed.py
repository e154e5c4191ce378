"""FAPI 2.0 security profile (final): modules of pushed requests, their addresses and their PKCE."""

from typing import Any

import pytest

from conformance.openid.party import AUTHORIZE, PAR, checked, fapi, refused, stays, unsigned
from doors.relying import BACK, Answer, Browser, House, RelyingParty

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def pushed(party: RelyingParty, **changed: str) -> str:
    """A `request_uri`."""
    reply = await party.push(party.asked(**changed))
    assert reply.status_code == 201, reply.text
    return reply.json()["request_uri"]


async def comes(browser: Browser, client_id: str, request_uri: str, **more: str) -> Answer:
    """A browser comes with a `request_uri`."""
    query = str(browser.http.build_request("GET", AUTHORIZE, params={"client_id": client_id, "request_uri": request_uri} | more).url)  # fmt: skip  # noqa: E501
    return await browser.get(query)


async def agrees(browser: Browser, answer: Answer) -> Answer:
    """The person says yes."""
    assert answer.reply.status_code == 200 and "/oidc/ask" in answer.reply.text, answer.members
    return await browser.send(answer.reply, "/oidc/ask", answer="allow")


async def test_fapi2_security_profile_final_par_attempt_invalid_http_method(house: House) -> None:
    """RFC 9126, 2.3: any method but POST is 405, with the credentials and the request all there."""
    party, _ = await fapi(house)
    form = party.asked() | party.credentials()
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        sent: dict[str, Any] = {"params": form} if method == "GET" else {"data": form}
        reply = await party.http.request(method, PAR, **sent)
        assert reply.status_code == 405 and "request_uri" not in reply.json()
    assert (await party.http.post(PAR, data=form)).status_code == 201


async def test_fapi2_security_profile_final_par_attempt_reuse_request_uri(house: House) -> None:
    """RFC 9126, 4: a `request_uri` that became a code is of no use any more, in this browser or another."""
    party, browser = await fapi(house)
    request_uri = await pushed(party)
    answer = await agrees(browser, await comes(browser, party.client_id, request_uri))
    assert answer.code
    stays(await comes(browser, party.client_id, request_uri))
    stays(await comes(house.browser(), party.client_id, request_uri))
    await checked(house, party, (await party.exchange(answer.code)).json())


async def test_fapi2_security_profile_final_par_ensure_reused_request_uri_prior_to_auth_completion_succeeds(house: House) -> None:  # fmt: skip  # noqa: E501
    """FAPI 2.0, 5.3.2.2, note: until the person has answered, the page may be loaded again."""
    party, browser = await fapi(house)
    request_uri = await pushed(party)
    first = await comes(browser, party.client_id, request_uri)
    assert "/oidc/ask" in first.reply.text
    again = await comes(browser, party.client_id, request_uri)
    answer = await agrees(browser, again)
    await checked(house, party, (await party.exchange(answer.code)).json())
    stays(await browser.send(first.reply, "/oidc/ask", answer="allow"), 404)  # one request becomes one code


async def test_fapi2_security_profile_final_par_attempt_to_use_expired_request_uri(house: House) -> None:
    """RFC 9126, 2.2 and 4: a `request_uri` whose `expires_in` is over is refused."""
    party, browser = await fapi(house)
    reply = await party.push(party.asked())
    request_uri, life = reply.json()["request_uri"], reply.json()["expires_in"]
    house.later(seconds=life - 1)
    assert (await comes(browser, party.client_id, request_uri)).reply.status_code == 200
    house.later(seconds=2)
    stays(await comes(browser, party.client_id, request_uri))


async def test_fapi2_security_profile_final_par_attempt_to_use_request_uri_for_different_client(house: House) -> None:
    """RFC 9126, 2.2: a `request_uri` is of the client that pushed it; another's name with it leads nowhere."""
    party, browser = await fapi(house)
    other, _ = await fapi(house)
    request_uri = await pushed(party)
    stays(await comes(browser, other.client_id, request_uri))
    assert (await comes(browser, party.client_id, request_uri)).reply.status_code == 200


async def test_fapi2_security_profile_final_par_authorization_request_containing_request_uri(house: House) -> None:
    """RFC 9126, 2.1: a pushed request that names another in a request object is refused."""
    party, _ = await fapi(house)
    asked = party.asked()
    hidden = unsigned(asked | {"request_uri": await pushed(party)})
    refused(await party.push(asked | {"request": hidden}), "request_not_supported")
    refused(await party.push({"client_id": party.client_id, "request": hidden}), "invalid_request")


async def test_fapi2_security_profile_final_par_authorization_request_containing_request_uri_form_param(house: House) -> None:  # fmt: skip  # noqa: E501
    """RFC 9126, 2.1: a pushed request with the parameter `request_uri` is refused, whatever it names."""
    party, _ = await fapi(house)
    asked = party.asked()
    for named in (await pushed(party), "https://rp.example/request.jwt", "urn:ietf:params:oauth:request_uri:nothing"):
        refused(await party.push(asked | {"request_uri": named}), "invalid_request")
    refused(await party.push({"request_uri": await pushed(party)}), "invalid_request")
    assert (await party.push(asked)).status_code == 201


async def test_fapi2_security_profile_final_par_without_duplicate_parameters(house: House) -> None:
    """RFC 9126, 4: `client_id` and `request_uri` are enough in the browser; nothing else has to stand there twice."""
    party, browser = await fapi(house)
    request_uri = await pushed(party, scope="openid profile", state="s", nonce="n")
    answer = await agrees(browser, await comes(browser, party.client_id, request_uri))
    assert answer.members["state"] == "s"
    await checked(house, party, (await party.exchange(answer.code)).json(), nonce="n")


async def test_fapi2_security_profile_final_par_ensure_pkce_required(house: House) -> None:
    """FAPI 2.0, 5.3.2.2; RFC 7636, 4.4.1: a pushed request without `code_challenge` is refused."""
    party, _ = await fapi(house)
    for left_out in ({"code_challenge": "", "code_challenge_method": ""}, {"code_challenge": ""}):
        refused(await party.push(party.asked(**left_out)), "invalid_request")
    assert (await party.push(party.asked())).status_code == 201


async def test_fapi2_security_profile_final_par_plain_pkce_rejected(house: House) -> None:
    """FAPI 2.0, 5.3.2.2: `plain` is refused, said or meant by saying nothing (RFC 7636, 4.3)."""
    party, _ = await fapi(house)
    asked = party.asked()
    for plain in ({"code_challenge_method": "plain"}, {"code_challenge_method": ""}, {"code_challenge_method": "s256"}):
        refused(await party.push(asked | {"code_challenge": party.verifier} | plain), "invalid_request")
        refused(await party.push(asked | plain), "invalid_request")
    assert (await party.push(asked)).status_code == 201


async def test_fapi2_security_profile_final_ensure_redirect_uri_in_authorization_request(house: House) -> None:
    """FAPI 2.0, 5.3.2.2: a pushed request without `redirect_uri` is refused, with one address registered too."""
    party, _ = await fapi(house)
    refused(await party.push(party.asked(redirect_uri="")), "invalid_request")
    assert (await party.push(party.asked())).status_code == 201


async def test_fapi2_security_profile_final_ensure_registered_redirect_uri(house: House) -> None:
    """RFC 9700, 2.1 and 4.1.3: an address that is not registered letter for letter is refused where it is pushed."""
    party, _ = await fapi(house)
    near = (f"{BACK}/", f"{BACK}?a=1", f"{BACK}#a", "https://rp.example/BACK", "https://rp.example.evil.example/back",
            "https://rp.example:443/back", "https://user@rp.example/back", "http://rp.example/back", "https://rp.example/back/../back")  # fmt: skip  # noqa: E501
    for uri in near:
        refused(await party.push(party.asked(redirect_uri=uri)), "invalid_request")
    assert (await party.push(party.asked())).status_code == 201


async def test_fapi2_security_profile_final_plain_fapi_tolerate_unregistered_redirect_uri(house: House) -> None:
    """RFC 9126, 2.4: a provider may take an address that is not registered; this one does not, and says so in JSON."""
    party, browser = await fapi(house)
    reply = await party.push(party.asked(redirect_uri="https://rp.example/other"))
    refused(reply, "invalid_request")
    assert "redirect_uri" in reply.json()["error_description"] and "rp.example" not in reply.text
    stays(await browser.get(f"{AUTHORIZE}?client_id={party.client_id}&redirect_uri=https%3A%2F%2Frp.example%2Fother"))


async def test_fapi2_security_profile_final_ensure_pkce_code_verifier_required(house: House) -> None:
    """RFC 7636, 4.5: a code without `code_verifier` becomes nothing."""
    party, browser = await fapi(house)
    answer = await house.allowed(browser, party)
    refused(await party.exchange(answer.code, code_verifier=""), "invalid_grant", "invalid_request")
    await checked(house, party, (await party.exchange(answer.code)).json())


async def test_fapi2_security_profile_final_incorrect_pkce_code_verifier_rejected(house: House) -> None:
    """RFC 7636, 4.6: a code with another verifier becomes nothing, and with the right one neither from then on."""
    party, browser = await fapi(house)
    right = await house.allowed(browser, party)
    verifier = party.verifier
    await checked(house, party, (await party.exchange(right.code, code_verifier=verifier)).json())
    for wrong in ("x" * 43, "short", "x" * 129):
        answer = await house.allowed(browser, party)
        refused(await party.exchange(answer.code, code_verifier=wrong), "invalid_grant")
        refused(await party.exchange(answer.code), "invalid_grant")
    answer = await house.allowed(browser, party)
    changed = party.verifier[:-1] + ("A" if party.verifier[-1] != "A" else "B")
    refused(await party.exchange(answer.code, code_verifier=changed), "invalid_grant")
