"""What a counter's page does when card, station, tabs, session and network come in another order than one hopes.

The station is scripted: the test says what it says, and when. Its key, the platform and the pages are the real ones.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, WebSocketRoute

from browser.pages import PATIENCE_MS, chromium, demand_chromium, wait_until
from conftest import KeysInMemory
from doors.counter_desk import CARD, Counter, Officer, counter_on
from morprom.kernel import Settings
from morprom.storage import EmbeddedPostgres, KeyRing
from morprom_wire.card import fingerprint
from platform_process import PATIENCE, free_port
from served import Threaded, in_a_thread, own_database, serving

pytestmark = pytest.mark.xdist_group("browser")

PORT: Final = 4711
PAIRED: Final = f"#card={PORT}.a-secret-of-this-run"
MARK: Final = "**/pages/mark.svg"
READY: Final = "document.readyState === 'complete'"


class Desk(Threaded):
    """One officer's counter, and the platform behind it."""

    def __init__(self, counter: Counter, officer: Officer, origin: str) -> None:
        super().__init__()
        self.counter, self.officer, self.origin = counter, officer, origin


@asynccontextmanager
async def _desk(postgres: EmbeddedPostgres) -> AsyncIterator[Desk]:
    port = free_port()
    origin = f"http://localhost:{port}"
    async with (
        own_database(postgres, "counter_orders") as (url, database),
        counter_on(database, url, KeyRing(KeysInMemory()), origin=origin) as counter,
        serving(counter.app, Settings(port=port, public_url=origin)),
    ):
        officer = await counter.officer("71")
        officer.http.headers["origin"] = origin
        await counter.enrol(officer, counter.station)
        yield Desk(counter, officer, origin)


@pytest.fixture(scope="module")
def desk(postgres: EmbeddedPostgres) -> Iterator[Desk]:
    demand_chromium()
    with in_a_thread(lambda: _desk(postgres)) as made:
        yield made


class Scripted:
    """A station of which the test says what it says. It says the same to every page."""

    def __init__(self, desk: Desk, context: BrowserContext) -> None:
        self._desk = desk
        self.heard: list[str] = []
        self.nonces: list[str] = []
        self._pages: list[WebSocketRoute] = []
        self._state: dict[str, Any] = {"type": "state", "state": "empty", "insertion": "", "th": "ยังไม่มีบัตร", "en": ""}
        context.route_web_socket(re.compile(r"^ws://127\.0\.0\.1"), self._open)
        context.route(f"http://127.0.0.1:{PORT}/**", lambda route: route.fulfill(body="the station's window"))

    def _open(self, page: WebSocketRoute) -> None:
        self._pages.append(page)
        page.on_message(lambda message: self._hear(page, json.loads(str(message))))

    def _hear(self, page: WebSocketRoute, said: dict[str, Any]) -> None:
        self.heard.append(said["type"])
        match said["type"]:
            case "hello":
                known_as = fingerprint(self._desk.counter.station.public)
                page.send(json.dumps({"type": "hello", "fingerprint": known_as, "public_key": ""}))
                page.send(json.dumps(self._state))
            case "nonce":
                self.nonces.append(said["nonce"])
            case _:
                pass

    def say(self, **message: Any) -> None:
        """To the page that connected last."""
        self._pages[-1].send(json.dumps(message))

    def card(self, insertion: str) -> None:
        """A card is put in; "" pulls it out."""
        self._state |= {"state": "card" if insertion else "empty", "insertion": insertion}
        self._state["th"] = "มีบัตรในเครื่องอ่าน" if insertion else "ยังไม่มีบัตร"
        self.say(**self._state)

    def waits(self, page: Page, asks: int = 1) -> None:
        """It was asked so many times in all, and waits for its button."""
        _until(page, lambda: self.heard.count("ask") >= asks)
        self.say(type="waiting", th="รอเจ้าหน้าที่กดปุ่ม", en="")
        page.locator("#do").get_by_text("รอเจ้าหน้าที่กดปุ่ม").wait_for()

    def break_off(self) -> None:
        """It ends, or the computer slept."""
        self._pages[-1].close()

    def read(self, insertion: str) -> None:
        """The card is read for the nonce that came last."""
        reading = self._desk.counter.station.reading(self.nonces[-1], CARD)
        reading["is_simulated"] = False
        self.say(type="reading", reading=reading, insertion=insertion)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    demand_chromium()
    with chromium() as made:
        yield made


