"""The agent is killed anywhere and started again: nothing is lost, nothing is doubled, nothing is left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

VISITS = 150


def start(source: Path, url: str, folder: Path) -> subprocess.Popen[str]:
    password = folder / "password.txt"
    password.write_text("correct horse")
    command = [sys.executable, "-m", "morprom_agent", "send", "--source", str(source), "--to", url, "--hcode", "10670"]
    command += [
        "--user",
        "agent",
        "--password-file",
        str(password),
        "--state",
        str(folder / "state"),
        "--json",
        "--yes",
    ]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # a shell lets what it starts in the background ignore Ctrl-C, and that is inherited
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 (it takes no lock)
    )  # fmt: skip


def source_of(hospital, tmp_path: Path) -> Path:
    for number in range(VISITS):
        hospital.visit(1 + number % 2, f"7{number:04}", f"202512{1 + number % 28:02}")
    return hospital.zip(tmp_path / "f43.zip")


@pytest.mark.survives
def test_twenty_kills_lose_and_double_nothing(hospital, tmp_path, platform) -> None:
    source = source_of(hospital, tmp_path)
    platform.misbehave("/api/UpdatePHRv1", times=5000, hangs=0.02)
    for kill in range(20):
        running = start(source, platform.url, tmp_path)
        if kill % 2:
            time.sleep(0.5 + kill * 0.04)
        else:
            before = platform.calls["/api/UpdatePHRv1"]
            while platform.calls["/api/UpdatePHRv1"] < before + 3 and running.poll() is None:
                time.sleep(0.005)
        running.kill()
        running.communicate()
    platform.next_replies.clear()
    last = start(source, platform.url, tmp_path)
    out, err = last.communicate(timeout=60)
    assert last.returncode == 0, err
    assert len(platform.visits) == VISITS + 4
    assert sum(len(refs) for refs in platform.days.values()) == VISITS + 4
    assert '"failed": 0' in out
    assert not [left for left in (tmp_path / "state").glob("staging-*")]
    again = start(source, platform.url, tmp_path)
    assert '"sent": 0' in again.communicate(timeout=60)[0]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT between processes")
def test_ctrl_c_ends_quickly_and_says_so(hospital, tmp_path, platform) -> None:
    source = source_of(hospital, tmp_path)
    platform.misbehave("/api/UpdatePHRv1", times=5000, status=429, headers={"Retry-After": "100"})
    running = start(source, platform.url, tmp_path)
    while not platform.calls["/api/UpdatePHRv1"]:
        time.sleep(0.02)
    time.sleep(0.2)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)  # less than it was told to wait
    assert running.returncode == 130
    assert "Traceback" not in err
    assert "stopped" in err
