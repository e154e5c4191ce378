"""Health ID as its clients speak it: from the browser to the profile, each refusal in the words that they compare."""

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwe, jwk

from doors.calling import Caller
from doors.face_clients import BACK, MALEE, MOBILE, SOMCHAI, Client, Street, checked, claims_of, street_on
from doors.relying import CODE_ALONE, PIN_AND_CODE
from morprom.audit import Outcome
from morprom.identity.clients import disable, revoke
from morprom.kernel import BANGKOK
from morprom.kernel.pkce import challenge_of
from morprom.storage import Database, KeyRing
from morprom.units import Permission
from units.cast import SIRIRAJ, agent_of


@pytest.fixture
async def street(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[Street]:
    async with street_on(database, database_url, ring) as opened:
        yield opened


def refused(reply: Any) -> tuple[int, str]:
    told = reply.json()
    assert told["status"] == "error" and told["status_code"] == reply.status_code and told["data"] is None
    assert told["message_th"] and reply.headers["cache-control"] == "no-store"
    return reply.status_code, told["message"]


# All the way


async def test_a_person_signs_in_and_the_client_has_what_they_allowed(street: Street) -> None:
    client, browser = await street.client(), street.browser()
    await street.sign_in(browser)
    page = await browser.get(client.start())
    text = page.reply.text
    assert page.reply.status_code == 200 and "แอปตัวอย่าง" in text and "โรงพยาบาลขอนแก่น" in text and "10670" in text
    for words in ("วันเกิด", "หมายเลขโทรศัพท์", "เลขประจำตัวประชาชน", "อ่านประวัติสุขภาพของคุณ"):
        assert words in text
    assert "form-action 'self' https://app.example" in page.reply.headers["content-security-policy"]
    answer = await browser.send(page.reply, client.start(), answer="yes")
    location = answer.reply.headers["location"]
    assert location.startswith(f"{BACK}&") and answer.members["state"] == "a state" and len(answer.code) == 43

    reply = await client.exchange(answer.code)
    told = reply.json()
    assert (reply.status_code, told["status"], told["status_code"]) == (200, "success", 200)
    assert told["message"] == "You logged in successfully" and reply.headers["cache-control"] == "no-store"
    data = told["data"]
    assert set(data) == {"access_token", "token_type", "expires_in", "expiration_date", "account_id", "result"}
    assert (data["token_type"], data["result"]) == ("Bearer", "Success")
    ends = datetime.strptime(data["expiration_date"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BANGKOK)
    assert abs((ends - street.time.now()).total_seconds() - data["expires_in"]) < 3

    claims = checked(data["access_token"], await client.key())
    assert claims["iss"] == f"{street.services.settings.public_url}/health-id" and claims["aud"] == client.client_id
    assert (
        claims["sub"] == data["account_id"] and 43_190 <= data["expires_in"] <= claims["exp"] - claims["iat"] <= 43_200
    )
    assert set(claims["scopes"]) == {"profile", "birthdate", "mobile", "cid", "phr.read"} and claims["jti"]
    assert claims["scopes_detail"] == {
        "id_card": MALEE, "hash_id_card": hashlib.sha256(MALEE.encode()).hexdigest(), "name_prefix": "นาง",
        "name": "มาลี", "surname": "สมมติ", "birthdate": "1959-04-09", "mobile_no": MOBILE, "ial": 2.3,
    }  # fmt: skip
    assert isinstance(claims["scopes_detail"]["ial"], float) and (claims["pid"], claims["email"]) == (MALEE, "")

    account = (await client.account(data["access_token"])).json()
    assert (account["status"], account["status_code"]) == ("success", 200)
    assert account["data"]["id_card_num"] == f"x-xxxx-xxxx{MALEE[9]}-{MALEE[10:12]}-{MALEE[12]}"
    assert "id_card_encrypt" not in account["data"] and MALEE not in json.dumps(account)
    assert (account["data"]["account_title_th"], account["data"]["first_name_th"], account["data"]["last_name_th"]) == (
        "นาง", "มาลี", "สมมติ",
    )  # fmt: skip
    assert account["data"]["account_id"] == data["account_id"] and account["data"]["birth_date"] == "1959-04-09"
    assert [line[:2] for line in await street.lines() if line[0].startswith("HealthId")] == [
        ("HealthIdConsent", Outcome.PERMITTED),
        ("HealthIdToken", Outcome.PERMITTED),
        ("HealthIdAccount", Outcome.PERMITTED),
    ]


async def test_the_token_call_takes_form_json_and_multipart_with_hyphens_or_underscores(street: Street) -> None:
    client, browser = await street.client(), street.browser()
    await street.sign_in(browser)

    async def form() -> dict[str, str]:
        return client.form((await street.allowed(browser, client)).code)

    hyphens = {name.replace("_", "-"): value for name, value in (await form()).items()}
    parts = {name: (None, value) for name, value in (await form()).items()}
    for sent in (
        {"data": hyphens}, {"json": await form()}, {"files": parts},
        {"json": {name.upper().replace("_", "-"): value for name, value in (await form()).items()}},
        {"content": json.dumps(await form()), "headers": {"content-type": "application/x-www-form-urlencoded"}},
    ):  # fmt: skip
        reply = await client.http.post("/api/v1/token", **sent)
        assert reply.status_code == 200, reply.text


async def test_who_is_asked_once_is_not_asked_again_and_more_is_asked_anew(street: Street) -> None:
    client, browser = await street.client(), street.browser()
    await street.sign_in(browser)
    assert (await street.allowed(browser, client, scope="profile")).code
    assert (await browser.get(client.start(scope="profile"))).code
    assert 'name="answer"' in (await browser.get(client.start(scope="profile,cid"))).reply.text


async def test_saying_no_tells_the_client(street: Street) -> None:
    client, browser = await street.client(), street.browser()
    await street.sign_in(browser)
    page = await browser.get(client.start())
    answer = await browser.send(page.reply, client.start(), answer="no")
    assert answer.members == {"from": "health", "error": "access_denied", "state": "a state"}


async def test_a_landing_page_says_who_asks_before_anybody_signs_in(street: Street) -> None:
    client, browser = await street.client(), street.browser()
    page = (await browser.get(client.start(landing="1", state="landing=1"))).reply
    assert page.status_code == 200 and "แอปตัวอย่าง" in page.text and 'name="answer"' not in page.text
    onward = unescape(page.text.split('class="button" href="')[1].split('"')[0])
    kept = parse_qs(urlsplit(parse_qs(urlsplit(onward).query)["next"][0]).query)
    assert urlsplit(onward).path == "/id/sign-in" and (kept["state"], kept["landing"]) == (["landing=1"], ["1"])
    await street.sign_in(browser)
    assert 'name="answer"' in (await browser.get(parse_qs(urlsplit(onward).query)["next"][0])).reply.text
    assert (await street.browser().get(client.start())).reply.headers["location"].startswith("/id/sign-in?")


async def test_is_auth_takes_a_sign_in_of_this_minute(street: Street) -> None:
    client, browser = await street.client(), street.browser()
    await street.sign_in(browser)
    assert (await street.allowed(browser, client, is_auth="yes")).code
    street.time.ahead += timedelta(minutes=6)
    sent_on = await browser.get(client.start(is_auth="yes"))
    assert sent_on.reply.headers["location"].startswith("/id/sign-in?") and "max_age=300" in str(sent_on.reply.headers)
    assert (await browser.get(client.start())).code


async def test_a_record_takes_two_factors_and_less_takes_one(street: Street) -> None:
    client, browser = await street.client(), street.browser()
    await street.sign_in(browser, amr=CODE_ALONE)
    assert (await browser.get(client.start())).reply.headers["location"].startswith("/id/sign-in?aal=2.1")
    assert (await street.allowed(browser, client, scope="profile")).code
    await street.sign_in(browser, amr=PIN_AND_CODE)
    assert (await street.allowed(browser, client)).code


# Refusals


async def test_each_refusal_has_its_words_and_status(street: Street) -> None:
    client, other = await street.client(), await street.client(hcode=SIRIRAJ)

    async def fresh() -> str:
        return await street.code(client)

    assert refused(await client.exchange(await fresh(), client_secret="")) == (401, "Credential is required")
    assert refused(await client.exchange(await fresh(), client_id="")) == (401, "Credential is required")
    assert refused(await client.exchange(await fresh(), client_secret="x")) == (401, "Credential is required")
    assert refused(await client.exchange(await fresh(), client_id="no-such")) == (401, "Credential is required")
    assert refused(await client.exchange(await fresh(), client_secret=other.secret)) == (401, "Credential is required")
    for grant in ("", "password", "refresh_token", "implicit"):
        answer = await client.exchange(await fresh(), grant_type=grant)
        assert refused(answer) == (422, "Access grant has denied")
    assert refused(await client.exchange("")) == (422, "Code is invalid")
    assert refused(await client.exchange("no-such-code")) == (422, "Code is invalid")
    for uri in ("", "https://app.example/back", BACK + "/", BACK.upper()):
        assert refused(await client.exchange(await fresh(), redirect_uri=uri)) == (422, "Redirect uri is invalid")
    assert refused(await other.exchange(await fresh())) == (422, "Code and Client ID not match.")
    late = await fresh()
    street.time.ahead += timedelta(seconds=61)
    assert refused(await client.exchange(late)) == (422, "Code has been expired")
    just = await fresh()
    street.time.ahead += timedelta(seconds=59)
    assert (await client.exchange(just)).status_code == 200
    code = await fresh()
    await street.sign_out()
    assert refused(await client.exchange(code)) == (422, "Access grant has denied")
    assert ("HealthIdToken", Outcome.REFUSED, "Code has been expired") in await street.lines()


async def test_a_code_that_comes_again_ends_what_it_became(street: Street) -> None:
    client, other = await street.client(), await street.client(hcode=SIRIRAJ)
    for again in (client, other):
        code = await street.code(client)
        token = (await client.exchange(code)).json()["data"]["access_token"]
        assert (await client.account(token)).status_code == 200
        assert refused(await again.exchange(code))[0] == 422
        assert refused(await client.account(token))[0] == 401
    wrong = await street.code(client)
    assert refused(await client.exchange(wrong, redirect_uri="https://app.example/"))[1] == "Redirect uri is invalid"
    assert refused(await client.exchange(wrong)) == (422, "Code is invalid")


async def test_a_challenge_takes_its_verifier_and_none_takes_none(street: Street) -> None:
    client, verifier = await street.client(), "v" * 43
    challenge = challenge_of(verifier)
    asked = {"code_challenge": challenge, "code_challenge_method": "S256"}
    assert (await client.exchange(await street.code(client, **asked), code_verifier=verifier)).status_code == 200
    for given in ("", "w" * 43):
        code = await street.code(client, **asked)
        assert refused(await client.exchange(code, code_verifier=given)) == (422, "Code is invalid")
    downgraded = await street.code(client)
    assert refused(await client.exchange(downgraded, code_verifier=verifier)) == (422, "Code is invalid")
    browser = street.browser()
    await street.sign_in(browser)
    for bad in ({"code_challenge": challenge}, {"code_challenge": verifier, "code_challenge_method": "plain"}):
        assert (await browser.get(client.start(**bad))).error == "invalid_request"


# What is told


async def test_without_the_scope_no_number_and_no_bare_hash_of_one_is_told(street: Street) -> None:
    one, two = await street.client(scopes=("profile",)), await street.client(scopes=("profile",), hcode=SIRIRAJ)
    tokens = [await street.token(client) for client in (one, two, one)]
    told = [claims_of(token) for token in tokens]
    bare = {
        algorithm: hashlib.new(algorithm, MALEE.encode()).hexdigest()
        for algorithm in ("md5", "sha1", "sha256", "sha512")
    }
    for claims in told:
        text = json.dumps(claims)
        assert MALEE not in text and not any(digest in text.lower() for digest in bare.values())
        detail = claims["scopes_detail"]
        assert (detail["id_card"], claims["pid"], detail["birthdate"], detail["mobile_no"]) == ("", "", "", "")
    hashes, subjects = [c["scopes_detail"]["hash_id_card"] for c in told], [c["sub"] for c in told]
    assert hashes[0] == hashes[2] != hashes[1] and len(hashes[0]) == 64
    assert subjects[0] == subjects[2] != subjects[1]
    account = (await one.account(tokens[0])).json()["data"]
    assert account["hash_id_card"] == hashes[0] and "birth_date" not in account and "mobile_number" not in account
    async with street.database.transaction() as tx:
        rows = await tx.fetch("select sealed from face_client")
    assert all(MALEE.encode() not in bytes(row["sealed"]) for row in rows)


async def test_the_number_is_encrypted_to_the_clients_own_key(street: Street) -> None:
    key = jwk.RSAKey.generate_key(2048)
    client = await street.client(encryption_key=key.as_dict(private=False))
    account = (await client.account(await street.token(client))).json()["data"]
    opened = jwe.decrypt_compact(account["id_card_encrypt"], key, algorithms=["RSA-OAEP-256", "A256GCM"])
    assert opened.plaintext and json.loads(opened.plaintext) == {"id_card": MALEE}
    no_scope = await street.client(encryption_key=key.as_dict(private=False), scopes=("profile",))
    told = (await no_scope.account(await street.token(no_scope))).json()["data"]
    assert "id_card_encrypt" not in told


async def test_the_key_is_for_clients_that_show_their_secret(street: Street) -> None:
    client, path = await street.client(), "/api/v1/oauth/public-key"
    pem = await client.http.get(path, headers=client.headers)
    assert pem.text.startswith("-----BEGIN PUBLIC KEY-----") and pem.headers["content-type"].startswith("text/plain")
    assert (
        await client.http.get(path, headers={"client_id": client.client_id, "secret_key": client.secret})
    ).text == pem.text
    for headers in ({}, client.headers | {"secret-key": "x"}, client.headers | {"client-id": "x"}):
        assert refused(await client.http.get(path, headers=headers)) == (401, "Credential is required")


# When it ends


async def _is_good(client: Client, token: str) -> bool:
    return (await client.account(token)).status_code == 200


async def test_a_token_ends_with_the_sign_in_behind_it(street: Street) -> None:
    client = await street.client()
    token = await street.token(client)
    assert await _is_good(client, token)
    await street.sign_out()
    assert not await _is_good(client, token)
    idle = await street.token(client)
    street.time.ahead += timedelta(minutes=31)
    assert not await _is_good(client, idle)


async def test_a_token_never_outlives_the_window_of_its_sign_in(street: Street) -> None:
    client, browser = await street.client(), street.browser()
    await street.sign_in(browser, amr=PIN_AND_CODE)
    for _ in range(46):  # somebody is there all the time
        street.time.ahead += timedelta(minutes=15)
        assert (await browser.get("/id")).reply.status_code == 200
    data = (await client.exchange((await street.allowed(browser, client)).code)).json()["data"]
    assert 0 < data["expires_in"] <= 30 * 60 and claims_of(data["access_token"])["exp"] <= street.time.seconds() + 1800


@pytest.mark.parametrize("end", [revoke, disable])
async def test_a_revoked_client_has_nothing_from_now(street: Street, end: Any) -> None:
    client = await street.client()
    token, code = await street.token(client), await street.code(client)
    await street.send("1")
    assert (await street.holder(token).get("/api/WebApp", Action="Encounter", cid=MALEE))["MessageCode"] == 200
    async with street.database.transaction() as tx:
        assert await end(tx, client.client_id)
    assert refused(await client.exchange(code)) == (401, "Credential is required")
    assert not await _is_good(client, token)
    assert (await street.holder(token).get("/api/WebApp", Action="Encounter", cid=MALEE))["MessageCode"] == 401
    browser = street.browser()
    await street.sign_in(browser)
    assert (await browser.get(client.start())).reply.status_code == 400


async def test_the_owner_sees_what_they_allowed_and_taking_it_back_ends_it(street: Street) -> None:
    client, browser = await street.client(), street.browser()
    await street.sign_in(browser)
    token = (await client.exchange((await street.allowed(browser, client)).code)).json()["data"]["access_token"]
    code = (await browser.get(client.start())).code
    page = (await browser.get("/id/grants")).reply
    for words in ("แอปตัวอย่าง", "โรงพยาบาลขอนแก่น", "เลขประจำตัวประชาชน", "หมายเลขโทรศัพท์", "อ่านประวัติสุขภาพของคุณ ยกเว้น"):
        assert words in page.text
    await browser.send(page, "/id/grants")
    assert "แอปตัวอย่าง" not in (await browser.get("/id/grants")).reply.text
    assert not await _is_good(client, token)
    assert refused(await client.exchange(code)) == (422, "Code is invalid")  # sent off just before
    assert 'name="answer"' in (await browser.get(client.start())).reply.text


# The record


async def test_the_token_opens_the_owners_record_until_they_sign_out(street: Street) -> None:
    await street.send("1", reason=[{"text": "ปวดศีรษะ"}])
    await street.send("2", cid=SOMCHAI)
    client = await street.client()
    caller = street.holder(await street.token(client))
    read = await caller.get("/api/WebApp", Action="Encounter", cid=MALEE)
    posted = await caller.post("/api/WebApp", {"cid": MALEE}, Action="Encounter")
    for reply in (read, posted):
        assert [row["encounter_ref_code"] for row in reply["result"]] == ["10670:1"]
    assert (await caller.get("/api/WebApp", Action="Encounter", cid=SOMCHAI))["refusal"]["code"] == "OTHER_PERSON"
    shared = await caller.post("/api/PHRSetting", {"cid": MALEE, "share_phr": True}, mode="set")
    assert shared["MessageCode"] == 200
    async with street.database.transaction() as tx:
        await tx.execute("update person_account set t4_opens_at = now() + interval '1 hour'")
    assert (await caller.post("/api/PHRSetting", {"cid": MALEE, "share_phr": True}, mode="set"))["MessageCode"] == 403
    async with street.database.transaction() as tx:
        await tx.execute("update person_account set t4_opens_at = now() - interval '1 hour'")
    old = street.holder(await street.token(client, minutes_ago=6))
    late = await old.post("/api/PHRSetting", {"cid": MALEE, "share_phr": True}, mode="set")
    assert (late["MessageCode"], late["refusal"]["max_age"]) == (403, 300)
    await street.sign_out()
    assert (await caller.post("/api/PHRSetting", {"cid": MALEE}, mode="get"))["MessageCode"] == 401
    assert (await caller.get("/api/WebApp", Action="Encounter", cid=MALEE))["MessageCode"] == 401


async def test_sensitive_visits_and_the_grant_are_held_to_with_a_token_of_the_face(street: Street) -> None:
    icd10 = "http://hl7.org/fhir/sid/icd-10"
    await street.send("1")
    await street.send("3", Condition=[{"code": {"coding": [{"system": icd10, "code": "B20", "display": "x"}]}}])
    reader, other = await street.client(), await street.client(scopes=("profile",))
    rows = (await street.holder(await street.token(reader)).get("/api/WebApp", Action="Encounter", cid=MALEE))["result"]
    assert [row["encounter_ref_code"] for row in rows] == ["10670:1"]
    ungranted = street.holder(await street.token(other))
    reply = await ungranted.get("/api/WebApp", Action="Encounter", cid=MALEE)
    assert reply["MessageCode"] == 403
    low = street.holder(await street.token(reader, amr=PIN_AND_CODE))
    assert (await low.get("/api/WebApp", Action="Encounter", cid=MALEE))["MessageCode"] == 200
    set_low = await low.post("/api/PHRSetting", {"cid": MALEE, "share_phr": False}, mode="set")
    assert (set_low["MessageCode"], set_low["refusal"]["aal"]) == (403, "2.2")


async def test_a_hospital_has_a_code_for_a_token_of_the_face(street: Street) -> None:
    await agent_of(street.database, SIRIRAJ, Permission.HIE, login="viewer", may_send=False, may_read=True)
    token = await street.token(await street.client())
    viewer = Caller(street.services, street.app)
    await viewer.sign_in("viewer", SIRIRAJ)
    assert (await viewer.post("/api/WebApp", {"idp_jwt": token}, Action="RequestOTP"))["result"]["otp"]
    await street.sign_out()
    assert (await viewer.post("/api/WebApp", {"idp_jwt": token}, Action="RequestOTP"))["MessageCode"] == 401
