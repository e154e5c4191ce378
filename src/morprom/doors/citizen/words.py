"""How instants, browsers and authenticators are said to people."""

from datetime import datetime
from typing import Final

from morprom.accounts import AuthenticatorKind, Device
from morprom.kernel import BANGKOK, Words

MONTHS: Final = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
BUDDHIST: Final = 543

SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip
BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("OPR/", "Opera"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""The first that stands in the header; browsers name those that they resemble as well, so the order matters."""

KINDS: Final = {
    AuthenticatorKind.PASSKEY: Words("พาสคีย์", "Passkey"),
    AuthenticatorKind.CODE_GENERATOR: Words("แอปสร้างรหัส", "Code generator"),
    AuthenticatorKind.PIN: Words("PIN", "PIN"),
    AuthenticatorKind.RECOVERY_CODES: Words("รหัสกู้คืน", "Recovery codes"),
}


def moment(at: datetime | None) -> str:
    """`1 เม.ย. 2569 08:00 น.`, Bangkok's wall clock."""
    if at is None:
        return "ยังไม่เคย / never"
    here = at.astimezone(BANGKOK)
    return f"{day(here)} {here:%H:%M} น."


def day(on: datetime) -> str:
    """`1 เม.ย. 2569`."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year + BUDDHIST}"


def device_name(device: Device) -> str:
    """`Chrome · Android`, as far as the browser says what it is."""
    found = [
        next((name for mark, name in known if mark in device.agent), "")
        for known in (BROWSERS, SYSTEMS)
    ]  # fmt: skip
    return " · ".join(filter(None, found)) or "เครื่องที่ไม่รู้จัก / unknown device"
