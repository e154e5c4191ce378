"""`morprom token`: a unit's upload token (wire protocol, section 2.2); in demo and sandbox, simulated sign-ins."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from morprom.assurance import Aal, Ial
from morprom.cli.inbox import CidArgument, person_number
from morprom.cli.say import DataOption, JsonOption, give, give_json, tell
from morprom.cli.unit import hcode_of
from morprom.kernel import Hcode, Secret, utc_now
from morprom.people import Identifier

app = typer.Typer(
    help="token สำหรับส่งข้อมูล และ token จำลอง / Upload tokens, and simulated sign-ins", no_args_is_help=True
)
SIMULATED = "จำลองการลงชื่อเข้าใช้ ไม่มีใครยืนยันตัวตน / SIMULATED sign-in: nobody's identity was checked"
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


@app.command("health-id")
def health_id(
    cid: CidArgument,
    ial: Annotated[Ial, typer.Option(help="ระดับการพิสูจน์ตัวตน / identity assurance")] = Ial.CHIP_AND_FACE,
    aal: Annotated[Aal, typer.Option(help="ระดับการยืนยันตัวตน / authenticator assurance")] = Aal.CRYPTOGRAPHIC,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """จำลอง Health ID ของบุคคล (demo และ sandbox) / Simulate a person's Health ID token, good for an hour."""
    token = asyncio.run(_health_id(data, person_number(cid), ial, aal))
    tell(SIMULATED)
    give_json({"token": token.reveal(), "simulated": True}) if as_json else give(token.reveal())


@app.command()
def provider(
    hcode: Code,
    provider_id: Annotated[str, typer.Option(help="เลข Provider ID / number of the provider")] = "SIMULATED-1",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """จำลอง Provider ID ของหน่วยบริการ (demo และ sandbox) / Simulate a Provider ID token, good for a day."""
    token = asyncio.run(_provider(data, hcode_of(hcode), provider_id))
    tell(SIMULATED)
    give_json({"token": token.reveal(), "simulated": True}) if as_json else give(token.reveal())


async def _health_id(data: Path | None, identifier: Identifier, ial: Ial, aal: Aal) -> Secret[str]:
    from morprom.cli.instance import open_instance
    from morprom.identity import simulated_health_id
    from morprom.people import ensure

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        person = await ensure(tx, instance.ring, identifier)
        return await simulated_health_id(tx, instance.ring, instance.settings, person, ial, aal)


async def _provider(data: Path | None, hcode: Hcode, provider_id: str) -> Secret[str]:
    from morprom.cli.instance import open_instance
    from morprom.identity import simulated_provider

    async with open_instance(data) as instance:
        return simulated_provider(instance.ring, instance.settings, hcode, provider_id)


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
