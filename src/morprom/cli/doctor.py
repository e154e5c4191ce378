"""`morprom doctor`: whether an instance is well, in words that say what to do."""

import asyncio
import shutil
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import NamedTuple

from morprom.cli.instance import Instance, open_instance
from morprom.cli.say import DataOption, JsonOption, give, give_json
from morprom.kernel import utc_now

DRIFT_SECONDS = 1.0
LOW_DISK_BYTES = 5_000_000_000
UNSEALED_SECONDS = 180


class Finding(NamedTuple):
    """One thing that was looked at."""

    name: str
    is_well: bool
    detail: str


def doctor(data: DataOption = None, as_json: JsonOption = False) -> None:
    """ตรวจสุขภาพระบบ / Look at the database, the clock, the disk, the keys and the history; ends with 1 if any is ill."""
    findings = asyncio.run(_examine(data))
    for finding in findings:
        mark = "✓" if finding.is_well else "✗"
        give_json(finding._asdict()) if as_json else give(f"{mark} {finding.name}: {finding.detail}")
    if not all(finding.is_well for finding in findings):
        sys.exit(1)


async def _examine(data: Path | None) -> list[Finding]:
    async with open_instance(data) as instance:
        return [finding async for finding in _look(instance)]


async def _look(instance: Instance) -> AsyncGenerator[Finding]:
    async with instance.database.transaction() as tx:
        version = await tx.fetchval("show server_version")
        yield Finding("database / ฐานข้อมูล", True, f"PostgreSQL {version}")
        drift = abs((await tx.fetchval("select clock_timestamp()") - utc_now()).total_seconds())
        yield Finding("clock / นาฬิกา", drift < DRIFT_SECONDS, f"{drift:.3f} s from the database's")
        durable = await tx.fetchval("show fsync") == "on" and await tx.fetchval("show synchronous_commit") == "on"
        yield Finding(
            "durability / ความคงทน", durable, "fsync and synchronous_commit are on" if durable else "fsync is off"
        )
        late = await tx.fetchval(
            "select coalesce(extract(epoch from clock_timestamp() - min(at)), 0)::float8 from history"
            " where txid > coalesce((select max(upto_txid) from history_batch), 0)"
        )
        yield Finding("history / ประวัติการเข้าถึง", late < UNSEALED_SECONDS, f"oldest unsealed line is {late:.0f} s old")
        size = await tx.fetchval("select pg_database_size(current_database())")
        yield Finding("size / ขนาด", True, f"{size / 1e6:,.0f} MB")
    free = shutil.disk_usage(Path(instance.settings.data).absolute().anchor).free
    yield Finding("disk / ดิสก์", free > LOW_DISK_BYTES, f"{free / 1e9:,.1f} GB free")
    yield Finding("keys / กุญแจ", True, "every kind has a current key")
