"""Bytes on disk a visit, by table, after real uploads; and what a sealed visit takes by the shape of its sender."""

import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from bench import instance
from bench.corpus import HOSPITALS, VISITS_A_PERSON, make_corpus
from bench.load import Load
from bench.shapes import sealed_sizes
from bench.tables import heading, say, table, verdict
from morprom_wire import paths

TARGET = 1500
SEALER_SECONDS = 13


@dataclass(frozen=True, slots=True)
class TableSize:
    """Bytes of a table and of its indexes, and how many rows it has."""

    name: str
    rows: int
    heap: int
    indexes: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.heap + self.indexes


def measure(visits: int, load: Load) -> None:
    """Upload, wait for the history's tree, vacuum, add up."""
    heading("Disk")
    with tempfile.TemporaryDirectory(prefix="morprom-bench-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        corpus = make_corpus(folder, visits)
        instance.prepare(folder / "run")
        with instance.serving(folder / "run", 3) as platform:
            heads = platform.heads(paths.UPDATE_PHR)
            done = load.run(platform.port, 64, corpus.bodies, corpus.rows, heads, seconds=300, warm=0)
            if not done.all_good or done.sent != len(corpus):
                raise SystemExit(f"not every visit was taken: {done.statuses}")
            time.sleep(SEALER_SECONDS)
            sizes, purgeable = asyncio.run(_sizes(platform.url))
    total = sum(size.total for size in sizes) / visits
    say(f"{visits:,} visits, {VISITS_A_PERSON} a person, {len(HOSPITALS)} vendors in equal parts; bytes a visit.\n")
    table(
        ("table", "rows a visit", "heap and TOAST", "indexes", "together"),
        [(s.name, s.rows / visits, s.heap / visits, s.indexes / visits, s.total / visits) for s in sizes]
        + [("all", "", "", "", total)],
    )
    say(f"Of it {purgeable / visits:,.0f} bytes are superseded patient documents that go after 90 days.\n")
    say(f"Target: at most {TARGET:,} bytes: {verdict(total <= TARGET)}.\n")
    say("A sealed visit by the shape of its sender; no payload measured here was trained on.\n")
    table(("shape", "content", "sealed, padded"), sealed_sizes())


async def _sizes(url: str) -> tuple[list[TableSize], int]:
    connection = await asyncpg.connect(url)
    await connection.execute("vacuum analyze")
    rows = await connection.fetch(
        "select relname, reltuples::bigint, pg_table_size(c.oid), pg_indexes_size(c.oid) from pg_class c"
        " join pg_namespace n on n.oid = relnamespace where nspname = 'public' and relkind = 'r'"
        " and pg_total_relation_size(c.oid) > 65536 order by pg_total_relation_size(c.oid) desc"
    )
    purgeable = await connection.fetchval(
        "select coalesce(sum(length(sealed) + 105), 0)::bigint from document where held_until is not null"
    )
    await connection.close()
    return [TableSize(*row) for row in rows], purgeable
