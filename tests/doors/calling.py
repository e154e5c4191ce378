"""Calling the doors in the test's own process, on a database of its own, each pool under its role."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx

from morprom.app.asgi import Application, application, doors_of
from morprom.doors.services import Services
from morprom.identity import HealthIdGate, ProviderTokens
from morprom.intake import Writer
from morprom.kernel import Hcode, Settings
from morprom.storage import Database, KeyRing, Role
from morprom.units import Directory, Gate, SignInDesk
from units.cast import KHON_KAEN, Time, attempt

Reply = dict[str, Any]


@asynccontextmanager
async def services_on(
    url: str, ring: KeyRing, clock: Time, settings: Settings | None = None
) -> AsyncIterator[Services]:
    """What a process has, with a clock that tests move."""
    settings = settings or Settings()
    async with AsyncExitStack() as stack:
        pools: dict[Role, Database] = {}
        for role in (Role.INTAKE, Role.READER, Role.IDENTITY, Role.OVERSIGHT):
            pools[role] = await Database.connect(url, role, most=4)
            stack.push_async_callback(pools[role].close)
        identity = pools[Role.IDENTITY].transaction
        yield Services(
            settings=settings,
            ring=ring,
            intake=pools[Role.INTAKE],
            reader=pools[Role.READER],
            identity=pools[Role.IDENTITY],
            oversight=pools[Role.OVERSIGHT],
            directory=Directory(pools[Role.INTAKE].transaction, ring, clock.seconds),
            gate=Gate(identity, ring, settings, clock.seconds),
            health_ids=HealthIdGate(identity, ring, settings, clock.seconds),
            providers=ProviderTokens(ring, settings, clock.seconds),
            desk=SignInDesk(identity, ring, settings, clock.now),
            writer=Writer(pools[Role.INTAKE], ring, timedelta(days=90)),
            clock=clock.now,
        )


class Caller:
    """A client that keeps its token."""

    def __init__(self, services: Services, app: Application | None = None) -> None:
        app = app or application(services, doors_of(services.settings))
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=("203.0.113.7", 50000))  # type: ignore[arg-type]
        self.http = httpx.AsyncClient(transport=transport, base_url="http://phr.example")

    async def sign_in(self, login: str = "agent", hcode: Hcode = KHON_KAEN) -> str:
        """Sign in; later calls carry the token, which is returned."""
        query = {
            "Action": "get_moph_access_token",
            "user": login,
            "password_hash": attempt().password_hash.reveal(),
            "hospital_code": hcode,
        }
        reply = await self.http.get("/token", params=query)
        assert reply.status_code == 200, reply.text
        self.http.headers["authorization"] = f"Bearer {reply.text}"
        return reply.text

    async def get(self, path: str, **query: str) -> Reply:
        """The envelope of a GET."""
        return checked(await self.http.get(path, params=query))

    async def post(self, path: str, body: object = None, **query: str) -> Reply:
        """The envelope of a POST."""
        return checked(await self.http.post(path, json=body, params=query))


def checked(reply: httpx.Response) -> Reply:
    """An envelope, whatever the answer: section 1 of the wire protocol."""
    envelope: Reply = reply.json()
    assert envelope["MessageCode"] == reply.status_code
    assert set(envelope) >= {
        "result", "MessageCode", "Message", "RequestTime", "EndpointIP", "EndpointPort", "processing_time_ms"
    }  # fmt: skip
    assert reply.headers["cache-control"] == "no-store"
    assert (envelope["Message"] == "OK" or envelope["result"] in (None, 0)) and envelope["Message"]
    return envelope
