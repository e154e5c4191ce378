"""A counter as an officer works at it: by keyboard, with the real station, PC/SC service and card of the test."""

import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from agent.card.virtual_card import VirtualCard, cid
from browser.counter_place import Place, counter_place
from browser.pages import PATIENCE_MS, PHONE, demand_chromium, faults_of_access, is_wider_than_window
from doors.counter_desk import cid as officers_cid
from morprom.storage import EmbeddedPostgres

pytestmark = pytest.mark.xdist_group("browser")

SCREEN = {"width": 1366, "height": 768}
LASER = "JT1234567890"
READY = "document.readyState === 'complete'"
HERE = "**/counter/10670"
FACE = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4z"
    "NDL/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z"
)  # one grey pixel


@pytest.fixture(scope="module")
def place(postgres: EmbeddedPostgres) -> Iterator[Place]:
    demand_chromium()
    with counter_place(postgres) as made:
        yield made


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport=SCREEN)  # type: ignore[arg-type]
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


@pytest.fixture
def page(place: Place, context: BrowserContext) -> Iterator[Page]:
    """The queue of a nurse whose station is enrolled; the reader is empty. Its console stays silent."""
    opened, said = _desk(place, context, "71")
    if not place.counter.station.station_id:
        _enrol(place, opened)
    yield opened
    place.slot.pull()
    assert not said, said


def _desk(place: Place, context: BrowserContext, middle: str) -> tuple[Page, list[str]]:
    place.officer(middle, context)
    window = context.new_page()
    window.goto(place.window)  # the station's window was open once: its secret is kept for the small windows
    window.get_by_text(f"{place.origin}/counter").wait_for()
    window.close()
    page, said = context.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(place.origin + place.opening)
    page.wait_for_url(HERE)
    page.locator("#station[data-lamp]").wait_for()
    return page, said


def _enrol(place: Place, page: Page) -> None:
    page.get_by_text("เครื่องอ่านนี้ยังไม่ได้ลงทะเบียน").wait_for()
    page.keyboard.press("t")
    page.wait_for_url("**/stations")
    page.wait_for_function("() => document.querySelector('[name=public_key]').value.length > 80")
    page.keyboard.type("เคาน์เตอร์ 1")
    page.keyboard.press("Tab")
    page.keyboard.type(place.fingerprint)
    page.keyboard.press("Enter")
    page.get_by_text("เครื่องที่ต่ออยู่ขณะนี้").wait_for()
    place.counter.station.station_id = "enrolled"
    page.keyboard.press("0")
    page.wait_for_url(HERE)


def titled(page: Page, words: str) -> None:
    """Wait for a step, and for the page's script to be there."""
    page.wait_for_function(f"(words) => document.title.startsWith(words) && {READY}", arg=words)


def read(page: Page) -> None:
    """Ask for the card that is in the reader, and press the button in the window that opens."""
    page.locator("#station[data-lamp=card]").wait_for()
    with page.context.expect_page() as opening:
        page.keyboard.press("1")
    opening.value.locator("#press:enabled").wait_for()
    press(opening.value)
    while not opening.value.is_closed():
        page.wait_for_timeout(20)


def press(window: Page) -> None:
    """Enter at the station's button, which takes none for a moment after its window was come to: then once more."""
    with suppress(Error):  # it closes by itself once the card is read
        while "ขออ่านบัตรที่อยู่ในเครื่อง" in window.inner_text("#who"):
            if window.locator("#press").is_enabled():
                window.keyboard.press("Enter")
            window.wait_for_timeout(20)


def verify_mobile(page: Page, number: str = "0800000041") -> None:
    titled(page, "เบอร์มือถือ")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    found = re.search(r"\d{6}", page.inner_text("#sms"))
    assert found
    page.keyboard.type(found[0])
    page.keyboard.press("Enter")


def whole_case(place: Place, page: Page, card: VirtualCard) -> None:
    """From the queue to the slip; no key but those that the pages name."""
    place.insert(card)
    titled(page, "อ่านบัตร")
    read(page)
    titled(page, "สถานะบัตร")
    page.keyboard.type(LASER)
    page.keyboard.press("Enter")
    titled(page, "เทียบใบหน้า")
    page.keyboard.press("1")
    verify_mobile(page)
    titled(page, "สรุป")
    assert "IAL 2.3" in page.inner_text(".level").replace("\n", " ")
    page.keyboard.press("1")
    titled(page, "ปิดผนึก")
    page.keyboard.press("1")
    titled(page, "ใบ PIN")


