"""Numbered SQL migrations, each applied once, all under one lock, each in a transaction of its own."""

import hashlib
from importlib import resources
from typing import NamedTuple

import asyncpg

from morprom.kernel import Category, Problem, Words
from morprom.storage.database import NOT_CONNECTED, unreachable

LOCK = 0x6D6F7270  # "morp": two processes that start together migrate one after the other

APPLIED = """
create table schema_migration (
    number int primary key,
    name text not null,
    digest bytea not null,
    applied_at timestamptz not null
);
comment on table schema_migration is 'sensitive=false: the migrations that were applied to this database';
comment on column schema_migration.number is 'sensitive=false: its number';
comment on column schema_migration.name is 'sensitive=false: its file, without .sql';
comment on column schema_migration.digest is 'sensitive=false: SHA-256 of the file, so that an edited one is noticed';
comment on column schema_migration.applied_at is 'sensitive=false: when';
"""


class Migration(NamedTuple):
    """One file of `migrations/`."""

    number: int
    name: str
    statements: str

    @property
    def digest(self) -> bytes:
        """SHA-256 of the file, so that an edited old migration is noticed."""
        return hashlib.sha256(self.statements.encode()).digest()


def migrations() -> list[Migration]:
    """All migrations in order of number."""
    folder = resources.files("morprom.storage") / "migrations"
    found = [
        Migration(int(file.name[:4]), file.name.removesuffix(".sql"), file.read_text("utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".sql")
    ]
    return sorted(found)


async def migrate(url: str) -> list[str]:
    """Bring the database at `url` up to date as its owner; the names of the migrations applied now."""
    try:
        connection = await asyncpg.connect(url.replace("{role}", "owner"))
    except NOT_CONNECTED as error:
        raise unreachable(url, error) from error
    try:
        await connection.execute("select pg_advisory_lock($1)", LOCK)
        if await connection.fetchval("select to_regclass('public.schema_migration') is null"):
            await connection.execute(APPLIED)
        rows = await connection.fetch("select number, digest from schema_migration")
        applied = {row["number"]: bytes(row["digest"]) for row in rows}
        return [migration.name for migration in migrations() if await _apply(connection, migration, applied)]
    finally:
        await connection.close()


async def _apply(
    connection: "asyncpg.Connection[asyncpg.Record]", migration: Migration, applied: dict[int, bytes]
) -> bool:
    if migration.number in applied:
        if applied[migration.number] != migration.digest:
            raise Problem(
                Category.CONFLICT,
                "MIGRATION_EDITED",
                Words(
                    f"ไฟล์ปรับโครงสร้าง {migration.name} ถูกแก้หลังจากใช้ไปแล้ว",
                    f"migration {migration.name} was edited after it was applied; add a new one instead",
                ),
            )
        return False
    async with connection.transaction():
        await connection.execute(migration.statements)
        await connection.execute(
            "insert into schema_migration values ($1, $2, $3, now())",
            migration.number, migration.name, migration.digest,
        )  # fmt: skip
    return True
