"""The question, the permissions and the administrators' pages in Chromium: by keyboard, on a phone, in large type."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browser.openid_place import OpenidPlace, openid_place
from browser.pages import PATIENCE_MS, PHONE, faults_of_access, is_wider_than_window
from doors.relying import RelyingParty
from doors.test_admin_clients import administrator
from morprom.storage import EmbeddedPostgres

DESK = {"width": 1366, "height": 900}
SCOPE = "openid profile phone pid phr.read offline_access"
SHOTS = os.environ.get("MORPROM_SHOTS", "")  # a folder for whoever wants to look


@pytest.fixture(scope="module")
def place(browser: Browser, postgres: EmbeddedPostgres) -> Iterator[OpenidPlace]:
    """After the browser: where there is none, nothing is served."""
    with openid_place(postgres) as place:
        yield place


def sit(page: Page, place: OpenidPlace, cookie: str) -> None:
    page.context.add_cookies([{"name": "morprom", "value": cookie, "url": place.origin}])


def looked_at(page: Page, name: str) -> None:
    """Nothing that somebody cannot use, at the width of a desk and of a phone, and with type twice as large."""
    for width, size in ((DESK, 1), (PHONE, 1), (PHONE, 2)):
        page.set_viewport_size(width)
        page.evaluate("size => { document.documentElement.style.fontSize = `${112.5 * size}%`; }", size)
        assert not is_wider_than_window(page), (name, width, size)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width['width']}-{size}.png", full_page=True)  # type: ignore[typeddict-item]
    page.evaluate("document.documentElement.style.fontSize = ''")
    assert faults_of_access(page) == [], name


def party_at(place: OpenidPlace, back: str, **terms: object) -> RelyingParty:
    said = {"name_en": "Appointments", "purpose": "จองคิวและดูนัดหมาย", "purpose_en": "to book and see appointments"}
    return place.do(place.house.party(name="แอปนัดหมายตัวอย่าง", uris=(back,), **said | terms))  # type: ignore[arg-type]


def test_the_question_is_answered_by_keyboard_and_the_permission_taken_back(
    browser: Browser, place: OpenidPlace
) -> None:
    back = f"{place.origin.replace('127.0.0.1', 'localhost')}/livez"  # another site to a browser
    party = party_at(place, back, tier=2)
    context = browser.new_context(viewport=DESK)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    sit(page, place, place.cookie())
    page.goto(place.origin + place.do(party.start(redirect_uri=back, scope=SCOPE)))
    body = page.inner_text("main")
    for said in ("แอปนัดหมายตัวอย่าง", "Appointments", "จองคิวและดูนัดหมาย", "โรงพยาบาลขอนแก่น", "localhost", "นางมาลี สมมติ",
                 "IAL 2.3", "AAL 2.2", "สรุปที่ไม่มีการวินิจฉัย", "จำคำตอบนี้ถึง"):  # fmt: skip
        assert said in body, said
    looked_at(page, "ask")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.locator("body").press("Tab")
    for _ in range(20):
        if page.evaluate("document.activeElement.value") == "allow":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{back}?*")
    assert "code=" in page.url and "state=a" in page.url
    page.goto(place.origin + "/id/security")
    page.click("a[href='/id/grants']")
    assert "แอปนัดหมายตัวอย่าง" in page.inner_text("main")
    assert "จองคิวและดูนัดหมาย" in page.inner_text("main")
    assert page.is_visible("a.back") and page.is_visible("form[action='/id/sign-out'] button")
    looked_at(page, "grants")
    page.locator("form[action='/id/grants'] button").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("main p:has-text('ยังไม่มี')")
    assert "แอปนัดหมายตัวอย่าง" not in page.inner_text("main")
    page.goto(place.origin + "/oidc/logout")
    looked_at(page, "logout")
    page.click("form[action='/oidc/logout/sure'] button")
    page.wait_for_selector("h1:has-text('ออกจากระบบแล้ว')")
    context.close()


def test_an_administrator_registers_and_changes_a_client_on_a_phone_and_at_a_desk(
    browser: Browser, place: OpenidPlace
) -> None:
    who = place.do(administrator(place.house, 501))
    context = browser.new_context(viewport=DESK)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    sit(page, place, place.cookie(who.person_id))
    page.goto(f"{place.origin}/admin/clients")
    looked_at(page, "clients")
    page.click("a[href='/admin/clients/new']")
    looked_at(page, "new")
    page.fill("#name", "แอปของโรงพยาบาล")
    page.fill("#purpose", "ดูผลนัดหมาย")
    page.fill("#redirect_uris", "https://rp.example/back\nhttps://rp.example/back2")
    page.check("input[value='old']")
    page.check("input[value='client_secret_basic']")
    page.click("main form button")
    page.wait_for_selector("h1:has-text('ลงทะเบียนแล้ว')")
    looked_at(page, "secret")
    page.click("main a.button")
    looked_at(page, "client")
    page.click("a[href$='/change']")
    page.fill("#redirect_uris", "ftp://rp.example/")
    page.click("main form button")
    assert "redirect URI" in page.inner_text("[role=alert]") and page.input_value("#purpose") == "ดูผลนัดหมาย"
    looked_at(page, "fault")
    page.fill("#redirect_uris", "https://rp.example/back3")
    page.click("main form button")
    page.wait_for_selector("[role=status]")
    page.click("form[action$='/disable'] button")
    page.wait_for_selector(".state.off")
    assert "ปิดใช้อยู่" in page.inner_text("main") and "https://rp.example/back3" in page.inner_text("main")
    context.close()
