"""The pages in a real Chromium: what a page says on its console and whom it calls is watched all the time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from platform_process import PATIENCE, until

CHROMIUM: Final = Path(os.environ.get("MORPROM_CHROMIUM", "/usr/bin/chromium"))
REQUIRED: Final = os.environ.get("MORPROM_BROWSER") == "required"
AXE: Final = Path(__file__).parent / "vendor/axe-core/axe.min.js"
HERE: Final = "99999"
PATIENCE_MS: Final = PATIENCE * 1000
"""After which a page hangs: Playwright's own half minute is not enough for a machine that has other work."""

PHONE: Final = {"width": 360, "height": 740}
DESK: Final = {"width": 1400, "height": 1000}

AXE_OPTIONS: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # an item of a tree is named by its own line; this one wants all that is below it in the name
    "rules": {"label-content-name-mismatch": {"enabled": False}},
}

MISSING: Final = (
    f"NO BROWSER: the pages were NOT tested, as there is no {CHROMIUM}. On Debian: apt-get install chromium "
    "fonts-thai-tlwg; elsewhere name it in MORPROM_CHROMIUM"
)


def demand_chromium() -> None:
    """Skip, saying why, where there is no Chromium; fail where there has to be one (MORPROM_BROWSER=required)."""
    if not CHROMIUM.exists():
        (pytest.fail if REQUIRED else pytest.skip)(MISSING)


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser. Its own sandbox does not run as root, which is what CI is."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], timeout=PATIENCE_MS)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, origin: str, path: str, **context: Any) -> Iterator[Page]:
    """A page on which nothing goes wrong unseen: no error on its console, no request to anybody else."""
    inside = browser.new_context(**{"viewport": DESK, **context})
    page = inside.new_page()
    page.set_default_timeout(PATIENCE_MS)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "request", lambda request: said.append(f"asked {request.url}") if _is_foreign(request.url, origin) else None
    )
    page.goto(origin + path)
    page.wait_for_load_state("networkidle")
    yield page
    inside.close()
    assert not said, said


def _is_foreign(url: str, origin: str) -> bool:
    return not url.startswith((origin + "/", "blob:", "data:"))


def faults_of_access(page: Page) -> list[str]:
    """What axe-core finds that somebody cannot use (WCAG 2.2 AA); its own script is let in by the test alone."""
    page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("(options) => axe.run(document, options)", AXE_OPTIONS)
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def wait_until(page: Page, holds: str, value: object = None) -> None:
    """Wait for an expression to be true. Playwright's own way evaluates text in the page, which the pages forbid."""
    until(lambda: bool(page.evaluate(f"(value) => Boolean({holds})", value)))


def is_wider_than_window(page: Page) -> bool:
    """Whether somebody has to scroll sideways."""
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def result_of(page: Page) -> Locator:
    """What came of the payload, once it is there."""
    page.wait_for_selector("#result:not([hidden]) .verdict")
    return page.locator("#result")


def load_example(page: Page, example: str) -> Locator:
    """Choose a ready example, `operation/name`, and wait for what comes of it."""
    page.click("#examples > summary")
    button = page.locator(f"[data-example='{example}']")
    button.wait_for(state="attached")
    button.evaluate("button => { button.closest('details').open = true; }")
    button.click()
    return result_of(page)
