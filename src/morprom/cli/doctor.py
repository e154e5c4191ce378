"""`morprom doctor`: whether an instance is well, in words that say what to do."""

import asyncio
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from morprom.audit import seconds_unsealed
from morprom.cli.instance import open_instance
from morprom.cli.say import DataOption, JsonOption, give, give_json
from morprom.kernel import utc_now
from morprom.storage.vitals import Vitals, vitals

DRIFT_SECONDS = 1.0
LOW_DISK_BYTES = 5_000_000_000
UNSEALED_SECONDS = 180


class Finding(NamedTuple):
    """One thing that was looked at."""

    name: str
    is_well: bool
    detail: str


def doctor(data: DataOption = None, as_json: JsonOption = False) -> None:
    """ตรวจสุขภาพระบบ / Look at the database, clock, disk, keys and history; ends with 1 if any is ill."""
    findings = asyncio.run(_examine(data))
    for finding in findings:
        mark = "✓" if finding.is_well else "✗"
        give_json(finding._asdict()) if as_json else give(f"{mark} {finding.name}: {finding.detail}")
    if not all(finding.is_well for finding in findings):
        sys.exit(1)


async def _examine(data: Path | None) -> list[Finding]:
    async with open_instance(data) as instance:
        async with instance.database.transaction() as tx:
            found, unsealed = await vitals(tx), await seconds_unsealed(tx)
        return _findings(found, unsealed, utc_now(), _free_bytes(instance.settings.data))


def _findings(found: Vitals, unsealed: float, now: datetime, free_bytes: int) -> list[Finding]:
    drift = abs((found.now - now).total_seconds())
    return [
        Finding("ฐานข้อมูล / database", True, f"PostgreSQL {found.version}"),
        Finding("นาฬิกา / clock", drift < DRIFT_SECONDS, f"ต่างจากฐานข้อมูล {drift:.3f} วินาที / s from the database's"),
        Finding(
            "ความคงทน / durability", found.is_durable,
            "รอดิสก์ก่อนยืนยัน / commits wait for the disk" if found.is_durable else
            "fsync หรือ synchronous_commit ปิดอยู่ / fsync or synchronous_commit is off",
        ),
        Finding(
            "บันทึกของฐานข้อมูล / database log", found.is_discreet,
            "ไม่มีข้อมูลบุคคล / holds no values" if found.is_discreet else
            "อาจมีข้อมูลบุคคล ต้องตั้ง / may hold personal data: set log_min_messages = log,"
            " log_min_error_statement = panic, log_statement = none, log_min_duration_statement = -1",
        ),
        Finding(
            "ประวัติการเข้าถึง / history", unsealed < UNSEALED_SECONDS,
            f"บรรทัดที่รอผนึกนานสุด / oldest unsealed line: {unsealed:.0f} s",
        ),
        Finding("ขนาด / size", True, f"{found.size_bytes / 1e6:,.0f} MB"),
        Finding("ดิสก์ / disk", free_bytes > LOW_DISK_BYTES, f"เหลือ / free: {free_bytes / 1e9:,.1f} GB"),
        Finding("กุญแจ / keys", True, "เปิดสิ่งที่ฐานข้อมูลนี้เก็บได้ / they open what this database holds"),
    ]  # fmt: skip


def _free_bytes(data: str) -> int:
    """Of the disk that the data folder is on, or would be."""
    folder = Path(data).absolute()
    return shutil.disk_usage(next(place for place in (folder, *folder.parents) if place.exists())).free
