"""The demo shows itself: a month is sent, and the printed lines read one person's record as they stand."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from platform_process import PATIENCE, Platform, environment, until

pytestmark = [pytest.mark.survives, pytest.mark.xdist_group("demo")]

LAST_LINE = "or Action=Encounter"


@pytest.fixture
def demo(data: Path) -> Iterator[Platform]:
    with Platform(data, options=["--demo"]) as demo:
        yield demo


def shown(demo: Platform, times: int) -> str:
    """What it says until it has shown itself that often; the last showing alone."""
    until(lambda: demo.said().count(LAST_LINE) >= times, 2 * PATIENCE)
    return demo.said().rpartition("starting morprom")[2]


def number(said: str, label: str) -> int:
    found = re.search(rf"{label}\s+([\d,]+)", said)
    assert found, label
    return int(found[1].replace(",", ""))


def test_the_demo_sends_a_month_once_and_its_lines_work_as_printed(demo: Platform) -> None:
    said = shown(demo, 1)
    sent = number(said, "/ sent")
    assert sent > 1000
    assert number(said, "/ failed") == 0
    assert_lines_work(said)

    assert demo.stop() == 0
    demo.start()
    again = shown(demo, 2)
    assert number(again, "/ sent") == 0
    assert number(again, "there already, not sent again") == sent
    assert_lines_work(again)
    assert "Traceback" not in demo.said()


def assert_lines_work(said: str) -> None:
    """Run what is printed, in bash, and read what comes back."""
    lines = said[said.index("# 1.") : said.index(LAST_LINE)]
    done = subprocess.run(
        ["bash", "-euo", "pipefail"], input=lines.rpartition("\n")[0], capture_output=True, text=True,
        timeout=PATIENCE, check=False, env=environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-1000:]
    summary = json.loads(done.stdout[done.stdout.rindex('{"result":{"patient"') :])
    assert summary["MessageCode"] == 200
    assert summary["result"]["patient"]["encounter_count"] > 0