def test_a_queue_is_worked_by_keyboard_alone_card_after_card(place: Place, page: Page, tmp_path: Path) -> None:
    whole_case(place, page, VirtualCard(photo=FACE))
    slip = page.inner_text("#slip")
    assert "นาง มาลี ส•••" in slip and cid(41) not in slip and re.search(r"\d{4} \d{4}", slip)
    for size, width in (("80 mm", 80), ("58 mm", 58), ("A4", 210)):
        page.get_by_label(size).check()
        page.emulate_media(media="print")
        printed = page.pdf(prefer_css_page_size=True)
        boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ", printed)
        assert [round(float(box) / 72 * 25.4) for box in boxes] == [width], size
        assert page.locator("#slip").bounding_box()["width"] <= width / 25.4 * 96  # type: ignore[index]
        assert not page.locator("header, .station, #print").filter(visible=True).count()
        page.emulate_media(media="null")
    place.insert(VirtualCard(number=42, name_th="นาย#สมชาย##ทดสอบ", photo=FACE))
    page.get_by_text("มีบัตรใบใหม่ในเครื่องอ่าน").wait_for()  # a slip that is shown once is not swept away
    page.keyboard.press("F8")
    titled(page, "อ่านบัตร")
    read(page)
    titled(page, "สถานะบัตร")
    assert page.get_by_text("นายสมชาย ทดสอบ").is_visible() and page.get_by_text("มาลี").count() == 0
    place.insert(VirtualCard(number=43, photo=FACE))
    page.get_by_text("มีบัตรใบใหม่ในเครื่องอ่าน").wait_for()  # nor is a case that is being worked on
    page.keyboard.press("F8")
    titled(page, "อ่านบัตร")
    page.keyboard.press("Home")
    page.wait_for_url(HERE)
    assert page.get_by_text("นาย สมชาย ท•••").is_visible()
    page.get_by_text("มีบัตรใบใหม่ในเครื่องอ่าน").wait_for()  # it is asked, not started over and over


def test_a_card_that_is_pulled_out_is_told_and_read_again(place: Place, page: Page) -> None:
    pulled: list[int] = []

    def pull(number: int) -> None:
        if number == 12 and not pulled:
            pulled.append(number)
            place.slot.pull()

    card = VirtualCard(number=51, photo=FACE, seconds=0.05)
    card.before = pull  # type: ignore[method-assign]
    place.insert(card)
    titled(page, "อ่านบัตร")
    page.locator("#station[data-lamp=card]").wait_for()
    with page.context.expect_page() as opening:
        page.keyboard.press("1")
    opening.value.locator("#press:enabled").wait_for()
    press(opening.value)
    page.locator("#do").get_by_text("บัตรถูกดึงออก").wait_for()
    opening.value.close()
    place.insert(VirtualCard(number=51, photo=FACE))
    page.wait_for_timeout(1500)  # a second window opens no sooner, however often the key is pressed
    read(page)
    titled(page, "สถานะบัตร")


def test_a_wrong_card_is_told_and_another_way_is_there(place: Place, page: Page) -> None:
    place.insert(VirtualCard(number=52, has_applet=False))
    titled(page, "อ่านบัตร")
    page.locator("#station[data-lamp=card]").wait_for()
    with page.context.expect_page() as opening:
        page.keyboard.press("1")
    opening.value.locator("#press:enabled").wait_for()
    press(opening.value)
    page.locator("#station[data-lamp=off]").wait_for()
    opening.value.close()
    assert "บัตร" in page.inner_text("#do")
    page.keyboard.press("Escape")
    page.keyboard.press("Delete")
    page.wait_for_url(HERE)
    page.keyboard.press("2")
    page.get_by_text("พิมพ์จากหน้าบัตร").first.wait_for()


def test_of_two_tabs_the_one_that_was_looked_at_last_takes_the_card(place: Place, page: Page) -> None:
    other = page.context.new_page()
    other.goto(f"{place.origin}/counter")  # no word of the station's window: the browser is paired
    other.wait_for_url(HERE)
    other.get_by_text("ยังไม่มีบัตร").wait_for()
    place.insert(VirtualCard(number=53, photo=FACE))
    titled(other, "อ่านบัตร")
    page.locator("#station[data-lamp=card]").wait_for()
    assert page.title().startswith("คิว")
    other.close()


def test_an_exception_waits_for_a_second_officer_with_their_own_sign_in(
    place: Place, page: Page, browser: Browser
) -> None:
    page.keyboard.press("5")
    titled(page, "อ่านบัตร")
    assert page.get_by_text("ต้องมีเจ้าหน้าที่คนที่สอง").is_visible()
    page.keyboard.press("Tab")
    for value in ("สูติบัตร 1/2562", officers_cid("8801"), "เด็กหญิง", "ดอกไม้", "สมมติ", "1/2/2562", officers_cid("8802")):
        page.keyboard.type(value)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    verify_mobile(page)
    titled(page, "สรุป")
    assert page.get_by_text("เมื่อยืนยันแล้วได้ IAL 2.1").is_visible() and page.get_by_text("/counter/second").is_visible()
    assert not page.get_by_role("link", name="ปิดผนึก").count()
    theirs = browser.new_context(viewport=PHONE, is_mobile=True)  # type: ignore[arg-type]
    theirs.set_default_timeout(PATIENCE_MS)
    place.officer("72", theirs)
    second = theirs.new_page()
    second.goto(f"{place.origin}/counter/second")
    second.wait_for_load_state("networkidle")
    assert "เด็กหญิง" in second.inner_text("main") and not is_wider_than_window(second)
    second.get_by_role("link", name=re.compile("เด็กหญิง")).click()
    titled(second, "ยืนยันเป็นคนที่สอง")
    assert second.evaluate("scrollY") == 0  # whom it is about is seen before what is answered
    assert not is_wider_than_window(second)
    second.get_by_role("button", name=re.compile("ใช่ ยืนยัน")).click()
    second.get_by_text("ไม่มีรายการของคนอื่นที่รออยู่").wait_for()
    theirs.close()
    page.keyboard.press("1")
    page.get_by_role("link", name="ปิดผนึก").wait_for()
    assert "IAL 2.1" in page.inner_text(".level").replace("\n", " ")
    page.keyboard.press("1")
    titled(page, "ปิดผนึก")
    page.keyboard.press("1")
    titled(page, "ปิดผนึกแล้ว")
    assert page.get_by_text("อายุต่ำกว่า 15 ปี").is_visible()


