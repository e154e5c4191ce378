"""`morprom keys`: every kind of secret, its keys, and replacing them while the platform serves."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from morprom.app.rotation import PAUSE, SHARDS, rotate
from morprom.cli.instance import open_instance
from morprom.cli.say import DataOption, JsonOption, give, give_json, tell
from morprom.storage import KeyKind, Role

app = typer.Typer(help="กุญแจและความลับของระบบ / Keys and secrets", no_args_is_help=True)
KINDS = [*map(str, KeyKind), SHARDS]


@app.command("list")
def list_(data: DataOption = None, as_json: JsonOption = False) -> None:
    """รายการกุญแจ (ไม่แสดงตัวกุญแจ) / List keys by kind, id, state and age; never the keys themselves."""
    for row in asyncio.run(_list(data)):
        give_json(row) if as_json else give("  ".join(f"{value!s:<17}" for value in row.values()).rstrip())


@app.command("rotate")
def rotate_(
    kind: Annotated[str, typer.Argument(help=f"ชนิด / kind: {', '.join(KINDS)}, all")],
    pause: Annotated[
        float, typer.Option(min=0, help="วินาทีที่รอทุก process อ่านกุญแจใหม่ / seconds for every process to read the ring")
    ] = PAUSE,
    data: DataOption = None,
) -> None:
    """เปลี่ยนกุญแจโดยไม่หยุดบริการ / Replace the key of a kind while the platform serves."""
    if kind not in [*KINDS, "all"]:
        raise typer.BadParameter(f"one of: {', '.join(KINDS)}, all")
    asyncio.run(_rotate(data, KINDS if kind == "all" else [kind], pause))


async def _list(data: Path | None) -> list[dict[str, object]]:
    async with open_instance(data) as instance:
        return [
            {"kind": str(kind), "id": key.key_id, "state": str(key.state), "created_at": key.created_at.isoformat()}
            for kind in KeyKind
            for key in instance.ring.keys(kind)
        ]


async def _rotate(data: Path | None, kinds: list[str], pause: float) -> None:
    async with open_instance(data, Role.KEYS) as instance:
        for kind in kinds:
            async for line in rotate(kind, instance.database, instance.ring, pause):
                tell(line)
