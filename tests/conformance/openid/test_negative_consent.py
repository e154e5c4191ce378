"""Attacks on the question: answered by another site, by another person, before another, twice, unseen (RFC 9700)."""

import asyncio
import json
import re
from html import unescape

import httpx
import pytest

from conformance.openid.party import fapi, refused, signed_in
from doors.relying import ISSUER, PIN_AND_CODE, Answer, Browser, House, RelyingParty, proofed
from morprom.identity import clients

pytestmark = pytest.mark.asyncio(loop_scope="session")

ASK = "/oidc/ask"
HERE = {"origin": ISSUER, "sec-fetch-site": "same-origin"}
ELSEWHERE = (
    {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": ISSUER, "sec-fetch-site": "cross-site"},
    {"origin": ISSUER, "sec-fetch-site": "same-site"},
    {"origin": ISSUER, "sec-fetch-site": "none"},
    {"origin": ISSUER.replace("127.0.0.1", "localhost"), "sec-fetch-site": "same-origin"},
    {"origin": ISSUER.replace("8000", "8001")},
    {"origin": f"{ISSUER}.evil.example"},
    {"origin": ""},
)


async def asked(house: House, **terms: str) -> tuple[RelyingParty, Browser, httpx.Response]:
    """A browser before the question of a client."""
    party, browser = await signed_in(house, **terms)
    page = (await browser.get(await party.start(scope="openid profile"))).reply
    assert page.status_code == 200 and ASK in page.text
    return party, browser, page


def form_on(page: httpx.Response, **changed: str) -> dict[str, str]:
    """What the page's own form would send; "" leaves a field out."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    form = {name: unescape(value) for name, value in hidden.items()} | {"answer": "allow"} | changed
    return {name: value for name, value in form.items() if value}


async def is_asked_still(house: House, party: RelyingParty, browser: Browser) -> bool:
    """Whether nothing was allowed: the client is told so when it asks silently."""
    return (await browser.get(await party.start(scope="openid profile", prompt="none"))).error == "consent_required"


async def test_no_other_site_answers_for_a_person(house: House) -> None:
    """RFC 6749, 10.12; RFC 9700, 4.7; OWASP ASVS 5, 3.5: with the person's cookies and the right token."""
    party, browser, page = await asked(house)
    for headers in ELSEWHERE:
        reply = await browser.http.post(ASK, data=form_on(page), headers=headers)
        assert reply.status_code == 403 and "location" not in reply.headers, headers
    for form in ("", "x", "A" * 43, "ก" * 43, "\0"):
        reply = await browser.http.post(ASK, data=form_on(page, form=form), headers=HERE)
        assert reply.status_code == 403
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
        reply = await browser.http.post(ASK, content=b'{"answer":"allow"}', headers=HERE | {"content-type": kind})
        assert reply.status_code in (400, 403)
    assert await is_asked_still(house, party, browser)
    assert "code" in (await browser.send(page, ASK, answer="allow")).members


async def test_an_address_never_answers(house: House) -> None:
    """OWASP ASVS 5, 3.5: following a link changes nothing, whatever the link says."""
    party, browser, page = await asked(house)
    for method in ("GET", "HEAD"):
        reply = await browser.http.request(method, ASK, params=form_on(page))
        assert reply.status_code in (200, 405) and "location" not in reply.headers
    reply = await browser.http.post(ASK, params=form_on(page), headers=HERE)
    assert reply.status_code == 403 and await is_asked_still(house, party, browser)


async def test_nobody_answers_what_another_was_asked(house: House) -> None:
    """RFC 9700, 4.7; FAPI 2.0, 6.2: a question that is carried to another person's browser is asked anew there."""
    party, browser, page = await asked(house)
    other = house.browser()
    await house.sign_in(other, person=await proofed(house.database, house.ring, house.time))
    theirs = (await other.get(await party.start(scope="openid profile"))).reply
    carried = form_on(page, form=form_on(theirs)["form"])
    again = await other.http.post(ASK, data=carried, headers=HERE)
    assert again.status_code == 200 and "location" not in again.headers
    assert form_on(again)["seat"] not in ("", carried["seat"])
    assert await is_asked_still(house, party, other) and await is_asked_still(house, party, browser)
    assert "code" in (await browser.send(page, ASK, answer="allow")).members


async def test_who_sits_down_in_between_is_asked_anew(house: House) -> None:
    """RFC 9700, 4.7: the first person's yes is not the second's, nor one from before signing in again."""
    party, browser, page = await asked(house)
    await house.sign_in(browser, person=await proofed(house.database, house.ring, house.time))
    second = await browser.send(page, ASK, answer="allow")
    assert second.reply.status_code == 200 and ASK in second.reply.text and not second.members
    assert await is_asked_still(house, party, browser)
    browser.http.cookies.delete("morprom")
    nobody = await browser.send(page, ASK, answer="allow")
    assert nobody.reply.headers["location"].startswith("/id/sign-in?")


async def test_the_sign_in_is_looked_at_again_when_the_answer_comes(house: House) -> None:
    """RFC 9470, 3: the level is held at the answer, not at the question alone."""
    party, browser = await signed_in(house, amr=PIN_AND_CODE)
    page = (await browser.get(await party.start(scope="openid", max_age="60"))).reply
    house.later(seconds=61)
    assert "code" in (await browser.send(page, ASK, answer="allow")).members  # young enough when it was asked
    page = (await browser.get(await party.start(scope="openid profile"))).reply
    await house.sign_out_everywhere()
    assert (await browser.send(page, ASK, answer="allow")).reply.headers["location"].startswith("/id/sign-in?")


async def test_a_question_is_answered_once(house: House) -> None:
    """RFC 6749, 10.5; RFC 9126, 7.3: again, at the same moment, after a no, and by its address."""
    party, browser, page = await asked(house)
    replies = await asyncio.gather(*(browser.http.post(ASK, data=form_on(page), headers=HERE) for _ in range(4)))
    assert sorted(reply.status_code for reply in replies) == [303, 404, 404, 404]
    for reply in (
        await browser.http.post(ASK, data=form_on(page), headers=HERE),
        await browser.http.get(ASK, params={"r": form_on(page)["r"]}),
    ):
        assert reply.status_code == 404 and "location" not in reply.headers
    party, browser, page = await asked(house)
    assert (await browser.send(page, ASK, answer="refuse")).error == "access_denied"
    assert (await browser.send(page, ASK, answer="allow")).reply.status_code == 404
    assert await is_asked_still(house, party, browser)


@pytest.mark.parametrize("answer", ["", "yes", "Allow", "allow ", "true", "1", "allow\0", "deny"])
async def test_whatever_is_not_yes_is_no(house: House, answer: str) -> None:
    """OpenID Connect Core, 3.1.2.4: nothing is allowed by a guess at what was meant."""
    party, browser, page = await asked(house)
    if answer.strip("\0 ") == "allow":
        assert "code" in (await browser.send(page, ASK, answer=answer)).members
        return
    reply = await browser.send(page, ASK, answer=answer)
    assert reply.error == "access_denied" and await is_asked_still(house, party, browser)


async def test_a_reference_that_was_pushed_is_no_question(house: House) -> None:
    """RFC 9126, 2.2: what a client may know of a request opens no page, and what a page knows is no `request_uri`."""
    party, browser = await fapi(house)
    uri = (await party.push(party.asked())).json()["request_uri"]
    for guess in (uri, uri.rpartition(":")[2], "", "x", "x" * 5000, "ก", "\0", "' or 1=1"):
        assert (await browser.http.get(ASK, params={"r": guess})).status_code == 404
    page = (await browser.get(await party.start())).reply
    turned = f"urn:ietf:params:oauth:request_uri:{form_on(page)['r']}"
    reply = await browser.http.get("/oidc/authorize", params={"client_id": party.client_id, "request_uri": turned})
    assert reply.status_code == 400 and "location" not in reply.headers


async def test_a_pushed_request_is_its_clients_and_counts_once(house: House) -> None:
    """RFC 9126, 2.2 and 7: with another client, after its answer, after its time; never a second code."""
    party, browser = await fapi(house)
    other = await house.party(profile="fapi2")
    uri = (await party.push(party.asked())).json()["request_uri"]

    async def comes(client_id: str) -> Answer:
        answer = await browser.get(f"/oidc/authorize?client_id={client_id}&request_uri={uri}")
        is_question = answer.reply.status_code == 200 and ASK in answer.reply.text
        return await browser.send(answer.reply, ASK, answer="allow") if is_question else answer

    assert (await comes(other.client_id)).reply.status_code == 400
    twice = {"client_id": party.client_id, "request_uri": [uri, uri]}
    assert (await browser.http.get("/oidc/authorize", params=twice)).status_code == 400
    two = [await browser.get(f"/oidc/authorize?client_id={party.client_id}&request_uri={uri}") for _ in "ab"]
    assert "code" in (await browser.send(two[0].reply, ASK, answer="allow")).members
    assert (await browser.send(two[1].reply, ASK, answer="allow")).reply.status_code == 404
    assert (await comes(party.client_id)).reply.status_code == 400
    uri = (await party.push(party.asked())).json()["request_uri"]
    house.later(seconds=91)
    assert (await comes(party.client_id)).reply.status_code == 400


async def test_single_claims_are_asked_for_as_scopes_are(house: House) -> None:
    """OpenID Connect Core, 3.1.2.4 and 5.5: what was allowed before covers no claim that is asked for by name since."""
    party, browser = await signed_in(house)
    await house.tokens(browser, party, scope="openid")
    proofing = {"verification": {"trust_framework": None}, "claims": {"name": None}}
    for place in ("id_token", "userinfo"):
        for claims in ({"name": None}, {"pid": {"essential": True}}, {"name#en": None}, {"verified_claims": proofing}):
            asked = {"scope": "openid", "claims": json.dumps({place: claims})}
            assert (await browser.get(await party.start(prompt="none", **asked))).error == "consent_required", claims
            page = (await browser.get(await party.start(**asked))).reply
            assert page.status_code == 200 and ASK in page.text
            assert (await browser.send(page, ASK, answer="refuse")).error == "access_denied"


async def test_a_client_that_was_ended_has_nothing(house: House) -> None:
    """RFC 9700, 4.15; ASVS 5, 10.4: before the question, at the answer, at the code, and whatever it holds."""
    party, browser, page = await asked(house)
    held = await house.tokens(browser, party, scope="openid offline_access")
    code = (await house.allowed(browser, party, scope="openid")).code
    async with house.database.transaction() as tx:
        assert await clients.revoke(tx, party.client_id)
    assert (await browser.send(page, ASK, answer="allow")).reply.status_code == 404
    assert (await browser.get(await party.start())).reply.status_code == 400
    refused(await party.exchange(code), "invalid_client")
    refused(await party.renew(held["refresh_token"]), "invalid_client")
    refused(await party.call("/oidc/introspect", {"token": held["access_token"]}), "invalid_client")
    assert (await party.userinfo(held["access_token"])).status_code == 401
    server = await house.party(is_resource_server=True)
    assert await server.introspected(held["access_token"]) == {"active": False}


async def test_the_question_cannot_be_framed_or_scripted(house: House) -> None:
    """RFC 9700, 4.16; RFC 6749, 10.13: clickjacking; a name that is markup is shown as letters."""
    party, browser = await signed_in(house, name="<img src=x onerror=alert(1)>")
    page = (await browser.get(await party.start(scope="openid", state="<script>alert(2)</script>"))).reply
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy and page.headers["x-frame-options"] == "DENY"
    assert "default-src 'none'" in policy and "unsafe" not in policy and "base-uri 'none'" in policy
    assert page.headers["cross-origin-opener-policy"] == "same-origin" and page.headers["cache-control"] == "no-store"
    assert "<img src=x" not in page.text and "&lt;img src=x" in page.text and "alert(2)" not in page.text
    assert "access-control-allow-origin" not in page.headers
    preflight = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    allowed = await browser.http.options(ASK, headers=preflight)
    assert "access-control-allow-credentials" not in allowed.headers


async def test_nobody_is_signed_in_by_another_site(house: House) -> None:
    """RFC 9700, 4.7; OWASP ASVS 5, 3.5: signing a victim in as the attacker, to have their yes."""
    browser = house.browser()
    await browser.get("/id/sign-in")
    token = re.findall(r'name="form-token" content="([^"]+)"', (await browser.http.get("/id")).text)
    assert token
    form = {"form": token[0], "cid": "1990000000010", "pin": "482913", "code": "123456", "next": "/id"}
    for headers in ELSEWHERE:
        for path in ("/id/sign-in/pin", "/id/sign-in/passkey", "/id/sign-in/options"):
            reply = await browser.http.post(path, data=form, headers=headers | {"x-form": token[0]})
            assert reply.status_code == 403 and "morprom" not in browser.http.cookies, (path, headers)
    for path in ("/id/sign-in/pin", "/id/sign-in/passkey"):
        assert (await browser.http.post(path, data=form | {"form": ""}, headers=HERE)).status_code == 403


async def test_a_person_is_not_signed_out_by_a_link(house: House) -> None:
    """RP-Initiated Logout, 2 and 6: without a hint of this very session the person is asked, by a form of ours."""
    party, browser = await signed_in(house)
    theirs, _ = await signed_in(house)
    other = house.browser()
    await house.sign_in(other)
    hint = (await house.tokens(other, theirs))["id_token"]
    for asked_with in ({}, {"client_id": party.client_id}, {"id_token_hint": hint}):
        page = await browser.http.get("/oidc/logout", params=asked_with)
        assert page.status_code == 200 and "/oidc/logout/sure" in page.text
    for headers in ELSEWHERE:
        reply = await browser.http.post("/oidc/logout/sure", data=form_on(page), headers=headers)
        assert reply.status_code == 403
    assert (await browser.get("/id/grants")).reply.status_code == 200
