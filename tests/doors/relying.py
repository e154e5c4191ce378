"""Relying parties in front of the doors, and a person whose browser goes to and fro between them."""

import base64
import hashlib
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

import httpx
from joserfc import jwk, jwt

from doors.calling import services_on
from morprom.accounts import Device, end_all, open_account, start_session
from morprom.accounts.contacts import keep_contact
from morprom.accounts.model import ContactKind
from morprom.app.asgi import application, doors_of
from morprom.assurance import Amr, Checks, Ial
from morprom.doors.services import Services
from morprom.federation import Terms, register_party
from morprom.kernel import Secret, Settings, new_id
from morprom.proofing import seal_case
from morprom.proofing import store as proofing_store
from morprom.proofing.model import CardFields, Case, OpenCase
from morprom.storage import Database, KeyRing
from morprom_wire.cid import check_digit
from units.cast import KHON_KAEN, Time, two_hospitals

ISSUER = Settings().public_url
BACK = "https://rp.example/back"
PASSKEY = frozenset({Amr.SOFTWARE_KEY, Amr.USER})
PIN_AND_CODE = frozenset({Amr.PIN, Amr.OTP})
CODE_ALONE = frozenset({Amr.OTP})
ALL_SCOPES = ("openid", "profile", "address", "phone", "email", "pid", "phr.read", "offline_access")
CID = "199000000071" + str(check_digit("199000000071"))
CARD = CardFields(
    cid=CID, name_th="นาง#มาลี##สมมติ", name_en="Mrs.#Malee##Sommut", birth_on=date(1959, 4, 9), gender="F",
    address="1#หมู่ 2##ตำบลตัวอย่าง#อำเภอตัวอย่าง#จังหวัดตัวอย่าง", issuer="อำเภอตัวอย่าง", issued_on=date(2022, 1, 1),
    expires_on=date(2030, 1, 1),
)  # fmt: skip
CHECKS = Checks(
    evidence="id-card", appearance=True, chip_read=True, station_signed=True, dopa_status="valid", dopa_by="chip",
    face="officer", face_with="chip-photo", face_matches=True, contact="otp", channel="counter",
)  # fmt: skip


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@dataclass
class Answer:
    """Where the browser was sent at last: a client's address with what stood in its query, or a page of ours."""

    reply: httpx.Response
    members: dict[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.members["code"]

    @property
    def error(self) -> str:
        return self.members.get("error", "")


class Browser:
    """A browser that keeps cookies and says where a request comes from."""

    def __init__(self, app: Any) -> None:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=("203.0.113.7", 50000))
        self.http = httpx.AsyncClient(transport=transport, base_url=ISSUER)

    def sit(self, cookie: Secret[str]) -> None:
        self.http.cookies.set("morprom", cookie.reveal())

    async def get(self, url: str) -> Answer:
        return await self._followed(await self.http.get(url))

    async def send(self, page: httpx.Response, path: str, **fields: str) -> Answer:
        """The form of a page of ours, with its hidden fields."""
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
        form = {name: unescape(value) for name, value in hidden.items()} | fields
        headers = {"origin": ISSUER, "sec-fetch-site": "same-origin"}
        return await self._followed(await self.http.post(path, data=form, headers=headers))

    async def _followed(self, reply: httpx.Response) -> Answer:
        while reply.status_code == 303:
            url = reply.headers["location"]
            parts = urlsplit(url)
            if parts.netloc and not url.startswith(ISSUER):
                return Answer(reply, {name: values[0] for name, values in parse_qs(parts.query).items()})
            if parts.path == "/id/sign-in":
                return Answer(reply)
            reply = await self.http.get(url)
        return Answer(reply)


