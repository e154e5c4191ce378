"""What holds for every page of every door. The pages are asked of the application, so that none is forgotten."""

import re
from collections.abc import AsyncIterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from doors.citizens import Browser
from guards.page_house import BACK, ORIGIN, House, Route, house_on
from morprom.doors.pages.seat import ANYBODYS
from morprom.storage import Database, KeyRing

FROM_ELSEWHERE = frozenset(("/oidc/authorize", "/oidc/logout"))
"""A client's own page may send a form here (OpenID Connect Core, 3.1.2.1; RP-Initiated Logout, 2): nothing changes, and
the browser is led here again, by GET."""

PLACES = (
    "next", "back", "url", "redirect_uri", "post_logout_redirect_uri", "return_to", "returnUrl", "landing", "continue",
    "go", "r", "at",
)  # fmt: skip
TRICKS = (
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "https:evil.example", "/\t/evil.example", "/%09/evil.example", "/%5cevil.example", "javascript:alert(1)",
    "https://phr.example.go.th@evil.example/", "https://phr.example.go.th.evil.example/",
    "/\r\nlocation: //evil.example", ".evil.example", "data:text/html,x",
)  # fmt: skip
UNREGISTERED = (
    f"{BACK}/", f"{BACK}?x=1", f"{BACK}#x", f"{BACK}/../x", f"{BACK}%00", BACK.upper(), f" {BACK}", BACK[:-1], "",
    "http://rp.example/back", "https://rp.example:444/back", "https://rp.example/bac%6b", "//rp.example/back",
    "https://rp.example.evil.example/back", "https://rp.example@evil.example/back", "https://evil.example/back",
    "https://evil.example\\@rp.example/back", "javascript:alert(1)//rp.example/back",
)  # fmt: skip

OWN_SCHEMES = ("data", "otpauth")  # pictures within the page; the code generator on this device
LEADING = ("/oidc/authorize", "/oidc/logout", "/oauth2/auth", "/oauth/redirect", "/v1/oauth2/authorize")
"""Where a client sends a browser that it wants back."""


@pytest.fixture
async def house(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[House]:
    async with house_on(database, database_url, ring) as house:
        yield house


def policy_of(reply: httpx.Response) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in reply.headers["content-security-policy"].split(";"))
    return {name: sources for name, _, sources in parts}


def demand_guarded(reply: httpx.Response, what: str, *, says_nothing_personal: bool = False) -> None:
    """The headers of ASVS 5, 3.4 and 14.3.2."""
    policy, headers = policy_of(reply), reply.headers
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'", what
    assert "unsafe" not in str(policy) and "*" not in str(policy), what
    assert policy.get("script-src", "'self'") == "'self'", what
    assert "https:" not in policy.get("form-action", "").split(), what
    assert headers["x-frame-options"] == "DENY", what
    assert headers["x-content-type-options"] == "nosniff", what
    assert headers["referrer-policy"] in ("same-origin", "no-referrer"), what
    assert "geolocation=()" in headers["permissions-policy"], what
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin", what
    assert headers["cache-control"] == "no-store" or says_nothing_personal, what
    assert int(headers["strict-transport-security"].partition("max-age=")[2].partition(";")[0]) >= 31_536_000, what


def demand_cookies(reply: httpx.Response, what: str) -> None:
    """RFC 6265bis, 4.1.3.2; ASVS 5, 3.3."""
    for line in reply.headers.get_list("set-cookie"):
        name, _, rest = line.partition("=")
        flags = {part.strip().lower() for part in rest.split(";")[1:]}
        assert name.startswith("__Host-"), (what, name)
        assert {"secure", "httponly", "path=/"} <= flags, (what, name)
        assert flags & {"samesite=lax", "samesite=strict"}, (what, name)
        assert not [flag for flag in flags if flag.startswith("domain")], (what, name)


# What every page forbids


