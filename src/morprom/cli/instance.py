"""The instance that a command works on: a data folder with its embedded PostgreSQL, or a database by URL."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from morprom.app.instance import make_ready, running_database
from morprom.kernel import Settings, load_settings
from morprom.kernel.log import configure
from morprom.storage import Database, KeyRing, Role


@dataclass(frozen=True, slots=True)
class Instance:
    """An opened instance. `url` has `{role}` in it when its PostgreSQL is embedded."""

    settings: Settings
    database: Database
    ring: KeyRing
    url: str = field(repr=False)


@asynccontextmanager
async def open_instance(data: Path | None, role: Role = Role.OWNER) -> AsyncGenerator[Instance]:
    """Attach to the instance, migrated: the running one, or its PostgreSQL started for the moment."""
    settings = load_settings(data=str(data) if data else None)
    configure(settings.log_level)
    with running_database(settings) as url:
        ring = await make_ready(settings, url)
        database = await Database.connect(url, role)
        try:
            yield Instance(settings, database, ring, url)
        finally:
            await database.close()
