"""Codes and access tokens of the card page in the wrong hands, at the wrong time, or once too often."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest

from doors.calling import checked
from doors.card_desk import BACK, MALEE, SOMCHAI, Desk, lines, opened, otp, staffed
from morprom.audit import Outcome
from morprom.kernel import Secret
from morprom.storage import Database, KeyRing
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


# Attacks on the code


async def test_a_code_that_comes_twice_is_refused_and_ends_the_token_made_of_it(
    desk: Desk, database: Database, ring: KeyRing
) -> None:
    code = await desk.code()
    token = (await desk.exchange(code)).json()["access_token"]
    again = await desk.exchange(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert (await otp(desk, token)).status_code == 403
    assert ("CardToken", Outcome.REFUSED, "CODE_REPLAYED", KHON_KAEN) in await lines(database, ring, MALEE)


async def test_a_code_that_comes_twice_ends_the_one_time_code_made_of_it_too(desk: Desk) -> None:
    code, others = await desk.code(), await desk.code()
    first = (await otp(desk, (await desk.exchange(code)).json()["access_token"])).json()["result"]
    reading = {"cid": MALEE, "otp": first}
    assert (await desk.account.post("/api/WebApp", reading, Action="Allergy"))["MessageCode"] == 200
    assert (await desk.exchange(code)).status_code == 400
    assert (await desk.account.post("/api/WebApp", reading, Action="Allergy"))["MessageCode"] == 403
    second = (await otp(desk, (await desk.exchange(others)).json()["access_token"])).json()["result"]
    assert (await desk.account.post("/api/WebApp", reading | {"otp": second}, Action="Allergy"))["MessageCode"] == 200


async def test_of_ten_who_bring_a_code_at_once_one_has_a_token_and_loses_it(desk: Desk) -> None:
    code = await desk.code()
    replies = await asyncio.gather(*(desk.exchange(code) for _ in range(10)))
    good = [reply.json()["access_token"] for reply in replies if reply.status_code == 200]
    assert len(good) == 1 and (await otp(desk, good[0])).status_code == 403


async def test_another_client_has_nothing_of_a_code_and_ends_it(
    desk: Desk, other: Desk, database: Database, ring: KeyRing
) -> None:
    code = await desk.code()
    stolen = await other.exchange(code)
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    assert (await desk.exchange(code)).json()["error"] == "invalid_grant"
    assert ("CardToken", Outcome.REFUSED, "CODE_OF_ANOTHER_CLIENT", SIRIRAJ) in await lines(database, ring, MALEE)


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "00000000-0000-4000-8000-000000000000"}, 401, "invalid_client"),
        ({"client_id": "\udcff"}, 401, "invalid_client"),
        ({"redirect_uri": "https://his.example/card/back"}, 400, "invalid_grant"),
        ({"redirect_uri": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"code": ""}, 400, "invalid_request"),
        ({"code": "ก\ud800\0"}, 400, "invalid_grant"),
        ({"code": "a" * 5000}, 400, "invalid_grant"),
        ({"code_verifier": "a" * 43}, 400, "invalid_grant"),
    ],
)
async def test_what_is_wrong_with_a_token_request_is_said_as_oauth_says_it(
    desk: Desk, changed: dict[str, str], status: int, error: str
) -> None:
    form = {
        "client_id": desk.client.client_id, "client_secret": desk.secret, "grant_type": "authorization_code",
        "code": await desk.code(), "redirect_uri": BACK,
    } | changed  # fmt: skip
    body = urlencode(form, errors="surrogatepass").encode()
    reply = await desk.browser.post("/oauth2/token", content=body)
    assert (reply.status_code, reply.json()["error"]) == (status, error)
    assert ("www-authenticate" in reply.headers) is (status == 401)
    told = checked(reply)
    assert told["error_description"].isascii() and "access_token" not in told


async def test_nonsense_for_a_token_is_refused(desk: Desk) -> None:
    for body in (b"", b"{}", b"\xff" * 100, b"a=1&" * 1000, b"&&&=%", b"client_id=1&client_id=2"):
        reply = await desk.browser.post("/oauth2/token", content=body)
        assert reply.status_code in (400, 401) and reply.json()["error"] in ("invalid_request", "invalid_client")
    for header in ("Basic", "Basic !!!", "Basic //79", "Basic Og=="):
        reply = await desk.browser.post("/oauth2/token", headers={"authorization": header})
        assert (reply.status_code, reply.json()["error"]) == (401, "invalid_client")
    assert (await desk.browser.get("/oauth2/token")).status_code == 405


async def test_a_code_is_too_old_after_a_minute(desk: Desk, database: Database, ring: KeyRing) -> None:
    code = await desk.code()
    async with database.transaction() as tx:
        await tx.execute("update card_code set issued_at = issued_at - interval '61 seconds'")
    assert (await desk.exchange(code)).json()["error"] == "invalid_grant"
    assert (await lines(database, ring, MALEE))[-1][2] == "CODE_TOO_OLD"


async def test_who_began_with_pkce_has_to_end_with_it(desk: Desk) -> None:
    verifier = "a" * 64
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    pkce = {"code_challenge": challenge, "code_challenge_method": "S256"}
    assert (await desk.exchange(await desk.code(**pkce))).json()["error"] == "invalid_grant"
    assert (await desk.exchange(await desk.code(**pkce), code_verifier="b" * 64)).json()["error"] == "invalid_grant"
    assert (await desk.exchange(await desk.code(**pkce), code_verifier=verifier)).status_code == 200


# Attacks on the token


async def test_a_token_makes_one_code(desk: Desk) -> None:
    token = await desk.token()
    replies = await asyncio.gather(*(otp(desk, token) for _ in range(6)))
    assert sorted(reply.status_code for reply in replies) == [200, 403, 403, 403, 403, 403]


async def test_a_token_is_of_the_person_whose_card_was_shown(desk: Desk, database: Database, ring: KeyRing) -> None:
    await desk.code(SOMCHAI)  # so that he is known
    token = await desk.token(MALEE)
    assert (await otp(desk, token, SOMCHAI)).status_code == 403
    refused = ("GetPHROTP", Outcome.REFUSED, "CARD_OF_ANOTHER_PERSON", KHON_KAEN)
    assert (await lines(database, ring, SOMCHAI))[-1] == refused == (await lines(database, ring, MALEE))[-1]
    assert (await otp(desk, token, MALEE)).status_code == 200


async def test_wrong_numbers_use_a_token_up(desk: Desk) -> None:
    token = await desk.token()
    for _ in range(3):
        assert (await otp(desk, token, SOMCHAI)).status_code == 403
    assert (await otp(desk, token)).status_code == 403


async def test_another_hospital_s_account_has_nothing_of_a_token(
    desk: Desk, other: Desk, database: Database, ring: KeyRing
) -> None:
    token = await desk.token()
    assert (await otp(other, token)).status_code == 403
    assert (await lines(database, ring, MALEE))[-1] == (
        "GetPHROTP", Outcome.REFUSED, "TOKEN_OF_ANOTHER_UNIT", SIRIRAJ
    )  # fmt: skip
    assert (await otp(desk, token)).status_code == 200


async def test_a_token_is_too_old_after_five_minutes(desk: Desk, database: Database) -> None:
    token = await desk.token()
    async with database.transaction() as tx:
        await tx.execute("update card_code set token_at = token_at - interval '301 seconds'")
    assert (await otp(desk, token)).status_code == 403


async def test_a_made_up_token_is_refused_like_any_other(desk: Desk, database: Database, ring: KeyRing) -> None:
    used = await desk.token()
    await otp(desk, used)
    answers = {(await otp(desk, token)).json()["Message"] for token in ("x", used, "ก\0", "a" * 9999)}
    assert len(answers) == 1
    assert (await lines(database, ring, MALEE))[-1][2] == "TOKEN_UNKNOWN"
    for body in ({"cid": MALEE}, {"cid": MALEE, "access_token": 1}, {"cid": MALEE, "access_token": " "}):
        assert (await desk.account.post("/api/GetPHROTP", body))["MessageCode"] == 400
    assert (await desk.account.post("/api/GetPHROTP", {"cid": "1", "access_token": "x"}))["MessageCode"] == 400


async def test_only_an_account_that_may_read_has_a_code_for_a_card(desk: Desk) -> None:
    token = await desk.token()
    reply = await desk.browser.post("/api/GetPHROTP", json={"cid": MALEE, "access_token": token})
    assert reply.status_code == 401
    await desk.account.sign_in("agent")
    assert (await otp(desk, token)).status_code == 403


async def test_nothing_of_code_token_or_card_is_kept_in_clear(desk: Desk, database: Database) -> None:
    code = await desk.code()
    token = (await desk.exchange(code)).json()["access_token"]
    async with database.transaction() as tx:
        kept = str([tuple(row) for row in await tx.fetch("select * from card_code")])  # type: ignore[call-overload]
        kept += str([tuple(row) for row in await tx.fetch("select * from client")])  # type: ignore[call-overload]
    for secret in (code, token, MALEE, desk.secret):
        assert secret not in kept
    assert desk.secret not in repr(Secret(desk.secret)) + repr(desk.client)
