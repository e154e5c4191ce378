"""People at their own pages in Chromium: from the slip to a passkey and back after a loss, as they would do it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page

from browser.id_place import IdPlace, id_place, phone
from browser.pages import PHONE, faults_of_access, is_wider_than_window, wait_until
from doors.citizens import BORN, cid_of, secret_on
from doors.owners import MALEE as OWNER
from doors.owners import visits_at_khon_kaen
from morprom.accounts.account import T4_WAITS
from morprom.storage import EmbeddedPostgres

MALEE, MANA, CHUJAI, PITI = cid_of(61), cid_of(62), cid_of(63), cid_of(64)
DESK: Final = {"width": 1366, "height": 800}
SHOTS = os.environ.get("MORPROM_SHOTS", "")  # a folder for whoever wants to look
PIN: Final = "482913"
SMALL: Final = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")]
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width && box.height < 43.5 && !one.matches(".skip"))
  .map(([one]) => one.textContent || one.name)"""


@pytest.fixture(scope="module")
def place(browser: Browser, postgres: EmbeddedPostgres) -> Iterator[IdPlace]:
    """After the browser: where there is none, nothing is served."""
    with id_place(postgres) as place:
        yield place


def looked_at(page: Page, name: str) -> None:
    """Nothing that somebody cannot use: at the width of a phone, with letters twice as large, at that of a desk."""
    for width, size in ((DESK, 1), (PHONE, 2), (PHONE, 1)):
        page.set_viewport_size(width)  # type: ignore[arg-type]
        page.evaluate("size => { document.documentElement.style.fontSize = size; }", f"{112.5 * size}%")
        assert not is_wider_than_window(page), (name, width, size)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width['width']}-{size}.png", full_page=True)
    page.evaluate("document.documentElement.style.fontSize = ''")
    assert page.evaluate(SMALL) == [], name
    assert faults_of_access(page) == [], name


def went(page: Page, path: str) -> None:
    """On to another page of this site."""
    page.wait_for_url(lambda url: url.split("://")[1].partition("/")[2].partition("?")[0] == path.lstrip("/"))


def press(page: Page, selector: str = "main form button") -> None:
    with page.expect_navigation():
        page.click(selector)


def redeemed(page: Page, place: IdPlace, cid: str) -> None:
    """By the slip's QR code and the code from the SMS, up to where a passkey is made."""
    page.goto(f"{place.origin}/id/redeem#{place.slip(cid).qr.reveal()}")
    press(page, "#scanned button")
    page.fill("#code", place.town.code())
    press(page)


def with_passkey(page: Page, place: IdPlace, cid: str) -> None:
    redeemed(page, place, cid)
    page.click("[data-passkey] button")
    went(page, "/id/welcome")


def recovery_codes(page: Page) -> list[str]:
    """Made on the page that offers them."""
    press(page, "main form[action='/id/security/codes'] button")
    return page.locator(".codes code").all_inner_texts()


