"""Attacks that carry a token from one door to another: four issuers, each with keys of its own (RFC 8725, 3.8-3.12).

Account Center tokens of units, Health ID, Provider ID, and OpenID Connect.
"""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from joserfc import jwk, jws

from conformance.openid.forging import signed
from conformance.openid.party import by, refused, unsigned
from conftest import KeysInMemory
from doors.calling import Caller
from doors.face_clients import MALEE, WIPA, Client, Street, claims_of, street_on
from doors.relying import ISSUER, House, RelyingParty, b64
from morprom.federation import IdTokens
from morprom.federation.logout import EVENT
from morprom.identity.face_model import PROVIDER_ID
from morprom.storage import Database, EmbeddedPostgres, KeyKind, KeyRing, Role
from units.cast import agent_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

LEFT = "https://rp.example/left"


@dataclass
class Crossing:
    """One person's tokens of every kind, and the doors that each is for."""

    street: Street
    health: Client
    provider: Client
    party: RelyingParty
    tokens: dict[str, str]
    keys: dict[KeyKind, Any]

    @property
    def http(self) -> httpx.AsyncClient:
        return self.party.http

    async def opens(self, door: str, token: str) -> bool:
        """Whether a token opens a door; an answer that is no clear refusal fails."""
        reply = await getattr(self, f"_{door}")(token)
        assert reply.status_code in (200, 303, 400, 401, 403, 422), (door, reply.status_code)
        assert token[:200] not in reply.text, door
        if door == "introspection":
            return reply.json()["active"]
        return reply.status_code in (200, 303)

    async def _unit(self, token: str) -> httpx.Response:
        query = {"data": "encounter_ref_code", "hospital_code": "10670", "date": "2026-01-01"}
        return await self.http.get("/api/OrganizationSummary", params=query, headers=bearer(token))

    async def _record(self, token: str) -> httpx.Response:
        return await self.http.get("/api/WebApp", params={"Action": "Encounter", "cid": WIPA}, headers=bearer(token))

    async def _account(self, token: str) -> httpx.Response:
        return await self.health.account(token)

    async def _exchange(self, token: str) -> httpx.Response:
        return await self.provider.staff(token)

    async def _profile(self, token: str) -> httpx.Response:
        return await self.provider.profile(token)

    async def _userinfo(self, token: str) -> httpx.Response:
        return await self.party.userinfo(token)

    async def _introspection(self, token: str) -> httpx.Response:
        return await self.party.call("/oidc/introspect", {"token": token})

    async def _renewal(self, token: str) -> httpx.Response:
        return await self.party.renew(token)

    async def _hint(self, token: str) -> httpx.Response:
        asked = {"id_token_hint": token, "post_logout_redirect_uri": LEFT}
        return await self.street.browser().http.get("/oidc/logout", params=asked)


