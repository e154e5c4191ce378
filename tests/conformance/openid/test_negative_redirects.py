"""Attacks on where a browser is sent: with a code, with an error, after signing out (RFC 9700, 2.1 and 4.1)."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from conformance.openid.party import AUTHORIZE, fapi, refused, signed_in, stays
from doors.relying import BACK, ISSUER, House
from morprom.kernel import Mode, Problem

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOOPBACK = "http://127.0.0.1:7777/back"
TRICKS = (
    "https://rp.example/back/", "https://rp.example/back//", "https://rp.example/bac", "https://rp.example/back2",
    "https://rp.example/back/../../evil", "https://rp.example/evil/../back", "https://rp.example/./back",
    "https://rp.example/%62ack", "https://rp.example/back%2f..%2fevil", "https://rp.example/back%00",
    "https://rp.example/back\0.evil.example", "https://rp.example/back\r\nlocation: https://evil.example",
    "https://rp.example/back?", "https://rp.example/back?next=https://evil.example", "https://rp.example/back#",
    "https://rp.example/back#@evil.example", "https://rp.example/BACK", "https://RP.example/back",
    "HTTPS://rp.example/back", "http://rp.example/back", "https:rp.example/back", "https:/rp.example/back",
    "https:///rp.example/back", "//rp.example/back", "/back", "back", "rp.example/back", "https://rp.example:443/back",
    "https://rp.example:8443/back", "https://rp.example./back", "https://evil.rp.example/back",
    "https://rp.example.evil.example/back", "https://evil.example/https://rp.example/back",
    "https://evil.example?https://rp.example/back", "https://evil.example#https://rp.example/back",
    "https://rp.example@evil.example/back", "https://rp.example:x@evil.example/back", "https://user@rp.example/back",
    "https://evil.example\\@rp.example/back", "https://rp.example\\evil/back", "https://rp.example%2eevil.example/back",
    "https://rp。example/back", "https://ｒｐ.example/back", "https://rp.exаmple/back", "https://xn--rp-example/back",
    " https://rp.example/back", "https://rp.example/back ", "\thttps://rp.example/back", "https://rp.example/back\n",
    "javascript:alert(1)", "javascript://rp.example/back%0aalert(1)", "data:text/html,<script>alert(1)</script>",
    "vbscript:x", "file:///etc/passwd", "ftp://rp.example/back", "intent://rp.example/back#Intent;end", "rp:/back",
    "blob:https://rp.example/back", "https://[::1]/back", "https://0x7f.1/back", "*", "null", "https://*/back",
    "http://localhost:7777/back", "http://127.0.0.1:7778/back", "http://127.0.0.1/back", "http://[::1]:7777/back",
    "http://127.1:7777/back", "http://2130706433:7777/back", "https://127.0.0.1:7777/back", "http://127.0.0.1:7777/",
    ISSUER, f"{ISSUER}/oidc/authorize", f"{ISSUER}/id/sign-in?next=https://evil.example", "x" * 3000,
)  # fmt: skip


async def test_a_code_goes_to_a_registered_address_letter_for_letter(house: House) -> None:
    """RFC 9700, 4.1.3; RFC 6749, 3.1.2.3 and 4.1.2.1: anything else is a page of ours, also for a request that errs."""
    party, browser = await signed_in(house, uris=(BACK, LOOPBACK))
    await house.tokens(browser, party)
    for trick in TRICKS:
        for changed in ({}, {"prompt": "none"}, {"response_type": "token"}, {"scope": "", "code_challenge": ""}):
            stays(await browser.get(await party.start(redirect_uri=trick, **changed)))
        reply = await browser.http.post(AUTHORIZE, data=party.asked(redirect_uri=trick))
        stays(reply)
        assert "evil" not in reply.text and "alert(1)" not in reply.text
    for good in (BACK, LOOPBACK):
        answer = await browser.get(await party.start(redirect_uri=good))
        assert answer.reply.headers["location"].startswith(f"{good}?code=")


async def test_a_pushed_request_has_no_other_addresses(house: House) -> None:
    """RFC 9126, 2.4; FAPI 2.0, 5.3.2.2: the client authenticates, and its address is held to the registry as ever."""
    party, _ = await fapi(house, uris=(BACK, LOOPBACK))
    for trick in TRICKS:
        reply = await party.push(party.asked(redirect_uri=trick))
        refused(reply, "invalid_request")
        assert "evil" not in reply.text


async def test_what_stands_beside_a_pushed_request_counts_for_nothing(house: House) -> None:
    """RFC 9126, 4; RFC 9700, 4.1: address, scopes and state are those that the client pushed."""
    party, browser = await fapi(house, uris=(BACK, LOOPBACK))
    for name, value in (("redirect_uri", LOOPBACK), ("state", "evil"), ("scope", "openid pid"), ("response_mode", "form_post")):  # fmt: skip  # noqa: E501
        start = await party.start()
        page = await browser.get(f"{start}&{name}={value}")
        if "code" not in page.members:
            page = await browser.send(page.reply, "/oidc/ask", answer="allow")
        assert page.reply.headers["location"].startswith(f"{BACK}?code=") and page.members["state"] == "a state"
        assert (await party.exchange(page.code)).json()["scope"] == "openid"


async def test_an_error_is_sent_to_the_client_in_our_words_alone(house: House) -> None:
    """RFC 6749, 4.1.2.1; RFC 9700, 4.11.2: a registered address is no open redirect, and nobody writes its text."""
    party, browser = await signed_in(house)
    text = "<script>alert(1)</script>\r\nset-cookie: a=b"
    for changed in (
        {"response_type": text},
        {"prompt": text},
        {"response_mode": text},
        {"max_age": text},
        {"claims": text},
    ):
        answer = await browser.get(await party.start(state="s", **changed))
        location = answer.reply.headers["location"]
        assert location.startswith(f"{BACK}?error=") and "alert" not in location and "cookie" not in location
        assert answer.members["iss"] == ISSUER and answer.members["state"] == "s"
    answer = await browser.get(await party.start(state=text, response_type=text))
    assert answer.members["state"] == text and set(answer.reply.headers) >= {"location"}
    assert "\n" not in answer.reply.headers["location"] and "a=b" not in str(answer.reply.headers.get("set-cookie"))


async def test_a_client_that_is_not_known_sends_nobody_anywhere(house: House) -> None:
    """RFC 6749, 4.1.2.1: unknown, of another dialect, revoked, written otherwise."""
    party, browser = await signed_in(house)
    for client_id in ("", "x", party.client_id.upper(), f" {party.client_id}", f"{party.client_id}\0", "ก", "x" * 3000):
        stays(await browser.get(await party.start(client_id=client_id)))


async def test_codes_and_tokens_are_kept_out_of_referers_and_caches(house: House) -> None:
    """RFC 9700, 4.2.4 and 4.3.1: pages at the end of such an address say nothing to others and are not kept."""
    party, browser = await signed_in(house)
    answer = await house.allowed(browser, party)
    for reply in (answer.reply, (await browser.get(await party.start(prompt="consent"))).reply):
        assert reply.headers["referrer-policy"] in ("same-origin", "no-referrer")
        assert reply.headers["cache-control"] == "no-store"
    assert answer.reply.status_code == 303  # RFC 9700, 4.12: 307 would hand our form on to the client


async def test_signing_out_leads_to_a_registered_address_alone(house: House) -> None:
    """RP-Initiated Logout, 3; RFC 9700, 4.11: with a good hint, and never without one."""
    left = "https://rp.example/left"
    party, browser = await signed_in(house, post_logout_redirect_uris=(left,))
    hint = (await house.tokens(browser, party))["id_token"]
    for trick in [trick.replace("/back", "/left") for trick in TRICKS] + [BACK]:
        asked = {"id_token_hint": hint, "post_logout_redirect_uri": trick, "state": "s"}
        stays(await browser.http.get("/oidc/logout", params=asked))
    asked = {"post_logout_redirect_uri": left, "client_id": party.client_id, "state": "s"}
    page = await browser.http.get("/oidc/logout", params=asked)
    assert page.status_code == 200 and "left" not in page.headers.get("location", "")
    other = await house.party(post_logout_redirect_uris=("https://other.example/left",))
    for changed in ({"client_id": other.client_id}, {"post_logout_redirect_uri": "https://other.example/left"}):
        stays(await browser.http.get("/oidc/logout", params={"id_token_hint": hint, "post_logout_redirect_uri": left} | changed))  # fmt: skip  # noqa: E501
    assert (await browser.get("/id/grants")).reply.status_code == 200  # nobody was signed out by any of that
    out = await browser.http.get("/oidc/logout", params={"id_token_hint": hint, "post_logout_redirect_uri": left, "state": "s"})  # fmt: skip  # noqa: E501
    assert parse_qs(urlsplit(out.headers["location"]).query) == {"state": ["s"]}


async def test_no_such_address_can_be_registered(house: House) -> None:
    """RFC 9700, 4.1.3; RFC 8252, 7.3: whole addresses by https, or of this machine; no fragment, name or wildcard."""
    for uri in (
        "javascript:alert(1)", "data:text/html,x", "rp:/back", "https://rp.example/back#", "https://user@rp.example/",
        "https://rp.example\\@evil.example", "//rp.example", "https://*.example/back", "https://rp.example/ back",
        "https://rp.example/back\r\n", "https://rp.example/<back>", 'https://rp.example/"', "https://", "",
        "https://rp.example/ก", "https://[::1]/", "ftp://rp.example/", "https://rp.example/'", "x" * 600,
    ):  # fmt: skip
        for terms in ({"uris": (uri,)}, {"post_logout_redirect_uris": (uri,)}, {"backchannel_logout_uri": uri}):
            if uri or "uris" in terms:
                assert await is_refused(house, **terms), uri
    services = house.services.settings
    assert services.mode is not Mode.PRODUCTION and not await is_refused(house, uris=("http://rp.example/back",))


async def is_refused(house: House, **terms: Any) -> bool:
    """Whether no client can be registered so."""
    try:
        await house.party(**terms)
    except Problem as problem:
        return problem.code in ("REDIRECT_URI_INVALID", "TERMS_INVALID")
    return False
