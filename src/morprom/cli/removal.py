"""`morprom removal`: what hospitals took back, what is held for confirmation, and bringing it back."""

import asyncio
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from morprom.cli.say import DataOption, JsonOption, give, give_json, tell

app = typer.Typer(help="การลบของหน่วยบริการ / Removals by hospitals", no_args_is_help=True)
Number = Annotated[UUID, typer.Argument(help="เลขคำขอ / number of the removal", metavar="ID")]


@app.command("list")
def list_(
    unit: Annotated[str | None, typer.Option(help="รหัสหน่วยบริการ / hcode", show_default=False)] = None,
    held: Annotated[bool, typer.Option("--held", help="เฉพาะที่รอยืนยัน / only held ones")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """รายการคำขอลบ / List removals, newest first."""
    for row in asyncio.run(_list(data, unit, held=held)):
        give_json(row) if as_json else give("  ".join(str(value) for value in row.values()))


@app.command()
def confirm(removal: Number, data: DataOption = None, as_json: JsonOption = False) -> None:
    """ยืนยันคำขอที่ถูกพักไว้ / Carry out a held removal."""
    count = asyncio.run(_confirm(data, removal))
    give_json({"removed": count}) if as_json else tell(f"ลบแล้ว {count} รายการ / removed {count} items")


@app.command()
def restore(removal: Number, data: DataOption = None, as_json: JsonOption = False) -> None:
    """คืนข้อมูลที่ลบไป (ภายใน 90 วัน) / Bring removed items back, within 90 days."""
    count = asyncio.run(_restore(data, removal))
    give_json({"restored": count}) if as_json else tell(f"คืนแล้ว {count} รายการ / restored {count} items")


async def _list(data: Path | None, unit: str | None, *, held: bool) -> list[dict[str, object]]:
    from morprom.cli.instance import open_instance
    from morprom.intake import removals

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        found = await removals(tx, unit, held=held)
    return [
        {
            "id": str(row.removal_id), "unit": row.unit, "at": row.requested_at.isoformat(timespec="seconds"),
            "state": row.state.name.lower(), "kind": row.kind.name.lower(), "items": len(row.refs),
            "reason": row.reason,
        }
        for row in found
    ]  # fmt: skip


async def _confirm(data: Path | None, removal: UUID) -> int:
    from morprom.cli.instance import open_instance
    from morprom.intake import confirm as carry_out

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return (await carry_out(tx, instance.ring, removal)).count


async def _restore(data: Path | None, removal: UUID) -> int:
    from morprom.cli.instance import open_instance
    from morprom.intake import restore as bring_back

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return await bring_back(tx, instance.ring, removal)
