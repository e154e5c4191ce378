"""`morprom client`: programmes of units that send people to the card page, or sign them in by OpenID Connect."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from morprom.cli.say import DataOption, JsonOption, give, give_json, tell
from morprom.cli.unit import hcode_of
from morprom.kernel import Category, Hcode, Problem, Words

if TYPE_CHECKING:
    from morprom.federation import Terms
    from morprom.identity import Client
    from morprom.kernel import Secret

app = typer.Typer(
    help="โปรแกรมที่ขออ่านบัตรหรือให้ประชาชนเข้าสู่ระบบ / Programmes that ask for ID cards or sign people in",
    no_args_is_help=True,
)


class Profile(StrEnum):
    """How a relying party speaks OpenID Connect."""

    FAPI2 = "fapi2"
    OLD = "old"


class Auth(StrEnum):
    """How a relying party shows who it is."""

    BASIC = "client_secret_basic"
    POST = "client_secret_post"
    KEY = "private_key_jwt"


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
    scope: Annotated[str, typer.Option("--scope", help="scope ที่ขอได้ / scopes it may ask for")] = "openid profile",
    tier: Annotated[int, typer.Option("--tier", help="ชั้นข้อมูลสูงสุด / highest tier of data", min=0, max=4)] = 1,
    keys: Annotated[
        Path | None, typer.Option("--keys", help="แฟ้ม JWKS กุญแจสาธารณะ / JWKS file of its public keys", exists=True)
    ] = None,
    sector: Annotated[
        str, typer.Option("--sector", help="กลุ่มที่รู้จักคนด้วยชื่อเดียวกัน / group within which people have one name")
    ] = "",
    logout_uri: Annotated[
        list[str] | None, typer.Option("--logout-uri", help="ที่อยู่หลังออกจากระบบ / where to after signing out")
    ] = None,
    backchannel_uri: Annotated[
        str, typer.Option("--backchannel-uri", help="ที่อยู่รับแจ้งการออกจากระบบ / where it is told of signing out")
    ] = "",
    resource_server: Annotated[
        bool, typer.Option("--resource-server", help="ถามค่า token ของโปรแกรมอื่นได้ / may introspect tokens of others")
    ] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """ลงทะเบียนโปรแกรม แสดงความลับครั้งเดียว / Register a programme; its secret is shown this once."""
    terms: dict[str, Any] = {
        "profile": openid, "auth": auth or (Auth.KEY if openid is Profile.FAPI2 else Auth.BASIC),
        "scopes": tuple(scope.split()), "tier": tier, "sector": sector, "jwks": _jwks(keys) if keys else None,
        "id_token_alg": "RS256" if openid is Profile.OLD else "ES256", "backchannel_logout_uri": backchannel_uri,
        "post_logout_redirect_uris": tuple(logout_uri or ()), "is_resource_server": resource_server,
    }  # fmt: skip
    client, secret = asyncio.run(_add(data, name, hcode_of(unit), redirect_uri, terms if openid else None))
    tell(f"ลงทะเบียน {client.name} ของ {client.hcode} แล้ว / registered {client.name} of {client.hcode}")
    if as_json:
        give_json(_row(client) | {"client_secret": secret.reveal() if secret else None})
        return
    if secret is None:
        tell("client_id; โปรแกรมนี้ใช้กุญแจของตนเอง / client_id; it signs with its own key:")
        give(client.client_id)
        return
    tell("client_id และ client_secret (แสดงครั้งเดียว) / client_id and client_secret, shown this once:")
    give(f"{client.client_id}\t{secret.reveal()}")


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


def _jwks(file: Path) -> object:
    import msgspec

    try:
        return msgspec.json.decode(file.read_bytes())
    except msgspec.DecodeError:
        words = Words(f"{file} ไม่ใช่ JSON Web Key Set", f"{file} is no JSON Web Key Set")
        raise Problem(Category.INCORRECT, "TERMS_INVALID", words) from None


def _row(client: "Client") -> dict[str, object]:
    import msgspec

    return {
        "client_id": client.client_id,
        "unit": str(client.hcode),
        "name": client.name,
        "kind": client.kind,
        "redirect_uris": list(client.redirect_uris),
        "terms": msgspec.json.decode(client.terms) if client.terms else None,
        "registered_at": client.registered_at.isoformat(timespec="seconds"),
        "revoked_at": client.revoked_at.isoformat(timespec="seconds") if client.revoked_at else None,
    }


def _line(client: "Client") -> str:
    state = f"revoked {client.revoked_at:%Y-%m-%d}" if client.revoked_at else ""
    return "\t".join([client.client_id, client.hcode, client.name, client.kind, " ".join(client.redirect_uris), state])


async def _add(
    data: Path | None, name: str, hcode: Hcode, redirect_uris: list[str], given: dict[str, Any] | None
) -> "tuple[Client, Secret[str] | None]":
    from morprom.cli.instance import open_instance
    from morprom.federation import register_party
    from morprom.identity import clients

    terms = _terms(given) if given else None
    async with open_instance(data) as instance, instance.database.transaction() as tx:
        mode = instance.settings.mode
        if terms is None:
            made = await clients.register(tx, name, hcode, redirect_uris, mode)
        else:
            made = await register_party(tx, name, hcode, redirect_uris, terms, mode)
    return made.client, made.secret


def _terms(given: dict[str, Any]) -> "Terms":
    import msgspec

    from morprom.federation import Terms

    try:
        return msgspec.convert(given, Terms)
    except msgspec.ValidationError:
        words = Words("กุญแจต้องเป็น JSON Web Key Set", "the keys are a JSON Web Key Set")
        raise Problem(Category.INCORRECT, "TERMS_INVALID", words) from None


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
