"""SQL of imported code systems."""

from uuid import UUID

from morprom.codes.model import CodeSystem, Former, Published
from morprom.storage import Row, Tx


async def lock(tx: Tx, system: str) -> None:
    """Let imports of one system follow one another."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0x636f6465))", system)


async def in_use(tx: Tx) -> list[CodeSystem]:
    """Every imported system that is in use, by name."""
    rows = await tx.fetch(
        "select system, title_th, title_en, version, published_on, count, source from code_system"
        " where replaced_at is null order by system"
    )
    return [_about(row) for row in rows]


async def former(tx: Tx) -> list[Former]:
    """Every version that was replaced or removed, the latest of a system first."""
    rows = await tx.fetch(
        "select system, title_th, title_en, version, published_on, count, source, imported_at, replaced_at"
        " from code_system where replaced_at is not null order by system, replaced_at desc"
    )
    return [Former(_about(row), row["imported_at"], row["replaced_at"]) for row in rows]


async def digest_of(tx: Tx, system: str) -> bytes | None:
    """The digest of the codes that a system has now."""
    return await tx.fetchval("select digest from code_system where system = $1 and replaced_at is null", system)


async def published(tx: Tx, system: str) -> Published | None:
    """The system in use of that name; its codes are still packed."""
    row = await tx.fetchrow(
        "select system, title_th, title_en, version, published_on, count, source, rows, digest from code_system"
        " where system = $1 and replaced_at is null",
        system,
    )
    return Published(_about(row), row["rows"], row["digest"]) if row else None


async def insert(tx: Tx, import_id: UUID, published: Published, packed: bytes) -> None:
    """A version, in use from now."""
    about = published.about
    await tx.execute(
        "insert into code_system (import_id, system, version, published_on, title_th, title_en, source, count,"
        " digest, rows) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        import_id, about.system, about.version, about.date, about.title_th, about.title_en, about.source, about.count,
        published.digest, packed,
    )  # fmt: skip


async def replace(tx: Tx, system: str) -> bool:
    """The version in use becomes a former one, without its codes; whether there was one."""
    row = await tx.fetchrow(
        "update code_system set replaced_at = clock_timestamp(), rows = null"
        " where system = $1 and replaced_at is null returning system",
        system,
    )
    return row is not None


def _about(row: Row) -> CodeSystem:
    return CodeSystem(
        row["system"], row["title_th"], row["title_en"], row["version"], row["published_on"], row["count"],
        row["source"],
    )  # fmt: skip
