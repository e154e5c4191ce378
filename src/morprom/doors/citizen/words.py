"""How months, browsers and authenticators are said to people."""

from datetime import date
from typing import Final

from morprom.accounts import Device
from morprom.accounts.authenticators import NAMES
from morprom.kernel import Words
from morprom.kernel.thai_text import MONTHS

LONG_MONTHS: Final = tuple(Words(thai, date(2000, n, 1).strftime("%B")) for n, thai in enumerate(MONTHS, 1))

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

KINDS: Final = {kind: Words(name.th, name.en[0].upper() + name.en[1:]) for kind, name in NAMES.items()}

IALS: Final = {
    "1.1": Words("แจ้งเอง ยังไม่มีใครตรวจ", "self-asserted; nobody checked"),
    "1.2": Words("แสดงบัตรแล้ว", "a card was shown"),
    "1.3": Words("ตรวจบัตรแล้ว แต่ยังไม่ได้เทียบหน้า", "the card was checked, not the face"),
    "2.1": Words("เจ้าหน้าที่พบหน้าและเทียบกับบัตร", "an officer met you and compared your card"),
    "2.2": Words("ตรวจบัตรและเทียบใบหน้ากับกรมการปกครอง", "card and face were checked with DOPA"),
    "2.3": Words("อ่านชิป ตรวจบัตร และเทียบใบหน้าแล้ว", "chip read, card checked, face compared"),
    "3": Words("ระดับสูงสุด", "the highest level"),
}
"""What was checked, in a word, by the level that it came to."""


def device_name(device: Device) -> str:
    """`Chrome · Android`, as far as the browser says what it is."""
    found = [
        next((name for mark, name in known if mark in device.agent), "")
        for known in (BROWSERS, SYSTEMS)
    ]  # fmt: skip
    return " · ".join(filter(None, found)) or "เครื่องที่ไม่รู้จัก (unknown device)"
