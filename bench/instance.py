"""A platform to measure: a data folder prepared once, copied for each run, served as `morprom up` serves it."""

import asyncio
import http.client
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import processors
from bench.corpus import HOSPITALS
from morprom.app.instance import running_database
from morprom.cli.instance import open_instance
from morprom.kernel import Hcode, Secret, load_settings
from morprom.storage import EmbeddedPostgres
from morprom.units import Permission
from morprom.units.administration import UnitEntry, accounts, roster
from morprom_wire.sign_in import password_hash

LOGIN = "bench"
PASSWORD = "bench-bench-bench"
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Platform:
    """One that serves. `supervisor` and `postmaster` are the roots of its two process trees."""

    data: Path
    port: int
    supervisor: int
    postmaster: int

    @property
    def url(self) -> str:
        """The database's address for its owner."""
        return EmbeddedPostgres(self.data).url()

    def heads(self, path: str) -> list[bytes]:
        """The head of a POST for each hospital, up to the number after `content-length: `."""
        return [
            (
                f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: bench\r\nauthorization: Bearer {token}\r\n"
                "content-type: application/json\r\naccept: */*\r\ncontent-length: "
            ).encode()
            for token in self.tokens()
        ]

    def tokens(self) -> list[str]:
        """An Account Center token of each hospital."""
        return [self._sign_in(hospital.hcode) for hospital in HOSPITALS]

    def _sign_in(self, hcode: str) -> str:
        query = {"Action": "get_moph_access_token", "user": LOGIN, "hospital_code": hcode}
        query["password_hash"] = password_hash(PASSWORD)
        url = f"http://127.0.0.1:{self.port}/token?{urllib.parse.urlencode(query)}"
        with _open(url) as reply:
            return reply.read().decode()

    def processor_seconds(self) -> tuple[float, float]:
        """(server, PostgreSQL) so far."""
        return processors.seconds(self.supervisor) - processors.seconds(self.postmaster) * self._postgres_is_child, (
            processors.seconds(self.postmaster)
        )

    @property
    def _postgres_is_child(self) -> bool:
        return self.postmaster in processors.tree(self.supervisor)


def prepare(data: Path) -> None:
    """Make an instance with the hospitals and an account of each that may send and read; it does not run after."""
    with running_database(load_settings(data=str(data))):
        pass  # commands open what is there already, and nothing else

    async def fill() -> None:
        async with open_instance(data) as instance, instance.database.transaction() as tx:
            units = [UnitEntry(Hcode(one.hcode), f"โรงพยาบาล {one.vendor}", "", "40", region=7) for one in HOSPITALS]
            await roster.enrol(tx, instance.ring, units)
            for one in HOSPITALS:
                wanted = accounts.NewAccount(Hcode(one.hcode), LOGIN, [Permission.HIE], may_send=True, may_read=True)
                await accounts.add(tx, wanted, Secret(PASSWORD), instance.settings.password_hash_key)

    asyncio.run(fill())


def copied(template: Path, folder: Path) -> Path:
    """A copy of a prepared instance that does not run."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["cp", "-a", template, folder], check=True)
    (folder / "pg" / "postmaster.pid").unlink(missing_ok=True)
    return folder


@contextmanager
def serving(data: Path, workers: int) -> Iterator[Platform]:
    """Serve an instance until the block ends."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "morprom"), "up", "--data", str(data), "--port", str(port)]
    with (data / "server.log").open("ab") as log:
        server = subprocess.Popen(
            [*command, "--workers", str(workers)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        _wait(port, server)
        time.sleep(0.5)  # every worker is up, not the first alone
        postmaster = int((data / "pg" / "postmaster.pid").read_text().split()[0])
        yield Platform(data, port, server.pid, postmaster)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with _open(f"http://127.0.0.1:{port}/readyz"):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit(f"the platform did not start; {server.args}")


def _open(url: str) -> http.client.HTTPResponse:
    return opener().open(url, timeout=5)


def opener() -> urllib.request.OpenerDirector:
    """A client that asks no proxy."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))
