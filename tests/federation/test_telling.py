"""Clients are told of whoever left them: a logout token to the address that they registered (Back-Channel Logout)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from joserfc import jwk, jws, jwt

from doors.relying import ISSUER, Browser, House, RelyingParty, relying
from morprom.accounts import freeze
from morprom.accounts.sessions import end_session
from morprom.app.telling import tell_some
from morprom.federation import IdTokens
from morprom.federation.logout import EVENT, MOST_TRIES
from morprom.kernel import Words
from morprom.storage import Database, KeyRing

TOLD = "https://rp.example/told"
SCOPE = "openid offline_access"


@dataclass
class Ear:
    """Where clients listen. What is in `answers` comes first, then 200."""

    house: House
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list[tuple[str, dict[str, Any]]])
    answers: list[int | Exception] = field(default_factory=list[int | Exception])

    async def listen(self) -> int:
        """What the process for due work does every two seconds; how many were told."""
        async with httpx.AsyncClient(transport=httpx.MockTransport(self._hear)) as http:
            services = self.house.services
            tokens = IdTokens(services.ring, ISSUER)
            return await tell_some(services.identity, services.ring, tokens, http, self.house.time.now)

    async def _hear(self, request: httpx.Request) -> httpx.Response:
        assert (request.method, request.headers["content-type"]) == ("POST", "application/x-www-form-urlencoded")
        token = parse_qs(request.content.decode())["logout_token"][0]
        keys = jwk.KeySet.import_key_set((await self.house.browser().http.get("/oidc/jwks")).json())
        header = jws.extract_compact(token.encode()).headers()
        assert header["typ"] == "logout+jwt"
        self.heard.append((str(request.url), jwt.decode(token, keys, algorithms=["ES256", "RS256"]).claims))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer)


@pytest.fixture
async def ear(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[Ear]:
    async with relying(database, database_url, ring) as house:
        yield Ear(house)


async def at(ear: Ear, **terms: Any) -> tuple[RelyingParty, Browser, dict[str, Any]]:
    """Malee signed in at a client that listens."""
    party, browser = await ear.house.party(backchannel_logout_uri=TOLD, **terms), ear.house.browser()
    await ear.house.sign_in(browser)
    return party, browser, await ear.house.tokens(browser, party, scope=SCOPE)


async def test_a_client_is_told_of_a_session_that_ended(ear: Ear) -> None:
    """Back-Channel Logout 1.0, 2.4: iss, aud, iat, exp, jti, sub, sid and events; never a nonce."""
    party, _, tokens = await at(ear)
    assert await ear.listen() == 0
    await ear.house.sign_out_everywhere()
    assert await ear.listen() == 1 and await ear.listen() == 0
    ((url, token),) = ear.heard
    claims = await party.id_token(tokens["id_token"])
    assert url == TOLD and set(token) == {"iss", "aud", "iat", "exp", "jti", "sub", "sid", "events"}
    assert token["events"] == {EVENT: {}} and token["exp"] - token["iat"] == 120
    assert [token[name] for name in ("iss", "aud", "sub", "sid")] == [
        claims[name] for name in ("iss", "aud", "sub", "sid")
    ]


async def test_a_client_is_told_once_of_a_session_however_often_it_signed_in(ear: Ear) -> None:
    party, browser, _ = await at(ear)
    other = await ear.house.party(backchannel_logout_uri=f"{TOLD}2")
    for _ in range(2):
        await ear.house.tokens(browser, party, scope=SCOPE)
    await ear.house.tokens(browser, other)
    silent = await ear.house.party()
    await ear.house.tokens(browser, silent)
    await ear.house.sign_out_everywhere()
    while await ear.listen():
        pass
    assert sorted(url for url, _ in ear.heard) == [TOLD, f"{TOLD}2"]
    assert len({token["jti"] for _, token in ear.heard}) == len({token["sid"] for _, token in ear.heard}) == 2


async def test_whatever_ends_a_session_tells_its_clients(ear: Ear) -> None:
    house = ear.house
    for ends in ("here", "elsewhere", "fraud"):
        party, browser, tokens = await at(ear)
        async with house.database.transaction() as tx:
            if ends == "fraud":
                await freeze(tx, house.ring, house.malee, why=Words("ก", "a"), now=house.time.now())
        if ends == "here":
            page = (await browser.get("/oidc/logout")).reply
            await browser.send(page, "/oidc/logout/sure")
        if ends == "elsewhere":
            claims = await party.id_token(tokens["id_token"])
            async with house.database.transaction() as tx:
                row = await tx.fetchrow("select session_id from openid_sign_in where sid = $1", claims["sid"])
                assert row is not None
                await end_session(tx, house.ring, house.malee, row["session_id"], house.time.now())
        await ear.listen()
        assert ear.heard.pop()[1]["aud"] == party.client_id, ends


async def test_a_permission_that_is_taken_back_ends_tokens_and_tells_the_client_alone(ear: Ear) -> None:
    party, browser, tokens = await at(ear)
    other = await ear.house.party(backchannel_logout_uri=f"{TOLD}2", name="อีกแอปหนึ่ง")
    others = await ear.house.tokens(browser, other)
    page = (await browser.get("/id/grants")).reply
    grant = page.text.split("แอปตัวอย่าง")[1].split('name="grant" value="')[1][:36]
    await browser.send(page, "/id/grants", grant=grant)
    assert (await party.userinfo(tokens["access_token"])).status_code == 401
    assert (await other.userinfo(others["access_token"])).status_code == 200
    assert await ear.listen() == 1 and [url for url, _ in ear.heard] == [TOLD]
    assert ear.heard[0][1]["aud"] == party.client_id


async def test_a_client_that_does_not_answer_is_told_again_later_and_later(ear: Ear) -> None:
    await at(ear)
    await ear.house.sign_out_everywhere()
    ear.answers = [500, httpx.ConnectError("down"), 302, TimeoutError(), 200]
    for wait in (15, 30, 60, 120):
        assert await ear.listen() == 1 and await ear.listen() == 0
        ear.house.later(seconds=wait)
    assert await ear.listen() == 1 and len(ear.heard) == 5
    ear.house.later(days=1)
    assert await ear.listen() == 0
    assert len({token["jti"] for _, token in ear.heard}) == 5


async def test_after_eight_times_a_client_is_left_alone(ear: Ear) -> None:
    await at(ear)
    await ear.house.sign_out_everywhere()
    ear.answers = [503] * 20
    for _ in range(MOST_TRIES + 2):
        await ear.listen()
        ear.house.later(hours=1)
    assert len(ear.heard) == MOST_TRIES


async def test_a_client_that_refuses_the_token_is_not_told_again(ear: Ear) -> None:
    """Back-Channel Logout 1.0, 2.8: 400 means that it will not take it next time either."""
    await at(ear)
    await ear.house.sign_out_everywhere()
    ear.answers = [400]
    assert await ear.listen() == 1
    ear.house.later(hours=1)
    assert await ear.listen() == 0


async def test_two_that_tell_do_not_both_tell(ear: Ear) -> None:
    await at(ear)
    await ear.house.sign_out_everywhere()
    assert sorted(await asyncio.gather(ear.listen(), ear.listen())) == [0, 1] and len(ear.heard) == 1


async def test_a_client_that_never_took_its_code_is_told_nothing(ear: Ear) -> None:
    party, browser, _ = await at(ear)
    await ear.house.sign_out_everywhere()
    await ear.listen()
    await ear.house.sign_in(browser)
    await ear.house.allowed(browser, party)
    await ear.house.sign_out_everywhere()
    assert await ear.listen() == 0
