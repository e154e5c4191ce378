"""Which visits are not sent, and why: rules of the hospital, decided before a payload is built."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from morprom_agent.export import Visit
from morprom_agent.settings import Settings
from morprom_wire.cid import is_cid, is_made_up

REASONS: Mapping[str, tuple[str, str, str]] = {
    # code: Thai, English, how to mend it (Thai)
    "ref_shared": (
        "เลขที่อ้างอิงซ้ำกับ visit อื่น",
        "another visit has the same reference",
        "ตั้งค่า ref = pid-seq หรือ an_prefix = AN แล้วส่งใหม่",
    ),
    "no_person": ("ไม่มีผู้ป่วยในแฟ้ม PERSON", "PERSON does not have the patient", "ส่งออกแฟ้ม PERSON ให้ครบทุก PID ที่มารับบริการ"),
    "no_name": ("ไม่มีชื่อผู้ป่วย", "the patient has no name", "บันทึกชื่อในทะเบียนผู้ป่วย"),
    "cid_missing": ("ไม่มีเลขประจำตัวประชาชน", "there is no citizen number", "บันทึกเลข 13 หลักในทะเบียนผู้ป่วย"),
    "cid_wrong": (
        "เลขประจำตัวประชาชนไม่ถูกต้อง",
        "the citizen number is wrong",
        "ตรวจเลข 13 หลักกับบัตรประชาชน แล้วแก้ในทะเบียนผู้ป่วย",
    ),
    "cid_made_up": (
        "เลขประจำตัวที่โรงพยาบาลออกเอง",
        "the hospital made the number up",
        "บันทึกเลขจริงเมื่อได้บัตรของผู้ป่วย",
    ),
    "still_admitted": ("ยังไม่จำหน่าย", "still admitted", "รอจำหน่าย ระบบส่งให้เอง"),
    "did_not_wait": ("ไม่รอรับบริการหรือปฏิเสธการรักษา", "did not wait, or refused treatment", "ไม่ต้องแก้ไข"),
    "too_recent": ("เพิ่งรับบริการ รอข้อมูลครบ", "too recent: the notes may not be complete", "รอ ระบบส่งให้เอง"),
    "diagnosis_listed": ("รหัสโรคที่โรงพยาบาลกำหนดไม่ส่ง", "a diagnosis on the do-not-send list", "ไม่ต้องแก้ไข"),
    "clinic_listed": ("คลินิกที่โรงพยาบาลกำหนดไม่ส่ง", "a clinic on the do-not-send list", "ไม่ต้องแก้ไข"),
}

NEEDS_A_PERSON = frozenset({"ref_shared", "no_person", "no_name", "cid_missing", "cid_wrong", "cid_made_up"})
"""Reasons that somebody at the hospital has to mend; the others pass by themselves or are wanted."""


@dataclass(frozen=True, slots=True)
class Filters:
    """The rules of one hospital. `icd10` meets a diagnosis code without dot."""

    hcode: str
    typeouts: frozenset[str]
    clinics: frozenset[str]
    icd10: re.Pattern[str] | None
    delay: timedelta
    sends_made_up: bool

    @classmethod
    def of(cls, settings: Settings) -> "Filters":
        """The rules that the settings name."""
        patterns = [_pattern(code) for code in settings.skip_icd10]
        return cls(
            settings.hcode,
            frozenset(settings.skip_typeout),
            frozenset(settings.skip_clinics),
            re.compile("|".join(patterns)) if patterns else None,
            timedelta(hours=settings.delay_hours),
            settings.send_made_up_cid,
        )

    def why_not(self, visit: Visit, now: datetime) -> str | None:
        """The reason (a key of REASONS) why this visit is not sent; `now` is Bangkok wall clock."""
        if visit.is_ref_shared:
            return "ref_shared"
        return self._person(visit) or self._time(visit, now) or self._listed(visit)

    def _person(self, visit: Visit) -> str | None:
        row = visit.person.row
        if row is None:
            return "no_person"
        cid = row["CID"]
        if not cid.strip("0"):
            return "cid_missing"
        if not is_cid(cid):
            return "cid_wrong"
        if is_made_up(cid, self.hcode) and not self.sends_made_up:
            return "cid_made_up"
        return None if row.first("NAME", "NAME_E") else "no_name"

    def _time(self, visit: Visit, now: datetime) -> str | None:
        if visit.is_stay and visit.end is None:
            return "still_admitted"
        if not visit.is_stay and visit.row["TYPEOUT"] in self.typeouts:
            return "did_not_wait"
        last = visit.end or visit.start
        return "too_recent" if last is not None and last + self.delay > now else None

    def _listed(self, visit: Visit) -> str | None:
        rows = visit.of("DIAGNOSIS_OPD", "DIAGNOSIS_IPD")
        if self.icd10 and any(self.icd10.match(row["DIAGCODE"].replace(".", "").upper()) for row in rows):
            return "diagnosis_listed"
        codes = {row.first("CLINIC", "WARDDIAG") for row in rows}
        codes |= {visit.row.first("WARDDISCH", "WARDADMIT")}
        seen = codes | {code[1:3] for code in codes if len(code) == 5}
        return "clinic_listed" if seen & self.clinics else None


def _pattern(code: str) -> str:
    """A beginning (`Z21`, `Z11.4`) or a range of categories (`B20-B24`) as a regular expression."""
    first, _, last = code.replace(".", "").partition("-")
    if not last:
        return re.escape(first)
    letter, width = first[0], len(first) - 1
    numbers = range(int(first[1:]), int(last.lstrip(letter)) + 1)
    return "|".join(f"{letter}{number:0{width}}" for number in numbers)