async def test_every_page_is_guarded_for_whoever_asks_and_whatever_it_answers(house: House) -> None:
    shown: set[str] = set()
    for browser in (house.browser(), house.seated()):
        for route in house.routes:
            if route.method != "GET" or route.is_file:
                continue
            reply = await browser.get(house.address(route))
            what = f"{route} {reply.status_code}"
            assert reply.status_code < 500, what
            assert reply.headers["x-content-type-options"] == "nosniff", what
            assert "max-age" in reply.headers["strict-transport-security"], what
            demand_cookies(reply, what)
            is_html = reply.headers.get("content-type", "").startswith("text/html")
            if route.is_page or is_html:
                demand_guarded(
                    reply, what, says_nothing_personal=route.path in ("/docs", "/sandbox", "/sandbox/checklist")
                )
            shown |= {route.path} if is_html and reply.status_code == 200 else set()
    assert shown >= {
        "/id", "/id/sign-in", "/id/redeem", "/id/security", "/id/security/keys", "/id/grants", "/counter", "/docs",
        "/counter/{unit}", "/counter/{unit}/case/{case_id}", "/oidc/authorize", "/oidc/logout", "/oauth2/auth",
        "/oauth/redirect", "/v1/oauth2/authorize", "/sandbox", "/id/thaid", "/id/bind", "/admin/clients",
        "/admin/clients/{client}", "/admin/clients/{client}/change",
    }  # fmt: skip


async def test_pages_hold_no_script_and_no_style_of_their_own(house: House) -> None:
    browser = house.seated()
    for route in house.routes:
        if route.is_page and route.method == "GET" and not route.is_file:
            page = (await browser.get(house.address(route))).text
            assert not re.search(r"<script(?![^>]*\ssrc=\"/)|\son\w+=|\sstyle=|javascript:", page), route
            assert "<style" not in page or route.path == "/oauth2/auth", route  # by nonce


async def test_secrets_are_typed_hidden_into_fields_that_a_password_manager_knows(house: House) -> None:
    fields: list[str] = []
    for browser in (house.browser(), house.seated()):
        for route in house.routes:
            if route.is_page and route.method == "GET" and not route.is_file:
                page = (await browser.get(house.address(route))).text
                fields += re.findall(r'<input[^>]*name="(?:pin|again|password)"[^>]*>', page)
    assert len(fields) >= 3
    for field in fields:
        assert 'type="password"' in field and re.search('autocomplete="(new|current)-password"', field), field
        assert "onpaste" not in field and 'maxlength="6"' not in field


async def test_files_of_pages_are_the_same_for_everybody(house: House) -> None:
    browser = house.browser()
    for path in (
        "/pages/pages.css",
        "/id/assets/passkeys.js",
        "/counter/assets/station.js",
        "/sandbox/assets/frame.css",
    ):
        reply = await browser.get(path)
        assert reply.status_code == 200, path
        demand_guarded(reply, path, says_nothing_personal=True)
        assert "set-cookie" not in reply.headers


# Forms of other sites


def forms(house: House) -> list[Route]:
    """Every page's route that may change something."""
    return [one for one in house.routes if one.is_page and one.method != "GET" and one.path not in FROM_ELSEWHERE]


async def sent(browser: Browser, address: str, token: str, **headers: str) -> httpx.Response:
    """A form, or what a script sends: the token stands where either has it."""
    return await browser.http.post(address, data={"form": token}, headers={"x-form": token} | headers)


def is_refused(reply: httpx.Response) -> bool:
    return reply.status_code == 403 and ("FORM_REFUSED" in reply.text or "This form did not come from" in reply.text)


async def test_no_form_of_another_site_or_browser_is_taken(house: House) -> None:
    mine, other = house.seated(), house.browser("203.0.113.99")
    token, foreign = await mine.token(), await other.token()
    assert token != foreign
    routes = forms(house)
    assert len(routes) > 30
    for route in routes:
        address = house.address(route)
        if route.path == "/oauth2/auth":  # it has a cookie of its own
            token = re.findall(r'name="form" value="([^"]+)"', (await mine.get(address)).text)[0]
        for given, headers in (
            ("", {"origin": ORIGIN}),
            (foreign, {"origin": ORIGIN}),
            (token[:-1], {"origin": ORIGIN}),
            (token, {"origin": "https://evil.example"}),
            (token, {"origin": "null"}),
            (token, {"origin": ORIGIN.replace("https", "http")}),
            (token, {"sec-fetch-site": "cross-site"}),
            (token, {"sec-fetch-site": "same-site"}),
        ):
            reply = await sent(mine, address, given, **headers)
            demand_guarded(reply, f"{route}")
            assert is_refused(reply), (route, given == token, headers, reply.status_code)
        if route.path == "/oauth2/auth":
            token = await mine.token()
    assert (await mine.get("/id/security")).status_code == 200  # nobody was signed out, nothing reported


