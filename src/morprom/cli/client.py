"""`morprom client`: programmes of units that send people to the card page, or sign them in by OpenID Connect."""

import asyncio
from typing import Annotated

import typer

from morprom.cli.client_options import (
    Auth,
    Backchannel,
    ClientArgument,
    Keys,
    LogoutUris,
    NameEn,
    Profile,
    Purpose,
    PurposeEn,
    ResourceServer,
    Scope,
    Sector,
    Tier,
    new_terms,
    said_of,
)
from morprom.cli.client_registry import (
    act_on,
    add_client,
    change_client,
    list_clients,
    new_secret,
    revoke_client,
    show_client,
)
from morprom.cli.client_shown import change_row, give_secret, line, row, show_pages
from morprom.cli.say import DataOption, JsonOption, give, give_json, tell
from morprom.cli.unit import hcode_of

app = typer.Typer(
    help="โปรแกรมที่ขออ่านบัตรหรือให้ประชาชนเข้าสู่ระบบ / Programmes that ask for ID cards or sign people in",
    no_args_is_help=True,
)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="ชื่อโปรแกรม ซึ่งประชาชนจะเห็น / its name, which people see", metavar="NAME")],
    unit: Annotated[str, typer.Option("--unit", help="รหัสหน่วยบริการ / hospital code")],
    redirect_uri: Annotated[
        list[str],
        typer.Option(
            "--redirect-uri", help="ที่อยู่ส่งกลับ ตรงทุกตัวอักษร / where codes go, letter for letter; may be given again"
        ),
    ],
    openid: Annotated[
        Profile | None,
        typer.Option("--openid", help="เข้าสู่ระบบด้วย OpenID Connect / signs people in by OpenID Connect, profile"),
    ] = None,
    auth: Annotated[
        Auth | None, typer.Option("--auth", help="วิธีแสดงตัว / how it authenticates (old: client_secret_basic)")
    ] = None,
    name_en: NameEn = None,
    purpose: Purpose = None,
    purpose_en: PurposeEn = None,
    scope: Scope = None,
    tier: Tier = None,
    keys: Keys = None,
    sector: Sector = None,
    logout_uri: LogoutUris = None,
    backchannel_uri: Backchannel = None,
    resource_server: ResourceServer = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """ลงทะเบียนโปรแกรม แสดงความลับครั้งเดียว / Register a programme; its secret is shown this once."""
    said = said_of(
        name_en=name_en, purpose=purpose, purpose_en=purpose_en, scope=scope, tier=tier, keys=keys, sector=sector,
        logout_uri=logout_uri, backchannel_uri=backchannel_uri, resource_server=resource_server,
    )  # fmt: skip
    terms = new_terms(openid, auth, said) if openid else None
    made = asyncio.run(add_client(data, name, hcode_of(unit), redirect_uri, terms))
    client = made.client
    tell(f"ลงทะเบียน {client.name} ของ {client.hcode} แล้ว / registered {client.name} of {client.hcode}")
    if as_json:
        give_json(row(client) | {"client_secret": made.secret.reveal() if made.secret else None})
    else:
        give_secret(client.client_id, made.secret)


@app.command("list")
def list_(
    unit: Annotated[str | None, typer.Option("--unit", help="รหัสหน่วยบริการ / hospital code", show_default=False)] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """รายชื่อโปรแกรม / List programmes by unit and name, disabled and removed ones too."""
    for client in asyncio.run(list_clients(data, hcode_of(unit) if unit else None)):
        give_json(row(client)) if as_json else give(line(client))


@app.command()
def show(client: ClientArgument, data: DataOption = None, as_json: JsonOption = False) -> None:
    """แสดงโปรแกรมทั้งหมด พร้อมสิ่งที่เปลี่ยน / Show all that is known of a programme, and what was changed when."""
    found, changes = asyncio.run(show_client(data, client.strip().lower()))
    if as_json:
        give_json(row(found) | {"changes": [change_row(change) for change in changes]})
    else:
        show_pages(found, changes)


@app.command()
def change(
    client: ClientArgument,
    name: Annotated[str | None, typer.Option("--name", help="ชื่อโปรแกรม / its name", show_default=False)] = None,
    redirect_uri: Annotated[
        list[str] | None,
        typer.Option("--redirect-uri", help="ที่อยู่ส่งกลับ แทนของเดิมทั้งหมด / where codes go, in place of all before"),
    ] = None,
    name_en: NameEn = None,
    purpose: Purpose = None,
    purpose_en: PurposeEn = None,
    scope: Scope = None,
    tier: Tier = None,
    keys: Keys = None,
    sector: Sector = None,
    logout_uri: LogoutUris = None,
    backchannel_uri: Backchannel = None,
    resource_server: ResourceServer = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """แก้ไขโปรแกรม ที่ไม่ได้ระบุคงเดิม / Change a programme; what is not named stays."""
    said = said_of(
        name_en=name_en, purpose=purpose, purpose_en=purpose_en, scope=scope, tier=tier, keys=keys, sector=sector,
        logout_uri=logout_uri, backchannel_uri=backchannel_uri, resource_server=resource_server,
    )  # fmt: skip
    found = asyncio.run(change_client(data, client.strip().lower(), name, redirect_uri, said))
    tell("แก้ไขแล้ว / changed")
    if as_json:
        give_json(row(found))


@app.command()
def disable(client: ClientArgument, data: DataOption = None) -> None:
    """ปิดใช้ชั่วคราว มีผลทันที / Disable a programme for now; what it has does not work meanwhile."""
    asyncio.run(act_on(data, client.strip().lower(), "disabled"))
    tell("ปิดใช้แล้ว / disabled")


@app.command()
def enable(client: ClientArgument, data: DataOption = None) -> None:
    """เปิดใช้อีกครั้ง / Enable a disabled programme."""
    asyncio.run(act_on(data, client.strip().lower(), "enabled"))
    tell("เปิดใช้แล้ว / enabled")


@app.command()
def secret(client: ClientArgument, data: DataOption = None, as_json: JsonOption = False) -> None:
    """ออกความลับใหม่ ของเดิมใช้ไม่ได้ทันที / Make a new secret, shown this once; the one before ends now."""
    client_id = client.strip().lower()
    made = asyncio.run(new_secret(data, client_id))
    if as_json:
        give_json({"client_id": client_id, "client_secret": made.reveal()})
    else:
        give_secret(client_id, made)


@app.command()
def revoke(client: ClientArgument, data: DataOption = None, as_json: JsonOption = False) -> None:
    """ยกเลิกโปรแกรมถาวร มีผลทันที / Remove a programme for good; what it has is of no use from now."""
    revoked = asyncio.run(revoke_client(data, client.strip().lower()))
    tell("ยกเลิกแล้ว / revoked" if revoked else "ยกเลิกไปก่อนแล้ว / it had been revoked before")
    if as_json:
        give_json({"revoked": revoked})
