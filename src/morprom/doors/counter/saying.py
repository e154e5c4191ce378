"""What the counter says of a person, of checks and of levels. Text of persons is for the page alone."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, NamedTuple

from morprom.assurance import Checks
from morprom.doors.counter.ways import WAYS
from morprom.kernel import BANGKOK, Words
from morprom.kernel.thai_text import BUDDHIST_ERA, MONTHS, full_age, long_date, long_datetime
from morprom.proofing.events import LOWEST
from morprom.proofing.model import CardFields, OpenCase, SealedEvent, chip_name
from morprom.proofing.slips import is_of_age


class Line(NamedTuple):
    """One atomic check as a line: `held` is None where it was not done."""

    held: bool | None
    words: Words


EVIDENCE: Final[Mapping[str, Words]] = {
    "none": Words("ไม่มีเอกสาร", "no document"),
    "id-card": Words("บัตรประจำตัวประชาชน", "Thai ID card"),
    "birth-certificate": Words("สูติบัตร", "birth certificate"),
    "house-registration": Words("ทะเบียนบ้าน", "house registration"),
    "passport": Words("หนังสือเดินทาง", "passport"),
}
STATUS: Final[Mapping[str, Line]] = {
    "not-asked": Line(None, Words("ยังไม่ได้ถามสถานะบัตรกับกรมการปกครอง", "DOPA was not asked about the card")),
    "valid": Line(True, Words("กรมการปกครอง: บัตรใช้ได้", "DOPA: the card is valid")),
    "not-valid": Line(False, Words("กรมการปกครอง: บัตรใช้ไม่ได้", "DOPA: the card is NOT valid")),
    "unreachable": Line(
        None, Words("ติดต่อกรมการปกครองไม่ได้ ยังไม่ใช่คำตอบว่าใช้ได้", "DOPA cannot be reached: that is no yes")
    ),
}
WITH: Final[Mapping[str, Words]] = {
    "": Words("", ""),
    "printed-photo": Words("รูปบนหน้าบัตร", "the printed photo"),
    "chip-photo": Words("รูปในชิป", "the chip's photo"),
}


def lines_of(checks: Checks) -> list[Line]:
    """Every atomic check of a case."""
    lines = [_evidence(checks), STATUS[checks.dopa_status], _face(checks), _contact(checks)]
    if checks.guardian:
        lines.append(Line(True, Words("ผู้ปกครองแสดงเอกสาร", "a guardian showed documents")))
    if checks.second_officer:
        lines.append(Line(True, Words("เจ้าหน้าที่คนที่สองยืนยันแล้ว", "a second officer confirmed")))
    at_home = checks.channel == "home-visit"
    lines.append(Line(True, Words("ที่บ้าน", "at home") if at_home else Words("ที่เคาน์เตอร์", "at the counter")))
    return lines if checks.evidence == "id-card" else [line for line in lines if line not in STATUS.values()]


def _evidence(checks: Checks) -> Line:
    said = EVIDENCE[checks.evidence]
    if checks.chip_read:
        return Line(True, Words(f"{said.th} อ่านชิปที่เครื่องซึ่งลงทะเบียนแล้ว", f"{said.en}, chip read at an enrolled station"))
    return Line(checks.evidence != "none", Words(f"{said.th} ตรวจด้วยตา", f"{said.en}, looked at"))


def _face(checks: Checks) -> Line:
    if checks.face == "none":
        return Line(None, Words("ยังไม่ได้เทียบใบหน้า", "the face was not compared"))
    held = Words("ตรง", "matches") if checks.face_matches else Words("ไม่ตรง", "does NOT match")
    if checks.face == "service":
        return Line(
            checks.face_matches, Words(f"ใบหน้า{held.th}: บริการเทียบใบหน้า", f"the face {held.en}, says the face service")
        )
    seen = WITH[checks.face_with]
    return Line(
        checks.face_matches,
        Words(f"ใบหน้า{held.th}: เจ้าหน้าที่เทียบกับ{seen.th}", f"the face {held.en} {seen.en}, says the officer"),
    )


def _contact(checks: Checks) -> Line:
    if checks.contact == "otp":
        return Line(True, Words("ยืนยันเบอร์มือถือด้วยรหัส SMS แล้ว", "the mobile number was verified by a code"))
    return Line(None, Words("ยังไม่ได้ยืนยันเบอร์มือถือ", "the mobile number was not verified"))


def opens(level: str) -> bool:
    """Whether a level is enough for a slip."""
    return level >= LOWEST


def is_redeemable(sealed: SealedEvent) -> bool:
    """Whether there is a level, a number to which the code goes, and somebody old enough for an account."""
    is_reached = opens(sealed.derived.level) and sealed.event.inside.checks.contact == "otp"
    return is_reached and is_of_age(sealed.event, sealed.event.at)


def masked(open_case: OpenCase) -> str:
    """A case in a list that people in the queue may see."""
    card = open_case.case.card
    return masked_name(card.name_th) if card else WAYS[open_case.case.path].name.th


def spaced_cid(cid: str) -> str:
    """1-2345-67890-12-3, as the card prints it."""
    return f"{cid[0]}-{cid[1:5]}-{cid[5:10]}-{cid[10:12]}-{cid[12]}"


def name(text: str) -> str:
    """A name of the chip, whose parts "#" divides, as one says it."""
    return chip_name(text).said


def masked_name(text: str) -> str:
    """A name of the chip in a list that people in the queue may see."""
    return chip_name(text).masked


def born(card: CardFields) -> Words:
    """The date of birth in both eras, as far as it is known."""
    day = card.birth_on
    if day is None:
        return Words("", "")
    thai = {"year": f"พ.ศ. {day.year + BUDDHIST_ERA}", "month": f"{MONTHS[day.month - 1]} {day.year + BUDDHIST_ERA}"}
    english = {"year": f"{day.year}", "month": f"{day:%B %Y}"}
    return Words(thai.get(card.birth_known, long_date(day)), english.get(card.birth_known, _english(day)))


def age(card: CardFields, now: datetime) -> str:
    """How old, in Thai; "" when it is not known to the day."""
    if card.birth_on is None or card.birth_known != "day":
        return ""
    return full_age(card.birth_on, now.astimezone(BANGKOK).date())


def expires(card: CardFields) -> Words:
    """Until when the card is good."""
    if card.expires_on is None:
        return Words("ตลอดชีพ", "for life")
    return Words(long_date(card.expires_on), _english(card.expires_on))


def moment(at: datetime) -> Words:
    """An instant on the counter's clock."""
    here = at.astimezone(BANGKOK)
    return Words(f"{long_datetime(here)} น.", f"{_english(here.date())} {here:%H:%M}")


def clock(at: datetime) -> str:
    """The time of day."""
    return f"{at.astimezone(BANGKOK):%H:%M}"


def _english(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
