"""Settings of the platform: environment `MORPROM_*` over a TOML file over defaults, checked before anything starts."""

import os
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import msgspec

from morprom.kernel.problem import Category, Problem, Words


class Mode(StrEnum):
    """How much of the world may be simulated."""

    DEMO = "demo"
    SANDBOX = "sandbox"
    PRODUCTION = "production"


Positive = Annotated[int, msgspec.Meta(ge=1)]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every key a deployment can set. docs/settings.md lists them; a test holds that page to this class."""

    mode: Mode = Mode.SANDBOX
    data: str = "var"
    database_url: str = ""
    keys: str = ""
    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8000
    workers: Positive = 1
    public_url: str = "http://127.0.0.1:8000"
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
    log_level: Annotated[str, msgspec.Meta(pattern="^(debug|info|warning|error)$")] = "info"

    def __repr__(self) -> str:
        return f"Settings({self.mode})"  # addresses may hold passwords


EXAMPLES: Mapping[str, str] = {
    "mode": "production",
    "data": "/var/lib/morprom",
    "database_url": "postgresql://morprom@db.example.go.th/morprom",
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
        raise _invalid("MORPROM_CONFIG", f"{path} cannot be read ({error.strerror})", "/etc/morprom.toml") from None
    except tomllib.TOMLDecodeError as error:
        raise _invalid("MORPROM_CONFIG", f"{path} is not TOML: {error}", "port = 8000") from None


def _convert(values: dict[str, Any]) -> Settings:
    unknown = sorted(set(values) - set(Settings.__struct_fields__))
    if unknown:
        raise _invalid(unknown[0], "there is no such setting", "docs/settings.md lists them all")
    checked: dict[str, Any] = {}
    hints = get_type_hints(Settings, include_extras=True)
    for name, value in values.items():
        try:
            checked[name] = msgspec.convert(value, hints[name], strict=False)
        except msgspec.ValidationError as error:
            raise _invalid(name, str(error), EXAMPLES[name]) from None
    return Settings(**checked)


def _refuse_weak(settings: Settings) -> None:
    """Production starts with nothing simulated and nothing weak, or not at all."""
    if settings.mode is not Mode.PRODUCTION:
        return
    if not settings.keys or settings.keys.startswith("file:"):
        raise _invalid("keys", "production keeps its keys in a key service, not in a file", EXAMPLES["keys"])
    if not settings.public_url.startswith("https://"):
        raise _invalid("public_url", "production is reached by https only", EXAMPLES["public_url"])
    if not settings.witness:
        raise _invalid("witness", "production hands its daily heads to a witness outside", EXAMPLES["witness"])
    if not settings.database_url:
        raise _invalid("database_url", "production uses a PostgreSQL server of its own", EXAMPLES["database_url"])


def _invalid(name: str, why: str, example: str) -> Problem:
    key = name if name.startswith("MORPROM_") else f"MORPROM_{name.upper()}"
    return Problem(
        Category.INCORRECT,
        "SETTINGS_INVALID",
        Words(f"ค่าตั้ง {key} ใช้ไม่ได้: {why} ตัวอย่าง: {example}", f"setting {key}: {why}; for example: {example}"),
    )