@pytest.fixture
def context(desk: Desk, browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1366, "height": 768})
    made.set_default_timeout(PATIENCE_MS)
    cookie = str(desk.officer.http.cookies["morprom"])
    made.add_cookies([{"name": "morprom", "value": cookie, "url": desk.origin, "httpOnly": True}])
    yield made
    made.close()


@pytest.fixture
def station(desk: Desk, context: BrowserContext) -> Scripted:
    return Scripted(desk, context)


@pytest.fixture
def page(desk: Desk, context: BrowserContext, station: Scripted) -> Page:
    """The queue, connected; the reader is empty."""
    opened = context.new_page()
    opened.goto(f"{desk.origin}/counter{PAIRED}")
    opened.wait_for_url("**/counter/10670")
    opened.locator("#station[data-lamp=ready]").wait_for()
    return opened


def titled(page: Page, words: str) -> None:
    page.wait_for_function(f"(words) => document.title.startsWith(words) && {READY}", arg=words)


def begun(page: Page, station: Scripted, insertion: str) -> None:
    """A card begins a case, whose page asks for it."""
    station.card(insertion)
    titled(page, "อ่านบัตร")
    station.waits(page)


def pressed(page: Page, station: Scripted, insertion: str) -> None:
    """The button is pressed, the nonce comes, the card is read."""
    seen = len(station.nonces)
    station.say(type="go")
    _until(page, lambda: len(station.nonces) > seen)
    station.read(insertion)


def _until(page: Page, holds: Any) -> None:
    """Wait while the browser goes on: what the station hears comes by way of it."""
    left = int(PATIENCE * 50)
    while not holds():
        assert left, "it does not happen"
        left -= 1
        page.wait_for_timeout(20)


def test_a_platform_that_is_away_for_a_moment_costs_no_more_than_another_key(page: Page, station: Scripted) -> None:
    begun(page, station, "a")
    page.route("**/nonce", lambda route: route.abort(), times=1)
    station.say(type="go")
    page.locator("#do").get_by_text("ติดต่อระบบไม่ได้ชั่วขณะ").wait_for()
    assert station.heard[-1] == "cancel"
    page.route("**/nonce", lambda route: route.fulfill(status=503, body="away"), times=1)
    page.keyboard.press("1")
    station.waits(page, 2)
    station.say(type="go")
    page.locator("#do").get_by_text("ติดต่อระบบไม่ได้ชั่วขณะ").wait_for()
    page.keyboard.press("1")
    station.waits(page, 3)
    pressed(page, station, "a")
    titled(page, "เทียบใบหน้า")


def test_a_reading_waits_for_a_network_that_was_lost_while_the_card_was_read(page: Page, station: Scripted) -> None:
    begun(page, station, "b")
    lost: list[Route] = []

    def lose(route: Route) -> None:
        lost.append(route)
        route.abort()

    page.route(MARK, lose)
    pressed(page, station, "b")
    page.get_by_text("อ่านบัตรแล้ว รอเครือข่าย").wait_for()
    assert lost
    page.unroute(MARK)
    titled(page, "เทียบใบหน้า")
    assert page.get_by_text("นางมะลิ สมมติ").is_visible()


def test_who_was_signed_out_meanwhile_is_led_to_sign_in_and_no_form_goes_twice(page: Page, station: Scripted) -> None:
    begun(page, station, "c")
    station.say(type="go")
    _until(page, lambda: bool(station.nonces))
    station.nonces[-1] = "another"  # the reading is refused, and the page of the case is what came of a form
    forms: list[str] = []
    page.on("request", lambda request: forms.append(request.url) if request.url.endswith("/reading") else None)
    station.read("c")
    page.get_by_text("ผลอ่านบัตรนี้ใช้ไม่ได้").wait_for()
    page.locator("#station[data-lamp=card]").wait_for()
    page.context.clear_cookies(name="morprom")
    station.say(type="go")
    page.wait_for_url("**/id/sign-in?**")
    assert len(forms) == 1 and "next=%2Fcounter%2F10670" in page.url


def test_a_card_that_came_while_another_tab_was_looked_at_is_offered(page: Page, station: Scripted) -> None:
    page.evaluate("localStorage.setItem('morprom-desk', 'another tab')")
    station.card("d")
    page.locator("#station[data-lamp=card]").wait_for()
    assert page.title().startswith("คิว") and page.locator("#card-waits").is_hidden()
    page.evaluate("dispatchEvent(new Event('focus'))")
    page.locator("#card-waits").wait_for()
    assert page.title().startswith("คิว")
    station.card("")
    page.locator("#card-waits").wait_for(state="hidden")
    station.card("e")
    titled(page, "อ่านบัตร")


