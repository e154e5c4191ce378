"""The agent is killed while it sends, and told off when another one sends."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import httpx
import pytest

from platform_process import PATIENCE, Platform, environment, password_of, until
from survives.reading_back import refs_on_platform

HCODE = "10670"
KILLS = 20
LAST_DAY = date(2026, 10, 31)
MONTHS = ("2026-09", "2026-10")  # a stay that ended in October may have begun in September
ANOTHER_AGENT = 4  # exit code

pytestmark = [pytest.mark.survives, pytest.mark.xdist_group("agent")]


@pytest.fixture(scope="module")
def hospital(server: Platform) -> Platform:
    server.hospital(HCODE)
    return server


@pytest.fixture(scope="module")
def export(hospital: Platform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month of the hospital, as its HIS exports it."""
    file = tmp_path_factory.mktemp("export") / "F43.zip"
    subprocess.run(
        [
            Path(sys.executable).with_name("morprom"), "synth", "--people", "500", "--months", "1", "--seed", "7",
            "--hcode", HCODE, "--end", LAST_DAY.isoformat(), "--out", str(file),
        ],
        check=True, capture_output=True, timeout=PATIENCE,
    )  # fmt: skip
    return file


class Agent:
    """`morprom-agent` on one computer of the hospital: its own state folder and name."""

    def __init__(self, platform: Platform, export: Path, state: Path, name: str) -> None:
        password = state.with_suffix(".password")
        password.write_text(password_of(HCODE))
        self._arguments = [
            "--to", platform.url, "--hcode", HCODE, "--state", str(state), "--source", str(export),
            "--user", "desk", "--password-file", str(password), "--set", f"computer_name={name}",
            "--connections", "2", "--yes", "--json",
        ]  # fmt: skip

    def send(self) -> dict[str, int]:
        """Send to the end."""
        sending = self.begin()
        out, err = sending.communicate(timeout=PATIENCE)
        assert sending.returncode == 0, err[-2000:]
        return json.loads(out)

    def begin(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "morprom_agent", "send", *self._arguments], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
        )  # fmt: skip


@pytest.fixture
def agent(hospital: Platform, export: Path, tmp_path: Path) -> Agent:
    return Agent(hospital, export, tmp_path / "PHR-PC-1", "PHR-PC-1")


def refs_in(export: Path) -> set[str]:
    """The visits of an export, read here from the files themselves: outpatients by SEQ, stays by AN."""
    refs: set[str] = set()
    with zipfile.ZipFile(export) as files:
        for name, column in (("SERVICE", "SEQ"), ("ADMISSION", "AN")):
            member = next(file for file in files.namelist() if Path(file).stem.upper() == name)
            text = files.read(member).decode("utf-8-sig")
            rows = csv.DictReader(io.StringIO(text), delimiter="|", quoting=csv.QUOTE_NONE)
            refs |= {f"{HCODE}:{row[column]}" for row in rows}
    return refs


def days() -> Iterator[date]:
    return (LAST_DAY - timedelta(days=n) for n in range(100))


def test_an_agent_that_is_killed_twenty_times_loses_and_doubles_nothing(
    hospital: Platform, agent: Agent, export: Path
) -> None:
    rng = Random(3)
    client = hospital.client(HCODE)
    for _ in range(KILLS):
        target = arrived(client) + rng.randrange(1, 40)
        sending = agent.begin()
        until(lambda target=target: arrived(client) >= target)
        assert sending.poll() is None, "it should have been in the middle"
        sending.kill()
        sending.communicate(timeout=PATIENCE)
    done = agent.send()
    assert done["failed"] == 0
    there = refs_on_platform(hospital, HCODE, days())
    assert len(there) == len(set(there))
    assert set(there) == refs_in(export)
    again = agent.send()
    assert (again["sent"], again["removed"], again["same"]) == (0, 0, again["visits_seen"])
    assert refs_on_platform(hospital, HCODE, days()) == there


def test_a_second_computer_of_the_hospital_is_told_that_the_first_one_sends(
    hospital: Platform, export: Path, agent: Agent, tmp_path: Path
) -> None:
    client = hospital.client(HCODE)
    first = agent.begin()
    until(lambda: client.post("/api/GetAgentComputerName", json={}).json()["result"] == "PHR-PC-1")
    second = Agent(hospital, export, tmp_path / "PHR-PC-2", "PHR-PC-2").begin()
    _, said = second.communicate(timeout=PATIENCE)
    assert second.returncode == ANOTHER_AGENT
    assert "PHR-PC-1" in said
    first.communicate(timeout=PATIENCE)
    assert first.returncode == 0
    there = refs_on_platform(hospital, HCODE, days())
    assert len(there) == len(set(there))
    assert set(there) == refs_in(export)


def test_two_runs_of_one_agent_at_once_are_one(agent: Agent) -> None:
    both = [agent.begin() for _ in range(2)]
    for sending in both:
        sending.communicate(timeout=PATIENCE)
    assert sorted(sending.returncode for sending in both) == [0, ANOTHER_AGENT]


def arrived(client: httpx.Client) -> int:
    """How many visits of the months of the export the platform counts."""
    query = {"data": "month_summary", "hospital_code": HCODE}
    months = [client.get("/api/OrganizationSummary", params=query | {"month": month}) for month in MONTHS]
    return sum(day["encounter_count"] for month in months for day in month.json()["result"])
