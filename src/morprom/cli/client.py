"""`morprom client`: programmes of units that may send people to the card page."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from morprom.cli.say import DataOption, JsonOption, give, give_json, tell
from morprom.cli.unit import hcode_of
from morprom.kernel import Hcode

if TYPE_CHECKING:
    from morprom.identity import Client
    from morprom.kernel import Secret

app = typer.Typer(help="โปรแกรมที่ขออ่านบัตรประชาชน / Programmes that ask for ID cards", no_args_is_help=True)


@app.command()
def add(
    name: Annotated[
        str, typer.Argument(help="ชื่อโปรแกรม ซึ่งเจ้าของบัตรจะเห็น / its name, which people see", metavar="NAME")
    ],
    unit: Annotated[str, typer.Option("--unit", help="รหัสหน่วยบริการ / hospital code")],
    redirect_uri: Annotated[
        list[str],
        typer.Option(
            "--redirect-uri", help="ที่อยู่ส่งกลับ ตรงทุกตัวอักษร / where codes go, letter for letter; may be given again"
        ),
    ],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """ลงทะเบียนโปรแกรม แสดงความลับครั้งเดียว / Register a programme; its secret is shown this once."""
    client, secret = asyncio.run(_add(data, name, hcode_of(unit), redirect_uri))
    tell(f"ลงทะเบียน {client.name} ของ {client.hcode} แล้ว / registered {client.name} of {client.hcode}")
    if as_json:
        give_json(_row(client) | {"client_secret": secret.reveal() if secret else None})
        return
    tell("client_id และ client_secret (แสดงครั้งเดียว) / client_id and client_secret, shown this once:")
    give(f"{client.client_id}\t{secret.reveal() if secret else ''}")


@app.command("list")
def list_(
    unit: Annotated[str | None, typer.Option("--unit", help="รหัสหน่วยบริการ / hospital code", show_default=False)] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """รายชื่อโปรแกรม / List programmes by unit and name, revoked ones too."""
    for client in asyncio.run(_list(data, hcode_of(unit) if unit else None)):
        give_json(_row(client)) if as_json else give(_line(client))


@app.command()
def revoke(
    client: Annotated[str, typer.Argument(help="client_id", metavar="CLIENT")],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """ยกเลิกโปรแกรม มีผลทันที / Revoke a programme; what it has is of no use from now."""
    revoked = asyncio.run(_revoke(data, client.strip().lower()))
    tell("ยกเลิกแล้ว / revoked" if revoked else "ไม่มีโปรแกรมนี้ที่ใช้อยู่ / there is no such programme in use")
    if as_json:
        give_json({"revoked": revoked})


def _row(client: "Client") -> dict[str, object]:
    return {
        "client_id": client.client_id,
        "unit": str(client.hcode),
        "name": client.name,
        "redirect_uris": list(client.redirect_uris),
        "registered_at": client.registered_at.isoformat(timespec="seconds"),
        "revoked_at": client.revoked_at.isoformat(timespec="seconds") if client.revoked_at else None,
    }


def _line(client: "Client") -> str:
    state = f"revoked {client.revoked_at:%Y-%m-%d}" if client.revoked_at else ""
    return "\t".join([client.client_id, client.hcode, client.name, " ".join(client.redirect_uris), state])


async def _add(data: Path | None, name: str, hcode: Hcode, redirect_uris: list[str]) -> "tuple[Client, Secret[str] | None]":
    from morprom.cli.instance import open_instance
    from morprom.identity import clients

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        made = await clients.register(tx, name, hcode, redirect_uris, instance.settings.mode)
    return made.client, made.secret


async def _list(data: Path | None, hcode: Hcode | None) -> "list[Client]":
    from morprom.cli.instance import open_instance
    from morprom.identity import clients

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return await clients.listed(tx, hcode)


async def _revoke(data: Path | None, client_id: str) -> bool:
    from morprom.cli.instance import open_instance
    from morprom.identity import clients

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return await clients.revoke(tx, client_id)
