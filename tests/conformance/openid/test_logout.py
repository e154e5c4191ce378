"""OpenID Connect RP-Initiated Logout 1.0: the modules of the OpenID Foundation's plan. docs/openid.md lists them."""

import httpx
import pytest

from conformance.openid.party import signed_in, stays
from doors.relying import ISSUER, Answer, Browser, House, RelyingParty

pytestmark = pytest.mark.asyncio(loop_scope="session")

LEFT = "https://rp.example/left"
LOGOUT = "/oidc/logout"
SURE = "/oidc/logout/sure"


async def test_oidcc_rp_initiated_logout_discovery_endpoint_verification(house: House) -> None:
    """RP-Initiated Logout, 2.1: the configuration names the endpoint, which is one of this issuer."""
    metadata = (await house.browser().http.get("/.well-known/openid-configuration")).json()
    assert metadata["end_session_endpoint"] == f"{ISSUER}{LOGOUT}"


async def test_oidcc_rp_initiated_logout(house: House) -> None:
    """RP-Initiated Logout, 2 and 3: out at once, and on to the registered address with the state as it came."""
    for method in ("GET", "POST"):
        party, browser, hint = await hinted(house)
        answer = await leaves(browser, method, id_token_hint=hint, post_logout_redirect_uri=LEFT, state="ก &=1")
        assert answer.reply.headers["location"].startswith(f"{LEFT}?state=") and answer.members == {"state": "ก &=1"}
        await is_out(party, browser)


async def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(house: House) -> None:
    """RP-Initiated Logout, 3: an address that is not registered is an error page; nobody is signed out or sent on."""
    party, browser, hint = await hinted(house)
    for uri in ("https://rp.example/other", "https://rp.example/left/", "https://rp.example@evil.example/left"):
        stays(await leaves(browser, id_token_hint=hint, post_logout_redirect_uri=uri, state="s"))
    await is_in(party, browser)


async def test_oidcc_rp_initiated_logout_modified_id_token_hint(house: House) -> None:
    """RP-Initiated Logout, 2 and 4: a hint whose signature does not hold is an error page."""
    party, browser, hint = await hinted(house)
    head, payload, signature = hint.split(".")
    for changed in (
        f"{head}.{payload}.{signature[5:]}",
        f"{head}.{payload[:-4]}AAAA.{signature}",
        f"{head}.{payload}.",
    ):
        stays(await leaves(browser, id_token_hint=changed, post_logout_redirect_uri=LEFT, state="s"))
    await is_in(party, browser)


async def test_oidcc_rp_initiated_logout_bad_id_token_hint(house: House) -> None:
    """RP-Initiated Logout, 2: a hint that is no ID token of ours is an error page."""
    party, browser, _ = await hinted(house)
    for bad in ("bad.id.token", "bad", "{}", "🙂", "a" * 20_000):
        stays(await leaves(browser, id_token_hint=bad, post_logout_redirect_uri=LEFT))
    await is_in(party, browser)


async def test_oidcc_rp_initiated_logout_no_id_token_hint(house: House) -> None:
    """RP-Initiated Logout, 2 and 3: without a hint nobody vouches for the address: the person is asked, and stays."""
    party, browser, _ = await hinted(house)
    answer = await leaves(browser, post_logout_redirect_uri=LEFT, state="s")
    await asked_first(party, browser, answer)


async def test_oidcc_rp_initiated_logout_no_params(house: House) -> None:
    """RP-Initiated Logout, 2: no parameter at all; the person is asked."""
    party, browser, _ = await hinted(house)
    await asked_first(party, browser, await leaves(browser))


async def test_oidcc_rp_initiated_logout_only_state(house: House) -> None:
    """RP-Initiated Logout, 2: a state without an address has nowhere to go; the person is asked."""
    party, browser, _ = await hinted(house)
    await asked_first(party, browser, await leaves(browser, state="s"))


async def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(house: House) -> None:
    """RP-Initiated Logout, 3: with a hint alone the person is signed out, and a page says so."""
    party, browser, hint = await hinted(house)
    said(await leaves(browser, id_token_hint=hint, state="s"))
    await is_out(party, browser)


async def test_oidcc_rp_initiated_logout_no_state(house: House) -> None:
    """RP-Initiated Logout, 3: without a state the address is called as it was registered."""
    party, browser, hint = await hinted(house)
    answer = await leaves(browser, id_token_hint=hint, post_logout_redirect_uri=LEFT)
    assert answer.reply.headers["location"] == LEFT
    await is_out(party, browser)


