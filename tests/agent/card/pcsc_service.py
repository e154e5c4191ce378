"""A PC/SC service of the test's own, with a virtual reader of two slots."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from agent.card.virtual_card import Slot
from platform_process import PATIENCE, until

DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
READER = "MorpromTest"
PRIVATE = 'mkdir -p /run/pcscd && mount --bind "$1" /run/pcscd && exec pcscd --foreground --error --config "$2"'


def _missing() -> str:
    if find_spec("smartcard") is None:
        return "pyscard is not installed (pip install --require-hashes -r requirements-card.lock)"
    if shutil.which("pcscd", path=f"{os.environ['PATH']}:/usr/sbin") is None or not DRIVER.exists():
        return "pcscd or vsmartcard-vpcd is not installed"
    if shutil.which("unshare") is None:
        return "no unshare: the PC/SC service of a test needs a /run of its own"
    return ""


@cache
def _has_own_run() -> bool:
    """Whether the service of a test can have a /run/pcscd that nobody else sees; a container may forbid it."""
    own = [] if os.geteuid() == 0 else ["--map-root-user"]
    return subprocess.run(["unshare", "--mount", *own, "true"], check=False, capture_output=True).returncode == 0


def _socket(folder: Path) -> Path:
    return (folder / "ipc" if _has_own_run() else Path("/run/pcscd")) / "pcscd.comm"


class Service:
    """pcscd, seen by nobody but the tests of this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = _socket(folder)
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, readers: bool = True) -> None:
        """Start it, with the virtual reader or with none."""
        self.socket.parent.mkdir(exist_ok=True)
        self.port = _two_free_ports()
        config = self.folder / "reader.conf"
        reader = f'FRIENDLYNAME "{READER}"\nDEVICENAME /dev/null:{self.port}\nLIBPATH {DRIVER}\nCHANNELID {self.port}\n'
        config.write_text(reader if readers else "")
        own = [] if os.geteuid() == 0 else ["--map-root-user"]
        command = ["unshare", "--mount", *own, "sh", "-c", PRIVATE, "sh", str(self.socket.parent), str(config)]
        if not _has_own_run():
            command = ["pcscd", "--foreground", "--error", "--config", str(config)]
        path = f"{os.environ['PATH']}:/usr/sbin"
        self._process = subprocess.Popen(command, env=os.environ | {"PATH": path}, stdout=subprocess.DEVNULL)
        until(self.socket.exists)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)
            self._process = None
        with suppress(FileNotFoundError):
            self.socket.unlink()

    def slot(self, number: int) -> Slot:
        """One slot of the reader."""
        return Slot(self.port + number)


def _two_free_ports() -> int:
    """vpcd takes a port for each slot, the second being the next."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@cache
def own_folder() -> Path:
    """Where this process's services listen; skip, or fail where cards are required, when there can be none.

    Not pytest's: a socket's path is at most 108 bytes. pyscard reads the variable once, so it stays one folder.
    """
    missing = _missing()
    if missing:
        assert os.environ.get("MORPROM_CARD") != "required", missing
        pytest.skip(f"NO CARD TESTS: {missing}")
    folder = Path(tempfile.mkdtemp(prefix="morprom-card-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["PCSCLITE_CSOCK_NAME"] = str(_socket(folder))
    return folder
