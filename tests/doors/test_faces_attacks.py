"""What is sent to the faces by mistake or on purpose, and what becomes of it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from doors.face_clients import BACK, WIPA, Street, street_on
from morprom.identity.face_model import PROVIDER_ID
from morprom.storage import Database, KeyRing


@pytest.fixture
async def street(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[Street]:
    async with street_on(database, database_url, ring) as opened:
        yield opened


JUNK = [
    b"", b"{", b"[]", b"null", b"\xff\xfe", b"{\"code\": {\"a\": 1}}", b"a" * 100_000, b"code=%ff&code=2",
    b"{" * 5000, b'{"client_id": 1e400}', b"&".join(b"a=1" for _ in range(100)), "รหัส=กขค".encode(),
]  # fmt: skip
TYPES = ["application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x",
         "multipart/form-data", "text/plain", "", "multipart/form-data; boundary=\xe0"]  # fmt: skip
CALLS = [
    ("/api/v1/token", "POST"), ("/api/v1/services/token", "POST"), ("/api/v1/services/public-key", "POST"),
    ("/v1/oauth2/token", "POST"), ("/api/v1/accounts", "GET"), ("/api/v1/oauth/public-key", "GET"),
    ("/api/v1/services/profile", "GET"),
]  # fmt: skip


async def test_junk_of_every_kind_is_refused_in_the_faces_own_words(street: Street) -> None:
    http = street.browser().http
    for path, method in CALLS:
        for body in JUNK if method == "POST" else JUNK[:2]:
            for kind in TYPES:
                headers = {"content-type": kind.encode("latin-1")}
                reply = await http.request(method, path, content=body, headers=headers)  # type: ignore[arg-type]
                told = reply.json()
                assert reply.status_code in (400, 401, 413), (path, kind, body[:20], reply.text)
                assert told["message"] and told["message_th"] and told["data"] is None, (path, told)
                number = isinstance(told["status"], int)
                assert number == ("services" in path or "oauth2" in path), (path, told)
        for header in (
            b"Bearer",
            b"Bearer \xff",
            b"Basic !!!",
            b"Bearer a.b.c",
            b"Basic " + b"QQ==",
            b"Bearer " + b"a" * 9000,
        ):
            reply = await http.request(method, path, headers={"authorization": header})  # type: ignore[arg-type]
            assert reply.status_code in (400, 401), (path, header[:20], reply.text)
        assert (await http.request("DELETE", path)).status_code == 405


async def test_browsers_with_bad_requests_get_a_page_or_go_back_to_the_client(street: Street) -> None:
    client, browser = await street.client(), street.browser()
    await street.sign_in(browser)
    for changed in (
        {"client_id": ""}, {"client_id": "x"}, {"client_id": "0" * 36}, {"redirect_uri": ""},
        {"redirect_uri": "https://evil.example/"}, {"redirect_uri": f"{BACK}&x=1"},
        {"redirect_uri": "//app.example/back"},
    ):  # fmt: skip
        answer = await browser.get(client.start(**changed))
        assert answer.reply.status_code == 400 and not answer.members and "<html" in answer.reply.text
    for changed in ({"response_type": "token"}, {"response_type": ""}):
        assert (await browser.get(client.start(**changed))).error == "unsupported_response_type"
    assert (await browser.get(f"{client.start()}&state=b")).error == "invalid_request"
    assert (await browser.get(client.start(state="x" * 3000))).members == {"from": "health", "error": "invalid_request"}
    other_face = await street.client(PROVIDER_ID)
    assert (await browser.get(f"/oauth/redirect?client_id={other_face.client_id}")).reply.status_code == 400


async def test_a_form_of_another_site_allows_nothing(street: Street) -> None:
    client, browser = await street.client(), street.browser()
    await street.sign_in(browser)
    page = await browser.get(client.start())
    token = page.reply.text.split('name="form" value="')[1].split('"')[0]
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        reply = await browser.http.post(client.start(), data={"form": token, "answer": "yes"}, headers=headers)
        assert reply.status_code == 403
    assert (await browser.http.post(client.start(), data={"answer": "yes"})).status_code == 403


async def test_of_ten_who_bring_one_code_at_once_one_has_a_token_and_loses_it(street: Street) -> None:
    client = await street.client()
    code = await street.code(client)
    replies = await asyncio.gather(*(client.exchange(code) for _ in range(10)))
    told = [reply.json()["message"] for reply in replies]
    assert sorted(told) == ["Code is invalid"] * 9 + ["You logged in successfully"]
    token = next(reply.json()["data"] for reply in replies if reply.status_code == 200)["access_token"]
    assert (await client.account(token)).status_code == 401


async def test_an_answer_counts_for_whom_it_was_asked_of(street: Street) -> None:
    client, browser = await street.client(), street.browser()
    await street.sign_in(browser)
    page = (await browser.get(client.start())).reply
    assert "นางมาลี สมมติ" in page.text
    await street.sign_in(browser, WIPA)
    again = await browser.send(page, client.start(), answer="yes")
    assert again.reply.status_code == 200 and not again.members and 'name="answer"' in again.reply.text
    assert (await browser.send(again.reply, client.start(), answer="yes")).code


async def test_a_face_that_is_switched_off_answers_404(database: Database, database_url: str, ring: KeyRing) -> None:
    async with street_on(database, database_url, ring, faces="") as street:
        http = street.browser().http
        for path, method in [*CALLS, ("/oauth/redirect", "GET"), ("/v1/oauth2/authorize", "GET")]:
            assert (await http.request(method, path)).status_code == 404, path
