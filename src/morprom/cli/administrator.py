"""`morprom staff administrator`: whose relying parties a member of staff looks after at /admin/clients."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from morprom.cli.say import DataOption, tell
from morprom.kernel import Category, Problem, Words


class Looks(StrEnum):
    """After whose clients."""

    UNIT = "unit"
    PLATFORM = "platform"
    NOTHING = "nothing"


def administrator(
    position: Annotated[
        UUID, typer.Argument(help="เลขที่ตำแหน่ง จาก staff list / position_id, from staff list", metavar="POSITION")
    ],
    of: Annotated[Looks, typer.Option("--of", help="ของหน่วยบริการตน ทั้งระบบ หรือไม่มี / of their unit, of all, or of none")],
    data: DataOption = None,
) -> None:
    """ให้ดูแลโปรแกรม OpenID ที่ /admin/clients / Let a position look after relying parties at /admin/clients."""
    asyncio.run(_name(data, position, of))
    tell(f"บันทึกแล้ว / kept: {of}")


async def _name(data: Path | None, position: UUID, of: Looks) -> None:
    from morprom.cli.instance import open_instance
    from morprom.staff.listed import name_administrator
    from morprom.staff.model import Administers

    what = Administers.NOTHING if of is Looks.NOTHING else Administers(of)
    async with open_instance(data) as instance, instance.database.transaction() as tx:
        if not await name_administrator(tx, position, what):
            words = Words("ไม่มีตำแหน่งนี้ หรือสิ้นสุดแล้ว", "there is no such position, or it has ended")
            raise Problem(Category.NOT_FOUND, "POSITION_UNKNOWN", words)
