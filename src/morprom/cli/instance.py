"""The instance that a command works on: a data folder with its embedded PostgreSQL, or a database by URL."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import asdict

from morprom.app.instance import make_ready, remembered, running_database
from morprom.kernel import Category, Problem, Settings, Words, load_settings
from morprom.kernel.log import configure
from morprom.storage import Database, EmbeddedPostgres, KeyRing, Role


@dataclass(frozen=True, slots=True)
class Instance:
    """An opened instance. `url` has `{role}` in it when its PostgreSQL is embedded."""

    settings: Settings
    database: Database
    ring: KeyRing
    url: str = field(repr=False)


def settings_of(data: Path | None) -> Settings:
    """The settings of a command: where nothing else says so, an instance runs as `morprom up` last started it."""
    settings = load_settings(data=str(data) if data else None)
    known = remembered(Path(settings.data))
    if known is None or settings.database_url or "MORPROM_CONFIG" in os.environ:
        return settings
    given = {name: value for name, value in asdict(known).items() if f"MORPROM_{name.upper()}" not in os.environ}
    return load_settings(data=str(data) if data else None, **given)


@asynccontextmanager
async def open_instance(data: Path | None, role: Role = Role.OWNER) -> AsyncGenerator[Instance]:
    """Attach to the instance, migrated: the running one, or its PostgreSQL started for the moment.

    Raises Problem INSTANCE_UNKNOWN where there is none: a mistyped folder would be well, and empty.
    """
    settings = settings_of(data)
    configure(settings.log_level)
    _demand_instance(settings)
    with running_database(settings) as url:
        ring = await make_ready(settings, url)
        database = await Database.connect(url, role)
        try:
            yield Instance(settings, database, ring, url)
        finally:
            await database.close()


def _demand_instance(settings: Settings) -> None:
    if settings.database_url or EmbeddedPostgres(Path(settings.data)).is_made:
        return
    folder = Path(settings.data).absolute()
    words = Words(
        f"ไม่มีระบบใน {folder} โปรดระบุด้วย --data หรือ MORPROM_DATABASE_URL หรือสร้างใหม่ด้วย morprom migrate --data {folder}",
        f"there is no instance in {folder}; name one by --data or MORPROM_DATABASE_URL,"
        f" or make it with morprom migrate --data {folder}",
    )
    raise Problem(Category.NOT_FOUND, "INSTANCE_UNKNOWN", words)
