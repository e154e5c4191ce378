"""Whether the database is there, and how it is."""

from datetime import datetime
from typing import NamedTuple

from morprom.storage.tx import Tx


class Vitals(NamedTuple):
    """What an operator wants to know of a database.

    `is_durable`: a commit is on disk before it is acknowledged. `is_discreet`: its log holds neither statements nor
    the values that errors quote.
    """

    version: str
    now: datetime
    is_durable: bool
    is_discreet: bool
    size_bytes: int


async def vitals(tx: Tx) -> Vitals:
    """How the database is at this moment."""
    row = await tx.fetchrow(
        "select current_setting('server_version') as version, clock_timestamp() as now,"
        " current_setting('fsync') = 'on' and current_setting('synchronous_commit') <> 'off' as is_durable,"
        " current_setting('log_min_messages') in ('log', 'fatal', 'panic')"
        "  and current_setting('log_min_error_statement') in ('log', 'fatal', 'panic')"
        "  and current_setting('log_statement') = 'none' and current_setting('log_min_duration_statement') = '-1'"
        "  as is_discreet,"
        " pg_database_size(current_database()) as size_bytes"
    )
    assert row  # noqa: S101 (said for the type checker: it always answers)
    return Vitals(row["version"], row["now"], row["is_durable"], row["is_discreet"], row["size_bytes"])


async def demand_answer(tx: Tx) -> None:
    """Raise what asyncpg raises unless the database answers."""
    await tx.fetchval("select 1")
