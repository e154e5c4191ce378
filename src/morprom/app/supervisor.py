"""The parent process: the database, the listening socket, the workers, and an orderly end of all of them."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import msgspec

from morprom.app.server import listen
from morprom.app.worker import Orders
from morprom.kernel import Category, Problem, Settings, Words

STOP_SECONDS = 25.0
RESTART_SECONDS = 1.0


class Supervisor:
    """Keeps the workers of an instance running; one that dies is started again."""

    def __init__(self, settings: Settings, listening: socket.socket) -> None:
        self._settings = settings
        self._socket = listening
        self._url = ""
        self._doors: list[str] = []
        self._stopping = threading.Event()
        self._children: dict[int, subprocess.Popen[bytes]] = {}

    @classmethod
    @contextmanager
    def listening(cls, settings: Settings) -> "Generator[Supervisor]":
        """A supervisor that holds the port from the start, so that a taken one is told before anything else starts."""
        listening = _bind(settings)
        try:
            yield cls(settings, listening)
        finally:
            listening.close()

    def start(self, url: str, doors: list[str]) -> None:
        """Start every worker, and the process that does due work, on the database at `url`."""
        self._url, self._doors = url, doors
        for place in range(self._settings.workers + 1):
            self._children[place] = self._spawn(place)

    def run(self, mend: Callable[[], None]) -> None:
        """Watch the workers until Ctrl-C or a termination signal. `mend` looks after what they stand on."""
        signal.signal(signal.SIGINT, self._stop_soon)
        signal.signal(signal.SIGTERM, self._stop_soon)
        while not self._stopping.wait(0.2):
            mend()
            for place, child in list(self._children.items()):
                if child.poll() is not None and not self._stopping.wait(RESTART_SECONDS):
                    self._children[place] = self._spawn(place)

    def _stop_soon(self, number: int, frame: FrameType | None) -> None:
        self._stopping.set()

    def stop(self) -> None:
        """Ask every worker to finish what it has begun, then end those that did not."""
        self._stopping.set()
        for child in self._children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self._children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()

    def _spawn(self, place: int) -> "subprocess.Popen[bytes]":
        descriptor = self._socket.fileno() if place else None
        orders = Orders(self._settings, self._url, self._doors, descriptor)
        counters = Path(self._settings.data) / "metrics"
        counters.mkdir(parents=True, exist_ok=True)
        child = subprocess.Popen(
            [sys.executable, "-m", "morprom.app.worker"],
            env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(counters)},
            stdin=subprocess.PIPE,
            pass_fds=[descriptor] if descriptor is not None else [],
            start_new_session=True,  # Ctrl-C reaches the parent alone; it stops the others in order
        )
        assert child.stdin is not None  # noqa: S101 (said for the type checker: it is a pipe)
        with suppress(BrokenPipeError):  # it was killed before it heard; `run` sees that and starts another
            child.stdin.write(msgspec.json.encode(orders) + b"\n")
            child.stdin.flush()
        return child


def _bind(settings: Settings) -> socket.socket:
    try:
        return listen(settings)
    except OSError as error:
        raise Problem(
            Category.CONFLICT,
            "PORT_TAKEN",
            Words(
                f"เปิดพอร์ต {settings.port} ที่ {settings.host} ไม่ได้ ({error.strerror})"
                " โปรดปิดโปรแกรมที่ใช้พอร์ตนี้ หรือเลือกพอร์ตอื่นด้วย --port หรือ MORPROM_PORT",
                f"port {settings.port} on {settings.host} cannot be opened ({error.strerror});"
                " stop the program that uses it, or choose another with --port or MORPROM_PORT",
            ),
        ) from None