class RelyingParty:
    """A client as its programmer writes it: PKCE always; key or secret, PAR and DPoP as its profile has it."""

    def __init__(
        self, http: httpx.AsyncClient, client_id: str, secret: str, terms: Terms, key: Any, time: Time
    ) -> None:
        self.http, self.client_id, self.secret, self.terms, self.time = http, client_id, secret, terms, time
        self.key = key
        self.dpop_key = jwk.ECKey.generate_key("P-256")
        self.verifier = secrets.token_urlsafe(40)

    @property
    def is_fapi(self) -> bool:
        return self.terms.profile == "fapi2"

    def asked(self, **changed: str) -> dict[str, str]:
        """The parameters of a request; "" leaves one out."""
        self.verifier = secrets.token_urlsafe(40)
        members = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": BACK, "scope": "openid",
            "state": "a state", "nonce": "a nonce", "code_challenge_method": "S256",
            "code_challenge": b64(hashlib.sha256(self.verifier.encode()).digest()),
        } | changed  # fmt: skip
        return {name: value for name, value in members.items() if value}

    async def start(self, **changed: str) -> str:
        """Where the client sends the browser; pushed first where its profile wants that."""
        asked = self.asked(**changed)
        if not self.is_fapi:
            return f"/oidc/authorize?{urlencode(asked)}"
        reply = await self.push(asked)
        assert reply.status_code == 201, reply.text
        return f"/oidc/authorize?{urlencode({'client_id': self.client_id, 'request_uri': reply.json()['request_uri']})}"

    async def push(self, asked: dict[str, str], **headers: str) -> httpx.Response:
        return await self.call("/oidc/par", asked, **headers)

    async def call(self, path: str, form: dict[str, str], *, proof: bool = False, **headers: str) -> httpx.Response:
        """A call as this client, authenticated its way."""
        if proof:
            headers["dpop"] = self.proof("POST", path)
        return await self.http.post(path, data=form | self.credentials(), headers=headers | self.basic())

    def credentials(self, **changed: Any) -> dict[str, str]:
        if self.terms.auth == "client_secret_post":
            return {"client_id": self.client_id, "client_secret": self.secret}
        if self.terms.auth == "client_secret_basic":
            return {}
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        return {"client_assertion_type": kind, "client_assertion": self.assertion(**changed)}

    def basic(self) -> dict[str, str]:
        if self.terms.auth != "client_secret_basic":
            return {}
        pair = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        return {"authorization": f"Basic {pair}"}

    def assertion(self, *, algorithm: str = "ES256", key: Any = None, header: dict[str, Any] | None = None, **claims: Any) -> str:  # fmt: skip  # noqa: E501
        now = int(self.time.seconds())
        said = {
            "iss": self.client_id, "sub": self.client_id, "aud": ISSUER, "iat": now, "exp": now + 60,
            "jti": secrets.token_hex(8),
        } | claims  # fmt: skip
        said = {name: value for name, value in said.items() if value is not None}
        return jwt.encode({"alg": algorithm} | (header or {}), said, key or self.key, algorithms=[algorithm])

    def proof(self, method: str, path: str, *, token: str = "", key: Any = None, header: dict[str, Any] | None = None, **claims: Any) -> str:  # fmt: skip  # noqa: E501
        """A DPoP proof."""
        key = key or self.dpop_key
        said = {
            "jti": secrets.token_hex(8), "htm": method, "htu": f"{ISSUER}{path}", "iat": int(self.time.seconds()),
        } | ({"ath": b64(hashlib.sha256(token.encode()).digest())} if token else {}) | claims  # fmt: skip
        said = {name: value for name, value in said.items() if value is not None}
        head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": key.as_dict(private=False)} | (header or {})
        return jwt.encode(head, said, key, algorithms=[head["alg"]])

    async def exchange(self, code: str, **changed: str) -> httpx.Response:
        """Tokens for a code."""
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": self.verifier,
        } | changed  # fmt: skip
        form = {name: value for name, value in form.items() if value}
        return await self.call("/oidc/token", form, proof=self.is_fapi)

    async def renew(self, token: str, **changed: str) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token} | changed
        return await self.call("/oidc/token", form, proof=self.is_fapi)

    async def userinfo(self, token: str) -> httpx.Response:
        if not self.is_fapi:
            return await self.http.get("/oidc/userinfo", headers={"authorization": f"Bearer {token}"})
        headers = {"authorization": f"DPoP {token}", "dpop": self.proof("GET", "/oidc/userinfo", token=token)}
        return await self.http.get("/oidc/userinfo", headers=headers)

    async def introspected(self, token: str) -> dict[str, Any]:
        reply = await self.call("/oidc/introspect", {"token": token})
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def id_token(self, text: str) -> dict[str, Any]:
        """The claims of an ID token, checked against the published keys."""
        keys = jwk.KeySet.import_key_set((await self.http.get("/oidc/jwks")).json())
        return jwt.decode(text, keys, algorithms=["ES256", "RS256"]).claims


