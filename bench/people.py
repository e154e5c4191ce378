"""People with accounts and a client with keys, at the doors of one process: what signing in is measured on.

HTTP is in process, one ASGI call a request, so that nothing of a client or a socket counts; PostgreSQL is the
embedded one at its ordinary settings, each pool under its role.
"""

from __future__ import annotations

import base64
import json
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from accounts.virtual_key import VirtualKey
from bench.corpus import HOSPITALS
from morprom.accounts import Device, open_account, passkeys, start_session
from morprom.accounts.codes import confirm_generator, propose_generator
from morprom.accounts.pins import confirm_pin, propose_pin
from morprom.app.asgi import Application, application
from morprom.app.services import open_services
from morprom.assurance import Amr, Ial
from morprom.cli.instance import open_instance
from morprom.doors.services import Services
from morprom.kernel import Hcode, Secret
from morprom.people import Identifier, Scheme, ensure
from morprom.storage import Database
from payload_facts import invented_cid

PIN = "482913"
FORM = secrets.token_urlsafe(32)
DEVICE = secrets.token_urlsafe(32)
COOKIES = f"morprom-form={FORM}; morprom-device={DEVICE}"
EVENTS = 100
"""What happened to an account before: a year of signing in twice a week."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person with a passkey, a PIN and a code generator."""

    cid: str
    person_id: UUID
    key: VirtualKey
    secret: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """The doors of one process, and its PostgreSQL's root process."""

    services: Services
    owner: Database = field(repr=False)
    app: Application
    postmaster: int

    async def send(self, method: str, url: str, body: bytes = b"", **headers: str) -> Reply:
        """One request, straight into the application."""
        path, _, query = url.partition("?")
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        told = {"host": "127.0.0.1", "content-length": str(len(body))} | headers
        await self.app(
            {
                "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
                "method": method, "scheme": "http", "path": path, "raw_path": path.encode(),
                "query_string": query.encode(), "root_path": "", "client": ("203.0.113.7", 50000),
                "server": ("127.0.0.1", 8000), "state": {},
                "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in told.items()],
            },
            receive, send,
        )  # fmt: skip
        head = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Reply(sent[0]["status"], head, b"".join(message.get("body", b"") for message in sent[1:]))

    async def form(self, url: str, fields: dict[str, str], **headers: str) -> Reply:
        """A form, from a page of ours in a known browser."""
        given = {"cookie": COOKIES, "x_form": FORM, "content_type": "application/x-www-form-urlencoded"} | headers
        return await self.send("POST", url, urlencode({"form": FORM} | fields).encode(), **given)

    async def speak(self, url: str, body: dict[str, Any]) -> Reply:
        """What a script of ours sends."""
        return await self.send("POST", url, json.dumps(body).encode(), cookie=COOKIES, x_form=FORM)

    async def people(self, count: int) -> list[Somebody]:
        """So many of them, each with a past."""
        return [await self._somebody(number) for number in range(count)]

    async def _somebody(self, number: int) -> Somebody:
        services, cid, now = self.services, invented_cid(number), self.services.clock()
        async with services.reader.transaction() as tx:
            person_id = (await ensure(tx, services.ring, Identifier(Scheme.CID, cid))).person_id
        key, device = VirtualKey(services.settings.public_url), Device(agent="bench", address="", key=DEVICE)
        async with services.identity.transaction() as tx:
            await open_account(
                tx, services.ring, person_id, ial=Ial.CHIP_AND_FACE, table="etda-2564", now=now - timedelta(days=300)
            )
            options = await passkeys.binding_options(tx, services.ring, services.settings, person_id, name="x", now=now)
            answer = key.make(options)
            await passkeys.bind(tx, services.ring, services.settings, person_id, answer, name="x", now=now)
            await propose_pin(tx, services.ring, person_id, Secret(PIN), now)
            await confirm_pin(tx, services.ring, person_id, now, since=now)
            address = await propose_generator(tx, services.ring, person_id, name="x", now=now)
            secret = base64.b32decode(address.reveal().partition("secret=")[2].partition("&")[0])
            earlier = now - timedelta(minutes=5)
            await confirm_generator(tx, services.ring, person_id, Secret(code_at(secret, earlier.timestamp())), earlier)
            for _ in range(EVENTS):
                await start_session(
                    tx, services.ring, person_id, amr={Amr.SOFTWARE_KEY, Amr.USER}, device=device,
                    now=now - timedelta(days=40),
                )  # fmt: skip
        return Somebody(cid, person_id, key, secret)


@asynccontextmanager
async def place_on(data: Path) -> AsyncIterator[Place]:
    """A prepared instance, opened: no worker, no socket."""
    async with open_instance(data) as instance, open_services(instance.settings, instance.url, instance.ring) as opened:
        postmaster = int((data / "pg" / "postmaster.pid").read_text().split()[0])
        yield Place(opened, instance.database, application(opened, ["citizen", "openid"]), postmaster)


def code_at(secret: bytes, at: float) -> str:
    """What a code generator shows."""
    from morprom.accounts.codes import code_of

    return code_of(secret, int(at) // 30)


UNIT = Hcode(HOSPITALS[0].hcode)
