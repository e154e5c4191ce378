"""`/token` in all its transports, and what it says to those it refuses."""

import json
from collections.abc import AsyncIterator

import pytest

from doors.calling import Caller, checked, services_on
from morprom.storage import Database, KeyRing
from units.cast import Time, agent_of, attempt, two_hospitals

GIVEN = {
    "user": "agent",
    "password_hash": attempt().password_hash.reveal(),
    "hospital_code": "10670",
}


@pytest.fixture
async def caller(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[Caller]:
    await two_hospitals(database, ring)
    await agent_of(database)
    async with services_on(database_url, ring, Time()) as services:
        yield Caller(services)


@pytest.mark.parametrize("action", ["get_moph_access_token", "GET_MOPH_ACCESS_TOKEN", "get_moph_access_token_idp"])
async def test_all_three_transports_give_a_bare_token(caller: Caller, action: str) -> None:
    query = {"Action": action, **GIVEN}
    for reply in (
        await caller.http.get("/token", params=query),
        await caller.http.post("/token", params=query),
        await caller.http.post("/token", params={"action": action}, json=GIVEN),
        await caller.http.post(
            "/token", params={"ACTION": action}, content=b"\xef\xbb\xbf" + json.dumps(GIVEN).encode()
        ),
        await caller.http.post("/token", json={**query, "name": "ก", "provider_id": 7, "position_id": None}),
    ):
        assert reply.status_code == 200
        assert reply.text.count(".") == 2
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["content-type"].startswith("text/plain")


async def test_curl_posts_json_as_form_data(caller: Caller) -> None:
    reply = await caller.http.post(
        "/token?Action=get_moph_access_token",
        content=json.dumps(GIVEN),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert reply.status_code == 200


@pytest.mark.parametrize("change", [{"user": "nobody"}, {"password_hash": "0" * 64}, {"hospital_code": "13814"},
                                    {"hospital_code": "x"}, {"user": "agent\x00"[:-1] + "\x00x"}])  # fmt: skip
async def test_a_wrong_sign_in_is_401_in_the_envelope(caller: Caller, change: dict[str, str]) -> None:
    reply = await caller.http.post("/token?Action=get_moph_access_token", json={**GIVEN, **change})
    assert checked(reply)["MessageCode"] == 401
    assert reply.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ({}, GIVEN),
        ({"Action": "another"}, GIVEN),
        ({"Action": "get_moph_access_token"}, {}),
        ({"Action": "get_moph_access_token"}, {**GIVEN, "user": None}),
        ({"Action": "get_moph_access_token"}, {**GIVEN, "password_hash": ["x"]}),
        ({"Action": "get_moph_access_token"}, [GIVEN]),
        ({"Action": "get_moph_access_token"}, "agent"),
    ],
)
async def test_a_bad_parameter_is_400(caller: Caller, query: dict[str, str], body: object) -> None:
    assert checked(await caller.http.post("/token", params=query, json=body))["MessageCode"] == 400


@pytest.mark.parametrize(
    "body", [b"{", b"[" * 100_000, b"user=agent&password_hash=x", b"\xff\xfe", b'{"user": 1e999}', b"null"]
)
async def test_a_body_that_is_no_json_object_is_400(caller: Caller, body: bytes) -> None:
    assert checked(await caller.http.post("/token?Action=get_moph_access_token", content=body))["MessageCode"] == 400


async def test_too_many_wrong_sign_ins_are_429_with_retry_after(caller: Caller) -> None:
    wrong = {**GIVEN, "password_hash": "0" * 64, "Action": "get_moph_access_token"}
    for _ in range(5):
        assert (await caller.http.get("/token", params=wrong)).status_code == 401
    reply = await caller.http.get("/token", params={**GIVEN, "Action": "get_moph_access_token"})
    assert checked(reply)["MessageCode"] == 429
    assert int(reply.headers["retry-after"]) == 30


async def test_the_secrets_of_a_sign_in_are_in_no_log(caller: Caller, capfd: pytest.CaptureFixture[str]) -> None:
    for change in ({}, {"password_hash": "ab" * 32}, {"user": "somebody-else"}):
        await caller.http.get("/token", params={"Action": "get_moph_access_token", **GIVEN, **change})
    out, err = capfd.readouterr()
    assert "sign" in out + err
    for secret in (GIVEN["password_hash"], "ab" * 32, "somebody-else", "password_hash"):
        assert secret not in out + err


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "PATCH"])
async def test_other_methods_are_405(caller: Caller, method: str) -> None:
    reply = await caller.http.request(method, "/token", params={"Action": "get_moph_access_token", **GIVEN})
    assert reply.status_code == 405
    assert "GET" in reply.headers["allow"]
    if method != "HEAD":
        checked(reply)


async def test_an_unknown_path_is_404_in_the_envelope(caller: Caller) -> None:
    assert (await caller.get("/api/Nothing"))["MessageCode"] == 404


@pytest.mark.parametrize(
    "query",
    [
        "user=%ff%00&password_hash=%ed%a0%80&hospital_code=%00&Action=get_moph_access_token",
        "Action=get_moph_access_token&user=%f0%9f&password_hash=x&hospital_code=10670",
        "&&&=&Action",
        "Action=%",
        "a" * 60_000,
    ],
)
async def test_broken_text_in_the_address_is_no_fault_of_ours(caller: Caller, query: str) -> None:
    assert 400 <= checked(await caller.http.get(f"/token?{query}"))["MessageCode"] < 500