def test_dopa_out_of_reach_says_what_is_possible_without_it(place: Place, page: Page) -> None:
    place.insert(VirtualCard(digits=officers_cid("503"), photo=FACE))
    titled(page, "อ่านบัตร")
    read(page)
    titled(page, "สถานะบัตร")
    page.keyboard.type(LASER)
    page.keyboard.press("Enter")
    page.get_by_text("ติดต่อกรมการปกครองไม่ได้").first.wait_for()
    titled(page, "สถานะบัตร")
    page.keyboard.press("F2")
    titled(page, "เทียบใบหน้า")
    page.keyboard.press("1")
    verify_mobile(page)
    titled(page, "สรุป")
    said = page.inner_text(".level").replace("\n", " ")
    assert "IAL 2.1" in said and "2.2" in said, said


def test_every_page_can_be_used_by_everybody_and_fits_a_phone(place: Place, page: Page) -> None:
    faults: list[str] = []

    def look() -> None:
        page.locator("#station[data-lamp]").wait_for()
        faults.extend(f"{page.title()}: {fault}" for fault in faults_of_access(page))
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        if is_wider_than_window(page):
            faults.append(f"{page.title()} is wider than a phone")
        page.set_viewport_size(SCREEN)  # type: ignore[arg-type]

    look()
    for key in "25":
        page.keyboard.press(key)
        page.wait_for_url("**/case/*")
        look()
        page.goto(f"{place.origin}/counter/10670")
        page.locator("#station[data-lamp]").wait_for()
    page.goto(f"{place.origin}/counter/10670/stations")
    look()
    page.goto(f"{place.origin}/counter/10670")
    page.locator("#station[data-lamp]").wait_for()
    place.insert(VirtualCard(number=61, photo=FACE))
    titled(page, "อ่านบัตร")
    look()
    read(page)
    titled(page, "สถานะบัตร")
    look()
    page.keyboard.type(LASER)
    page.keyboard.press("Enter")
    titled(page, "เทียบใบหน้า")
    look()
    page.keyboard.press("1")
    titled(page, "เบอร์มือถือ")
    look()
    verify_mobile(page)
    titled(page, "สรุป")
    look()
    page.keyboard.press("1")
    titled(page, "ปิดผนึก")
    look()
    page.keyboard.press("1")
    titled(page, "ใบ PIN")
    look()
    assert not faults, "\n".join(faults)


def test_a_camera_stands_beside_the_cards_photo_and_keeps_nothing(place: Place, browser: Browser) -> None:
    context = browser.new_context(viewport=SCREEN, permissions=["camera"])  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    page, said = _desk(place, context, "73")
    place.insert(VirtualCard(number=62, photo=FACE))
    titled(page, "อ่านบัตร")
    read(page)
    titled(page, "สถานะบัตร")
    page.keyboard.press("F2")
    titled(page, "เทียบใบหน้า")
    page.keyboard.press("3")
    page.locator("#video:visible, #no-camera:visible").first.wait_for()
    page.keyboard.press("1")
    titled(page, "เบอร์มือถือ")
    assert page.get_by_text("เจ้าหน้าที่เทียบกับรูปในชิป").count() and not said
    context.close()
    place.slot.pull()


def test_a_hospitals_programme_has_a_card_read_at_the_same_station(place: Place, page: Page, tmp_path: Path) -> None:
    back = f"{place.origin}/his/back"
    client = place.do(place.client(back))
    query = {"response_type": "code", "client_id": client, "redirect_uri": back, "scope": "read", "state": "s"}
    theirs = page.context.new_page()  # the browser was paired by the counter, once
    theirs.goto(f"{place.origin}/oauth2/auth?{urlencode(query)}")
    place.insert(VirtualCard(number=64, photo=FACE))
    theirs.get_by_text("มีบัตรในเครื่องอ่าน").wait_for()
    assert not faults_of_access(theirs)
    theirs.fill("#laser", LASER)
    with theirs.context.expect_page(predicate=lambda one: "?ask" in one.url) as opening:
        theirs.click("#read")
    opening.value.locator("#press:enabled").wait_for()
    theirs.screenshot(path=tmp_path / "card.png", full_page=True)
    press(opening.value)
    theirs.wait_for_url(f"{back}?**")
    assert "code=" in theirs.url and cid(64) not in theirs.url
    theirs.close()
    assert place.do(place.is_vouched())
