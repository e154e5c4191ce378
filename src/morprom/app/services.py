"""Opening and closing what a process's doors share."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from morprom.doors.services import Services
from morprom.identity import HealthIdGate, ProviderTokens
from morprom.intake import Writer
from morprom.kernel import Settings
from morprom.outside import open_outside
from morprom.storage import Database, KeyRing, Role, open_keys
from morprom.units import Directory, Gate, SignInDesk

INTAKE_CONNECTIONS = 6
"""One for the writer, the rest for removals, moves and reconciliation."""


@asynccontextmanager
async def open_services(settings: Settings, url: str, ring: KeyRing | None = None) -> AsyncGenerator[Services]:
    """The services of one process on the database at `url`, which is migrated already."""
    ring = ring or open_keys(settings)
    async with AsyncExitStack() as stack:

        async def pool(role: Role, most: int) -> Database:
            database = await Database.connect(url, role, most=most)
            stack.push_async_callback(database.close)
            return database

        intake = await pool(Role.INTAKE, INTAKE_CONNECTIONS)
        reader = await pool(Role.READER, 8)
        identity = await pool(Role.IDENTITY, 4)
        oversight = await pool(Role.OVERSIGHT, 4)
        writer = Writer(intake, ring, timedelta(days=settings.held_days))
        stack.push_async_callback(writer.drain)
        outside = await stack.enter_async_context(open_outside(settings))
        yield Services(
            settings=settings,
            ring=ring,
            intake=intake,
            reader=reader,
            identity=identity,
            oversight=oversight,
            directory=Directory(intake.transaction, ring),
            gate=Gate(identity.transaction, ring, settings),
            health_ids=HealthIdGate(identity.transaction, ring, settings),
            providers=ProviderTokens(ring, settings),
            desk=SignInDesk(identity.transaction, ring, settings),
            writer=writer,
            outside=outside,
        )