def test_a_page_that_another_took_the_reader_from_asks_again_when_it_is_looked_at(
    page: Page, station: Scripted
) -> None:
    begun(page, station, "f")
    station.say(type="failed", code="busy", th="หน้าจออื่นกำลังรออ่านบัตร", en="")
    page.locator("#do").get_by_text("หน้าจออื่น").wait_for()
    page.evaluate("dispatchEvent(new Event('focus'))")
    station.waits(page, 2)
    station.say(type="failed", code="wrong-card", th="บัตรนี้ไม่ใช่บัตรประจำตัวประชาชนไทย", en="")
    page.locator("#do").get_by_text("ไม่ใช่บัตร").wait_for()
    asked = station.heard.count("ask")
    page.evaluate("dispatchEvent(new Event('focus'))")
    page.locator("#do").get_by_text("ไม่ใช่บัตร").wait_for()  # why is not swept away by closing the window
    assert station.heard.count("ask") == asked


def test_who_asks_for_a_card_that_is_not_there_is_told_to_put_it_in(page: Page, station: Scripted) -> None:
    page.keyboard.press("1")
    titled(page, "อ่านบัตร")
    page.locator("#do").get_by_text("ยังไม่มีบัตร").wait_for()
    page.keyboard.press("1")
    _until(page, lambda: station.heard[-1] == "ask")
    wait_until(page, "document.getElementById('station').dataset.lamp === 'ready'")
    assert "ยังไม่มีบัตร" in page.inner_text("#do")


def test_a_station_that_is_back_is_asked_for_the_card_of_the_open_case(page: Page, station: Scripted) -> None:
    begun(page, station, "g")
    asked = station.heard.count("ask")
    station.break_off()
    _until(page, lambda: station.heard.count("ask") > asked)
    pressed(page, station, "g")
    titled(page, "เทียบใบหน้า")


def test_a_station_at_another_port_is_reached_and_no_form_goes_twice_for_it(
    desk: Desk, page: Page, station: Scripted
) -> None:
    anew = json.dumps({"port": PORT + 1, "secret": "of-another-run-of-it"})
    opened: list[str] = []
    page.on("websocket", lambda socket: opened.append(socket.url))
    page.evaluate("(anew) => localStorage.setItem('morprom-station', anew)", anew)
    station.break_off()
    page.locator(f"#station[data-port='{PORT + 1}']").wait_for()
    page.locator("#station[data-lamp=ready]").wait_for()
    page.keyboard.press("2")
    titled(page, "อ่านบัตร")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    page.locator("[name=first]").evaluate("one => one.form.noValidate = true")
    forms: list[str] = []
    page.on("request", lambda request: forms.append(request.url) if request.url.endswith("/typed") else None)
    page.keyboard.press("Enter")
    page.locator(".fault").first.wait_for()
    page.locator("#station[data-lamp=ready]").wait_for()
    page.evaluate("(anew) => localStorage.setItem('morprom-station', anew)", anew.replace(str(PORT + 1), str(PORT)))
    station.break_off()
    page.get_by_text("จะต่อเองที่หน้าถัดไป").wait_for()
    assert len(forms) == 1
    page.click(".brand a")
    page.locator(f"#station[data-port='{PORT}'][data-lamp=ready]").wait_for()


def test_a_form_whose_answer_was_stopped_can_be_sent_again(page: Page) -> None:
    page.route("**/counter/10670/case", lambda _: None)  # it does not answer
    stop = "addEventListener('submit', () => setTimeout(() => stop(), 100), { once: true })"  # what Esc does
    page.evaluate(stop)
    page.keyboard.press("3")
    page.wait_for_function("() => !document.querySelector('[data-sent]')")
    page.unroute("**/counter/10670/case")
    page.keyboard.press("3")
    titled(page, "อ่านบัตร")


def test_a_key_that_opens_a_form_leads_into_its_first_field(page: Page) -> None:
    """Digits typed beside the field would be keys of the page: 1 asks for a card, 2 shuts the form again."""
    page.keyboard.press("3")
    titled(page, "อ่านบัตร")
    page.keyboard.press("2")
    page.keyboard.type("1990000000019")
    assert page.input_value("[name=cid]") == "1990000000019"
