"""Asks every example of the sandbox for real, in the order of the protocol: what one call gives, a later one takes.

What is secret stands in braces in the examples; here it gets its value, and loses it again in what is recorded.
"""

import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import httpx

from conformance.uploads import CID
from doors.calling import Caller, services_on
from doors.owners import House, Running
from morprom.app.asgi import application, doors_of
from morprom.doors.sandbox.description import CallEntry
from morprom.doors.sandbox.description.model import Security
from morprom.doors.sandbox.examples import Example
from morprom.identity import clients
from morprom.kernel import Hcode, Mode
from morprom.people import Inbox
from morprom.storage import Database, KeyRing
from morprom.units import Permission
from morprom.units.administration import UnitEntry, accounts, roster
from units.cast import PASSWORD

HERE, THERE = Hcode("99999"), Hcode("00000")
LOGIN: Final = "vendor"
BACK: Final = "https://his.example/card/back"
SHOWN_CODE: Final = "AA999999"

PASSING: Final = {
    "RequestTime": "2026-04-01T01:00:00.000Z", "processing_time_ms": 7, "EndpointPort": 8000, "receipt_id": "1",
    "create_datetime": 1775005200000, "update_datetime": 1775005200000, "last_gen_data": 1775005200000,
    "last_rcv_data": 1775005200000, "report_datetime": 1775005200000, "mask_datetime": 1775005200000,
    "expire_datetime": "2026-04-01T09:00:00", "since": "2026-03-31T08:00:00", "last_at": "2026-04-01T08:00:00",
    "full_age_text": "60 ปี", "age": "60 ปี", "expires_in": 300,
}  # fmt: skip
"""Members whose value passes, and what is recorded of them."""
OPAQUE: Final = re.compile(r"^(RowID|_id|.*_md5)$")


@dataclass
class Journey:
    """A vendor's test hospital, the person of the examples, and what was learned so far."""

    home: House
    vendor: Caller
    stranger: httpx.AsyncClient
    secrets: dict[str, str] = field(default_factory=dict[str, str])

    async def ask(self, call: CallEntry, example: Example) -> tuple[int, Any]:
        """Status and answer, with what is secret or passes made the same each time."""
        await self._prepare(call)
        reply = await self._send(call, example)
        answer = reply.json() if "json" in reply.headers["content-type"] else reply.text
        self._learn(call, answer, reply.status_code)
        return reply.status_code, self._settled(answer)

    async def _send(self, call: CallEntry, example: Example) -> httpx.Response:
        query = {name: self._filled(value) for name, value in example.query.items()}
        body = self._filled(example.body)
        sent: dict[str, Any] = {"data": body} if call.form else {"json": body} if body is not None else {}
        return await (self._client(call, example)).request(
            example.method, call.path, params=query, headers=await self._headers(call, example), **sent
        )

    def _client(self, call: CallEntry, example: Example) -> httpx.AsyncClient:
        return self.stranger if Security.NOBODY in call.security or self._is_owner(call, example) else self.vendor.http

    async def _headers(self, call: CallEntry, example: Example) -> dict[str, str]:
        if not self._is_owner(call, example):
            return {}
        return {"authorization": f"Bearer {await self.home.health_id(CID)}"}

    @staticmethod
    def _is_owner(call: CallEntry, example: Example) -> bool:
        return (
            Security.ACCOUNT not in call.security and Security.NOBODY not in call.security
        ) or example.name == "owner"

    async def _prepare(self, call: CallEntry) -> None:
        if call.operation == "WebApp.ValidateOTP" and SHOWN_CODE not in self.secrets:
            person = await self.home.person(CID)
            async with self.home.database.transaction() as tx:
                self.secrets[SHOWN_CODE] = (await Inbox().notices(tx, person))[-1].code
        if call.operation == "WebApp.RequestOTP":
            self.secrets["{health id token}"] = await self.home.health_id(CID)
        if call.operation == "MedicationRequest":
            token = self.home.services.providers.sign("P0001", HERE, self.home.services.clock())
            self.secrets["{provider token}"] = token.reveal()
        if call.operation == "CardToken":
            await self._show_card()

    async def _show_card(self) -> None:
        """The counter's browser on the card page."""
        async with self.home.database.transaction() as tx:
            made = await clients.register(tx, "โปรแกรมทดสอบ", HERE, [BACK], Mode.SANDBOX)
        self.secrets |= {"{client id}": made.client.client_id, "{client secret}": made.secret.reveal()}
        query = {
            "response_type": "code", "client_id": made.client.client_id, "redirect_uri": BACK, "scope": "read",
            "state": "a1b2",
        }  # fmt: skip
        browser = Caller(self.home.services, self.home.app).http
        page = await browser.get("/oauth2/auth", params=query)
        hidden = re.search(r'name="form" value="([\w-]{43})"', page.text)
        assert hidden, page.status_code
        done = await browser.post("/oauth2/auth", params=query, data={"form": hidden[1], "cid": CID})
        self.secrets["{card code}"] = dict(parse_qsl(urlsplit(done.headers["location"]).query))["code"]

    def _learn(self, call: CallEntry, answer: Any, status: int) -> None:
        match call.operation:
            case "Token" | "TokenIdp" if status == 200:
                self.secrets["{token}"] = answer
            case "CardToken":
                self.secrets["{access token}"] = answer["access_token"]
            case "PasteJSONPost":
                self.secrets["{paste code}"] = answer["result"]
            case "GetPHROTP":
                self.secrets["XY123456"] = answer["result"]
            case "WebApp.RequestOTP":
                self.secrets["XY123456"] = answer["result"]["otp"]
            case _:
                pass

    def _filled(self, value: Any) -> Any:
        return self._replaced(value, self.secrets)

    def _settled(self, answer: Any) -> Any:
        return settled(self._replaced(answer, {value: name for name, value in self.secrets.items()}))

    @staticmethod
    def _replaced(value: Any, names: dict[str, str]) -> Any:
        text = json.dumps(value, ensure_ascii=False)
        for name, replacement in names.items():
            text = text.replace(name, replacement)
        return json.loads(text)


def settled(value: Any, name: str = "") -> Any:
    """What passes, as it is recorded."""
    if isinstance(value, dict):
        return {key: settled(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        if name == "profiler":
            return [dict.fromkeys(stage, 1.0) for stage in value]
        return [settled(inner) for inner in value]
    if value is None or value == "":
        return value
    if OPAQUE.match(name) or (name == "cid" and len(str(value)) == 32):  # PHRSetting gives it so that nobody reads it
        return "0" * len(str(value))
    return PASSING.get(name, value)


@asynccontextmanager
async def journey(database: Database, database_url: str, ring: KeyRing) -> AsyncGenerator[Journey]:
    """Two test hospitals with an account of a vendor."""
    async with database.transaction() as tx:
        names = [UnitEntry(code, f"โรงพยาบาลทดสอบ {code}") for code in (HERE, THERE)]
        await roster.enrol(tx, ring, names)
    async with services_on(database_url, ring, Running()) as services:
        wanted = accounts.NewAccount(
            HERE, LOGIN, (Permission.HIE, Permission.REPORT, Permission.IDP), may_send=True, may_read=True
        )
        async with database.transaction() as tx:
            await accounts.add(tx, wanted, PASSWORD, services.settings.password_hash_key)
        app = application(services, doors_of(services.settings))
        vendor = Caller(services, app)
        await vendor.sign_in(LOGIN, HERE)
        yield Journey(House(database, ring, services, app), vendor, Caller(services, app).http)
