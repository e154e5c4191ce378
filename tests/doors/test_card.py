"""The ID-card flow, as a hospital's programme and its browser go through it, and as attackers of the page do."""

import base64
import re
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest

from doors.calling import checked
from doors.card_desk import BACK, MALEE, REAL, STATE, Desk, answer_of, hidden, lines, opened, otp, staffed
from morprom.audit import Outcome
from morprom.identity import clients
from morprom.kernel import Mode, Settings
from morprom.people import Identifier, Scheme, find
from morprom.storage import Database, KeyRing
from morprom_wire.cid import TEST_CID
from units.cast import KHON_KAEN, SIRIRAJ


@pytest.fixture
async def hospitals(database: Database, ring: KeyRing) -> None:
    await staffed(database, ring)


@pytest.fixture
async def desk(hospitals: None, database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[Desk]:
    async for each in opened(database, database_url, ring):
        yield each


@pytest.fixture
async def other(hospitals: None, database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[Desk]:
    async for each in opened(database, database_url, ring, hcode=SIRIRAJ):
        yield each


# The way it is meant


async def test_a_shown_card_becomes_a_code_a_token_and_a_one_time_code(
    desk: Desk, database: Database, ring: KeyRing
) -> None:
    back = answer_of(await desk.show())
    assert set(back) == {"code", "state"} and back["state"] == STATE
    reply = await desk.exchange(back["code"])
    told = checked(reply)
    assert told["otp"] == f"{MALEE}:{told['access_token']}"
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 300)
    assert reply.headers["pragma"] == "no-cache"
    code = checked(await otp(desk, told["access_token"]))["result"]
    assert re.fullmatch(r"[A-Z]{2}[0-9]{6}", code)
    read = await desk.account.post("/api/WebApp", {"cid": MALEE, "otp": code}, Action="Allergy")
    assert (read["MessageCode"], read["result"]) == (200, [])
    assert [line[:2] for line in await lines(database, ring, MALEE)] == [
        ("CardShown", Outcome.PERMITTED), ("CardToken", Outcome.PERMITTED), ("GetPHROTP", Outcome.PERMITTED),
        ("Allergy", Outcome.PERMITTED),
    ]  # fmt: skip


async def test_a_card_that_a_unit_reports_opens_t2_and_no_more(desk: Desk) -> None:
    code = checked(await otp(desk, await desk.token()))["result"]
    assert (await desk.account.post("/api/WebApp", {"cid": MALEE, "otp": code}, Action="Encounter"))[
        "MessageCode"
    ] == 403


async def test_the_token_is_taken_as_the_otp_member_writes_it_too(desk: Desk) -> None:
    assert (await otp(desk, f"{MALEE}:{await desk.token()}")).status_code == 200


async def test_a_client_may_come_with_http_basic(desk: Desk) -> None:
    basic = base64.b64encode(f"{desk.client.client_id}:{desk.secret}".encode()).decode()
    form = {"grant_type": "authorization_code", "code": await desk.code(), "redirect_uri": BACK}
    reply = await desk.browser.post("/oauth2/token", data=form, headers={"authorization": f"Basic {basic}"})
    assert reply.status_code == 200
    both = form | {"client_secret": desk.secret}
    reply = await desk.browser.post("/oauth2/token", data=both, headers={"authorization": f"Basic {basic}"})
    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_request")


async def test_the_test_person_s_card_can_be_shown(desk: Desk) -> None:
    assert checked(await desk.exchange(await desk.code(TEST_CID)))["otp"].startswith(f"{TEST_CID}:")


async def test_who_cancels_is_sent_back_without_a_code(desk: Desk) -> None:
    page = await desk.browser.get(desk.asking())
    reply = await desk.browser.post(desk.asking(), data={"form": hidden(page), "cancel": "1", "cid": MALEE})
    assert answer_of(reply) == {"error": "access_denied", "state": STATE}


# The page


async def test_the_page_says_that_it_simulates_and_locks_itself_in(desk: Desk) -> None:
    page = await desk.browser.get(desk.asking())
    assert "หน้านี้จำลองเครื่องอ่านบัตรประชาชน" in page.text and "SIMULATES THE CARD READER" in page.text
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy and "default-src 'none'" in policy
    assert "form-action 'self' https://his.example;" in policy
    nonce = re.search(r"'nonce-([\w-]+)'", policy)
    assert nonce and page.text.count(f'<style nonce="{nonce[1]}">') == page.text.count("<style") == 1
    assert "<script" not in page.text and "style=" not in page.text
    assert page.headers["cache-control"] == "no-store" and page.headers["x-frame-options"] == "DENY"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    cookie = page.headers["set-cookie"]
    assert "HttpOnly" in cookie and "samesite=strict" in cookie.lower()


async def test_a_programme_s_name_is_text_on_the_page(hospitals: None, desk: Desk, database: Database) -> None:
    async with database.transaction() as tx:
        made = await clients.register(tx, "<b onclick=x>&\"'", KHON_KAEN, [BACK], Mode.SANDBOX)
    page = await desk.browser.get(desk.asking(client_id=made.client.client_id))
    assert "&lt;b onclick=x&gt;&amp;&#34;&#39;" in page.text and "<b " not in page.text


async def test_a_number_that_is_none_or_real_is_refused_on_the_page_and_not_repeated(desk: Desk) -> None:
    for cid in ("1990000000000", "", "abc", REAL):
        reply = await desk.show(cid) if cid else await desk.show(" ")
        assert reply.status_code == 400 and 'role="alert"' in reply.text
        assert cid not in reply.text.replace(MALEE, "") or not cid


async def test_the_cast_is_offered_where_it_is_on_stage(
    hospitals: None, database: Database, database_url: str, ring: KeyRing
) -> None:
    async for desk in opened(database, database_url, ring, settings=Settings(mode=Mode.DEMO)):
        page = await desk.browser.get(desk.asking())
        offered = re.findall(r'name="chosen" value="(\d{13})"', page.text)
        assert len(offered) == 9 and all(cid[1:5] == "9900" or cid == TEST_CID for cid in offered)
        reply = await desk.browser.post(desk.asking(), data={"form": hidden(page), "chosen": offered[0], "cid": ""})
        assert "code" in answer_of(reply)


async def test_production_has_no_card_page_for_a_unit_without_a_station(
    hospitals: None, database: Database, database_url: str, ring: KeyRing
) -> None:
    settings = Settings(mode=Mode.PRODUCTION)
    async for desk in opened(database, database_url, ring, settings=settings):
        page = await desk.browser.get(desk.asking())
        assert page.status_code == 503 and "ยังไม่ได้ลงทะเบียนเครื่องอ่านบัตร" in page.text and "<form" not in page.text
        typed = await desk.browser.post(desk.asking(), data={"cid": MALEE})
        assert typed.status_code == 403 and "<form" not in typed.text


# Attacks on the page


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "00000000-0000-4000-8000-000000000000"},
        {"client_id": ""},
        {"client_id": "\0' or 1=1"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": BACK + "&x=1"},
        {"redirect_uri": BACK.replace("his.example", "his.example@evil.example")},
        {"redirect_uri": BACK.replace("https", "http")},
        {"redirect_uri": BACK + "#"},
        {"redirect_uri": "//evil.example"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": BACK.upper()},
        {"redirect_uri": ""},
    ],
)
async def test_nobody_is_sent_to_an_address_that_is_not_registered(desk: Desk, changed: dict[str, str]) -> None:
    for reply in (
        await desk.browser.get(desk.asking(**changed)),
        await desk.browser.post(desk.asking(**changed), data={"cid": MALEE}),
    ):
        assert reply.status_code == 400 and "location" not in reply.headers
        assert "evil" not in reply.text and 'role="alert"' in reply.text


