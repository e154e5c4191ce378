"""Small code tables that views show as Thai text."""

from typing import NamedTuple


class MaritalStatus(NamedTuple):
    """`code` is HL7's (v3-MaritalStatus), `name` the 43-file standard's Thai word."""

    code: str
    name: str


MARITAL_STATUSES = {
    "1": MaritalStatus("S", "โสด"),
    "2": MaritalStatus("M", "คู่"),
    "3": MaritalStatus("W", "หม้าย"),
    "4": MaritalStatus("D", "หย่า"),
    "5": MaritalStatus("L", "แยก"),
    "6": MaritalStatus("S", "สมณะ"),
    "9": MaritalStatus("UNK", "ไม่ทราบ"),
}
"""By 43-file code. HL7 has no clergy: code 6 is S there, and keeps its own name here."""

_BY_HL7 = {status.code: status for status in reversed(MARITAL_STATUSES.values())}


def marital_status(code: str) -> MaritalStatus:
    """The status of a 43-file or an HL7 code; an unknown code is kept, without a name."""
    plain = code.strip().upper()
    return MARITAL_STATUSES.get(plain) or _BY_HL7.get(plain) or MaritalStatus(plain, "")


GENDER_NAMES = {"M": "ชาย", "F": "หญิง"}

NATIONALITY_NAMES = {"099": "ไทย", "048": "เมียนมา", "056": "ลาว", "057": "กัมพูชา"}
"""Of the 272 codes, those named in the sources at hand; the rest show the text that was sent."""


def nationality_code(code: str) -> str:
    """The three-digit code: senders also write 99 and TH."""
    plain = code.strip().upper()
    if plain in {"TH", "THA"}:
        return "099"
    return plain.zfill(3) if plain.isdigit() else plain


FREE_TEXT_CONDITIONS = {"diagtext": "การวินิจฉัย (ข้อความ)", "cc": "อาการสำคัญ", "hpi": "ประวัติการเจ็บป่วยปัจจุบัน"}
"""Codes under which senders put prose among the coded diagnoses."""
