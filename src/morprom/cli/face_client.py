"""`morprom client add-face`: programmes that sign people or staff in as they do at Health ID or Provider ID."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from morprom.cli.say import DataOption, JsonOption, give, give_json, tell
from morprom.cli.unit import hcode_of
from morprom.kernel import Category, Hcode, Problem, Words

if TYPE_CHECKING:
    from morprom.identity.card_model import Registered
    from morprom.identity.face_model import FaceTerms


class Face(StrEnum):
    """Whose ways a programme speaks."""

    HEALTH_ID = "health-id"
    PROVIDER_ID = "provider-id"


def add_face(
    name: Annotated[str, typer.Argument(help="ชื่อโปรแกรม ซึ่งประชาชนจะเห็น / its name, which people see", metavar="NAME")],
    face: Annotated[
        Face, typer.Option(help="Health ID ของประชาชน หรือ Provider ID ของเจ้าหน้าที่ / for people, or for staff")
    ],
    unit: Annotated[str, typer.Option("--unit", help="รหัสหน่วยบริการ / hospital code")],
    redirect_uri: Annotated[
        list[str],
        typer.Option(
            "--redirect-uri", help="ที่อยู่ส่งกลับ ตรงทุกตัวอักษร / where codes go, letter for letter; may be given again"
        ),
    ],
    scope: Annotated[
        str, typer.Option("--scope", help="profile birthdate mobile cid phr.read ที่ขอได้ / what it may ask for")
    ] = "profile",
    key: Annotated[
        Path | None,
        typer.Option("--key", help="แฟ้ม JWK กุญแจสาธารณะ RSA สำหรับเลขประจำตัว / its public RSA key, a JWK", exists=True),
    ] = None,
    staff_token: Annotated[
        bool, typer.Option("--staff-token", help="ได้ token ของ Account Center / is told Account Center tokens of staff")
    ] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """ลงทะเบียนโปรแกรมของ Health ID หรือ Provider ID / Register one; its secret is shown this once."""
    from morprom.identity.face_model import FaceTerms

    if staff_token and face is not Face.PROVIDER_ID:
        raise typer.BadParameter("--face provider-id", param_hint="--staff-token")
    terms = FaceTerms(
        scopes=tuple(scope.split()), encryption_key=_jwk(key) if key else None, has_staff_token=staff_token
    )
    made = asyncio.run(_add(data, name, hcode_of(unit), redirect_uri, str(face), terms))
    client, secret = made.client, made.secret.reveal() if made.secret else ""
    tell(f"ลงทะเบียน {client.name} ของ {client.hcode} แล้ว / registered {client.name} of {client.hcode}")
    if as_json:
        give_json({"client_id": client.client_id, "kind": client.kind, "client_secret": secret})
        return
    tell("client_id และ client_secret (แสดงครั้งเดียว) / client_id and client_secret, shown this once:")
    give(f"{client.client_id}\t{secret}")


def _jwk(file: Path) -> dict[str, Any]:
    import msgspec

    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except msgspec.DecodeError:
        words = Words(f"{file} ไม่ใช่ JWK", f"{file} is no JSON Web Key")
        raise Problem(Category.INCORRECT, "ENCRYPTION_KEY", words) from None


async def _add(
    data: Path | None, name: str, hcode: Hcode, redirect_uris: list[str], kind: str, terms: "FaceTerms"
) -> "Registered":
    from morprom.cli.instance import open_instance
    from morprom.identity.faces import register_face

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return await register_face(
            tx, instance.ring, name, hcode, redirect_uris, instance.settings.mode, kind=kind, terms=terms
        )
