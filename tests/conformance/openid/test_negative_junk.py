"""What nobody should send: parameters twice, bodies that are none, headers that say nothing. Never a fault, no echo."""

import gzip
from base64 import b64encode
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from conformance.openid.party import AUTHORIZE, PAR, TOKEN, USERINFO, code_form, fapi, refused, signed_in, stays
from doors.relying import BACK, House, RelyingParty

pytestmark = pytest.mark.asyncio(loop_scope="session")

MARK = "EvilMark"
CALLS = (TOKEN, PAR, "/oidc/introspect", "/oidc/revoke", USERINFO)
PAGES = (AUTHORIZE, "/oidc/ask", "/oidc/logout", "/oidc/logout/sure", "/id/grants")
FORM = "application/x-www-form-urlencoded"
KINDS = (
    FORM, "", f"{FORM}; charset=utf-16", "application/json", "multipart/form-data; boundary=x", "multipart/form-data",
    "text/xml", ";;;=", "application/octet-stream, text/plain",
)  # fmt: skip
BODIES = (
    b"", b"\0" * 100, b"\xff\xfe\xfd", b"{" * 5000, b"[" * 50_000, b'{"client_id":"EvilMark","grant_type":["x"]}',
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;EvilMark</a>',
    b"&" * 10_000, b"a=1&" * 101, b"=&==&=a", b"%", b"%zz=%zz", b"grant_type=%00&client_id=%00&code=%00EvilMark",
    b"client_id[]=EvilMark&client_id[x]=1&grant_type[$ne]=1", b"grant_type=authorization_code&code=" + b"x" * 100_000,
    b"--x\r\ncontent-disposition: form-data; name=client_id\r\n\r\nEvilMark\r\n--x--", "client_id=กขค\u202e".encode(),
    b"client_id=%ff%fe&client_secret=%c0%80&token=%ed%a0%80", b"client_assertion=EvilMark&client_assertion_type=%0d%0a",
    b"access_token=EvilMark", b"token=EvilMark&token_type_hint=" + b"x" * 9000, b"r=EvilMark&answer=allow&form=x",
)  # fmt: skip
HEADERS: tuple[dict[str, Any], ...] = (
    {"authorization": "Basic"}, {"authorization": "Basic !!!"}, {"authorization": "Basic " + b64encode(b"x").decode()},
    {"authorization": "Basic " + b64encode(b"\xff\xfe:\xff").decode()}, {"authorization": "Basic " + "A" * 9001},
    {"authorization": "Basic " + b64encode(b"%00%ff:%00").decode()}, {"authorization": "Bearer"},
    {"authorization": "Bearer \x80\xff".encode("latin-1")}, {"authorization": "DPoP"}, {"authorization": "Negotiate x"},
    {"authorization": "Bearer " + "x" * 50_000}, {"authorization": ""}, {"authorization": "Bearer a b c"},
    {"dpop": ""}, {"dpop": "\xff".encode("latin-1")}, {"dpop": "."}, {"dpop": "x" * 50_000}, {"cookie": "morprom="},
    {"cookie": "morprom=" + "x" * 5000}, {"cookie": "=;=;;\xff".encode("latin-1")}, {"accept": "*" * 9000},
    {"content-encoding": "gzip"}, {"content-encoding": "br, gzip, x"}, {"content-length": "-1"},
    {"host": "evil.example"},
    {"x-forwarded-host": "evil.example", "x-forwarded-proto": "https", "forwarded": "host=evil.example"},
    {"sec-fetch-site": "\xff".encode("latin-1")}, {"origin": "x" * 5000}, {"referer": "javascript:alert(1)"},
)  # fmt: skip


def is_refusal(path: str, reply: httpx.Response) -> None:
    """A refusal in the form that the call's answers have; nothing of what was sent, and nothing of ours."""
    assert reply.status_code < 500, (path, reply.status_code)
    assert reply.status_code >= 400 or reply.status_code in (200, 204, 303), (path, reply.status_code)
    assert MARK not in reply.text and "Traceback" not in reply.text and "evil.example" not in str(reply.headers), path
    if path in CALLS and reply.request.method != "HEAD" and reply.status_code != 204:
        assert reply.headers["content-type"].startswith("application/json") and reply.json()["error"], path
        assert reply.headers["cache-control"] == "no-store" or reply.status_code == 405


@pytest.mark.parametrize("path", [*CALLS, *PAGES])
async def test_bodies_that_are_none_are_refused(house: House, path: str) -> None:
    """RFC 6749, 3.2 and 5.2: every body under every content type; by somebody who is signed in."""
    _, browser = await signed_in(house)
    for kind in KINDS:
        for body in BODIES:
            headers = {"content-type": kind} if kind else {}
            is_refusal(path, await browser.http.post(path, content=body, headers=headers))
    packed = gzip.compress(b"x" * 60_000_000, 1)  # more than a body may become
    headers = {"content-type": FORM, "content-encoding": "gzip"}
    assert (await browser.http.post(path, content=packed, headers=headers)).status_code in (400, 401, 413)
    assert (await browser.http.post(path, content=b"x" * 6_100_000)).status_code in (400, 401, 413)


