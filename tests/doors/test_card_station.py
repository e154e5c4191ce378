"""The card page with a hospital's own station: what it signed, what DOPA says, and what that opens."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import httpx
import msgspec
import pytest

from doors.calling import Caller, services_on
from doors.card_desk import BACK, Desk, answer_of, hidden, lines, otp, staffed
from doors.counter_desk import CARD, Station, cid
from morprom.app.asgi import application, doors_of
from morprom.audit import Outcome
from morprom.doors.services import Services
from morprom.identity import clients
from morprom.kernel import Mode, Settings, new_id
from morprom.outside import Outside
from morprom.outside.simulated import SimulatedCardStatus
from morprom.proofing.stations import enrol
from morprom.storage import Database, KeyRing
from units.cast import KHON_KAEN, SIRIRAJ, Time

LASER = "JT1-2345678-90"
PLAIN = msgspec.structs.replace(CARD, chip_no="", request_no="")


@dataclass
class Place:
    """A programme, its browser, and a station of its hospital."""

    desk: Desk
    station: Station
    services: Services
    database: Database
    ring: KeyRing
    time: Time

    async def nonce(self, page: httpx.Response) -> httpx.Response:
        form = {"form": hidden(page), "nonce_for": self.station.station_id}
        return await self.desk.browser.post(self.desk.asking(), data=form)

    async def read(
        self, card: Any = CARD, *, laser_code: str = "", changed: Any = None, **signed: Any
    ) -> httpx.Response:
        """Open the page, have a card read, hand it on."""
        page = await self.desk.browser.get(self.desk.asking())
        nonce = (await self.nonce(page)).json()["nonce"]
        form = {"form": hidden(page), "laser_code": laser_code, **self.station.reading(nonce, card, **signed)}
        return await self.desk.browser.post(self.desk.asking(), data=form | (changed or {}))

    async def opens(self, read: httpx.Response, number: str = CARD.cid) -> str:
        """The ground of the code that the reading becomes."""
        token = (await self.desk.exchange(answer_of(read)["code"])).json()["access_token"]
        made = await otp(self.desk, token, number)
        assert made.status_code == 200, made.text
        async with self.database.transaction() as tx:
            return await tx.fetchval("select ground from otp_grant order by issued_at desc limit 1")


async def place_of(
    database: Database, database_url: str, ring: KeyRing, mode: Mode = Mode.DEMO
) -> AsyncIterator[Place]:
    await staffed(database, ring)
    time, settings = Time(), Settings(mode=mode)
    async with database.transaction() as tx:
        made = await clients.register(tx, "HIS ทดสอบ", KHON_KAEN, [BACK], Mode.SANDBOX)
    async with services_on(database_url, ring, time, settings) as opened:
        asks = SimulatedCardStatus(Settings(mode=Mode.DEMO))
        services = replace(opened, outside=Outside(card_status=asks))
        station = Station(services)
        async with database.transaction() as tx:
            station.station_id = str(
                await enrol(
                    tx, unit=KHON_KAEN, name="ห้องบัตร", public_key=station.public, officer=new_id(), now=time.now()
                )
            )
        account = Caller(services, application(services, doors_of(settings)))
        await account.sign_in("viewer")
        desk = Desk(Caller(services).http, account, made.client, made.secret.reveal())
        yield Place(desk, station, services, database, ring, time)


@pytest.fixture
async def place(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[Place]:
    async for made in place_of(database, database_url, ring):
        yield made


async def test_a_stations_proof_and_dopas_word_open_what_a_code_does(place: Place) -> None:
    assert await place.opens(await place.read()) == "card"
    assert ("CardShown", Outcome.PERMITTED, "VOUCHED", KHON_KAEN) in await lines(place.database, place.ring, CARD.cid)


async def test_the_code_on_the_cards_back_is_asked_about_where_the_chip_says_no_number(place: Place) -> None:
    assert await place.opens(await place.read(PLAIN, laser_code=LASER)) == "card"


@pytest.mark.parametrize("middle", ["41", "503"])
async def test_without_dopas_word_a_reading_opens_what_a_reported_card_does(place: Place, middle: str) -> None:
    card = msgspec.structs.replace(CARD if middle == "503" else PLAIN, cid=cid(middle))
    assert await place.opens(await place.read(card), card.cid) == "card-reported"


async def test_a_card_that_dopa_refuses_is_not_shown(place: Place) -> None:
    card = msgspec.structs.replace(CARD, cid=cid("404"))
    refused = await place.read(card)
    assert refused.status_code == 400 and "กรมการปกครองแจ้งว่าบัตรนี้ใช้ไม่ได้" in refused.text
    assert ("CardShown", Outcome.REFUSED, "CARD_NOT_VALID", KHON_KAEN) in await lines(
        place.database, place.ring, card.cid
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"signature": "AAAA"},
        {"read_at": "2026-01-01T00:00:00.000+00:00"},
        {"nonce": "another"},
        {"fields": "bm90aGluZw=="},
        {"station_id": "00000000-0000-4000-8000-000000000000"},
        {"is_simulated": "true"},
        {"fields": "é"},
        {"signature": "x" * 300},
    ],
)
async def test_what_the_station_did_not_sign_is_refused_on_the_page(place: Place, changed: dict[str, str]) -> None:
    refused = await place.read(changed=changed)
    assert refused.status_code == 400 and "ผลอ่านบัตรนี้ใช้ไม่ได้" in refused.text and CARD.cid not in refused.text


async def test_a_reading_is_good_once_and_for_a_minute(place: Place) -> None:
    page = await place.desk.browser.get(place.desk.asking())
    nonce = (await place.nonce(page)).json()["nonce"]
    form = {"form": hidden(page), **place.station.reading(nonce)}
    assert "code" in answer_of(await place.desk.browser.post(place.desk.asking(), data=form))
    assert (await place.desk.browser.post(place.desk.asking(), data=form)).status_code == 400
    late = (await place.nonce(page)).json()["nonce"]
    place.time.unix += 61
    form = {"form": hidden(page), **place.station.reading(late)}
    assert (await place.desk.browser.post(place.desk.asking(), data=form)).status_code == 400


async def test_a_station_of_another_unit_reads_nothing_here(place: Place) -> None:
    async with place.database.transaction() as tx:
        await tx.execute("update card_station set unit = $1", str(SIRIRAJ))
    page = await place.desk.browser.get(place.desk.asking())
    refused = await place.nonce(page)
    assert refused.status_code == 404 and "ไม่รู้จักเครื่องอ่านบัตรนี้" in refused.text


async def test_a_nonce_is_for_this_browser_alone(place: Place) -> None:
    page = await place.desk.browser.get(place.desk.asking())
    form = {"form": hidden(page), "nonce_for": place.station.station_id}
    stranger = Caller(place.services).http
    assert (await stranger.post(place.desk.asking(), data=form)).status_code == 403


async def test_a_real_card_is_refused_where_people_are_invented(place: Place) -> None:
    real = msgspec.structs.replace(CARD, cid="3101200000011", birth_on=date(1970, 1, 1))
    refused = await place.read(real)
    assert refused.status_code == 400 and real.cid not in refused.text


async def test_the_page_reaches_the_paired_station_and_nothing_else(place: Place) -> None:
    place.desk.browser.cookies.set("morprom-station", "41234")
    page = await place.desk.browser.get(place.desk.asking())
    policy = page.headers["content-security-policy"]
    assert "connect-src 'self' ws://127.0.0.1:41234" in policy and "script-src 'self'" in policy
    assert re.findall(r"<script[^>]*>", page.text) == ['<script type="module" src="/pages/card.js">']
    place.desk.browser.cookies.set("morprom-station", "1; script-src *")
    assert "*" not in (await place.desk.browser.get(place.desk.asking())).headers["content-security-policy"]


async def test_production_reads_cards_and_simulates_none(database: Database, database_url: str, ring: KeyRing) -> None:
    async for place in place_of(database, database_url, ring, Mode.PRODUCTION):
        page = await place.desk.browser.get(place.desk.asking())
        assert (
            page.status_code == 200
            and 'name="cid"' not in page.text
            and "จำลอง" not in page.text.partition("<main>")[2]
        )
        typed = await place.desk.browser.post(place.desk.asking(), data={"form": hidden(page), "cid": CARD.cid})
        assert typed.status_code == 200 and "location" not in typed.headers
        assert "code" in answer_of(await place.read())
        simulated = await place.read(signed_simulated=True)
        assert simulated.status_code == 400 and "ใช้ได้ในระบบสาธิตเท่านั้น" in simulated.text
