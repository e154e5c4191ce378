"""Settings of the platform: environment `MORPROM_*` over a TOML file over defaults, checked before anything starts."""

import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints
from urllib.parse import parse_qs, urlsplit

import msgspec
from msgspec import inspect

from morprom.kernel.problem import Category, Problem, Words


class Mode(StrEnum):
    """How much of the world may be simulated."""

    DEMO = "demo"
    SANDBOX = "sandbox"
    PRODUCTION = "production"


Positive = Annotated[int, msgspec.Meta(ge=1)]
Origin = Annotated[str, msgspec.Meta(pattern=r"^https?://[^/?#]+$")]
Service = Annotated[str, msgspec.Meta(pattern=r"^$|^https?://[^/?#]+")]
Faces = Annotated[str, msgspec.Meta(pattern=r"^$|^(health-id|provider-id|thaid)(,(health-id|provider-id|thaid))*$")]
Database = Annotated[str, msgspec.Meta(pattern=r"^$|^postgres(ql)?://")]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every key a deployment can set. docs/settings.md lists them; a test holds that page to this class."""

    mode: Mode = Mode.SANDBOX
    data: str = "var"
    database_url: Database = ""
    keys: str = ""
    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8000
    workers: Positive = 1
    public_url: Origin = "http://127.0.0.1:8000"
    trusted_proxies: str = ""
    endpoint_label: str = "0.0.0.0"  # noqa: S104 (a label in every reply, not an address to bind)
    password_hash_key: str = "$jwt@moph#"  # printed in the ministry's public manuals
    token_minutes: Annotated[int, msgspec.Meta(ge=5, le=240)] = 240
    body_limit_bytes: Positive = 6_000_000
    inflated_limit_bytes: Positive = 48_000_000
    encounter_limit: Positive = 500
    nesting_limit: Annotated[int, msgspec.Meta(ge=16, le=512)] = 64
    witness: str = ""
    held_days: Positive = 90
    dopa_url: Service = ""
    face_url: Service = ""
    sms_url: Service = ""
    sms_sender: str = "MorProm"
    line_url: Service = ""
    thaid_url: Service = ""
    thaid_client_id: str = ""
    outside_secrets: str = "/run/secrets"
    faces: Faces = "health-id,provider-id,thaid"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    def __repr__(self) -> str:
        return f"Settings({self.mode})"  # addresses may hold passwords


EXAMPLES: Mapping[str, str] = {
    "mode": "production",
    "data": "/var/lib/morprom",
    "database_url": "postgresql://morprom_{role}@db.example.go.th/morprom?sslmode=verify-full",
    "keys": "vault+https://vault.example.go.th/v1/secret/morprom",
    "host": "127.0.0.1",
    "port": "8000",
    "workers": "3",
    "public_url": "https://phr.example.go.th",
    "trusted_proxies": "10.0.0.5,10.0.0.6",
    "endpoint_label": "0.0.0.0",  # noqa: S104
    "password_hash_key": "$jwt@moph#",
    "token_minutes": "240",
    "body_limit_bytes": "6000000",
    "inflated_limit_bytes": "48000000",
    "encounter_limit": "500",
    "nesting_limit": "64",
    "witness": "https://witness.example.go.th/heads",
    "held_days": "90",
    "dopa_url": "https://dopa.example.go.th/CheckCardStatus/CheckCardService.asmx",
    "face_url": "https://face.example.go.th/compare",
    "sms_url": "https://sms.example.co.th/sms",
    "sms_sender": "MorProm",
    "line_url": "https://line.example.com",
    "thaid_url": "https://thaid.example.go.th",
    "thaid_client_id": "morprom",
    "outside_secrets": "/run/secrets",
    "faces": "health-id,provider-id",
    "log_level": "info",
}


def load_settings(environ: Mapping[str, str] | None = None, toml_file: Path | None = None, **given: object) -> Settings:
    """The checked settings. `given` (from command-line flags) wins over the environment, that over the file.

    Raises Problem SETTINGS_INVALID naming the key, why it is refused and an example.
    """
    environ = os.environ if environ is None else environ
    named = environ.get("MORPROM_CONFIG")
    path = toml_file or (Path(named) if named else None)
    values: dict[str, Any] = _read_toml(path) if path else {}
    for name in Settings.__struct_fields__:
        text = environ.get(f"MORPROM_{name.upper()}")
        if text is not None:
            values[name] = text
    values |= {name: value for name, value in given.items() if value is not None}
    settings = _convert(values)
    _refuse_weak(settings)
    return settings


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        why = Words(f"อ่าน {path} ไม่ได้ ({error.strerror})", f"{path} cannot be read ({error.strerror})")
        raise _invalid("MORPROM_CONFIG", why, "/etc/morprom.toml") from None
    except UnicodeDecodeError:
        raise _invalid("MORPROM_CONFIG", Words(f"{path} ไม่ใช่ UTF-8", f"{path} is not UTF-8"), "port = 8000") from None
    except tomllib.TOMLDecodeError as error:
        raise _invalid(
            "MORPROM_CONFIG", Words(f"{path} ไม่ใช่ TOML: {error}", f"{path} is not TOML: {error}"), "port = 8000"
        ) from None


def _convert(values: dict[str, Any]) -> Settings:
    unknown = sorted(set(values) - set(Settings.__struct_fields__))
    if unknown:
        raise _invalid(unknown[0], Words("ไม่มีค่าตั้งชื่อนี้", "there is no such setting"), _nearest(unknown[0]))
    checked: dict[str, Any] = {}
    hints = get_type_hints(Settings, include_extras=True)
    for name, value in values.items():
        try:
            checked[name] = msgspec.convert(value, hints[name], strict=False)
        except msgspec.ValidationError:
            raise _invalid(name, _wanted(name, hints[name]), EXAMPLES[name]) from None
    return Settings(**checked)


def _wanted(name: str, hint: Any) -> Words:
    """What a key must be, in plain words. What was given is not repeated: it may be a password."""
    match inspect.type_info(hint):
        case inspect.EnumType(cls=cls):
            return _one_of([str(member) for member in cls])
        case inspect.LiteralType():
            return _one_of(list(get_args(hint)))
        case inspect.IntType(ge=least, le=None):
            return Words(f"ต้องเป็นจำนวนเต็มตั้งแต่ {least} ขึ้นไป", f"must be a whole number of at least {least}")
        case inspect.IntType(ge=least, le=most):
            return Words(f"ต้องเป็นจำนวนเต็ม {least} ถึง {most}", f"must be a whole number from {least} to {most}")
        case _ if name in SHAPES:
            return SHAPES[name]
        case _:
            return Words("ต้องเป็นข้อความในเครื่องหมายคำพูด", "must be text, in quotes")


SHAPES: Mapping[str, Words] = {
    "database_url": Words("ต้องขึ้นต้นด้วย postgresql://", "must begin with postgresql://"),
    **{
        name: Words("ต้องขึ้นต้นด้วย http:// หรือ https://", "must begin with http:// or https://")
        for name in ("dopa_url", "face_url", "sms_url", "line_url", "thaid_url")
    },
    "faces": Words(
        "ต้องเป็น health-id, provider-id, thaid คั่นด้วยจุลภาค ไม่มีช่องว่าง",
        "must be health-id, provider-id, thaid, with commas and no spaces",
    ),
    "public_url": Words(
        "ต้องเป็น http:// หรือ https:// ตามด้วยชื่อเครื่อง ไม่มี / ต่อท้าย",
        "must be http:// or https:// and a host, without anything behind it",
    ),
}
"""In words, the patterns of texts."""


def _one_of(choices: list[str]) -> Words:
    return Words(f"ต้องเป็นคำใดคำหนึ่งใน {', '.join(choices)}", f"must be one of {', '.join(choices)}")


def _nearest(name: str) -> str:
    """A key that may have been meant, with its example; the page that lists all when none is near."""
    near = get_close_matches(name, EXAMPLES, 1)
    return f"{near[0]} = {EXAMPLES[near[0]]}" if near else "docs/settings.md"


def _refuse_weak(settings: Settings) -> None:
    """Production starts with nothing simulated and nothing weak, or not at all."""
    if settings.mode is not Mode.PRODUCTION:
        return
    for name, is_strong, th, en in (
        (
            "keys", settings.keys.startswith("vault+https://"),
            "ระบบจริงต้องเก็บกุญแจในบริการกุญแจที่เรียกผ่าน https ไม่ใช่ในแฟ้ม",
            "production keeps its keys in a key service that is reached by https, not in a file",
        ),
        (
            "public_url", settings.public_url.startswith("https://"),
            "ระบบจริงต้องเข้าถึงผ่าน https เท่านั้น", "production is reached by https only",
        ),
        (
            "witness", bool(settings.witness) and not settings.witness.startswith("http:"),
            "ระบบจริงต้องส่งหัวของประวัติแต่ละวันให้พยานภายนอก ผ่าน https หรือแฟ้ม",
            "production hands its daily heads to a witness outside, by https or in a file",
        ),
        (
            "database_url", bool(settings.database_url),
            "ระบบจริงต้องใช้เซิร์ฟเวอร์ PostgreSQL ของตนเอง", "production uses a PostgreSQL server of its own",
        ),
        (
            "database_url", "{role}" in settings.database_url,
            "ระบบจริงต้องให้แต่ละบทบาทลงชื่อเข้าใช้ฐานข้อมูลด้วยตัวเอง ({role})",
            "production lets each role sign in to the database as itself, by {role}",
        ),
        (
            "database_url", _stays_private(settings.database_url),
            "ระบบจริงต้องใช้ TLS ที่ตรวจใบรับรองกับฐานข้อมูลที่อยู่เครื่องอื่น (sslmode=verify-full)",
            "production speaks TLS with a database on another machine, and checks its certificate: sslmode=verify-full",
        ),
        *(
            (
                name, getattr(settings, name)[:8] in ("", "https://"),
                "ระบบจริงติดต่อบริการภายนอกผ่าน https เท่านั้น", "production asks services outside by https only",
            )
            for name in ("dopa_url", "face_url", "sms_url", "line_url", "thaid_url")
        ),
        (
            "trusted_proxies", "*" not in settings.trusted_proxies,
            "ระบบจริงต้องระบุที่อยู่ของ proxy ที่เชื่อถือ", "production names the proxies that it believes",
        ),
    ):  # fmt: skip
        if not is_strong:
            raise _invalid(name, Words(th, en), EXAMPLES[name])


def _stays_private(url: str) -> bool:
    """Whether what is said to the database stays on this machine, or goes by TLS to whom a certificate names."""
    parts = urlsplit(url)
    here = parts.hostname in (None, "localhost", "127.0.0.1", "::1")
    return here or "verify-full" in parse_qs(parts.query).get("sslmode", [])


def _invalid(name: str, why: Words, example: str) -> Problem:
    key = name if name.startswith("MORPROM_") else f"MORPROM_{name.upper()}"
    return Problem(
        Category.INCORRECT,
        "SETTINGS_INVALID",
        Words(f"ค่าตั้ง {key}: {why.th} ตัวอย่าง: {example}", f"setting {key}: {why.en}; for example: {example}"),
    )