@dataclass
class House:
    """The platform with a person and clients."""

    database: Database
    ring: KeyRing
    services: Services
    time: Time
    app: Any
    malee: UUID

    def browser(self) -> Browser:
        return Browser(self.app)

    async def party(self, *, name: str = "แอปตัวอย่าง", uris: tuple[str, ...] = (BACK,), **terms: Any) -> RelyingParty:
        """A registered client: by default of the old profile with HTTP Basic."""
        key = jwk.ECKey.generate_key("P-256")
        given: dict[str, Any] = {"profile": "old", "auth": "client_secret_basic", "scopes": ALL_SCOPES}
        given |= {"id_token_alg": "RS256"} if terms.get("profile", "old") == "old" else {"auth": "private_key_jwt"}
        given |= terms
        if given["auth"] == "private_key_jwt":
            given.setdefault("jwks", {"keys": [key.as_dict(private=False)]})
        made_of = Terms(**given)
        async with self.database.transaction() as tx:
            made = await register_party(tx, name, KHON_KAEN, uris, made_of, self.services.settings.mode)
        secret = made.secret.reveal() if made.secret else ""
        return RelyingParty(self.browser().http, made.client.client_id, secret, made_of, key, self.time)

    async def sign_in(self, browser: Browser, amr: frozenset[Amr] = PASSKEY, person: UUID | None = None) -> None:
        """Sit down at a browser; where that leads to a passkey that somebody has, it is not looked at here."""
        async with self.database.transaction() as tx:
            device = Device(agent="a test", address="203.0.113.7")
            started = await start_session(
                tx, self.ring, person or self.malee, amr=amr, device=device, now=self.time.now()
            )
        browser.sit(started.cookie)

    async def sign_out_everywhere(self) -> None:
        async with self.database.transaction() as tx:
            await end_all(tx, self.malee, self.time.now())

    async def allowed(self, browser: Browser, party: RelyingParty, **changed: str) -> Answer:
        """The way of a client through the browser; the person says yes when asked."""
        answer = await browser.get(await party.start(**changed))
        if answer.reply.status_code == 200 and "/oidc/ask" in answer.reply.text:
            answer = await browser.send(answer.reply, "/oidc/ask", answer="allow")
        return answer

    async def tokens(self, browser: Browser, party: RelyingParty, **changed: str) -> dict[str, Any]:
        """All the way to tokens."""
        answer = await self.allowed(browser, party, **changed)
        assert "code" in answer.members, (answer.members, answer.reply.text[:500])
        reply = await party.exchange(answer.code)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def later(self, **by: float) -> datetime:
        self.time.unix += timedelta(**by).total_seconds()
        return self.time.now()


async def proofed(
    database: Database, ring: KeyRing, time: Time, card: CardFields = CARD, checks: Checks = CHECKS
) -> UUID:
    """A person who was proofed at a counter and took it to their phone."""
    person_id = new_id()
    case = OpenCase(new_id(), KHON_KAEN, new_id(), None, time.now(), Case(path="card", checks=checks, card=card))
    async with database.transaction() as tx:
        sealed = await seal_case(tx, ring, case, person_id=person_id, licence="ว.1", now=time.now())
        await proofing_store.set_redeemed(tx, sealed.event.event_id, time.now())
        await open_account(tx, ring, person_id, ial=Ial(sealed.derived.level), table="etda-2564", now=time.now())
        await keep_contact(tx, ring, person_id, ContactKind.MOBILE, Secret("0800000071"), time.now())
    return person_id


@asynccontextmanager
async def relying(
    database: Database, url: str, ring: KeyRing, *, settings: Settings | None = None, time: Time | None = None
) -> AsyncIterator[House]:
    """Two hospitals, Malee with an account, the doors open."""
    time = time or Time()
    await two_hospitals(database, ring)
    malee = await proofed(database, ring, time)
    async with services_on(url, ring, time, settings) as services:
        yield House(database, ring, services, time, application(services, doors_of(services.settings)), malee)
