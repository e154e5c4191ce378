"""Owners in front of the doors: visits that were really uploaded, and Health ID tokens of sessions of every level."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from doors.calling import Caller, Reply, checked, services_on
from morprom.app.asgi import Application, application, doors_of
from morprom.assurance import Aal, Ial, Levels
from morprom.audit import Basis, Outcome, read_history
from morprom.audit.model import Line
from morprom.doors.services import Services
from morprom.identity import PHR_READ, health_id_token, start_session
from morprom.kernel import Hcode, utc_now
from morprom.people import Identifier, Inbox, Person, Scheme, ensure, find
from morprom.storage import Database, KeyRing
from morprom_wire.cid import check_digit
from units.cast import KHON_KAEN, SIRIRAJ, Time, agent_of, two_hospitals


def invented(number: int) -> str:
    """The number of a person who does not exist."""
    first = f"1990000{number:05}"
    return first + str(check_digit(first))


MALEE, SOMCHAI, NOBODY = invented(1), invented(2), invented(99)


class Running(Time):
    """The clock of this machine, which sessions and codes go by too."""

    def seconds(self) -> float:
        return utc_now().timestamp()

    def now(self) -> datetime:
        return utc_now()


@dataclass
class House:
    """Two hospitals with an agent and a viewer each, and callers for all of them."""

    database: Database
    ring: KeyRing
    services: Services
    app: Application

    async def unit(self, login: str = "agent", hcode: Hcode = KHON_KAEN) -> Caller:
        """A signed-in client of a hospital."""
        caller = Caller(self.services, self.app)
        await caller.sign_in(login, hcode)
        return caller

    async def owner(self, cid: str = MALEE, **session: Any) -> Caller:
        """A client with the token of `health_id`."""
        caller = Caller(self.services, self.app)
        caller.http.headers["authorization"] = f"Bearer {await self.health_id(cid, **session)}"
        return caller

    async def health_id(
        self, cid: str = MALEE, ial: str = "2.3", aal: str = "2.2", age: float = 0, scopes: Sequence[str] = (PHR_READ,)
    ) -> str:
        """The Health ID token of a person who signed in at these levels `age` seconds ago."""
        now = utc_now()
        levels = Levels(Ial(ial), Aal(aal), now - timedelta(seconds=age))
        async with self.database.transaction() as tx:
            person = await ensure(tx, self.ring, Identifier(Scheme.CID, cid))
            session = await start_session(tx, person, client_id="an-app", levels=levels, scopes=scopes)
        return health_id_token(self.ring, self.services.settings, session, now).reveal()

    async def end_sessions(self) -> None:
        """What signing out does."""
        async with self.database.transaction() as tx:
            await tx.execute("update health_id_session set ended_at = now()")

    async def send(self, *refs: str, cid: str = MALEE, hcode: Hcode = KHON_KAEN, **visit: Any) -> Reply:
        """Upload visits of a person as the hospital's agent."""
        agent = await self.unit(hcode=hcode)
        return await agent.post("/api/UpdatePHRv1", upload(*refs, cid=cid, hcode=hcode, **visit))

    async def person(self, cid: str = MALEE) -> Person:
        """Whom a number means."""
        async with self.database.transaction() as tx:
            person = await find(tx, self.ring, Identifier(Scheme.CID, cid))
        assert person
        return person

    async def history(self, cid: str = MALEE) -> list[Line]:
        """A person's lines, oldest first."""
        person = await self.person(cid)
        async with self.database.transaction() as tx:
            return await read_history(tx, person.person_id, person.data_key)

    async def last(self, cid: str = MALEE) -> tuple[str, Basis, Outcome, str]:
        """The newest line: action, basis, outcome, reason."""
        entry = (await self.history(cid))[-1].entry
        return entry.content.action, entry.basis, entry.outcome, entry.content.reason

    async def told(self, cid: str = MALEE) -> list[str]:
        """The kinds of a person's notices, oldest first."""
        person = await self.person(cid)
        async with self.database.transaction() as tx:
            return [notice.kind for notice in await Inbox().notices(tx, person)]


@asynccontextmanager
async def house(database: Database, database_url: str, ring: KeyRing) -> AsyncGenerator[House]:
    """Open the house."""
    await two_hospitals(database, ring)
    for hcode in (KHON_KAEN, SIRIRAJ):
        await agent_of(database, hcode)
        await agent_of(database, hcode, login="viewer", may_send=False, may_read=True)
    async with services_on(database_url, ring, Running()) as services:
        yield House(database, ring, services, application(services, doors_of(services.settings)))


async def visits_at_khon_kaen(database: Database, services: Services, app: Application) -> None:
    """Malee was there twice, and its software sent both."""
    await two_hospitals(database, services.ring)
    await agent_of(database, KHON_KAEN)
    agent = Caller(services, app)
    await agent.sign_in()
    assert (await agent.post("/api/UpdatePHRv1", upload("1", "2")))["MessageCode"] == 200


def upload(*refs: str, cid: str = MALEE, hcode: str = KHON_KAEN, **visit: Any) -> dict[str, Any]:
    """A vendor's upload of some visits."""
    system = "https://bps.moph.go.th"
    return {
        "managingOrganization": {"identifier": {"use": "official", "system": f"{system}/hcode/5", "value": hcode}},
        "Patient": {
            "identifier": [{"system": "https://www.dopa.go.th", "type": "CID", "value": cid}],
            "name": [{"languageCode": "TH", "prefix": ["นาง"], "given": ["มาลี"], "family": "ใจดี"}],
            "gender": "female",
            "birthDate": "1960-02-03",
        },
        "Encounter": [
            {
                "identifier": [{"system": f"{system}/vn", "type": "VN", "value": ref}],
                "class": {"code": "AMB", "display": "ambulatory"},
                "period": {"start": "2026-04-01T08:15:17.000Z"},
            }
            | visit
            for ref in refs
        ],
    }


async def seen(caller: Caller, cid: str = MALEE) -> list[str]:
    """The visits that a reader with a Health ID sees."""
    rows = (await caller.get("/api/WebApp", Action="Encounter", cid=cid))["result"]
    return [row["encounter_ref_code"] for row in rows]


def refusal(reply: Reply) -> tuple[int, str]:
    """Status and code of a refused call."""
    return reply["MessageCode"], reply["refusal"]["code"]


def alike(*replies: Reply) -> bool:
    """Whether replies say the same, but for times."""
    passing = ("RequestTime", "processing_time_ms")
    told = [{name: value for name, value in reply.items() if name not in passing} for reply in replies]
    return all(each == told[0] for each in told)


__all__ = ["MALEE", "NOBODY", "SOMCHAI", "House", "alike", "checked", "house", "invented", "refusal", "seen", "upload"]
