"""People at their pages: a browser that keeps cookies and follows forms, a slip to redeem, a passkey in software."""

import base64
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

import httpx

from accounts.virtual_key import VirtualKey
from doors.calling import services_on
from morprom.accounts.codes import code_of
from morprom.app.asgi import application
from morprom.doors.services import Services
from morprom.kernel import Mode, Secret, Settings
from morprom.outside import Outside
from morprom.outside.simulated import SimulatedMessenger
from morprom.outside.simulated_thaid import SimulatedThaId
from morprom.people import Identifier, Scheme, ensure
from morprom.proofing.model import CardFields, Maker, Slip
from morprom.proofing.simulated import simulated_slip
from morprom.proofing.slips import print_slip
from morprom.storage import Database, KeyRing
from morprom_wire.cid import check_digit
from units.cast import Time

ORIGIN = "https://phr.example.go.th"
UNIT = "10670"
BORN = date(1959, 4, 9)
MOBILE = "0800000041"
ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


def cid_of(number: int) -> str:
    digits = f"19900{number:07d}"
    return digits + str(check_digit(digits))


@dataclass
class Browser:
    """One browser of somebody, somewhere."""

    app: Any
    address: str = "198.51.100.9"
    http: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False, client=(self.address, 50000))  # type: ignore[arg-type]
        self.http = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"user-agent": ANDROID})

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def token(self) -> str:
        return re.findall(r'name="form-token" content="([^"]+)"', (await self.get("/id")).text)[0]

    async def post(self, path: str, came_from: str = "", **fields: str) -> httpx.Response:
        headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin", "referer": ORIGIN + (came_from or path)}
        return await self.http.post(path, data={"form": await self.token(), **fields}, headers=headers)

    async def speak(self, path: str, body: dict[str, Any], came_from: str = "/id/sign-in") -> httpx.Response:
        headers = {"x-form": await self.token(), "origin": ORIGIN, "referer": ORIGIN + came_from}
        return await self.http.post(path, json=body, headers=headers)

    @property
    def session_cookie(self) -> str:
        return self.http.cookies.get("__Host-morprom") or ""

    async def sign_in(self, key: VirtualKey, next: str = "/id") -> httpx.Response:
        options = (await self.speak("/id/sign-in/options", {})).json()
        return await self.speak("/id/sign-in/passkey", {"answer": key.use(options), "next": next})

    async def bind_passkey(self) -> VirtualKey:
        options = await self.speak("/id/bind/options", {}, "/id/bind")
        assert options.status_code == 200, options.text
        key = VirtualKey(ORIGIN)
        done = await self.speak("/id/bind/passkey", {"answer": key.make(options.json()), "name": "มือถือ"}, "/id/bind")
        assert done.status_code == 200, done.text
        return key


@dataclass
class Town:
    """A platform with its clock and what its simulated SMS would have sent."""

    services: Services
    database: Database
    clock: Time
    app: Any
    sent: list[tuple[str, str]]

    def browser(self, address: str = "198.51.100.9") -> Browser:
        return Browser(self.app, address)

    async def person(self, cid: str) -> UUID:
        async with self.database.transaction() as tx:
            return (await ensure(tx, self.services.ring, Identifier(Scheme.CID, cid))).person_id

    async def slip(self, cid: str, maker: Maker | None = None) -> Slip:
        """A slip of a simulated proofing; made by `maker` where it matters."""
        person_id = await self.person(cid)
        card = CardFields(cid=cid, name_th="นาง#มาลี##สมมติ", birth_on=BORN, expires_on=date(2031, 1, 1))
        async with self.database.transaction() as tx:
            slip = await simulated_slip(
                tx, self.services.ring, self.services.settings, person_id, card=card, contact=Secret(MOBILE),
                unit=UNIT, now=self.clock.now(),
            )  # fmt: skip
            if maker:
                from morprom.proofing.events import events_of

                newest = (await events_of(tx, self.services.ring, person_id))[0].event
                slip = await print_slip(tx, self.services.ring, newest, maker, self.clock.now())
        return slip

    def code(self) -> str:
        """The code of the latest SMS that carries one."""
        return next(found[0] for _, text in reversed(self.sent) if (found := re.findall(r"รหัส (\d{6})", text)))

    async def redeemed(self, browser: Browser, cid: str) -> None:
        """Through the slip and its code, up to where something is bound."""
        slip = await self.slip(cid)
        shown = await browser.post("/id/redeem", qr=slip.qr.reveal())
        assert shown.status_code == 200, shown.text
        done = await browser.post("/id/redeem/code", code=self.code())
        assert done.headers["location"] == "/id/bind"

    async def with_passkey(self, browser: Browser, cid: str) -> VirtualKey:
        await self.redeemed(browser, cid)
        return await browser.bind_passkey()

    async def with_pin(self, browser: Browser, cid: str, pin: str = "482913") -> bytes:
        """A person with a PIN and a code generator; its secret."""
        await self.redeemed(browser, cid)
        assert (await browser.post("/id/bind/pin", pin=pin, again=pin)).headers["location"] == "/id/bind/generator"
        secret = secret_on((await browser.get("/id/bind/generator")).text)
        done = await browser.post("/id/bind/generator", code=self.shown_by(secret))
        assert done.headers["location"] == "/id/welcome", done.text
        return secret

    def shown_by(self, secret: bytes) -> str:
        """What a code generator shows now."""
        return code_of(secret, int(self.clock.unix) // 30)


def secret_on(page: str) -> bytes:
    """The secret of a generator as the page tells it."""
    return base64.b32decode(re.findall(r'secret"[^>]*>([A-Z2-7 ]+)<', page)[0].replace(" ", ""))


@asynccontextmanager
async def town_on(
    url: str, database: Database, ring: KeyRing, clock: Time, mode: Mode = Mode.DEMO, origin: str = ORIGIN
) -> AsyncIterator[Town]:
    settings = Settings(public_url=origin, mode=mode)
    sent: list[tuple[str, str]] = []
    sms = SimulatedMessenger(Settings(mode=Mode.DEMO), lambda to, text: sent.append((to.reveal(), text.reveal())))
    async with services_on(url, ring, clock, settings) as opened:
        thaid = SimulatedThaId(settings) if mode is Mode.DEMO else None
        services = replace(opened, outside=Outside(sms=sms, thaid=thaid))
        app = application(services, ["units", "reader", "citizen", "openid"])
        yield Town(services, database, clock, app, sent)