def test_a_slip_becomes_a_passkey_that_signs_in_and_opens_what_needs_it(browser: Browser, place: IdPlace) -> None:
    with phone(browser) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        qr = place.slip(MALEE).qr.reveal()
        page.goto(f"{place.origin}/id/redeem")
        page.goto(f"{place.origin}/id/redeem#{qr}")  # in the same tab: no page is loaded
        page.wait_for_selector("#scanned:not([hidden])")
        assert page.url == f"{place.origin}/id/redeem"  # nobody reads it over a shoulder, or in the list of pages
        looked_at(page, "scanned")
        page.keyboard.press("Enter")  # the button has the focus
        page.wait_for_selector("#code:focus")
        assert not [url for url in asked if qr in url]
        page.keyboard.type("000000")
        page.keyboard.press("Enter")
        page.wait_for_selector("#code[aria-invalid=true]:focus")
        assert "ผิดพลาด" in page.title()
        looked_at(page, "code-wrong")
        page.keyboard.type(place.town.code())
        page.keyboard.press("Enter")
        went(page, "/id/bind")
        looked_at(page, "bind")
        page.fill("#name", "มือถือของมาลี")
        page.click("[data-passkey] button")
        went(page, "/id/welcome")
        looked_at(page, "welcome")
        codes = recovery_codes(page)
        assert len(codes) == 10
        assert page.locator(".codes .heard").first.text_content() == " ".join(codes[0])  # read sign by sign
        looked_at(page, "codes-new")
        with page.expect_download() as saved:
            page.click("[data-save]")
        assert Path(saved.value.path()).read_text().split() == codes
        page.goto(f"{place.origin}/id")
        looked_at(page, "home")
        press(page, "footer button")
        went(page, "/id")
        press(page, "main .button >> nth=0")
        looked_at(page, "sign-in")
        page.click("[data-passkey] button")
        went(page, "/id")
        assert "มาลี" in page.inner_text("h1")
        place.later(301)
        page.goto(f"{place.origin}/id/security/codes")
        press(page, "main form button")
        went(page, "/id/sign-in")  # a step up, in place
        assert "ยืนยันอีกครั้ง" in page.inner_text("h1")
        page.click("[data-passkey] button")
        went(page, "/id/security/codes")
        assert len(recovery_codes(page)) == 10
        press(page, "footer button")
        page.goto(f"{place.origin}/id/sign-in/pin?next=/id/notices")
        went(page, "/id/notices")  # the browser offers the passkey where the number is typed


def test_every_page_of_an_account_is_for_thumbs_keys_and_large_letters(browser: Browser, place: IdPlace) -> None:
    with phone(browser, color_scheme="dark") as page:
        page.goto(f"{place.origin}/id")
        page.keyboard.press("Tab")
        assert page.locator(".skip:focus").bounding_box()["y"] >= 0  # type: ignore[index]
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "/id/sign-in"
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        for name in ("", "help", "lost", "report", "recover", "redeem", "sign-in/pin"):
            page.goto(f"{place.origin}/id/{name}")
            looked_at(page, f"out-{name.replace('/', '-')}")
        with_passkey(page, place, MANA)
        for name in (
            "security", "security/keys", "security/sessions", "security/proofing", "security/events",
            "security/contacts", "security/contacts/add", "security/codes", "record", "record/Appointment", "history",
            "notices", "report", "bind/pin",
        ):  # fmt: skip
            page.goto(f"{place.origin}/id/{name}")
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            looked_at(page, f"in-{name.replace('/', '-')}")


def test_an_owner_turns_sharing_off_and_hides_a_visit_by_thumb(browser: Browser, place: IdPlace) -> None:
    with phone(browser) as page:
        with_passkey(page, place, OWNER)
        place.do(visits_at_khon_kaen(place.town.database, place.town.services, place.town.app))
        page.goto(f"{place.origin}/id/sharing")
        assert "เปิดได้ตั้งแต่" in page.inner_text("main")
        looked_at(page, "sharing-waits")
        place.later(T4_WAITS.total_seconds() + 1)
        page.goto(f"{place.origin}/id/sharing")
        went(page, "/id/sign-in")
        page.click("[data-passkey] button")
        went(page, "/id/sharing")
        looked_at(page, "sharing-on")
        press(page, "form[action='/id/sharing'] button")
        assert "ไม่มีใครดูได้" in page.inner_text("main")
        press(page, "form[action='/id/sharing/visit'] button >> nth=0")
        assert page.locator("li", has_text="เลิกปกปิด").count() == 1
        assert page.url.endswith("/id/sharing#visit-1")
        looked_at(page, "sharing-off-and-hidden")
        press(page, "form[action='/id/sharing'] button")
        assert "เปิดอยู่" in page.inner_text("main")


def test_a_lost_phone_is_left_behind_by_a_recovery_code_and_a_code_to_the_contact(
    browser: Browser, place: IdPlace
) -> None:
    with phone(browser) as lost, phone(browser) as new:
        with_passkey(lost, place, CHUJAI)
        code = recovery_codes(lost)[0]
        new.goto(f"{place.origin}/id/lost")
        new.click("text=ใช้รหัสกู้คืน")
        went(new, "/id/recover")
        new.fill("#cid", CHUJAI)
        new.fill("#code", code.lower())
        press(new)
        looked_at(new, "recover-code")
        new.fill("#code", place.town.code())
        press(new)
        went(new, "/id/bind")
        new.click("[data-passkey] button")
        went(new, "/id/welcome")
        assert "ส่วนที่ละเอียดอ่อนที่สุดจะเปิดได้ตั้งแต่" in new.inner_text("main")
        lost.goto(f"{place.origin}/id/security")
        assert "/id/sign-in" in lost.url


