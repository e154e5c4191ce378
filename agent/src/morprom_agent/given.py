"""Where settings come from: flags over the environment (MORPROM_AGENT_*) over a TOML or .env file."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

from morprom_agent.settings import KEYS, Settings, check
from morprom_agent.stop import Exit, Stop

PREFIX = "MORPROM_AGENT_"


def gather(flags: Mapping[str, object], environ: Mapping[str, str], config: Path | None) -> Settings:
    """The checked settings. A flag that is None was not given."""
    named = config or (Path(environ[f"{PREFIX}CONFIG"]) if environ.get(f"{PREFIX}CONFIG") else None)
    from_file = _read(named) if named else {}
    from_environ = {name: environ[key] for name in KEYS if (key := f"{PREFIX}{name.upper()}") in environ}
    from_flags = {name: _as_text(value) for name, value in flags.items() if value is not None}
    origin = (
        dict.fromkeys(from_file, str(named))
        | {name: f"{PREFIX}{name.upper()}" for name in from_environ}
        | {name: f"--{name.replace('_', '-')}" for name in from_flags}
    )
    return check(from_file | from_environ | from_flags, origin)


def pairs(texts: Iterable[str]) -> dict[str, str]:
    """`--set key=value` as a mapping."""
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise Stop(
                Exit.SETTINGS,
                f"--set {text} ใช้ไม่ได้ ตัวอย่าง --set delay_hours=4",
                f"--set {text} is refused; for example --set delay_hours=4",
            )
        found[name.strip().replace("-", "_")] = value
    return found


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ",".join(str(item) for item in cast("Iterable[object]", value))
    return str(value)


def _read(path: Path) -> dict[str, str]:
    try:
        text = path.read_text("utf-8-sig")
        if path.suffix.lower() == ".toml":
            return {name: _as_text(value) for name, value in tomllib.loads(text).items()}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not TOML in UTF-8"
        raise Stop(
            Exit.SETTINGS,
            f"อ่านไฟล์ค่าตั้ง {path} ไม่ได้ ({why}) ตัวอย่าง: --config agent.toml",
            f"the settings file {path} cannot be read ({why}); for example: --config agent.toml",
        ) from None
    return dict(_env_lines(text))


def _env_lines(text: str) -> Iterable[tuple[str, str]]:
    """KEY=VALUE lines; the prefix MORPROM_AGENT_, `export` and quotes are optional."""
    for line in text.splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            yield name.strip().upper().removeprefix(PREFIX).lower(), value.strip().strip("\"'")
