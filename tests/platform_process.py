"""A real platform in processes of its own, for tests that work it, interrupt it and kill it. Reads /proc (Linux)."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any, Self

import httpx

from morprom.storage import EmbeddedPostgres
from morprom_wire.sign_in import password_hash
from privacy import found_in

PROGRAMS = Path(sys.executable).parent
PATIENCE = 300.0
"""Seconds after which something hangs. No test measures speed by it."""


READINGS = (
    ("PatientSummary", ""), ("Address", ""), ("Telecom", ""), ("Coverage", ""), ("Coverage", "Detail"),
    ("Encounter", ""), ("VitalSign", ""), ("Condition", ""), ("Condition", "Encounter"),
    ("Observation", ""), ("Observation", "Detail"),
    ("Observation", "Encounter"), ("Medication", ""), ("Medication", "Encounter"), ("Appointment", ""),
    ("Appointment", "Detail"), ("DiagnosticReport", ""), ("DiagnosticReport", "Encounter"), ("Immunization", ""),
    ("Immunization", "Detail"), ("Allergy", ""),
)  # fmt: skip
"""Every Action and mode of the wire protocol that the payload of a visit can fill."""


class Platform:
    """`morprom up` on a data folder: start it, kill it, start it again; the data stays."""

    def __init__(self, data: Path, *, workers: int = 1, options: Iterable[str] = ()) -> None:
        self.data = data
        self.port = free_port()
        self.log = data.with_name(f"{data.name}.log")
        self._arguments = ["up", "--data", str(data), "--port", str(self.port), "--workers", str(workers), *options]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The origin that it serves."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: object, *_: object) -> None:
        self.kill()
        EmbeddedPostgres(self.data).stop(mode="immediate")
        if kind is None and "--demo" not in self._arguments:
            assert not self.leaks(), f"the log holds {', '.join(self.leaks())}"

    def leaks(self) -> list[str]:
        """What of a person or a secret stands in the logs of the platform and of its PostgreSQL."""
        database = self.data / "postgres.log"
        return found_in(self.said() + (database.read_text("utf-8", "replace") if database.exists() else ""))

    def spawn(self) -> "subprocess.Popen[bytes]":
        """Begin a start and do not wait for it."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [PROGRAMS / "morprom", *self._arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=environment(), start_new_session=True,
            )  # fmt: skip
        return self._process

    def start(self) -> Self:
        """Start it and wait until it takes calls."""
        self.spawn()
        self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        """Wait until a worker answers and its database does too."""
        deadline = time.monotonic() + PATIENCE
        while not self.is_ready():
            assert self._process is None or self._process.poll() is None, f"it ended: {self.said()[-2000:]}"
            assert time.monotonic() < deadline, f"it is not ready: {self.said()[-2000:]}"
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Whether it takes calls now."""
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """Ctrl-C, or what a service manager sends; the exit code."""
        assert self._process
        self._process.send_signal(how)
        return self._process.wait(PATIENCE)

    def kill(self) -> None:
        """SIGKILL for the supervisor and every worker. PostgreSQL, which is not their child, goes on."""
        if self._process:
            kill_all([self._process.pid, *descendants(self._process.pid)])
            self._process.wait(PATIENCE)

    def kill_one(self, rng: Random) -> None:
        """SIGKILL for one of the workers; the supervisor starts it again."""
        assert self._process
        kill_all([rng.choice(descendants(self._process.pid))])

    def kill_database(self) -> None:
        """SIGKILL for the postmaster and every backend."""
        if postmaster := self.postmaster():
            kill_all([postmaster, *descendants(postmaster)])

    def postmaster(self) -> int | None:
        """The process of PostgreSQL; None when there is none."""
        file = self.data / "pg" / "postmaster.pid"
        try:
            pid = int(file.read_text().split("\n")[0])
        except (OSError, ValueError):
            return None
        return pid if Path(f"/proc/{pid}").exists() else None

    def processes(self) -> list[int]:
        """Everything of this platform that runs now."""
        roots = [self._process.pid] if self._process and self._process.poll() is None else []
        postmaster = self.postmaster()
        roots += [postmaster] if postmaster else []
        return [pid for root in roots for pid in (root, *descendants(root))]

    def said(self) -> str:
        """What it has said on its terminal so far."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def operator(self, *arguments: str, stdin: str = "") -> str:
        """What an operator's command on this instance prints. It must succeed."""
        done = morprom(*arguments, "--data", str(self.data), stdin=stdin)
        assert done.returncode == 0, f"{arguments[:2]}: {done.stderr[-2000:]}"
        return done.stdout

    def hospital(self, hcode: str, name: str = "โรงพยาบาลทดสอบ") -> None:
        """A unit with one account, `desk`, that sends and reads; its password is `password_of(hcode)`."""
        self.operator("unit", "add", hcode, name, "--province", "40")
        self.operator(
            "account", "add", "desk", "--unit", hcode, "--permission", "MOPH_PHR_HIE", "--may", "send,read",
            "--password-stdin", stdin=password_of(hcode) + "\n",
        )  # fmt: skip

    def client(self, hcode: str, user: str = "desk") -> httpx.Client:
        """A client of a hospital that carries the token of a sign-in."""
        client = httpx.Client(base_url=self.url, timeout=PATIENCE, trust_env=False)
        reply = client.post(
            "/token",
            params={"Action": "get_moph_access_token"},
            json={
                "user": user, "hospital_code": hcode, "password_hash": password_hash(password_of(hcode), "$jwt@moph#")
            },
        )  # fmt: skip
        assert reply.status_code == 200, f"sign-in: {reply.status_code}"
        client.headers["authorization"] = f"Bearer {reply.text}"
        return client

    def newest_code(self, cid: str) -> str:
        """The code in a person's inbox, as the person sees it."""
        notices = [json.loads(line) for line in self.operator("inbox", cid).splitlines()]
        return [notice["code"] for notice in notices if notice["kind"] == "otp"][-1]

    def ask_for_code(self, client: httpx.Client, cid: str) -> str:
        """Ask for a code, and look into the person's inbox."""
        reply = client.post("/api/RequestTokenv1", json={"cid": cid})
        assert reply.status_code == 200, f"RequestTokenv1: {reply.status_code}"
        return self.newest_code(cid)