def test_without_scripts_digits_and_a_code_generator_do(browser: Browser, place: IdPlace) -> None:
    slip = place.slip(PITI)
    with phone(browser, has_key=False, java_script_enabled=False) as page:
        page.goto(f"{place.origin}/id/redeem")
        page.fill("#cid", PITI)
        page.fill("#day", str(BORN.day))
        page.select_option("#month", str(BORN.month))
        page.fill("#year", str(BORN.year + 543))
        page.fill("#digits", slip.digits.reveal())
        press(page, "#typed form button")
        page.fill("#code", place.town.code())
        press(page)
        assert page.is_visible("[data-without]")
        press(page, "a[href='/id/bind/pin']")
        page.fill("#pin", PIN)
        page.fill("#again", PIN)
        press(page)
        secret = secret_on(page.content())
        page.fill("#code", place.town.shown_by(secret))
        press(page)
        went(page, "/id/welcome")
        press(page, "footer button")
        place.later(60)
        page.goto(f"{place.origin}/id/sign-in/pin?next=/id/security")
        page.fill("#cid", PITI)
        page.fill("#pin", PIN)
        page.fill("#code", place.town.shown_by(secret))
        press(page)
        went(page, "/id/security")


def test_who_is_idle_is_told_before_it_ends_and_keeps_what_was_typed(browser: Browser, place: IdPlace) -> None:
    with phone(browser) as page:
        page.clock.install()
        with_passkey(page, place, MALEE)
        page.goto(f"{place.origin}/id/security/contacts/add")
        page.clock.fast_forward("27:00")
        assert not page.is_visible("#stay")
        page.clock.fast_forward("02:00")
        page.wait_for_selector("[data-soon]:visible")
        assert faults_of_access(page) == []
        page.click("[data-stay]")
        wait_until(page, "document.getElementById('stay').hidden")
        page.fill("#mobile", "0812223333")
        place.later(1801)
        page.clock.fast_forward("31:00")
        page.wait_for_selector("[data-over]:visible")
        assert not page.is_visible("#mobile")  # whoever passes by reads nothing
        page.click("[data-stay]")
        went(page, "/id/sign-in")
        page.click("[data-passkey] button")
        went(page, "/id/security/contacts/add")
        assert page.input_value("#mobile") == "0812223333"
        place.later(301)
        press(page)  # too old for a change: a step up, in place
        went(page, "/id/sign-in")
        page.click("[data-passkey] button")
        went(page, "/id/security/contacts/add")
        assert page.input_value("#mobile") == "0812223333"
        press(page)
        assert place.town.sent[-1][0] == "0812223333"
        page.goto(f"{place.origin}/id/security/contacts/add")
        page.fill("#mobile", "0812224444")
        press(page, "footer button")
        assert page.evaluate("sessionStorage.length") == 0  # whoever signs in next reads nothing of it


CAMERA: Final = """(text) => {
  window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect() { return [{ rawValue: "https://elsewhere.example" }, { rawValue: text }]; }
  };
  navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    setInterval(() => pen.fillRect(0, 0, 9, 9), 20);
    return canvas.captureStream();
  };
}"""


def test_a_slip_is_scanned_in_the_page_where_the_browser_can(browser: Browser, place: IdPlace) -> None:
    slip: Any = place.slip(CHUJAI)
    with phone(browser) as page:
        page.add_init_script(f"({CAMERA})({f'{place.origin}/id/redeem#{slip.qr.reveal()}'!r})")
        page.goto(f"{place.origin}/id/redeem")
        page.click("[data-scan]")
        page.wait_for_selector("#scanned:not([hidden])")
        press(page, "#scanned button")
        assert page.is_visible("#code")
