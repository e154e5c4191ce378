"""The benches run: what makes their instances, people and calls is the platform as it is now."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(("section", "rows"), [("sign-in", 2), ("token", 2)])
def test_a_section_measures_something(section: str, rows: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", section, "--quick"], cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert sum(line.startswith(("| sign-in with", "| tokens for")) for line in done.stdout.splitlines()) == rows
