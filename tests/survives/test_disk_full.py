"""The database's volume fills up under load: callers are told, nothing acknowledged is lost, and space heals it.

The volume is a small tmpfs, which takes the right to mount. Where that is missing the nearest honest substitute runs
alone: PostgreSQL's processes may not make any file larger, so that every write of theirs fails in the kernel.
"""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from morprom.storage import EmbeddedPostgres
from platform_process import Platform, descendants, until
from survives.load import DAYS, FIRST_DAY, Load
from survives.reading_back import amounts_by_ref, history_holds, refs_on_platform

HCODE = "10670"
PEOPLE = 6
VOLUME = "400m"
LEFT = 1_000_000  # bytes that the ballast leaves free

pytestmark = pytest.mark.survives


@pytest.fixture
def volume() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="morprom-test-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={VOLUME}", "none", folder]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("a volume of its own takes the right to mount")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)
    folder.rmdir()


@pytest.mark.xdist_group("full volume")
def test_a_full_volume_is_told_and_space_heals_it_without_loss(volume: Path) -> None:
    with Platform(volume / "data", workers=2) as platform:
        platform.hospital(HCODE)
        load = Load(platform, HCODE, PEOPLE)
        load.start()
        for needs_new_log in (False, True, False):
            load.wait_for(50)
            with filled(volume):
                if needs_new_log:
                    asyncio.run(begin_new_log(platform))
                wait_until_refused(load)
        assert_nothing_is_lost(platform, load)
        assert "PANIC" in (platform.data / "postgres.log").read_text()


@pytest.mark.xdist_group("files that may not grow")
def test_files_that_may_not_grow_are_told_and_leave_heals_it_without_loss(data: Path) -> None:
    with Platform(data, workers=2) as platform:
        platform.hospital(HCODE)
        load = Load(platform, HCODE, PEOPLE)
        load.start()
        for _ in range(3):
            load.wait_for(50)
            with forbidden_to_grow(platform) as forbid:
                wait_until_refused(load, forbid)
        assert_nothing_is_lost(platform, load)


@contextmanager
def filled(volume: Path) -> Iterator[None]:
    """Almost nothing is free."""
    room = os.statvfs(volume)
    ballast = volume / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize - LEFT)
    yield
    ballast.unlink()


@contextmanager
def forbidden_to_grow(platform: Platform) -> Iterator[Callable[[], None]]:
    """PostgreSQL's processes write no byte beyond the first 8 kB of a file; those that it starts inherit this.

    What is given says so to a server that was started anew, too: one that cannot write its log to recover ends, and the
    platform starts another.
    """
    forbidden: set[int | None] = {None}

    def forbid() -> None:
        postmaster = platform.postmaster()
        if postmaster not in forbidden:
            forbidden.add(postmaster)
            limit(platform, "8192")

    forbid()
    yield forbid
    limit(platform, "unlimited")


def limit(platform: Platform, size: str) -> None:
    """Set the soft limit, as the account that PostgreSQL runs as; of the parent first, so that no child escapes."""
    postmaster = platform.postmaster()
    if postmaster is not None:
        _limit(postmaster, size)
        for pid in descendants(postmaster):
            _limit(pid, size)


def _limit(pid: int, size: str) -> None:
    with suppress(FileNotFoundError):
        account = Path(f"/proc/{pid}").stat()
        command = ["prlimit", f"--pid={pid}", f"--fsize={size}:"]
        subprocess.run(command, check=False, user=account.st_uid, group=account.st_gid, stderr=subprocess.DEVNULL)


def wait_until_refused(load: Load, meanwhile: Callable[[], None] = lambda: None) -> None:
    target = load.refused + 20

    def is_refused() -> bool:
        meanwhile()
        return load.refused >= target

    until(is_refused)


async def begin_new_log(platform: Platform) -> None:
    """Let the next write need a new segment of the write-ahead log: without room for it PostgreSQL panics."""
    connection = await asyncpg.connect(EmbeddedPostgres(platform.data).url())
    await connection.execute("select pg_switch_wal()")
    connection.terminate()  # the server may be gone before a farewell is said


def assert_nothing_is_lost(platform: Platform, load: Load) -> None:
    load.wait_for(50)
    load.stop()
    assert not load.unexpected
    there = refs_on_platform(platform, HCODE, [FIRST_DAY + timedelta(days=n) for n in range(DAYS)])
    assert len(there) == len(set(there))
    assert load.acknowledged.keys() <= set(there)
    assert set(there) <= load.acknowledged.keys() | load.given_up.keys()
    for cid in {visit.cid for visit in load.acknowledged.values()}:
        own = {(ref, visit.number) for ref, visit in load.acknowledged.items() if visit.cid == cid}
        assert own <= set(amounts_by_ref(platform, HCODE, cid))
    assert history_holds(platform)
    assert "Traceback" not in platform.said()
