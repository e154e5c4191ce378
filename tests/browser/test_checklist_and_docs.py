"""The checklist and the document of every call, in a real browser on a real platform."""

import json

import pytest
from playwright.sync_api import Browser

from browser.pages import HERE, PATIENCE_MS, PHONE, faults_of_access, is_wider_than_window, opened, wait_until
from browser.test_sandbox_page import sign_in, visit
from platform_process import Platform

pytestmark = [pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1200, "height": 900}], ids=["phone", "desk"])
def test_the_checklist_says_what_is_done_and_what_is_left(
    browser: Browser, platform: Platform, viewport: dict[str, int]
) -> None:
    assert platform.client(HERE, "vendor").post("/api/UpdatePHRv1", json=visit()).status_code == 200
    with opened(browser, platform.url, "/sandbox/checklist", viewport=viewport) as page:
        sign_in(page)
        page.wait_for_selector(".checks li")
        done, total = (int(part) for part in page.inner_text("#done-count").split("/"))
        assert 0 < done < total
        assert page.locator(".check-done").count() == done
        assert page.locator(".check-left .how").count() == total - done
        page.check("#only-left")
        assert page.locator(".check-done:visible").count() == 0
        with page.expect_response("**/api/Conformance?*"):
            page.click("#refresh")
        with page.expect_download() as loading:
            page.click("#as-json")
        assert json.loads(loading.value.path().read_text("utf-8"))["total"] == total
        assert not is_wider_than_window(page)
        assert not faults_of_access(page)


def test_a_wrong_password_is_told_and_nothing_is_shown(browser: Browser, platform: Platform) -> None:
    inside = browser.new_context()
    inside.set_default_timeout(PATIENCE_MS)
    page = inside.new_page()
    page.goto(f"{platform.url}/sandbox/checklist")
    page.wait_for_load_state("networkidle")
    sign_in(page, "not the password at all")
    wait_until(page, "document.getElementById('sign-in-said').textContent.includes('✖')")
    assert "wrong" in page.inner_text("#sign-in-said")
    assert page.locator("#list").is_hidden()
    inside.close()


@pytest.mark.parametrize("words", ["both", "th", "en"])
def test_every_call_is_described_in_the_language_that_was_chosen(
    browser: Browser, platform: Platform, words: str
) -> None:
    with opened(browser, platform.url, "/docs") as page:
        page.wait_for_selector(".opblock")
        page.check(f"[name=words][value={words}]")
        wait_until(
            page,
            "document.querySelectorAll('.opblock').length > 30 && "
            "document.querySelector('#swagger .info .link')?.textContent.includes(value)",
            "" if words == "both" else f"lang={words}",
        )
        summary = page.locator(".opblock", has_text="/api/UpdatePHRv1").first.inner_text()
        assert ("ส่งการรับบริการ" in summary) == (words != "en") and ("Visits of a person" in summary) == (words != "th")


def test_a_call_is_tried_from_the_document(browser: Browser, platform: Platform) -> None:
    with opened(browser, platform.url, "/docs") as page:
        block = page.locator(".opblock", has_text="/api/CodingSystem").first
        block.locator(".opblock-summary-control").click()
        block.get_by_role("button", name="Try it out").click()
        block.locator("tr", has_text="System").locator("input").fill("marital_status")
        block.get_by_role("button", name="Execute").click()
        page.wait_for_selector(".live-responses-table .response-col_status")
        assert "200" in block.locator(".live-responses-table").inner_text()


def test_the_document_fits_a_phone(browser: Browser, platform: Platform) -> None:
    with opened(browser, platform.url, "/docs", viewport=PHONE) as page:
        page.wait_for_selector(".opblock")
        assert not is_wider_than_window(page)
