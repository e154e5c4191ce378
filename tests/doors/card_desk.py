"""A hospital's counter: its programme, its account, and the browser that is sent to the card page."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from doors.calling import Caller, services_on
from morprom.audit import Basis, Outcome, read_history
from morprom.identity import Client, clients
from morprom.kernel import Mode, Settings
from morprom.people import Identifier, Scheme, find
from morprom.storage import Database, KeyRing
from morprom_wire.cid import check_digit
from units.cast import KHON_KAEN, SIRIRAJ, Time, agent_of, two_hospitals

MALEE = "199000000001" + str(check_digit("199000000001"))
SOMCHAI = "199000000002" + str(check_digit("199000000002"))
REAL = "310120000001" + str(check_digit("310120000001"))
BACK = "https://his.example/card/back?from=phr"
STATE = "ก b/+&=<script>\u200b%00"


@dataclass
class Desk:
    """A hospital's programme with its counter's browser."""

    browser: httpx.AsyncClient
    account: Caller
    client: Client
    secret: str

    def asking(self, **changed: str) -> str:
        """The address that the programme sends the browser to."""
        query = {
            "response_type": "code", "client_id": self.client.client_id, "redirect_uri": BACK, "scope": "read",
            "state": STATE,
        } | changed  # fmt: skip
        return "/oauth2/auth?" + urlencode(query)

    async def show(self, cid: str = MALEE, **changed: str) -> httpx.Response:
        """Open the page and put a card in."""
        page = await self.browser.get(self.asking(**changed))
        assert page.status_code == 200, page.text
        form = {"form": hidden(page), "cid": cid}
        return await self.browser.post(self.asking(**changed), data=form)

    async def code(self, cid: str = MALEE, **changed: str) -> str:
        return answer_of(await self.show(cid, **changed))["code"]

    async def exchange(self, code: str, **changed: str) -> httpx.Response:
        form = {
            "client_id": self.client.client_id, "client_secret": self.secret, "grant_type": "authorization_code",
            "code": code, "redirect_uri": BACK, "state": STATE,
        } | changed  # fmt: skip
        return await self.browser.post("/oauth2/token", data=form)

    async def token(self, cid: str = MALEE) -> str:
        reply = await self.exchange(await self.code(cid))
        assert reply.status_code == 200, reply.text
        return reply.json()["access_token"]


def hidden(page: httpx.Response) -> str:
    found = re.search(r'name="form" value="([\w-]{43})"', page.text)
    assert found
    return found[1]


def answer_of(reply: httpx.Response) -> dict[str, str]:
    """What the browser is sent back with."""
    assert reply.status_code == 303
    location = urlsplit(reply.headers["location"])
    assert f"{location.scheme}://{location.netloc}{location.path}" == "https://his.example/card/back"
    pairs = parse_qsl(location.query, keep_blank_values=True, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs) and pairs[0] == ("from", "phr")
    return dict(pairs[1:])


async def lines(database: Database, ring: KeyRing, cid: str) -> list[tuple[str, Outcome, str, str]]:
    """What is in a person's history about cards: (action, outcome, reason, unit)."""
    async with database.transaction() as tx:
        person = await find(tx, ring, Identifier(Scheme.CID, cid))
        assert person
        history = await read_history(tx, person.person_id, person.data_key)
    return [
        (line.entry.content.action, line.entry.outcome, line.entry.content.reason, line.entry.unit)
        for line in history
        if line.entry.basis is Basis.CARD
    ]


async def staffed(database: Database, ring: KeyRing) -> None:
    """Two hospitals, each with somebody who reads."""
    await two_hospitals(database, ring)
    await agent_of(database, login="viewer", may_send=False, may_read=True)
    await agent_of(database, SIRIRAJ, login="viewer", may_send=False, may_read=True)
    await agent_of(database)


async def opened(database: Database, database_url: str, ring: KeyRing, **named: object) -> AsyncIterator[Desk]:
    """A desk of `hcode`, on a platform with `settings`."""
    hcode = named.get("hcode", KHON_KAEN)
    settings = named.get("settings", Settings())
    async with database.transaction() as tx:
        made = await clients.register(tx, "HIS ทดสอบ", hcode, [BACK], Mode.SANDBOX)  # type: ignore[arg-type]
    async with services_on(database_url, ring, Time(), settings) as services:  # type: ignore[arg-type]
        account = Caller(services)
        if settings.mode is not Mode.PRODUCTION:  # type: ignore[attr-defined]
            await account.sign_in("viewer", hcode)  # type: ignore[arg-type]
        browser = Caller(services).http
        yield Desk(browser, account, made.client, made.secret.reveal())


async def otp(desk: Desk, token: str, cid: str = MALEE) -> httpx.Response:
    """What GetPHROTP answers the desk."""
    return await desk.account.http.post("/api/GetPHROTP", json={"cid": cid, "access_token": token})
