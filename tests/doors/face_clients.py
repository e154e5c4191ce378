"""Clients of Health ID and Provider ID as their programmers write them, and people whose browsers go to and fro."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import msgspec
from joserfc import jwk, jwt

from doors.calling import Caller, services_on
from doors.owners import Running, upload
from doors.relying import CARD, CHECKS, PASSKEY, Answer, Browser
from morprom.accounts import Device, end_all, open_account, start_session
from morprom.accounts.contacts import keep_contact
from morprom.accounts.model import ContactKind
from morprom.app.asgi import application, doors_of
from morprom.assurance import Amr, Ial
from morprom.audit import Outcome, read_history
from morprom.doors.services import Services
from morprom.identity.face_model import HEALTH_ID, PROVIDER_ID, FaceTerms
from morprom.identity.faces import register_face
from morprom.kernel import Hcode, Secret, Settings, new_id
from morprom.people import Identifier, Scheme, ensure, get
from morprom.proofing import seal_case
from morprom.proofing import store as proofing_store
from morprom.proofing.model import Case, OpenCase
from morprom.staff import Licence, Names, Rights, Work, add_position, list_provider
from morprom.staff.listed import grant_rights
from morprom.storage import Database, KeyRing
from morprom.units import Permission
from morprom_wire.cid import check_digit
from units.cast import KHON_KAEN, SIRIRAJ, agent_of, two_hospitals

BACK = "https://app.example/back?from=health"
ALL = ("profile", "birthdate", "mobile", "cid", "phr.read")
MOBILE = "0800000071"
AUTHORIZE = {HEALTH_ID: "/oauth/redirect", PROVIDER_ID: "/v1/oauth2/authorize"}
NAMES = Names(
    title_th="นาง", first_th="วิภา", last_th="ทดลอง", title_en="Mrs. ", first_en="Wipa", last_en="Thotlong",
    email="wipa@example.go.th", birth_on=date(1985, 5, 6),
)  # fmt: skip
NURSE = Work(
    title="พยาบาลวิชาชีพ", code="203", type="01", business_id="B1", affiliation="กระทรวงสาธารณสุข", level="ชำนาญการ",
    licence=Licence(council="02", number="6500000001", expires_on=date(2031, 12, 31), is_verified=True),
    expertise="ห้องฉุกเฉิน", expertise_code="07", station_ref="S1", is_hr_admin=True, is_director=True, tax_id="0994",
    special_title="ดร.",
)  # fmt: skip


def invented(number: int) -> str:
    first = f"1990000{number:05}"
    return first + str(check_digit(first))


MALEE, WIPA, SOMCHAI = invented(71), invented(72), invented(73)


class Moved(Running):
    """This machine's clock, and how far a test moved it."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = timedelta()

    def seconds(self) -> float:
        return super().seconds() + self.ahead.total_seconds()

    def now(self) -> datetime:
        return super().now() + self.ahead


def claims_of(token: str) -> dict[str, Any]:
    """What a token says; its signature is not looked at."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


@dataclass
class Client:
    """A registered client."""

    http: httpx.AsyncClient
    kind: str
    client_id: str
    secret: str

    def start(self, **changed: str) -> str:
        """Where it sends the browser; "" leaves a parameter out."""
        asked = {
            "client_id": self.client_id, "redirect_uri": BACK, "response_type": "code", "state": "a state",
        } | changed  # fmt: skip
        return f"{AUTHORIZE[self.kind]}?{urlencode({name: value for name, value in asked.items() if value})}"

    @property
    def headers(self) -> dict[str, str]:
        return {"client-id": self.client_id, "secret-key": self.secret}

    def form(self, code: str, **changed: str) -> dict[str, str]:
        asked = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "client_id": self.client_id,
            "client_secret": self.secret,
        } | changed  # fmt: skip
        return {name: value for name, value in asked.items() if value}

    async def exchange(self, code: str, **changed: str) -> httpx.Response:
        """A code for a token of Health ID, as a form."""
        return await self.http.post("/api/v1/token", data=self.form(code, **changed))

    async def account(self, token: str) -> httpx.Response:
        return await self.http.get("/api/v1/accounts", headers={"authorization": f"Bearer {token}"})

    async def staff(self, token: str, **changed: Any) -> httpx.Response:
        """A Provider ID token for one of Health ID."""
        body = {
            "client_id": self.client_id, "secret_key": self.secret, "token_by": "Health ID", "token": token,
        } | changed  # fmt: skip
        return await self.http.post("/api/v1/services/token", json=body)

    async def profile(self, token: str, **query: str) -> httpx.Response:
        headers = self.headers | {"authorization": f"Bearer {token}"}
        return await self.http.get("/api/v1/services/profile", headers=headers, params=query)

    async def newer(self, *, basic: bool = True, **form: str) -> httpx.Response:
        """The token call of Provider ID's newer flow."""
        auth = (self.client_id, self.secret) if basic else None
        return await self.http.post("/v1/oauth2/token", data=form, auth=auth)

    async def key(self, path: str = "/api/v1/oauth/public-key") -> jwk.RSAKey:
        return jwk.RSAKey.import_key((await self.http.get(path, headers=self.headers)).text)


