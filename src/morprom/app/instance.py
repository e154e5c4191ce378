"""The data folder of an instance: its embedded PostgreSQL, and one holder of it at a time."""

import asyncio
import fcntl
import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
import structlog

from morprom.accounts.passkeys import demand_same_rp
from morprom.kernel import Category, Mode, Problem, Settings, Words
from morprom.people import demand_own_keys
from morprom.storage import Database, EmbeddedPostgres, KeyRing, Role, migrate, open_keys

REMEMBERED: Final = "started.json"

log = structlog.get_logger(__name__)


@contextmanager
def running_database(settings: Settings) -> Generator[str]:
    """The database's address, with `{role}` in it when it is embedded; what was started here is stopped here."""
    if settings.database_url:
        yield settings.database_url
        return
    postgres = EmbeddedPostgres(Path(settings.data))
    if postgres.is_running:
        yield postgres.url_by_role
        return
    with only_one(postgres.data):
        postgres.start()
        try:
            yield postgres.url_by_role
        finally:
            postgres.stop()


@dataclass(frozen=True, slots=True)
class Held:
    """An instance for as long as it serves. `url` has `{role}` in it when its PostgreSQL is embedded."""

    url: str = field(repr=False)
    postgres: EmbeddedPostgres | None = None

    def mend(self) -> None:
        """Start the embedded PostgreSQL again when it has died, as the kernel does to it when memory runs out."""
        if self.postgres is None or self.postgres.is_alive:
            return
        log.error("database_died")
        try:
            self.postgres.start()
            log.info("database_started_again")
        except (Problem, OSError, subprocess.CalledProcessError) as error:
            log.error("database_not_started", error=type(error).__name__)


@contextmanager
def held_instance(settings: Settings) -> Generator[Held]:
    """Hold an instance for as long as it serves: its database runs and is migrated; the second holder is refused.

    A server that was killed leaves its PostgreSQL running; it is taken over, and stopped in the end.
    """
    if settings.database_url:
        asyncio.run(make_ready(settings, settings.database_url))
        yield Held(settings.database_url)
        return
    postgres = EmbeddedPostgres(Path(settings.data))
    with only_one(postgres.data):
        postgres.start()
        try:
            asyncio.run(make_ready(settings, postgres.url_by_role))
            yield Held(postgres.url_by_role, postgres)
        finally:
            postgres.stop()


async def make_ready(settings: Settings, url: str) -> KeyRing:
    """Migrate the database and open its keys. Raises Problem KEYS_OF_ANOTHER and PUBLIC_URL_OF_ANOTHER."""
    await migrate(url)
    ring = open_keys(settings)
    database = await Database.connect(url, Role.OWNER, most=1)
    try:
        async with database.transaction() as tx:
            await demand_own_keys(tx, ring)
            await demand_same_rp(tx, settings)
    finally:
        await database.close()
    return ring


class Remembered(msgspec.Struct, frozen=True):
    """How an instance on this machine was last started."""

    mode: Mode
    port: int
    public_url: str


def remember(settings: Settings) -> None:
    """Leave in the data folder how the instance runs, for the operator's commands on it."""
    folder = Path(settings.data)
    folder.mkdir(parents=True, exist_ok=True)
    known = Remembered(settings.mode, settings.port, settings.public_url)
    (folder / REMEMBERED).write_bytes(msgspec.json.encode(known))


def remembered(data: Path) -> Remembered | None:
    """What `remember` left there."""
    try:
        return msgspec.json.decode((data / REMEMBERED).read_bytes(), type=Remembered)
    except (OSError, msgspec.DecodeError):
        return None


@contextmanager
def only_one(data: Path) -> Generator[None]:
    """Hold the data folder: the second who wants it is told so, and a dead holder holds nothing."""
    data.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise Problem(
            Category.CONFLICT,
            "ALREADY_RUNNING",
            Words(
                f"มี morprom ที่ใช้ข้อมูลใน {data} เปิดอยู่แล้ว โปรดปิดตัวเดิมก่อน หรือเลือก --data อื่น",
                f"another morprom is using {data}; stop it first, or choose another --data",
            ),
        ) from None
    try:
        yield
    finally:
        os.close(descriptor)
