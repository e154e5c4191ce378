"""People sign in at relying parties: what they are asked, what is told, and when it ends."""

import json
from collections.abc import AsyncIterator
from urllib.parse import unquote

import pytest

from doors.relying import BACK, CID, CODE_ALONE, ISSUER, PASSKEY, PIN_AND_CODE, House, proofed, relying
from morprom.storage import Database, KeyRing

PROFILES = pytest.mark.parametrize("profile", ["old", "fapi2"])


@pytest.fixture
async def house(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[House]:
    async with relying(database, database_url, ring) as opened:
        yield opened


@PROFILES
async def test_a_person_signs_in_at_a_client(house: House, profile: str) -> None:
    party, browser = await house.party(profile=profile), house.browser()
    await house.sign_in(browser)
    page = await browser.get(await party.start(scope="openid profile offline_access", state="s", nonce="n"))
    assert page.reply.status_code == 200 and "แอปตัวอย่าง" in page.reply.text and "โรงพยาบาลขอนแก่น" in page.reply.text
    assert "form-action 'self' https://rp.example" in page.reply.headers["content-security-policy"]
    answer = await browser.send(page.reply, "/oidc/ask", answer="allow")
    assert (answer.members["state"], answer.members["iss"]) == ("s", ISSUER)
    tokens = (await party.exchange(answer.code)).json()
    assert tokens["token_type"] == ("DPoP" if profile == "fapi2" else "Bearer") and tokens["expires_in"] == 600
    claims = await party.id_token(tokens["id_token"])
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (ISSUER, party.client_id, "n")
    assert (claims["ial"], claims["aal"], claims["acr"], claims["amr"]) == ("2.3", "2.2", "aal2.2", ["swk", "user"])
    assert claims["auth_time"] == int(house.time.seconds()) and "given_name" not in claims
    told = (await party.userinfo(tokens["access_token"])).json()
    assert told["sub"] == claims["sub"] and (told["given_name"], told["family_name"]) == ("มาลี", "สมมติ")
    assert (told["birthdate"], told["gender"], told["name"]) == ("1959-04-09", "female", "นางมาลี สมมติ")
    assert "pid" not in told and CID not in json.dumps(told)


@PROFILES
async def test_a_refresh_token_works_once_and_a_second_use_ends_the_family(house: House, profile: str) -> None:
    party, browser = await house.party(profile=profile), house.browser()
    await house.sign_in(browser)
    first = await house.tokens(browser, party, scope="openid offline_access")
    second = (await party.renew(first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"] and "nonce" not in await party.id_token(second["id_token"])
    assert (await party.userinfo(second["access_token"])).status_code == 200
    again = await party.renew(first["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert (await party.renew(second["refresh_token"])).json()["error"] == "invalid_grant"
    for token in (first, second):
        assert (await party.userinfo(token["access_token"])).status_code == 401
        assert await party.introspected(token["access_token"]) == {"active": False}


@PROFILES
async def test_a_code_works_once_and_a_second_use_ends_what_it_made(house: House, profile: str) -> None:
    party, browser = await house.party(profile=profile), house.browser()
    await house.sign_in(browser)
    answer = await house.allowed(browser, party)
    tokens = (await party.exchange(answer.code)).json()
    assert (await party.userinfo(tokens["access_token"])).status_code == 200
    assert (await party.exchange(answer.code)).json()["error"] == "invalid_grant"
    assert (await party.userinfo(tokens["access_token"])).status_code == 401


async def test_what_was_allowed_is_remembered_and_more_is_asked_anew(house: House) -> None:
    party, browser = await house.party(), house.browser()
    await house.sign_in(browser)
    await house.tokens(browser, party, scope="openid profile")
    assert "code" in (await browser.get(await party.start(scope="profile openid"))).members
    assert "/oidc/ask" in (await browser.get(await party.start(scope="openid address"))).reply.text
    assert "/oidc/ask" in (await browser.get(await party.start(prompt="consent"))).reply.text
    silent = await browser.get(await party.start(scope="openid address", prompt="none"))
    assert silent.error == "consent_required"
    await house.tokens(browser, party, scope="openid address")
    assert "code" in (await browser.get(await party.start(scope="openid address profile", prompt="none"))).members


async def test_a_person_says_no(house: House) -> None:
    party, browser = await house.party(profile="fapi2"), house.browser()
    await house.sign_in(browser)
    page = await browser.get(await party.start(state="s"))
    answer = await browser.send(page.reply, "/oidc/ask", answer="refuse")
    assert (answer.error, answer.members["state"], answer.members["iss"]) == ("access_denied", "s", ISSUER)
    assert (await browser.send(page.reply, "/oidc/ask", answer="allow")).reply.status_code == 404  # answered once


async def test_somebody_who_is_not_signed_in_is_sent_to_sign_in_and_back(house: House) -> None:
    party, browser = await house.party(), house.browser()
    answer = await browser.get(await party.start(state="x" * 3000))
    location = answer.reply.headers["location"]
    assert location.startswith("/id/sign-in?aal=1&next=%2Foidc%2Fask%3Fr%3D") and len(location) < 200
    assert (await browser.get(await party.start(prompt="none"))).error == "login_required"


@pytest.mark.parametrize(
    ("amr", "asked", "leads_to"),
    [
        (CODE_ALONE, {"scope": "openid pid"}, "aal=2.1"),
        (CODE_ALONE, {"acr_values": "aal2.1"}, "code"),  # she has no authenticator for it: voluntary
        (CODE_ALONE, {"claims": '{"id_token":{"acr":{"essential":true,"values":["aal2.2"]}}}'}, "unmet"),
        (PASSKEY, {"claims": '{"id_token":{"acr":{"essential":true,"values":["aal2.1"]}}}'}, "code"),
        (PASSKEY, {"claims": '{"id_token":{"acr":{"essential":true,"value":"urn:unknown"}}}'}, "unmet"),
        (PASSKEY, {"claims": '{"id_token":{"acr":{"essential":true,"value":"ial3"}}}'}, "unmet"),
        (PASSKEY, {"acr_values": "urn:unknown ial2.3 aal2.1"}, "code"),
        (PIN_AND_CODE, {"max_age": "60"}, "max_age=60"),
        (PIN_AND_CODE, {"max_age": "10000"}, "code"),
        (PIN_AND_CODE, {"prompt": "login"}, "max_age=0"),
        (PIN_AND_CODE, {"prompt": "select_account"}, "max_age=0"),
        (PIN_AND_CODE, {"prompt": "none", "max_age": "60"}, "login_required"),
    ],
)
async def test_levels_and_ages_that_a_client_asks_for(
    house: House, amr: frozenset[str], asked: dict[str, str], leads_to: str
) -> None:
    party, browser = await house.party(), house.browser()
    await house.sign_in(browser, amr)  # type: ignore[arg-type]
    await house.tokens(browser, party)
    house.later(minutes=5)
    answer = await browser.get(await party.start(**asked))
    told = {"unmet": "unmet_authentication_requirements"}.get(leads_to, leads_to)
    if leads_to == "aal=2.1":
        assert answer.error == "unmet_authentication_requirements"  # nobody can sign in higher without authenticators
    elif leads_to.startswith("max_age"):
        assert leads_to in answer.reply.headers["location"]
    else:
        assert told in answer.members or answer.error == told


async def test_a_sign_in_made_for_the_request_is_fresh_however_long_it_took(house: House) -> None:
    party, browser = await house.party(), house.browser()
    await house.sign_in(browser)
    await house.tokens(browser, party)
    house.later(minutes=1)
    sent = await browser.get(await party.start(prompt="login", max_age="1"))
    house.later(minutes=1)
    await house.sign_in(browser)
    house.later(minutes=1)
    back = sent.reply.headers["location"].split("next=")[1].split("&")[0].replace("%2F", "/").replace("%3F", "?")
    answer = await browser.get(back.replace("%3D", "="))
    claims = await party.id_token((await party.exchange(answer.code)).json()["id_token"])
    assert claims["auth_time"] == int(house.time.seconds()) - 60


async def test_names_of_people_are_random_and_each_clients_own(house: House) -> None:
    browser = house.browser()
    await house.sign_in(browser)
    parties = [await house.party(), await house.party(), await house.party(sector="s"), await house.party(sector="s")]
    subs = [
        (await party.id_token((await house.tokens(browser, party))["id_token"]))["sub"]
        for party in [*parties, parties[0]]
    ]
    assert len(set(subs)) == 3 and subs[2] == subs[3] and subs[0] == subs[4] and all(len(sub) == 43 for sub in subs)


async def test_a_hint_of_somebody_else_signs_nobody_in(house: House) -> None:
    party, browser, other = await house.party(), house.browser(), house.browser()
    await house.sign_in(browser)
    mine = (await house.tokens(browser, party))["id_token"]
    assert "code" in (await browser.get(await party.start(prompt="none", id_token_hint=mine))).members
    await house.sign_in(other, person=await proofed(house.database, house.ring, house.time))
    assert (await other.get(await party.start(id_token_hint=mine))).error == "login_required"
    assert (await browser.get(await party.start(id_token_hint=mine[:-2]))).error == "login_required"
    sub = (await party.id_token(mine))["sub"]
    for value, error in ((sub, ""), ("another", "login_required")):
        asked = json.dumps({"id_token": {"sub": {"value": value}}})
        assert (await browser.get(await party.start(claims=asked))).error == error


async def test_everything_ends_with_the_session(house: House) -> None:
    party, browser = await house.party(), house.browser()
    await house.sign_in(browser)
    tokens = await house.tokens(browser, party, scope="openid offline_access")
    told = await party.introspected(tokens["access_token"])
    assert (told["active"], told["scope"], told["tier"], told["aal"]) == (True, "openid offline_access", 1, "2.2")
    await house.sign_out_everywhere()
    assert await party.introspected(tokens["access_token"]) == {"active": False}
    assert (await party.userinfo(tokens["access_token"])).status_code == 401
    assert (await party.renew(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_no_token_outlives_the_window_of_the_sign_in(house: House) -> None:
    party, browser = await house.party(), house.browser()
    await house.sign_in(browser)
    for _ in range(24):
        house.later(minutes=29, seconds=30)
        await browser.get("/id/grants")  # she is there
    tokens = await house.tokens(browser, party, scope="openid offline_access")
    assert tokens["expires_in"] == 600
    house.later(minutes=9)
    await browser.get("/id/grants")
    renewed = (await party.renew(tokens["refresh_token"])).json()
    assert renewed["expires_in"] == 3 * 60  # 12 hours are over then
    house.later(minutes=3)
    assert (await party.renew(renewed["refresh_token"])).json()["error"] == "invalid_grant"


async def test_an_access_token_lives_ten_minutes(house: House) -> None:
    party, browser = await house.party(), house.browser()
    await house.sign_in(browser)
    tokens = await house.tokens(browser, party)
    house.later(minutes=9, seconds=59)
    assert (await party.userinfo(tokens["access_token"])).status_code == 200
    house.later(seconds=1)
    refused = await party.userinfo(tokens["access_token"])
    assert refused.status_code == 401 and 'error="invalid_token"' in refused.headers["www-authenticate"]


async def test_the_citizen_number_is_told_by_its_scope_alone(house: House) -> None:
    browser = house.browser()
    await house.sign_in(browser)
    asked = json.dumps({"userinfo": {"pid": {"essential": True}}, "id_token": {"pid": None}})
    for scopes, knows in ((("openid", "profile"), False), (("openid", "pid"), True)):
        party = await house.party(scopes=scopes)
        tokens = await house.tokens(browser, party, scope="openid pid", claims=asked)
        told = (await party.userinfo(tokens["access_token"])).json()
        assert (told.get("pid") == CID) is knows and ("pid" in await party.id_token(tokens["id_token"])) is knows


async def test_the_answer_may_come_by_a_form(house: House) -> None:
    party, browser = await house.party(), house.browser()
    await house.sign_in(browser)
    await house.tokens(browser, party)
    page = (await browser.get(await party.start(response_mode="form_post", state='"><script>'))).reply
    assert f'action="{BACK}"' in page.text and "&#34;&gt;&lt;script&gt;" in page.text and "<script>" not in page.text
    assert "form-action 'self' https://rp.example" in page.headers["content-security-policy"]
    assert (await browser.http.get("/oidc/files/form-post.js")).status_code == 200


async def test_a_request_may_come_by_post(house: House) -> None:
    party, browser = await house.party(), house.browser()
    await house.sign_in(browser)
    await house.tokens(browser, party)
    reply = await browser.http.post("/oidc/authorize", data=party.asked())
    assert reply.status_code == 303 and reply.headers["location"].startswith("/oidc/ask?r=")
    assert "code" in (await browser.get(reply.headers["location"])).members


async def test_from_a_page_of_ours_a_browser_goes_on_by_a_page(house: House) -> None:
    party, browser = await house.party(), house.browser()
    await house.sign_in(browser)
    await house.tokens(browser, party)
    reply = await browser.http.post("/oidc/authorize", data=party.asked())
    page = await browser.http.get(reply.headers["location"], headers={"sec-fetch-site": "same-origin"})
    assert page.status_code == 200 and f'content="0;url={BACK}?code=' in page.text


async def test_a_person_sees_and_takes_back_what_they_allowed(house: House) -> None:
    party, browser = await house.party(), house.browser()
    await house.sign_in(browser)
    tokens = await house.tokens(browser, party, scope="openid profile offline_access")
    page = (await browser.get("/id/grants")).reply
    assert "แอปตัวอย่าง" in page.text and "IAL 2.3, AAL 2.2" in page.text and "โรงพยาบาลขอนแก่น" in page.text
    gone = await browser.send(page, "/id/grants")
    assert gone.reply.status_code == 200 and "แอปตัวอย่าง" not in gone.reply.text
    assert (await party.userinfo(tokens["access_token"])).status_code == 401
    assert (await party.renew(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert "/oidc/ask" in (await browser.get(await party.start(scope="openid"))).reply.text


async def test_nobody_takes_back_what_another_allowed(house: House) -> None:
    party, browser, other = await house.party(), house.browser(), house.browser()
    await house.sign_in(browser)
    tokens = await house.tokens(browser, party)
    await house.sign_in(other, person=await proofed(house.database, house.ring, house.time))
    page = (await browser.get("/id/grants")).reply
    await other.get("/id/grants")
    mine = page.text.split('name="grant" value="')[1][:36]
    form = other.http.cookies["morprom-form"]
    headers = {"origin": ISSUER, "sec-fetch-site": "same-origin"}
    refused = await other.http.post("/id/grants", data={"form": form, "grant": mine}, headers=headers)
    assert refused.status_code == 404 and (await party.userinfo(tokens["access_token"])).status_code == 200
    assert (await other.http.post("/id/grants", data={"grant": mine}, headers=headers)).status_code == 403


async def test_a_client_gives_tokens_back(house: House) -> None:
    party, other, browser = await house.party(), await house.party(), house.browser()
    await house.sign_in(browser)
    tokens = await house.tokens(browser, party, scope="openid offline_access")
    assert (await other.call("/oidc/revoke", {"token": tokens["refresh_token"]})).status_code == 200
    assert await other.introspected(tokens["access_token"]) == {"active": False}
    assert (await party.introspected(tokens["refresh_token"]))["active"]
    assert (await party.call("/oidc/revoke", {"token": "unknown"})).status_code == 200
    await party.call("/oidc/revoke", {"token": tokens["access_token"]})
    assert (await party.introspected(tokens["refresh_token"]))["active"]
    assert not (await party.introspected(tokens["access_token"]))["active"]
    await party.call("/oidc/revoke", {"token": tokens["refresh_token"], "token_type_hint": "access_token"})
    assert not (await party.introspected(tokens["refresh_token"]))["active"]


async def test_a_resource_server_asks_about_tokens_of_others(house: House) -> None:
    party, server = await house.party(profile="fapi2", tier=3), await house.party(is_resource_server=True)
    browser = house.browser()
    await house.sign_in(browser)
    tokens = await house.tokens(browser, party, scope="openid phr.read")
    told = await server.introspected(tokens["access_token"])
    assert told["client_id"] == party.client_id and told["tier"] == 3 and told["token_type"] == "DPoP"
    assert told["cnf"] == {"jkt": party.dpop_key.thumbprint()}


async def test_a_login_hint_is_the_clients_own_name_of_somebody_and_only_a_hint(house: House) -> None:
    party, browser, other = await house.party(), house.browser(), house.browser()
    await house.sign_in(browser)
    sub = (await party.id_token((await house.tokens(browser, party))["id_token"]))["sub"]
    sits = await proofed(house.database, house.ring, house.time)
    await house.sign_in(other, person=sits)
    await house.tokens(other, party)
    house.later(minutes=1)
    for hint in ("", sub, "1990000000017", "\0", "ก", sub + "x"):
        assert "code" in (await browser.get(await party.start(login_hint=hint))).members
    assert (await other.get(await party.start(login_hint=sub, prompt="none"))).error == "login_required"
    assert "code" in (await other.get(await party.start(login_hint="1990000000017", prompt="none"))).members
    sent = await other.get(await party.start(login_hint=sub))
    location = sent.reply.headers["location"]
    assert location.startswith("/id/sign-in?") and "max_age=0" in location and sub not in location
    house.later(minutes=1)
    await house.sign_in(other, person=sits)
    back = unquote(location.split("next=")[1].split("&")[0])
    assert "code" in (await other.get(back)).members  # it is for the person to say who they are


async def test_a_login_hint_of_another_clients_name_means_nobody(house: House) -> None:
    party, elsewhere, browser, other = await house.party(), await house.party(), house.browser(), house.browser()
    await house.sign_in(browser)
    sub = (await elsewhere.id_token((await house.tokens(browser, elsewhere))["id_token"]))["sub"]
    await house.sign_in(other, person=await proofed(house.database, house.ring, house.time))
    await house.tokens(other, party)
    house.later(minutes=1)
    assert "code" in (await other.get(await party.start(login_hint=sub, prompt="none"))).members