async def test_an_address_named_twice_is_no_address(desk: Desk) -> None:
    reply = await desk.browser.get(desk.asking() + "&redirect_uri=https://evil.example")
    assert reply.status_code == 400 and "location" not in reply.headers


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": ""}, "invalid_request"),
        ({"scope": "read write"}, "invalid_scope"),
        ({"code_challenge": "abc"}, "invalid_request"),
        ({"code_challenge": "a" * 43, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": "S256"}, "invalid_request"),
    ],
)
async def test_what_else_is_wrong_is_told_to_the_client(desk: Desk, changed: dict[str, str], error: str) -> None:
    assert answer_of(await desk.browser.get(desk.asking(**changed))) == {"error": error, "state": STATE}


async def test_a_state_goes_back_as_it_came_and_breaks_nothing(desk: Desk) -> None:
    for state in ("\r\nSet-Cookie: x=1", "%0d%0aX: 1", '"><script>', "ก" * 500, ""):
        reply = await desk.show(state=state)
        assert answer_of(reply)["state"] == state
        assert "x" not in reply.headers and (not state or state not in reply.headers["location"])
    raw = await desk.browser.get(desk.asking(response_type="x").replace(urlencode({"state": STATE}), "state=%FF%fe"))
    assert raw.headers["location"].endswith("&state=%FF%FE")
    long = await desk.browser.get(desk.asking(state="a" * 2001))
    assert answer_of(long) == {"error": "invalid_request"}
    twice = await desk.browser.get(desk.asking() + "&state=2")
    assert answer_of(twice) == {"error": "invalid_request"}


async def test_a_form_of_another_page_shows_no_card(desk: Desk, database: Database, ring: KeyRing) -> None:
    page = await desk.browser.get(desk.asking())
    form = {"form": hidden(page), "cid": MALEE}
    cross = await desk.browser.post(desk.asking(), data=form, headers={"sec-fetch-site": "cross-site"})
    guessed = await desk.browser.post(desk.asking(), data=form | {"form": "a" * 43})
    none = await desk.browser.post(desk.asking(), data={"cid": MALEE})
    desk.browser.cookies.clear()
    without = await desk.browser.post(desk.asking(), data=form)
    empty = await desk.browser.post(desk.asking(), data=form | {"form": ""}, headers={"cookie": "morprom-form="})
    for reply in (cross, guessed, none, without, empty):
        assert reply.status_code == 403 and "location" not in reply.headers
    async with database.transaction() as tx:
        assert await find(tx, ring, Identifier(Scheme.CID, MALEE)) is None


async def test_a_revoked_client_has_no_page_and_its_codes_and_tokens_end(desk: Desk, database: Database) -> None:
    code, token = await desk.code(), await desk.token()
    async with database.transaction() as tx:
        assert await clients.revoke(tx, desk.client.client_id)
    assert (await desk.browser.get(desk.asking())).status_code == 400
    assert (await desk.exchange(code)).json()["error"] == "invalid_client"
    assert (await otp(desk, token)).status_code == 403
