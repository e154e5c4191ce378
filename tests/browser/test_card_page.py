"""The card page in a real browser: at a phone's width, by keyboard alone, locked in by its own policy."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page

from browser.pages import PATIENCE_MS
from morprom_wire.cid import TEST_CID, check_digit
from platform_process import Platform

HOSPITAL = "10670"
MALEE = "199000000001" + str(check_digit("199000000001"))
STATE = "a b&ก"
PHONE = {"width": 360, "height": 740}

pytestmark = pytest.mark.xdist_group("browser")


class _Programme(BaseHTTPRequestHandler):
    """A hospital's programme, where the card page sends people back."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"back")

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def back() -> Iterator[str]:
    listening = HTTPServer(("127.0.0.1", 0), _Programme)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_address[1]}/card/back"
    listening.shutdown()


@pytest.fixture(scope="module")
def client(server: Platform, back: str) -> dict[str, str]:
    """A registered programme."""
    server.hospital(HOSPITAL, "โรงพยาบาลขอนแก่น")
    return json.loads(
        server.operator("client", "add", "HIS ทดสอบ", "--unit", HOSPITAL, "--redirect-uri", back, "--json")
    )


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone whose console has to stay silent."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, java_script_enabled=True)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    yield page
    context.close()
    assert [line for line in said if "400 (Bad Request)" not in line and "favicon" not in line] == []


def address(server: Platform, client: dict[str, str], back: str) -> str:
    query = {
        "response_type": "code", "client_id": client["client_id"], "redirect_uri": back, "scope": "read",
        "state": STATE,
    }  # fmt: skip
    public = server.url.replace("127.0.0.1", "localhost")  # as `morprom up` names itself: forms come from there alone
    return f"{public}/oauth2/auth?{urlencode(query)}"


def answer(page: Page, back: str) -> dict[str, str]:
    page.wait_for_url(f"{back}?**")
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def test_a_card_is_shown_by_keyboard_alone(
    server: Platform, client: dict[str, str], back: str, page: Page, tmp_path: Path
) -> None:
    page.goto(address(server, client, back))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    banner = page.locator(".banner")
    assert banner.is_visible() and float(banner.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 28
    page.screenshot(path=tmp_path / "card.png", full_page=True)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "chosen"
    page.keyboard.press("Tab")
    page.keyboard.type(MALEE)
    page.keyboard.press("Enter")
    answered = answer(page, back)
    assert answered["state"] == STATE
    told = httpx.post(
        f"{server.url}/oauth2/token", trust_env=False,
        data={
            "client_id": client["client_id"], "client_secret": client["client_secret"], "code": answered["code"],
            "grant_type": "authorization_code", "redirect_uri": back,
        },
    ).json()  # fmt: skip
    desk = server.client(HOSPITAL)
    made = desk.post("/api/GetPHROTP", json={"cid": MALEE, "access_token": told["access_token"]})
    assert made.status_code == 200 and len(made.json()["result"]) == 8
    desk.close()


def test_a_wrong_number_is_told_beside_the_field(
    server: Platform, client: dict[str, str], back: str, page: Page, tmp_path: Path
) -> None:
    page.goto(address(server, client, back))
    page.fill("#cid", "1990000000000")
    page.click("button:not(.plain)")
    assert page.get_by_role("alert").is_visible()
    assert page.evaluate("document.activeElement.id") == "cid" and page.input_value("#cid") == ""
    page.screenshot(path=tmp_path / "wrong.png", full_page=True)
    page.fill("#cid", TEST_CID)
    page.click("button:not(.plain)")
    assert set(answer(page, back)) == {"code", "state"}


def test_who_cancels_goes_back_without_a_code(server: Platform, client: dict[str, str], back: str, page: Page) -> None:
    page.goto(address(server, client, back))
    page.click("button.plain")
    assert answer(page, back) == {"error": "access_denied", "state": STATE}


def test_every_part_has_its_size_and_name(server: Platform, client: dict[str, str], back: str, page: Page) -> None:
    page.goto(address(server, client, back))
    heights = page.evaluate("[...document.querySelectorAll('button, #cid, .person')].map(e => e.offsetHeight)")
    assert min(heights) >= 44  # WCAG 2.2, target size (enhanced)
    assert page.get_by_role("radio").count() == page.locator("input[type=radio]").count() == 1
    assert page.get_by_label("หรือเลขของบุคคลสมมุติอื่น").count() == 1


def test_no_page_frames_it(server: Platform, client: dict[str, str], back: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(back)
    with page.expect_event("framenavigated", lambda frame: frame.parent_frame is not None):
        page.set_content(f'<iframe src="{address(server, client, back).replace("&", "&amp;")}"></iframe>')
    framed = page.frames[1]
    assert "chrome-error" in framed.url or framed.locator("form").count() == 0
    context.close()
