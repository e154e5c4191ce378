"""Every setting of the agent, checked before anything starts. README.md lists them; a test holds it to this table."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from morprom_agent.stop import Exit, Stop


@dataclass(frozen=True, slots=True)
class Night:
    """Hours of back-fill; may span midnight."""

    start: time
    end: time

    def covers(self, now: time) -> bool:
        """Whether `now` is night."""
        if self.start <= self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one run needs to know. Paths are as given; `password` never shows."""

    source: Path | None = None
    to: str = ""
    hcode: str = ""
    hospital_name: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    password_file: Path | None = None
    password_hash_key: str = field(default="$jwt@moph#", repr=False)
    token_file: Path | None = None
    state: Path | None = None
    ca_file: Path | None = None
    connections: int = 4
    timeout_seconds: int = 60
    computer_name: str = ""
    ref: str = "seq"
    an_prefix: str = ""
    delay_hours: int = 2
    skip_typeout: tuple[str, ...] = ("7", "8")
    skip_icd10: tuple[str, ...] = ()
    skip_clinics: tuple[str, ...] = ()
    send_made_up_cid: bool = False
    every_minutes: int = 15
    recent_days: int = 7
    night: Night = Night(time(20), time(6))


def _text(value: str) -> str:
    return value.strip()


def _url(value: str) -> str:
    parts = urlsplit(value.strip().rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ValueError
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def _hcode(value: str) -> str:
    code = value.strip()
    if not re.fullmatch(r"(?:[0-9A-Za-z]{4})?[0-9]{5}", code):
        raise ValueError
    return code


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        number = int(value)
        if not least <= number <= most:
            raise ValueError
        return number

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError
        return value

    return read


def _words(value: str) -> tuple[str, ...]:
    return tuple(word.strip().upper() for word in value.split(",") if word.strip())


def _icd10(value: str) -> tuple[str, ...]:
    codes = _words(value)
    if not all(re.fullmatch(r"[A-Z]\d[0-9A-Z.]*|([A-Z])\d\d-\1?\d\d", code) for code in codes):
        raise ValueError
    return codes


def _flag(value: str) -> bool:
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[value.strip().lower()]


def _night(value: str) -> Night:
    start, end = value.split("-")
    return Night(time.fromisoformat(start.strip()), time.fromisoformat(end.strip()))


@dataclass(frozen=True, slots=True)
class Key:
    """How a setting is read, what it must be, and an example."""

    read: Callable[[str], Any]
    th: str
    en: str
    example: str


def _path(value: str) -> Path:
    return Path(value.strip()).expanduser()


KEYS: Mapping[str, Key] = {
    "source": Key(_path, "ไฟล์ zip หรือโฟลเดอร์ของ 43 แฟ้ม", "a zip or a folder of the 43 files", "D:/export/F43.zip"),
    "to": Key(_url, "ที่อยู่ของแพลตฟอร์ม", "the platform's address", "https://phr.example.go.th"),
    "hcode": Key(_hcode, "รหัสหน่วยบริการ 5 หลัก", "the hospital's code of 5 digits", "10670"),
    "hospital_name": Key(_text, "ชื่อโรงพยาบาล", "the hospital's name", "โรงพยาบาลขอนแก่น"),
    "user": Key(_text, "ชื่อผู้ใช้ Account Center", "the Account Center user", "agent-10670"),
    "password": Key(_text, "รหัสผ่าน (ควรใช้ password_file)", "the password; better a password_file", "…"),
    "password_file": Key(_path, "ไฟล์ที่มีรหัสผ่านบรรทัดเดียว", "a file with the password in one line", "secret/password.txt"),
    "password_hash_key": Key(_text, "กุญแจของ password_hash", "the key of password_hash", "$jwt@moph#"),
    "token_file": Key(_path, "ไฟล์ที่มี upload token", "a file with the upload token 10670:{TOKEN}", "secret/token.txt"),
    "state": Key(_path, "โฟลเดอร์สถานะของโปรแกรม", "the folder of the agent's state", "D:/morprom-agent"),
    "ca_file": Key(_path, "ใบรับรองของ CA ภายใน (PEM)", "certificates of a private CA (PEM)", "secret/ca.pem"),
    "connections": Key(_whole(1, 32), "จำนวนการเชื่อมต่อ 1-32", "connections at once, 1 to 32", "4"),
    "timeout_seconds": Key(_whole(5, 600), "เวลารอคำตอบ 5-600 วินาที", "seconds to wait for a reply, 5 to 600", "60"),
    "computer_name": Key(_text, "ชื่อเครื่องที่รายงาน", "the computer name to report", "PHR-PC-1"),
    "ref": Key(_one_of("seq", "pid-seq", "hn-seq"), "seq, pid-seq หรือ hn-seq", "seq, pid-seq or hn-seq", "seq"),
    "an_prefix": Key(_text, "คำนำหน้า AN เมื่อ AN ซ้ำกับ SEQ", "put before AN where AN and SEQ collide", "AN"),
    "delay_hours": Key(_whole(0, 168), "ชั่วโมงหลังรับบริการ 0-168", "hours after the service, 0 to 168", "4"),
    "skip_typeout": Key(_words, "รหัส TYPEOUT ที่ไม่ส่ง", "TYPEOUT codes that are not sent", "7,8"),
    "skip_icd10": Key(_icd10, "รหัสโรคที่ไม่ส่ง", "ICD-10 beginnings or ranges that are not sent", "B20-B24,Z21"),
    "skip_clinics": Key(_words, "รหัสคลินิกที่ไม่ส่ง", "clinics (2 or 5 digits) that are not sent", "09,01234"),
    "send_made_up_cid": Key(_flag, "true หรือ false", "true or false", "false"),
    "every_minutes": Key(_whole(1, 1440), "นาทีระหว่างรอบ 1-1440", "minutes between rounds, 1 to 1440", "15"),
    "recent_days": Key(_whole(1, 366), "จำนวนวันล่าสุดที่ส่งตอนกลางวัน", "latest days that are sent by day", "7"),
    "night": Key(_night, "ช่วงเวลากลางคืน", "the hours of back-fill", "20:00-06:00"),
}


def check(given: Mapping[str, str], origin: Mapping[str, str]) -> Settings:
    """Settings from texts. `origin` says where each came from. Raises Stop naming the key, why, and an example."""
    values: dict[str, Any] = {}
    for name, value in given.items():
        key = KEYS.get(name)
        if key is None:
            raise unknown_key(name, origin.get(name, ""))
        try:
            values[name] = key.read(value)
        except (ValueError, KeyError):
            raise _refused(name, key, origin.get(name, "")) from None
    return Settings(**values)


def need(settings: Settings, *names: str) -> None:
    """Raise Stop when one of these was not given."""
    for name in names:
        if not getattr(settings, name):
            key = KEYS[name]
            raise Stop(
                Exit.SETTINGS,
                f"ยังไม่ได้กำหนด {name}: {key.th} ตัวอย่าง {name} = {key.example}",
                f"{name} is not set: {key.en}; for example {name} = {key.example}",
            )


def unknown_key(name: str, origin: str) -> Stop:
    """There is no such setting."""
    known = ", ".join(field.name for field in fields(Settings))
    where = f" ({origin})" if origin else ""
    return Stop(Exit.SETTINGS, f"ไม่รู้จักค่าตั้ง {name}{where} มีแต่: {known}", f"no setting {name}{where}; known: {known}")


def _refused(name: str, key: Key, origin: str) -> Stop:
    where = f" ({origin})" if origin else ""
    return Stop(
        Exit.SETTINGS,
        f"ค่าตั้ง {name}{where} ใช้ไม่ได้: ต้องเป็น {key.th} ตัวอย่าง {key.example}",
        f"setting {name}{where} is refused: it must be {key.en}; for example {key.example}",
    )