DOORS = {
    "unit": {"unit's"},
    "record": {"health"},
    "account": {"health"},
    "exchange": {"health"},
    "profile": {"provider"},
    "userinfo": {"access"},
    "introspection": {"access", "refresh"},
    "hint": {"ID"},
    "renewal": {"refresh"},
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crossing(postgres: EmbeddedPostgres) -> AsyncIterator[Crossing]:
    name = f"crossing{os.getpid()}"
    admin = await asyncpg.connect(postgres.url(database="postgres"))
    await admin.execute(f"create database {name} template morprom")
    await admin.close()
    url, ring = postgres.url(database=name), KeyRing(KeysInMemory())
    database = await Database.connect(url, Role.OWNER, most=4)
    async with street_on(database, url, ring) as street:
        await street.hire()
        health, provider = await street.client(), await street.client(PROVIDER_ID)
        time: Any = street.time
        house = House(street.database, ring, street.services, time, street.app, street.people[WIPA])
        party, browser = await house.party(post_logout_redirect_uris=(LEFT,)), house.browser()
        await house.sign_in(browser)
        told = await house.tokens(browser, party, scope="openid offline_access")
        now = int(street.time.seconds())
        claims = {"aud": party.client_id, "sub": "x", "iat": now, "exp": now + 60, "jti": "1", "events": {EVENT: {}}}
        tokens = {
            "unit's": await Caller(street.services, street.app).sign_in(),
            "health": await street.token(health, WIPA),
            "provider": await street.provider(health, provider),
            "access": told["access_token"],
            "refresh": told["refresh_token"],
            "ID": told["id_token"],
            "logout": IdTokens(ring, ISSUER).sign("RS256", claims, typ="logout+jwt").reveal(),
            "client's": party.assertion(),
        }
        yield Crossing(street, health, provider, party, tokens, stolen(ring))
    database.terminate()


async def test_a_token_opens_the_doors_that_it_is_for_and_no_other(crossing: Crossing) -> None:
    """RFC 8725, 3.9, 3.11 and 3.12; RFC 9700, 2.3: every kind of token before every door."""
    for door, kinds in DOORS.items():
        for kind, token in crossing.tokens.items():
            if kind not in kinds:
                assert not await crossing.opens(door, token), (door, kind)
    for door, kinds in DOORS.items():
        for kind in kinds:
            assert await crossing.opens(door, crossing.tokens[kind]), (door, kind)


JWTS = {
    "unit's": ("unit", KeyKind.TOKEN_SIGNING, "RS512"),
    "health": ("account", KeyKind.HEALTH_ID_SIGNING, "RS256"),
    "provider": ("profile", KeyKind.PROVIDER_SIGNING, "RS256"),
    "ID": ("hint", KeyKind.OPENID_RSA, "RS256"),
}


async def test_an_issuers_key_signs_for_that_issuer_alone(crossing: Crossing) -> None:
    """RFC 8725, 3.1, 3.8 and 3.9: the same claims by every other key and algorithm, under every name of a key."""
    for kind, (door, own, algorithm) in JWTS.items():
        token = crossing.tokens[kind]
        header, claims = jws.extract_compact(token.encode()).headers(), claims_of(token)
        good = signed(header, claims, crossing.keys[own])
        assert await crossing.opens(door, good), f"{kind}: signed again by its own key"
        same = {own, KeyKind.OPENID_EC} if kind == "ID" else {own}  # ID tokens have keys of two kinds
        for other in {KeyKind.OPENID_EC, *(key for _, key, _ in JWTS.values())} - same:
            ours = "ES256" if other is KeyKind.OPENID_EC else algorithm
            for kid in (header["kid"], "1", "2", "rs1", "es1", None):
                forged = signed(header | {"alg": ours, "kid": kid}, claims, crossing.keys[other])
                assert not await crossing.opens(door, forged), (kind, other, kid)
        public = crossing.keys[own].as_pem(private=False)
        swapped = {"RS256": "RS512", "RS512": "RS256"}[algorithm]
        for forged in (
            signed(header | {"alg": "HS256"}, claims, public), signed(header | {"alg": "HS512"}, claims, public),
            signed(header | {"alg": swapped}, claims, crossing.keys[own]),
            signed(header | {"alg": "PS256"}, claims, crossing.keys[own]),
            unsigned(claims, **{name: value for name, value in header.items() if name != "alg"}),
            unsigned(claims, **header) + token.rpartition(".")[2], token.rpartition(".")[0] + ".",
            signed(header | {"jwk": crossing.keys[own].as_dict(private=False)}, claims, jwk.RSAKey.generate_key(2048)),
        ):  # fmt: skip
            assert not await crossing.opens(door, forged), kind


async def test_a_token_by_the_right_key_for_another_issuer_or_audience_is_refused(crossing: Crossing) -> None:
    """RFC 8725, 3.8 and 3.9; RFC 9700, 2.3: were a key ever shared, `iss` and `aud` would still be looked at."""
    issuers = {claims_of(crossing.tokens[kind])["iss"] for kind in JWTS}
    assert len(issuers) == len(JWTS)
    for kind, (door, own, _) in JWTS.items():
        header, claims = jws.extract_compact(crossing.tokens[kind].encode()).headers(), claims_of(crossing.tokens[kind])
        bent: list[dict[str, Any]] = [
            {"iss": issuer} for issuer in (*(issuers - {claims["iss"]}), "", None, [claims["iss"]])
        ]
        bent += [{"aud": audience} for audience in ("", "another", None, [], crossing.party.client_id + "x", 7)]
        for changed in bent:
            forged = signed(header, claims | changed, crossing.keys[own])
            assert not await crossing.opens(door, forged), (kind, changed)


async def test_the_name_of_a_key_is_a_name_and_nothing_else(crossing: Crossing) -> None:
    """RFC 8725, 3.10: no path, no query, no number too large to be one; refused, never a fault."""
    for kind, (door, own, _) in JWTS.items():
        header, claims = jws.extract_compact(crossing.tokens[kind].encode()).headers(), claims_of(crossing.tokens[kind])
        for kid in ("../../../dev/null", "1 or 1=1", "1" * 6000, "-1", "١", "", "\0", 1, None, ["1"], {}, True):
            forged = signed(header | {"kid": kid}, claims, crossing.keys[own])
            assert not await crossing.opens(door, forged), (kind, kid)


async def test_a_token_in_a_body_is_held_to_the_same(crossing: Crossing) -> None:
    """RFC 8725, 3.10: a body has no limit of its own for a token; the hospital that shows it is told, by no fault."""
    street = crossing.street
    await agent_of(street.database, login="reader", may_read=True)
    reader = Caller(street.services, street.app)
    await reader.sign_in("reader")
    header, claims = (
        jws.extract_compact(crossing.tokens["health"].encode()).headers(),
        claims_of(crossing.tokens["health"]),
    )
    good = signed(header, claims, crossing.keys[KeyKind.HEALTH_ID_SIGNING])
    assert await shown(reader, good) == 200
    for kid in ("1" * 6000, "1" * 50_000, "x" * 50_000):
        assert (
            await shown(reader, signed(header | {"kid": kid}, claims, crossing.keys[KeyKind.HEALTH_ID_SIGNING])) == 401
        )
    for text in (b"[" * 50_000, b'{"kid":' * 20_000):
        assert await shown(reader, f"{b64(text)}.{b64(text)}.AAAA") == 401


async def shown(reader: Caller, token: str) -> int:
    """What a hospital that shows a person's token is answered."""
    return (await reader.post("/api/WebApp", {"idp_jwt": token}, Action="RequestOTP"))["MessageCode"]


async def test_clients_and_codes_of_one_door_are_strangers_at_another(crossing: Crossing) -> None:
    """RFC 9700, 4.4: a mix-up of issuers gains neither a client's secret nor a code."""
    street, health, party = crossing.street, crossing.health, crossing.party
    for client in (health, crossing.provider):
        for path in ("/oidc/token", "/oidc/par", "/oidc/introspect", "/oidc/revoke"):
            form = {"grant_type": "authorization_code", "code": "x", "token": "x"}
            refused(await party.http.post(path, data=form, auth=(client.client_id, client.secret)), "invalid_client")
            shown = {"client_id": client.client_id, "client_secret": client.secret}
            refused(await party.http.post(path, data=form | shown), "invalid_client")
        reply = await street.browser().http.get("/oidc/authorize", params=party.asked(client_id=client.client_id))
        assert reply.status_code == 400 and "location" not in reply.headers
    stranger = Client(party.http, health.kind, party.client_id, party.secret)
    assert (await stranger.exchange("x")).json()["message"] == "Credential is required"
    assert (await stranger.staff(crossing.tokens["health"])).status_code == 401
    assert (await street.browser().http.get(stranger.start())).status_code in (400, 404, 422)
    code = await street.code(health)
    refused(await party.exchange(code), "invalid_grant")
    assert (await health.exchange(code)).status_code == 200  # nobody here knew it, so nothing has ended
    house = House(street.database, street.ring, street.services, party.time, street.app, street.people[MALEE])
    browser = house.browser()
    await house.sign_in(browser)
    code = (await house.allowed(browser, party)).code
    assert (await health.exchange(code)).json()["message"] == "Code is invalid"
    assert (await party.exchange(code)).status_code == 200


async def test_a_token_of_brackets_is_refused_at_every_door(crossing: Crossing) -> None:
    """RFC 8259, 9: what is nested deeper than a parser follows is no token, and no fault of ours."""
    for text in (b"[" * 2900, b'{"a":' * 570, b'{"kid":"' + b"1" * 2800 + b'"}'):
        token = f"{b64(text)}.{b64(b'{}')}.AAAA"
        for door in DOORS:
            if door != "hint":
                assert not await crossing.opens(door, token), door
    shown = by(f"{b64(b'[' * 2900)}.{b64(b'[' * 2900)}.x")
    refused(await crossing.http.post("/oidc/token", data={"grant_type": "x"} | shown), "invalid_client")


def stolen(ring: KeyRing) -> dict[KeyKind, Any]:
    """The private halves of the keys that sign tokens, as a thief of them would have them."""
    kinds = {KeyKind.OPENID_EC: jwk.ECKey} | {kind: jwk.RSAKey for _, kind, _ in JWTS.values()}
    return {kind: made.import_key(ring.current(kind)[1].reveal()) for kind, made in kinds.items()}


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}
