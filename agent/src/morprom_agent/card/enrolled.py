"""The platforms that this station is enrolled with: one key each, so that what one is given is nothing to another."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from morprom_agent.card.keys import KeyStore, StationKey, write_private
from morprom_agent.stop import Exit, Stop
from morprom_wire.card import fingerprint

FILE: Final = "stations.json"
LOOPBACK: Final = ("127.0.0.1", "localhost")


class Enrolled(NamedTuple):
    """This station, as one platform knows it."""

    origin: str
    name: str
    key: StationKey

    @property
    def fingerprint(self) -> str:
        """What the officer compares on both screens."""
        return fingerprint(self.key.public)


def origin_of(address: str) -> str:
    """scheme://host[:port] as browsers write it. Raises Stop for what is no https address."""
    parts = urlsplit(address.strip())
    host = parts.hostname or ""
    try:
        port = parts.port
    except ValueError:
        host, port = "", None
    is_secure = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    if not is_secure or not re.fullmatch(r"[a-z0-9.-]+", host):
        raise Stop(
            Exit.SETTINGS,
            "--to ต้องเป็นที่อยู่ https ของแพลตฟอร์ม ตัวอย่าง --to https://phr.example.go.th",
            "--to must be the platform's https address; for example --to https://phr.example.go.th",
        )
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")


def enrol(folder: Path, keys: KeyStore, *, address: str, name: str, anew: bool) -> Enrolled:
    """This station for one platform: the key that it has, or a new one when there is none, or `anew`."""
    origin = origin_of(address)
    known = _read(folder)
    key = None if anew else StationKey.loaded(keys, _key_name(origin))
    made = key or StationKey.made_in(keys, _key_name(origin))
    known[origin] = name.strip() or known.get(origin, "")
    write_private(folder / FILE, json.dumps(known, ensure_ascii=False, indent=1).encode())
    return Enrolled(origin, known[origin], made)


def enrolled(folder: Path, keys: KeyStore) -> dict[str, Enrolled]:
    """Every platform whose key is there, by its origin."""
    found = {origin: (name, StationKey.loaded(keys, _key_name(origin))) for origin, name in _read(folder).items()}
    return {origin: Enrolled(origin, name, key) for origin, (name, key) in found.items() if key}


def _read(folder: Path) -> dict[str, str]:
    try:
        said: Any = json.loads((folder / FILE).read_text("utf-8"))
        return {str(origin): str(name) for origin, name in said.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError):
        raise Stop(
            Exit.SETTINGS,
            f"อ่าน {folder / FILE} ไม่ได้ ลบแล้วสั่ง card enrol ใหม่",
            f"{folder / FILE} cannot be read; delete it and enrol again",
        ) from None


def _key_name(origin: str) -> str:
    return f"{hashlib.sha256(origin.encode()).hexdigest()[:16]}.key"
