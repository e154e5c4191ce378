"""One platform and one browser for all the pages; a test hospital with an account of a vendor."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser.pages import HERE, chromium, demand_chromium
from platform_process import Platform, password_of


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for no longer than a file: while it runs, this process can run no test that is a coroutine."""
    demand_chromium()
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """`morprom up` in processes of its own, with an account `vendor` of the test hospital."""
    demand_chromium()
    with (
        tempfile.TemporaryDirectory(prefix="morprom-test-", ignore_cleanup_errors=True) as folder,
        Platform(Path(folder) / "data") as platform,
    ):
        platform.operator(
            "account", "add", "vendor", "--unit", HERE, "--permission", "MOPH_PHR_HIE", "--may", "send,read",
            "--password-stdin", stdin=password_of(HERE) + "\n",
        )  # fmt: skip
        yield platform
