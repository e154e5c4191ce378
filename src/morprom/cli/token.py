"""`morprom token`: a unit's upload token (wire protocol, section 2.2)."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from morprom.cli.say import DataOption, JsonOption, give, give_json, tell
from morprom.cli.unit import hcode_of
from morprom.kernel import Hcode, Secret, utc_now

app = typer.Typer(help="token สำหรับส่งข้อมูล / Upload tokens", no_args_is_help=True)
Code = Annotated[str, typer.Argument(help="รหัสหน่วยบริการ / hospital code", metavar="HCODE")]


@app.command()
def new(hcode: Code, data: DataOption = None, as_json: JsonOption = False) -> None:
    """สร้าง token ใหม่ (แสดงครั้งเดียว) และยกเลิกตัวเดิม / Make a token, shown this once; the one before it ends."""
    token = asyncio.run(_new(data, hcode_of(hcode)))
    tell("ใช้ได้ 1 ปี เฉพาะ /api/UpdatePHRv1 / good for a year, on /api/UpdatePHRv1 only")
    give_json({"token": token.reveal()}) if as_json else give(token.reveal())


@app.command()
def revoke(hcode: Code, data: DataOption = None, as_json: JsonOption = False) -> None:
    """ยกเลิก token มีผลภายในหนึ่งนาที / Revoke the token; it ends within a minute."""
    revoked = asyncio.run(_revoke(data, hcode_of(hcode)))
    tell("ยกเลิกแล้ว / revoked" if revoked else "ไม่มี token ที่ใช้อยู่ / there was none")
    if as_json:
        give_json({"revoked": revoked})


async def _new(data: Path | None, hcode: Hcode) -> Secret[str]:
    from morprom.cli.instance import open_instance
    from morprom.units.administration import upload_tokens

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return await upload_tokens.make(tx, hcode, utc_now())


async def _revoke(data: Path | None, hcode: Hcode) -> bool:
    from morprom.cli.instance import open_instance
    from morprom.units.administration import upload_tokens

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return await upload_tokens.revoke(tx, hcode, utc_now())
