"""What the commands for clients are given, and the terms that it comes to."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from morprom.kernel import Category, Problem, Words

if TYPE_CHECKING:
    from morprom.federation import Terms


class Profile(StrEnum):
    """How a relying party speaks OpenID Connect."""

    FAPI2 = "fapi2"
    OLD = "old"


class Auth(StrEnum):
    """How a relying party shows who it is."""

    BASIC = "client_secret_basic"
    POST = "client_secret_post"
    KEY = "private_key_jwt"


ClientArgument = Annotated[str, typer.Argument(help="รหัสโปรแกรม / its client_id", metavar="CLIENT")]
NameEn = Annotated[str | None, typer.Option("--name-en", help="ชื่อภาษาอังกฤษ / its name in English", show_default=False)]
Purpose = Annotated[
    str | None,
    typer.Option(
        "--purpose", help="ใช้เพื่ออะไร ประชาชนจะเห็น / for what it asks, in Thai; people see it", show_default=False
    ),
]
PurposeEn = Annotated[
    str | None, typer.Option("--purpose-en", help="ใช้เพื่ออะไร ภาษาอังกฤษ / the same in English", show_default=False)
]
Scope = Annotated[
    str | None,
    typer.Option("--scope", help="scope ที่ขอได้ / scopes it may ask for (openid profile)", show_default=False),
]
Tier = Annotated[
    int | None,
    typer.Option("--tier", help="ชั้นข้อมูลสูงสุด / highest tier of data (1)", min=0, max=4, show_default=False),
]
Keys = Annotated[
    Path | None,
    typer.Option("--keys", help="แฟ้ม JWKS กุญแจสาธารณะ / JWKS file of its public keys", exists=True, show_default=False),
]
Sector = Annotated[
    str | None,
    typer.Option("--sector", help="กลุ่มที่รู้จักคนด้วยชื่อเดียวกัน / group within which people have one name", show_default=False),
]
LogoutUris = Annotated[
    list[str] | None,
    typer.Option("--logout-uri", help="ที่อยู่หลังออกจากระบบ ใส่ได้หลายครั้ง / where to after signing out; may be given again"),
]
Backchannel = Annotated[
    str | None,
    typer.Option(
        "--backchannel-uri", help="ที่อยู่รับแจ้งการออกจากระบบ / where it is told of signing out", show_default=False
    ),
]
ResourceServer = Annotated[
    bool | None,
    typer.Option(
        "--resource-server/--no-resource-server",
        help="ถามค่า token ของโปรแกรมอื่นได้ / may introspect tokens of others", show_default=False,
    ),
]  # fmt: skip


def new_terms(profile: Profile, auth: Auth | None, said: dict[str, Any]) -> "Terms":
    """Terms of a new relying party. Raises Problem TERMS_INVALID for what is no JWKS."""
    first: dict[str, Any] = {
        "profile": profile, "auth": auth or (Auth.KEY if profile is Profile.FAPI2 else Auth.BASIC),
        "id_token_alg": "RS256" if profile is Profile.OLD else "ES256", "scopes": ("openid", "profile"),
    }  # fmt: skip
    return _converted(first | said)


def changed_terms(terms: "Terms", said: dict[str, Any]) -> "Terms":
    """Terms with something else said. Raises Problem TERMS_INVALID."""
    import msgspec

    return _converted(msgspec.to_builtins(terms) | said)


def said_of(
    *, name_en: str | None, purpose: str | None, purpose_en: str | None, scope: str | None, tier: int | None,
    keys: Path | None, sector: str | None, logout_uri: list[str] | None, backchannel_uri: str | None,
    resource_server: bool | None,
) -> dict[str, Any]:  # fmt: skip
    """What was said, by the names of terms."""
    given: dict[str, Any] = {
        "name_en": name_en, "purpose": purpose, "purpose_en": purpose_en, "tier": tier, "sector": sector,
        "scopes": tuple(scope.split()) if scope is not None else None, "jwks": _jwks(keys) if keys else None,
        "post_logout_redirect_uris": tuple(filter(None, logout_uri)) if logout_uri else None,
        "backchannel_logout_uri": backchannel_uri, "is_resource_server": resource_server,
    }  # fmt: skip
    return {name: value for name, value in given.items() if value is not None}


def _converted(given: dict[str, Any]) -> "Terms":
    import msgspec

    from morprom.federation import Terms

    try:
        return msgspec.convert(given, Terms)
    except msgspec.ValidationError:
        words = Words("กุญแจต้องเป็น JSON Web Key Set", "the keys are a JSON Web Key Set")
        raise Problem(Category.INCORRECT, "TERMS_INVALID", words) from None


def _jwks(file: Path) -> object:
    import msgspec

    try:
        return msgspec.json.decode(file.read_bytes())
    except msgspec.DecodeError:
        words = Words(f"{file} ไม่ใช่ JSON Web Key Set", f"{file} is no JSON Web Key Set")
        raise Problem(Category.INCORRECT, "TERMS_INVALID", words) from None