@dataclass
class Street:
    """The platform, two hospitals, and people with accounts."""

    database: Database
    ring: KeyRing
    services: Services
    time: Moved
    app: Any
    people: dict[str, UUID]

    def browser(self) -> Browser:
        return Browser(self.app)

    async def client(
        self, kind: str = HEALTH_ID, hcode: Hcode = KHON_KAEN, uris: tuple[str, ...] = (BACK,), **terms: Any
    ) -> Client:
        async with self.database.transaction() as tx:
            made = await register_face(
                tx, self.ring, "แอปตัวอย่าง", hcode, uris, self.services.settings.mode, kind=kind,
                terms=FaceTerms(**({"scopes": ALL} | terms)),
            )  # fmt: skip
        assert made.secret
        return Client(self.browser().http, kind, made.client.client_id, made.secret.reveal())

    async def sign_in(
        self, browser: Browser, cid: str = MALEE, amr: frozenset[Amr] = PASSKEY, minutes_ago: int = 0
    ) -> None:
        at = self.time.now() - timedelta(minutes=minutes_ago)
        async with self.database.transaction() as tx:
            started = await start_session(
                tx, self.ring, self.people[cid], amr=amr, device=Device(agent="a test"), now=at
            )
        browser.sit(started.cookie)

    async def sign_out(self, cid: str = MALEE) -> None:
        async with self.database.transaction() as tx:
            await end_all(tx, self.people[cid], self.time.now())

    async def allowed(self, browser: Browser, client: Client, **changed: str) -> Answer:
        """The way through the browser; the person says yes when asked."""
        url = client.start(**changed)
        answer = await browser.get(url)
        if answer.reply.status_code == 200 and 'name="answer"' in answer.reply.text:
            answer = await browser.send(answer.reply, url, answer="yes")
        return answer

    async def code(
        self, client: Client, cid: str = MALEE, amr: frozenset[Amr] = PASSKEY, minutes_ago: int = 0,
        **changed: str,
    ) -> str:  # fmt: skip
        browser = self.browser()
        await self.sign_in(browser, cid, amr, minutes_ago)
        return (await self.allowed(browser, client, **changed)).code

    async def token(self, client: Client, cid: str = MALEE, **changed: Any) -> str:
        """A Health ID token, all the way."""
        reply = await client.exchange(await self.code(client, cid, **changed))
        assert reply.status_code == 200, reply.text
        return reply.json()["data"]["access_token"]

    async def provider(self, health: Client, provider: Client, cid: str = WIPA) -> str:
        """A Provider ID token by the older way."""
        reply = await provider.staff(await self.token(health, cid))
        assert reply.status_code == 200, reply.text
        return reply.json()["data"]["access_token"]

    async def hire(self, cid: str = WIPA, unit: str = KHON_KAEN, rights: Rights | None = None, **work: Any) -> UUID:
        """Make somebody staff of a unit; their position."""
        async with self.database.transaction() as tx:
            await list_provider(tx, self.ring, self.people[cid], NAMES, self.time.now())
            position = await add_position(
                tx, self.ring, self.people[cid], unit, msgspec.structs.replace(NURSE, **work), self.time.now()
            )
            if rights:
                assert await grant_rights(tx, position, rights)
        return position

    async def send(self, *refs: str, cid: str = MALEE, **visit: Any) -> None:
        """A hospital uploads visits."""
        agent = Caller(self.services, self.app)
        await agent.sign_in()
        assert (await agent.post("/api/UpdatePHRv1", upload(*refs, cid=cid, **visit)))["MessageCode"] == 200

    def holder(self, token: str) -> Caller:
        """A caller of the wire with a token."""
        caller = Caller(self.services, self.app)
        caller.http.headers["authorization"] = f"Bearer {token}"
        return caller

    async def lines(self, cid: str = MALEE) -> list[tuple[str, Outcome, str]]:
        """A person's history: action, outcome, reason."""
        async with self.database.transaction() as tx:
            person = await get(tx, self.ring, self.people[cid])
            assert person
            found = await read_history(tx, person.person_id, person.data_key)
        return [(line.entry.content.action, line.entry.outcome, line.entry.content.reason) for line in found]

    def forget(self) -> None:
        """A minute later: what a process remembers of Account Center tokens is gone."""
        self.services.gate._accounts._until.clear()  # pyright: ignore[reportPrivateUsage]


MAY_READ = Rights(frozenset({Permission.HIE}), may_send=False, may_read=True)


async def _proofed(street: Street, cid: str) -> None:
    """An account at IAL 2.3, of the day before yesterday."""
    now, card = street.time.now() - timedelta(days=2), msgspec.structs.replace(CARD, cid=cid)
    async with street.database.transaction() as tx:
        person_id = (await ensure(tx, street.ring, Identifier(Scheme.CID, cid))).person_id
        case = OpenCase(new_id(), KHON_KAEN, new_id(), None, now, Case(path="card", checks=CHECKS, card=card))
        sealed = await seal_case(tx, street.ring, case, person_id=person_id, licence="ว.1", now=now)
        await proofing_store.set_redeemed(tx, sealed.event.event_id, now)
        level = Ial(sealed.derived.level)
        await open_account(tx, street.ring, person_id, ial=level, table="etda-2564", now=now)
        await keep_contact(tx, street.ring, person_id, ContactKind.MOBILE, Secret(MOBILE), now)
    street.people[cid] = person_id


@asynccontextmanager
async def street_on(database: Database, url: str, ring: KeyRing, **settings: Any) -> AsyncIterator[Street]:
    time = Moved()
    await two_hospitals(database, ring)
    await agent_of(database, KHON_KAEN)
    await agent_of(database, SIRIRAJ)
    async with services_on(url, ring, time, Settings(**settings)) as services:
        app = application(services, doors_of(services.settings))
        street = Street(database, ring, services, time, app, {})
        for cid in (MALEE, WIPA):
            await _proofed(street, cid)
        yield street


def checked(token: str, key: jwk.RSAKey) -> dict[str, Any]:
    """The claims of a token of ours, its signature verified."""
    return jwt.decode(token, key, algorithms=["RS256"]).claims
