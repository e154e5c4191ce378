"""How months, browsers and authenticators are said to people."""

from typing import Final

from morprom.accounts import AuthenticatorKind, Device
from morprom.kernel import Words

LONG_MONTHS: Final = (
    Words("มกราคม", "January"), Words("กุมภาพันธ์", "February"), Words("มีนาคม", "March"), Words("เมษายน", "April"),
    Words("พฤษภาคม", "May"), Words("มิถุนายน", "June"), Words("กรกฎาคม", "July"), Words("สิงหาคม", "August"),
    Words("กันยายน", "September"), Words("ตุลาคม", "October"), Words("พฤศจิกายน", "November"),
    Words("ธันวาคม", "December"),
)  # fmt: skip

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
    AuthenticatorKind.PIN: Words("รหัส PIN", "PIN"),
    AuthenticatorKind.RECOVERY_CODES: Words("รหัสกู้คืน", "Recovery codes"),
}

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
