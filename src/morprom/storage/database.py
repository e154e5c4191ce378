"""Pools of connections, each under one database role, and the transactions that doors open on them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Any, Final, cast
from urllib.parse import urlsplit

import asyncpg

from morprom.kernel import Category, Problem, Words
from morprom.storage.tx import Tx


class Role(StrEnum):
    """Who speaks to the database; 0001_roles.sql makes them, a test holds their grants to a table."""

    OWNER = "owner"
    INTAKE = "intake"
    READER = "reader"
    IDENTITY = "identity"
    OVERSIGHT = "oversight"
    SEALER = "sealer"
    KEYS = "keys"


BY_KEY: Final = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
"""For roles whose every statement goes by a key: planned once, and never by what the tables happened to hold then.

PostgreSQL otherwise plans the two calls of a batch anew each time, at half a millisecond (docs/performance.md).
"""
PLANNED_BY_KEY: Final = (Role.INTAKE, Role.READER)


class Database:
    """A pool under one role."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        self._pool = pool

    @classmethod
    async def connect(cls, url: str, role: Role | str = Role.OWNER, *, most: int = 4) -> "Database":
        """Open a pool of at most `most` connections that act as `role`.

        With `{role}` in `url` each role signs in as itself. Without it, the login of `url` must be a member of the
        roles, and its connections start as the role.
        """
        settings = {"application_name": f"morprom-{role}", "search_path": "public"}
        if "{role}" in url:
            url = url.replace("{role}", role)
        elif role != Role.OWNER:
            settings["role"] = f"morprom_{role}"
        if role in PLANNED_BY_KEY:
            settings |= BY_KEY
        try:
            pool = await asyncpg.create_pool(
                url, min_size=1, max_size=most, server_settings=settings, command_timeout=60, timeout=15,
                reset=_as_it_is,
            )  # fmt: skip
        except NOT_CONNECTED as error:
            raise unreachable(url, error) from error
        return cls(pool)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Tx]:
        """A transaction that commits when the block ends and rolls back when it raises."""
        async with self._pool.acquire() as connection, connection.transaction():
            yield cast(Tx, connection)

    @asynccontextmanager
    async def statements(self) -> AsyncGenerator[Tx]:
        """A connection on which every statement is a transaction of its own: for one call that does it all."""
        async with self._pool.acquire() as connection:
            yield cast(Tx, connection)

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()

    def terminate(self) -> None:
        """Drop every connection at once, without a farewell."""
        self._pool.terminate()


async def _as_it_is(connection: object) -> None:
    """Nothing of ours changes a session, so returning to the pool costs no round trip."""


NOT_CONNECTED = (OSError, asyncpg.PostgresError, asyncpg.ClientConfigurationError)
"""What a failed attempt to connect raises."""


def unreachable(url: str, error: Exception) -> Problem:
    """What to say when no server answers, or the address is none; without login or password."""
    if isinstance(error, asyncpg.ClientConfigurationError):
        example = "postgresql://morprom_{role}@db.example.go.th/morprom?sslmode=verify-full&sslrootcert=/etc/ca.pem"
        return Problem(
            Category.INCORRECT,
            "SETTINGS_INVALID",
            Words(
                f"ค่าตั้ง MORPROM_DATABASE_URL: ที่อยู่ใช้ไม่ได้ หรืออ่านใบรับรองของ sslmode=verify-full ไม่ได้ ตัวอย่าง: {example}",
                "setting MORPROM_DATABASE_URL: this is no address, or the certificate for sslmode=verify-full cannot"
                f" be read; for example: {example}",
            ),
        )
    parts = urlsplit(url)
    place = parts.hostname or "the local socket"
    return Problem(
        Category.UNAVAILABLE,
        "DATABASE_UNREACHABLE",
        Words(f"ติดต่อฐานข้อมูลที่ {place} ไม่ได้", f"no PostgreSQL answers at {place}"),
    )
