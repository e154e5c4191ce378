"""The agent: visits a second from a 43-file zip to acknowledged, and its peak memory."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench import instance
from bench.corpus import HOSPITALS
from bench.tables import heading, say, table
from morprom.synth import write_export


@dataclass(frozen=True, slots=True)
class Plan:
    """How large the hospital's export is, and how often it is sent to an empty platform."""

    people: int = 2500
    months: int = 3
    rounds: int = 3


QUICK = Plan(300, 1, 1)


def measure(plan: Plan) -> None:
    """Send the same export to a fresh platform each round; then once more, when nothing is new."""
    heading("Agent")
    hcode = HOSPITALS[0].hcode
    rows: list[tuple[str, int, float, float, float]] = []
    with tempfile.TemporaryDirectory(prefix="morprom-bench-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        export = folder / "F43.zip"
        write_export(
            export, people=plan.people, months=plan.months, seed=5, hcode=hcode, end=date(2026, 6, 30), with_cast=False
        )
        (folder / "password").write_text(instance.PASSWORD)
        instance.prepare(folder / "prepared")
        for number in range(plan.rounds):
            data = instance.copied(folder / "prepared", folder / "run")
            with instance.serving(data, 2) as platform:
                rows.append(("first", *_sent(folder, export, hcode, platform.port, number)))
                rows.append(("again, nothing new", *_sent(folder, export, hcode, platform.port, number)))
        size = export.stat().st_size
    say(f"{plan.people:,} people, {plan.months} months, a zip of {size / 1e6:.1f} MB; platform with 2 workers.\n")
    table(
        ("send", "visits", "seconds", "visits a second", "peak MB"), sorted(rows, key=lambda row: row[0], reverse=False)
    )


def _sent(folder: Path, export: Path, hcode: str, port: int, number: int) -> tuple[int, float, float, float]:
    command = [
        str(Path(sys.executable).parent / "morprom-agent"), "send", "--source", str(export), "--hcode", hcode,
        "--to", f"http://127.0.0.1:{port}", "--user", instance.LOGIN, "--password-file", str(folder / "password"),
        "--state", str(folder / f"state-{number}"), "--yes", "--json",
    ]  # fmt: skip
    started = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert child.stdout
    told = json.loads(child.stdout.read())
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - started
    if os.waitstatus_to_exitcode(status) not in (0, 2):
        say(f"the agent ended with {os.waitstatus_to_exitcode(status)}: {told}")
    visits = told["visits_seen"]
    return visits, seconds, visits / seconds, usage.ru_maxrss / 1024