def web_app(client: httpx.Client, cid: str, otp: str, action: str, **query: str) -> Any:
    """The result of a read with a code."""
    reply = client.post("/api/WebApp", params={"Action": action, **query}, json={"cid": cid, "otp": otp})
    assert reply.status_code == 200, f"{action}: {reply.status_code}"
    return reply.json()["result"]


def refs_of(client: httpx.Client, hcode: str, day: str) -> list[str]:
    """The visits that OrganizationSummary knows of a day, with `hcode:` in front."""
    query = {"date": day, "data": "encounter_ref_code", "hospital_code": hcode}
    reply = client.get("/api/OrganizationSummary", params=query)
    assert reply.status_code == 200, f"OrganizationSummary: {reply.status_code}"
    return reply.json()["result"]


def morprom(*arguments: str, stdin: str = "", **environ: str) -> "subprocess.CompletedProcess[str]":
    """Run an operator's command to its end."""
    return subprocess.run(
        [PROGRAMS / "morprom", *arguments], input=stdin, capture_output=True, text=True, timeout=PATIENCE, check=False,
        env=environment() | environ,
    )  # fmt: skip


def environment() -> dict[str, str]:
    """This process's environment without any setting of a platform or a proxy."""
    foreign = re.compile(r"MORPROM_|.*_proxy$", re.IGNORECASE)
    return {name: value for name, value in os.environ.items() if not foreign.match(name)}


def password_of(hcode: str) -> str:
    """The password that tests give an account."""
    return f"a long enough passphrase of {hcode}"


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def descendants(root: int) -> list[int]:
    """Every living process below `root`."""
    children: dict[int, list[int]] = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue  # it ended while we looked
            children.setdefault(parent, []).append(int(place.name))
    found: list[int] = []
    waiting = [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def alive(pids: Iterable[int]) -> list[int]:
    """Those that still run; what has ended and waits to be noticed does not."""
    return [pid for pid in pids if _state(pid) not in ("", "Z", "X")]


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def until(holds: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait for something that happens unless something hangs."""
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.02)


def kill_all(pids: Iterable[int]) -> None:
    """SIGKILL, in this order."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
