"""The station's window and a counter's page in a real Chromium, which asks before a page may reach this computer."""

import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from agent.card.station import Station, running
from agent.card.virtual_card import cid
from browser.pages import CHROMIUM, demand_chromium
from morprom_agent.card.keys import write_private
from morprom_agent.card.running import _redirect  # type: ignore[reportPrivateUsage]
from morprom_agent.card.simulator import SimulatedReader

pytestmark = pytest.mark.xdist_group("browser")

OPEN = """([url, secret]) => new Promise((done) => {
  window.heard = [];
  window.card = new WebSocket(url);
  card.onopen = () => card.send(JSON.stringify({ type: "hello", secret }));
  card.onmessage = (event) => { heard.push(JSON.parse(event.data)); done(heard[0].type); };
  card.onerror = () => done("refused");
})"""
ASK = """() => {
  card.addEventListener("message", (event) => {
    const nonce = { type: "nonce", nonce: "n", station_id: "00000000-0000-0000-0000-000000000001" };
    if (JSON.parse(event.data).type === "go") card.send(JSON.stringify(nonce));
  });
  card.send(JSON.stringify({ type: "ask" }));
}"""


class _Counter(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>counter</title>")

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def counter() -> Iterator[str]:
    """The origin of a counter."""
    serving = ThreadingHTTPServer(("127.0.0.1", 0), _Counter)
    threading.Thread(target=serving.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{serving.server_address[1]}"
    serving.shutdown()
    serving.server_close()


@pytest.fixture
async def station(counter: str, tmp_path: Path) -> AsyncIterator[Station]:
    """A station that is enrolled with that counter."""
    cards = tmp_path / "cards.json"
    cards.write_text(json.dumps({"cid": cid(41), "name_th": "นาง#มาลี##สมมติ", "birth_on": "1959-04-09"}))
    async with running(SimulatedReader(cards), tmp_path, counter) as made:
        yield made


@asynccontextmanager
async def chromium(public: str = "") -> AsyncIterator[Browser]:
    """A browser; to it, the origin `public` is a site of the internet."""
    demand_chromium()
    flags = ["--no-sandbox"]
    if public:
        flags.append(f"--ip-address-space-overrides={public.removeprefix('http://')}=public")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags, timeout=60_000)
        yield browser
        await browser.close()


async def paired(context: BrowserContext, counter: str, station: Station) -> tuple[Page, str]:
    page = await context.new_page()
    await page.goto(counter)
    answer = await page.evaluate(OPEN, [f"ws://127.0.0.1:{station.port}/counter", station.secrets.counter])
    return page, answer


async def window_of(context: BrowserContext, station: Station, folder: Path) -> Page:
    """The window, by the file that leads to it."""
    write_private(folder / "station.html", _redirect(station.port, station.secrets.station))
    page = await context.new_page()
    await page.goto((folder / "station.html").as_uri())
    await page.wait_for_url(f"http://127.0.0.1:{station.port}/")
    await page.get_by_text("มีบัตรในเครื่องอ่าน").wait_for()
    return page


async def test_chrome_lets_a_site_reach_the_station_only_once_the_officer_allowed_it(
    counter: str, station: Station
) -> None:
    async with chromium(public=counter) as browser:
        denied = await browser.new_context()
        assert (await paired(denied, counter, station))[1] == "refused"
        allowed = await browser.new_context()
        await allowed.grant_permissions(["local-network-access"], origin=counter)
        assert (await paired(allowed, counter, station))[1] == "hello"


async def test_a_card_is_read_by_the_button_in_the_window_and_by_nothing_else(
    counter: str, station: Station, tmp_path: Path
) -> None:
    async with chromium() as browser:
        context = await browser.new_context(viewport={"width": 520, "height": 760})
        window = await window_of(context, station, tmp_path)
        button = window.locator("#press")
        assert await button.is_disabled() and await window.locator("#simulated").is_visible()
        assert station.secrets.station not in window.url
        page, _ = await paired(context, counter, station)
        await page.evaluate(ASK)
        await window.bring_to_front()
        await window.get_by_text(f"{counter} ขออ่านบัตร").wait_for()
        await window.locator("#press:enabled").wait_for()
        await window.evaluate("document.getElementById('press').click()")  # a script's click
        assert not await page.evaluate("heard.some((said) => said.type === 'go')")
        await window.screenshot(path=tmp_path / "window.png")
        await window.locator("#press:enabled").wait_for()
        await window.keyboard.press("Enter")
        await page.wait_for_function("heard.some((said) => said.type === 'reading')")
        assert await page.evaluate("heard.every((said) => said.is_simulated)")
        await window.get_by_text("อ่านแล้ว").wait_for()
        assert await button.is_disabled()


async def test_a_window_that_a_counter_opened_closes_itself_after_the_card(
    counter: str, station: Station, tmp_path: Path
) -> None:
    async with chromium() as browser:
        context = await browser.new_context()
        await (await window_of(context, station, tmp_path)).close()
        page, _ = await paired(context, counter, station)
        await page.evaluate(ASK)
        async with context.expect_page() as opening:
            await page.evaluate(f"open('http://127.0.0.1:{station.port}/?ask', 'card', 'width=520,height=760') && 0")
        window = await opening.value
        await window.locator("#press:enabled").wait_for()
        async with window.expect_event("close"):
            await window.keyboard.press("Enter")
        await page.wait_for_function("heard.some((said) => said.type === 'reading')")


async def test_a_window_without_its_secret_has_no_button(station: Station) -> None:
    async with chromium() as browser:
        page = await browser.new_page()
        await page.goto(f"http://127.0.0.1:{station.port}/")
        await page.get_by_text("เปิดหน้านี้จากโปรแกรมอ่านบัตรอีกครั้ง").wait_for()
        assert await page.locator("#press").is_disabled() and not await page.locator("#stations li").count()


async def test_another_site_neither_frames_the_window_nor_opens_a_socket(counter: str, station: Station) -> None:
    async with chromium() as browser:
        page = await browser.new_page()
        await page.goto(counter.replace("127.0.0.1", "localhost"))  # another origin than the enrolled one
        assert await page.evaluate(OPEN, [f"ws://127.0.0.1:{station.port}/counter", station.secrets.counter]) == (
            "refused"
        )
        await page.evaluate(
            """(url) => new Promise((done) => {
              const frame = document.createElement("iframe");
              frame.src = url;
              frame.onload = done;
              document.body.append(frame);
            })""",
            f"http://127.0.0.1:{station.port}/",
        )
        assert not await page.frames[-1].locator("#press").count()
