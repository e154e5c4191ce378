"""schema.sql makes what the migrations make, and every column says whether it is sensitive."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources

import asyncpg
import pytest

from morprom.kernel import Problem
from morprom.storage import EmbeddedPostgres, Tx, migrate
from morprom.storage.migrate import migrations
from storage.catalog import catalog

SCHEMA = resources.files("morprom.storage") / "schema.sql"


@asynccontextmanager
async def empty_database(postgres: EmbeddedPostgres, name: str) -> AsyncIterator[str]:
    """The address of a database in which nothing is."""
    admin = await asyncpg.connect(postgres.url(database="postgres"))
    await admin.execute(f"create database {name} template template0")
    try:
        yield postgres.url(database=name)
    finally:
        await admin.execute(f"drop database {name} with (force)")
        await admin.close()


async def catalog_at(url: str, script: str = "select 1") -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(script)
        return await catalog(connection)  # type: ignore[arg-type]
    finally:
        await connection.close()


async def test_schema_sql_makes_exactly_what_the_migrations_make(postgres: EmbeddedPostgres) -> None:
    async with empty_database(postgres, "by_schema") as url:
        by_schema = await catalog_at(url, SCHEMA.read_text("utf-8"))
    async with empty_database(postgres, "by_migrations") as url:
        assert await migrate(url) == [migration.name for migration in migrations()]
        assert await migrate(url) == []
        by_migrations = await catalog_at(url)
    assert len(by_schema) > 100
    assert sorted(by_schema - by_migrations) == sorted(by_migrations - by_schema) == []


@pytest.mark.parametrize(
    "change",
    [
        "alter table document alter column sealed set storage extended",
        "alter table person add column nickname text",
        "alter table history alter column unit drop not null",
        "alter table history alter column at set default now()",
        "alter table unit drop constraint unit_beds_check",
        "drop index document_held",
        "grant delete on history to morprom_intake",
        "grant select (wrapped_key) on person to morprom_oversight",
        "grant execute on function intake_look to public",
        "comment on column unit.beds is 'sensitive=false: beds'",
        "alter table unit set (fillfactor = 70)",
        "alter function intake_look volatile",
        "create trigger t before update on person for each row execute function suppress_redundant_updates_trigger()",
    ],
)
async def test_the_comparison_sees_every_kind_of_difference(tx: Tx, change: str) -> None:
    before = await catalog(tx)
    await tx.execute(change)
    assert await catalog(tx) != before


async def test_every_table_and_column_says_whether_it_is_sensitive(tx: Tx) -> None:
    rows = await tx.fetch(
        "select c.relname || coalesce('.' || a.attname, ''), coalesce(col_description(c.oid, a.attnum),"
        " obj_description(c.oid, 'pg_class'), '') from pg_class c left join lateral ("
        "  select attname, attnum from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped"
        "  union all select null, 0) a on true"
        " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')"
    )
    assert len(rows) > 80
    silent = [row[0] for row in rows if not row[1].startswith(("sensitive=true: ", "sensitive=false: "))]
    assert silent == []


async def test_a_migration_that_was_edited_after_it_was_applied_is_refused(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("update schema_migration set digest = '\\x00' where number = 3")
    await connection.close()
    with pytest.raises(Problem) as refused:
        await migrate(database_url)
    assert refused.value.code == "MIGRATION_EDITED" and "0003" in str(refused.value.words)