@pytest.mark.parametrize("path", [*CALLS, *PAGES, "/oidc/jwks", "/.well-known/openid-configuration"])
async def test_odd_headers_and_methods_are_no_faults(house: House, path: str) -> None:
    """RFC 9110, 9.1 and 15.5.6; RFC 6750, 3.1: whatever the head of a request says, in every method."""
    http = house.browser().http
    for method in ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
        reply = await http.request(method, path)
        assert reply.status_code < 500, (method, path)
        assert method in ("GET", "POST", "HEAD", "OPTIONS") or reply.status_code in (404, 405), (method, path)
    for headers in HEADERS:
        for method in ("GET", "POST"):
            reply = await http.request(method, path, headers=headers, content=b"token=x" if method == "POST" else None)
            assert reply.status_code < 500 and "evil.example" not in reply.text, (method, path, headers)
    twice = [("authorization", "Basic eDp4"), ("authorization", "Bearer x"), ("dpop", "a"), ("dpop", "b")]
    assert (await http.post(path, headers=twice, content=b"")).status_code in (400, 401, 403, 404, 405, 303, 200)


async def test_no_parameter_counts_that_stands_there_twice(house: House) -> None:
    """RFC 6749, 3.1 and 3.2; RFC 9126, 2.1: with the same value and with another, first and last."""
    party, browser = await signed_in(house)
    await house.tokens(browser, party)
    for name, value in party.asked().items():
        for other in (value, MARK):
            for pairs in ([(name, other), *party.asked().items()], [*party.asked().items(), (name, other)]):
                reply = await browser.http.get(AUTHORIZE, params=pairs)
                posted = await browser.http.post(AUTHORIZE, content=urlencode(pairs), headers={"content-type": FORM})
                for answer in (reply, posted):
                    if name in ("client_id", "redirect_uri"):
                        stays(answer)
                    else:
                        assert answer.headers["location"].startswith(f"{BACK}?error=invalid_request")
                        assert MARK not in answer.headers["location"]


async def test_no_member_of_a_call_counts_that_stands_there_twice(house: House) -> None:
    """RFC 6749, 3.2: before anybody is authenticated, and without using up what the call brings."""
    party, browser = await signed_in(house, auth="client_secret_post")
    code = (await house.allowed(browser, party, scope="openid offline_access")).code
    tokens: dict[str, Any] = {}
    for path, form in (
        (TOKEN, code_form(party, code)), (TOKEN, {"grant_type": "refresh_token", "refresh_token": ""}),
        ("/oidc/introspect", {"token": ""}), ("/oidc/revoke", {"token": "", "token_type_hint": "access_token"}),
    ):  # fmt: skip
        whole = {name: value or tokens["refresh_token"] for name, value in form.items()} | party.credentials()
        for name, value in whole.items():
            for pairs in ([(name, MARK), *whole.items()], [*whole.items(), (name, value)]):
                refused(await posted(party, path, pairs), "invalid_request")
        reply = await posted(party, path, [*whole.items()])
        assert reply.status_code == 200
        if path == TOKEN:
            tokens = reply.json()
    pushing, _ = await fapi(house)
    asked = pushing.asked()
    for name, value in asked.items():
        pairs = [*asked.items(), (name, value), *pushing.credentials().items()]
        refused(await posted(pushing, PAR, pairs), "invalid_request")
    assert (await pushing.push(asked)).status_code == 201


async def test_what_stands_in_an_address_is_no_member_of_a_call(house: House) -> None:
    """RFC 6749, 2.3.1 and 3.2: credentials and codes in the query count for nothing."""
    party, browser = await signed_in(house, auth="client_secret_post")
    code = (await house.allowed(browser, party)).code
    whole = code_form(party, code) | party.credentials()
    refused(await party.http.post(TOKEN, params=whole), "invalid_client")
    refused(await party.http.post(TOKEN, params=party.credentials(), data=code_form(party, code)), "invalid_client")
    assert (await posted(party, TOKEN, [*whole.items()])).status_code == 200


async def test_discovery_names_us_whatever_the_request_calls_us(house: House) -> None:
    """RFC 9700, 4.4; RFC 8414, 3.3: the issuer and its endpoints come from settings, never from a header."""
    http = house.browser().http
    plain = (await http.get("/.well-known/openid-configuration")).json()
    for headers in ({"host": "evil.example"}, {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}):
        assert (await http.get("/.well-known/openid-configuration", headers=headers)).json() == plain


async def posted(party: RelyingParty, path: str, pairs: list[tuple[str, str]]) -> httpx.Response:
    """A form in which names may stand twice."""
    return await party.http.post(path, content=urlencode(pairs), headers={"content-type": FORM})