async def test_oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(house: House) -> None:
    """RP-Initiated Logout, 3: the address holds letter for letter; a query that was added is an error page."""
    party, browser, hint = await hinted(house)
    stays(await leaves(browser, id_token_hint=hint, post_logout_redirect_uri=f"{LEFT}?foo=bar", state="s"))
    await is_in(party, browser)


# Beyond the plan


async def test_another_session_than_the_hints_is_asked_about(house: House) -> None:
    """RP-Initiated Logout, 2: the hint is of a session that ended; who sits there now is asked."""
    party, browser, hint = await hinted(house)
    await house.sign_in(browser)
    page = await leaves(browser, id_token_hint=hint, post_logout_redirect_uri=LEFT, state="s")
    assert page.reply.status_code == 200 and f'action="{SURE}"' in page.reply.text
    await is_in(party, browser)
    gone = await browser.send(page.reply, SURE)
    assert gone.members == {"state": "s"} and gone.reply.headers["location"].startswith(LEFT)
    await is_out(party, browser)


async def test_a_hint_of_another_client_than_named_is_refused(house: House) -> None:
    """RP-Initiated Logout, 2: `client_id` is the one that the ID token was for."""
    party, browser, hint = await hinted(house)
    other = await house.party(post_logout_redirect_uris=(LEFT,))
    stays(await leaves(browser, id_token_hint=hint, client_id=other.client_id, post_logout_redirect_uri=LEFT))
    await is_in(party, browser)
    answer = await leaves(browser, id_token_hint=hint, client_id=party.client_id, post_logout_redirect_uri=LEFT)
    assert answer.reply.headers["location"] == LEFT


async def test_an_access_token_or_logout_token_is_no_hint(house: House) -> None:
    """RFC 8725, 3.11: what is not an ID token is not taken for one."""
    party, browser = await signed_in(house, post_logout_redirect_uris=(LEFT,))
    tokens = await house.tokens(browser, party)
    stays(await leaves(browser, id_token_hint=tokens["access_token"], post_logout_redirect_uri=LEFT))
    await is_in(party, browser)


async def test_a_page_elsewhere_signs_nobody_out_by_the_answer_to_the_question(house: House) -> None:
    """The answer counts from our own page alone (CSRF)."""
    party, browser, _ = await hinted(house)
    page = await leaves(browser)
    headers = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    stays(await browser.http.post(SURE, data={"form": "x", "kept": ""}, headers=headers), 403)
    assert page.reply.status_code == 200
    await is_in(party, browser)


async def hinted(house: House) -> tuple[RelyingParty, Browser, str]:
    """A client that may bring people to its own page, somebody signed in there, and their ID token."""
    party, browser = await signed_in(house, post_logout_redirect_uris=(LEFT,))
    return party, browser, (await house.tokens(browser, party))["id_token"]


async def leaves(browser: Browser, method: str = "GET", **members: str) -> Answer:
    """The client sends the browser to sign out."""
    if method == "POST":
        reply = await browser.http.post(LOGOUT, data=members)
        assert reply.status_code == 303 and reply.headers["location"].startswith(f"{LOGOUT}?")
        return await browser.get(reply.headers["location"])
    return await browser.get(str(httpx.URL(LOGOUT, params=members)))


async def asked_first(party: RelyingParty, browser: Browser, answer: Answer) -> None:
    """Nothing happened yet; when the person says so they are signed out, and stay on our page."""
    assert answer.reply.status_code == 200 and "ออกจากระบบหมอพร้อมหรือไม่" in answer.reply.text
    assert "form-action 'self';" in answer.reply.headers["content-security-policy"] + ";"
    await is_in(party, browser)
    said(await browser.send(answer.reply, SURE))
    await is_out(party, browser)


def said(answer: Answer) -> None:
    """A page of ours says that they are signed out."""
    assert answer.reply.status_code == 200 and "ออกจากระบบแล้ว" in answer.reply.text


async def is_in(party: RelyingParty, browser: Browser) -> None:
    """The session still answers silently."""
    assert "code" in (await browser.get(await party.start(prompt="none"))).members


async def is_out(party: RelyingParty, browser: Browser) -> None:
    """Nobody sits there any more."""
    assert (await browser.get(await party.start(prompt="none"))).error == "login_required"