async def test_a_form_of_our_own_page_is_looked_at_and_its_answer_guarded(house: House) -> None:
    """Else the test above would say nothing. What scripts are told is guarded as pages are."""
    for route in forms(house):
        if route.path == "/oauth2/auth":
            continue
        browser = house.browser()
        reply = await sent(browser, house.address(route), await browser.token(), origin=ORIGIN)
        assert reply.status_code < 500 and not is_refused(reply), route
        demand_guarded(reply, f"{route} {reply.status_code}")
        demand_cookies(reply, f"{route} {reply.status_code}")


async def test_a_form_that_may_come_from_elsewhere_changes_nothing(house: House) -> None:
    mine = house.seated()
    for path in FROM_ELSEWHERE:
        form = house.asked(path)
        for headers in ({"origin": "https://rp.example", "sec-fetch-site": "cross-site"}, {}):
            reply = await mine.http.post(path, data=form, headers=headers)
            assert reply.status_code == 303 and reply.headers["location"].startswith("/oidc/"), path
    assert (await mine.get("/id/security")).status_code == 200


async def test_what_only_reads_does_not_sign_anybody_out(house: House) -> None:
    mine = house.seated()
    for route in house.routes:
        if route.is_page and route.method == "GET":
            await mine.get(house.address(route))
    assert (await mine.get("/id/security")).status_code == 200


# Ways out


def leads(reply: httpx.Response, address: str) -> list[str]:
    """Hosts that an answer leads to: as a redirect, or by a link or form in the page; as browsers read addresses."""
    found = [reply.headers["location"]] if "location" in reply.headers else []
    found += map(unescape, re.findall(r'(?:href|action|src|formaction)="([^"]*)"', reply.text))
    plain = (re.sub(r"[\t\r\n]", "", one).strip().replace("\\", "/") for one in found)
    targets = [urlsplit(urljoin(ORIGIN + address, one)) for one in plain]
    away = [one for one in targets if one.netloc != urlsplit(ORIGIN).netloc and one.scheme not in OWN_SCHEMES]
    return [one.netloc or one.scheme for one in away]


@pytest.mark.parametrize("is_seated", [False, True])
async def test_no_parameter_leads_to_another_site(house: House, is_seated: bool) -> None:
    browser = house.seated() if is_seated else house.browser()
    pages = [one for one in house.routes if one.is_page and one.method == "GET" and not one.is_file]
    for trick in TRICKS:
        for route in pages:
            path = house.address(route).partition("?")[0]
            headers = {"referer": trick} if trick.isprintable() else {}
            reply = await browser.http.get(path, params=dict.fromkeys(PLACES, trick), headers=headers)
            assert reply.status_code < 500, (route, trick)
            assert not leads(reply, path), (route, trick, leads(reply, path))


@pytest.mark.parametrize("path", LEADING)
async def test_nobody_is_sent_to_an_address_that_was_not_registered_letter_for_letter(house: House, path: str) -> None:
    member = "post_logout_redirect_uri" if path == "/oidc/logout" else "redirect_uri"
    for browser in (house.browser(), house.seated()):
        for trick in UNREGISTERED:
            asked = house.asked(path) | {member: trick}
            reply = await browser.http.get(path, params=asked)
            assert reply.status_code in ((200, 400) if path == "/oidc/logout" else (400,)), (trick, reply.status_code)
            assert "location" not in reply.headers and not leads(reply, path), trick
        named_twice = await browser.http.get(
            path, params=[*house.asked(path).items(), (member, "https://evil.example")]
        )
        assert "evil.example" not in leads(named_twice, path)


async def test_a_host_that_somebody_made_up_is_led_nowhere(house: House) -> None:
    browser = house.seated()
    for route in house.routes:
        if route.is_page and route.method == "GET" and not route.is_file:
            reply = await browser.http.get(house.address(route), headers={"host": "evil.example", "x-forwarded-host": "evil.example"})  # fmt: skip # noqa: E501
            assert "evil.example" not in reply.text + reply.headers.get("location", ""), route


async def test_the_pages_that_anybody_may_go_on_to_are_those_that_ask_for_a_program(house: House) -> None:
    assert {*ANYBODYS} <= {route.path for route in house.routes if route.is_page}
