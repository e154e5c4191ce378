"""Floor (b): COPY of the sealed rows that uploads made, into the same tables of a scratch database, as durable."""

import asyncio
import io
import time
from typing import Any

import asyncpg

from bench.instance import Platform
from morprom.storage import EmbeddedPostgres, migrate

TABLES = ("document", "ledger", "history")
BATCH = 64
BATCHES = 150


def copy_floor(platform: Platform) -> dict[str, float]:
    """Visits a second: everything in one COPY a table, and in commits of 64 visits as a full batch has."""
    return asyncio.run(_measure(platform))


async def _measure(platform: Platform) -> dict[str, float]:
    source = await asyncpg.connect(platform.url)
    postgres = EmbeddedPostgres(platform.data)
    rates: dict[str, float] = {}
    for name, batch, batches in (("in one", 10_000_000, 1), (f"in commits of {BATCH}", BATCH, BATCHES)):
        await source.execute("drop database if exists scratch")
        await source.execute("create database scratch")
        await migrate(postgres.url(database="scratch"))
        scratch = await asyncpg.connect(postgres.url(database="scratch"))
        taken = [[await _taken(source, table, batch, number) for table in TABLES] for number in range(batches)]
        visits = min(batch * batches, await source.fetchval("select count(*) from ledger"))
        started = time.monotonic()
        for tables in taken:
            async with scratch.transaction():
                for table, rows in zip(TABLES, tables, strict=True):
                    await scratch.copy_to_table(table, source=io.BytesIO(rows), format="binary")
        rates[name] = visits / (time.monotonic() - started)
        await scratch.close()
    await source.execute("drop database scratch")
    await source.close()
    return rates


async def _taken(source: "asyncpg.Connection[Any]", table: str, batch: int, number: int) -> bytes:
    out = io.BytesIO()
    share = f"select * from {table} offset {batch * number} limit {batch}"  # noqa: S608 (names of our own)
    await source.copy_from_query(share, output=out, format="binary")
    return out.getvalue()
