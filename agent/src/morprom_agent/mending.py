"""What a finding means to the one who mends it: in words, and where in the 43 files it comes from.

The agent makes the payload, so what the platform remarks can nearly always be mended in the hospital's own register.
A code or a place that is not listed here is shown as the platform names it.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple


class Mending(NamedTuple):
    """What is wrong, and what to do about it (Thai)."""

    what: str
    how: str


MENDINGS: Mapping[str, Mending] = {
    "MISSING_KEY": Mending("ข้อมูลไม่ครบ", "กรอกข้อมูลนี้ใน HIS แล้วส่งออก 43 แฟ้มใหม่"),
    "CODE_MISSING": Mending("ไม่มีรหัสและชื่อรายการ", "ผูกรหัสมาตรฐานให้รายการนี้ใน HIS"),
    "CID_MISSING": Mending("ไม่มีเลขประจำตัวประชาชน", "บันทึกเลข 13 หลักในทะเบียนผู้ป่วย"),
    "CID_INVALID": Mending("เลขประจำตัวประชาชนไม่ถูกต้อง", "ตรวจกับบัตรประชาชนแล้วแก้ในทะเบียนผู้ป่วย"),
    "CID_MADE_UP": Mending("เลขประจำตัวที่โรงพยาบาลออกเอง", "บันทึกเลขจริงเมื่อได้บัตร แล้วส่งใหม่"),
    "NAME_UNDEFINED": Mending("ชื่อมีคำว่า undefined", "แก้ชื่อในทะเบียนผู้ป่วย"),
    "GENDER_CODE": Mending("รหัสเพศไม่ถูกต้อง", "บันทึกเพศในทะเบียนผู้ป่วย (1 ชาย 2 หญิง)"),
    "NATIONALITY_CODE": Mending("รหัสสัญชาติไม่ใช่เลข 3 หลัก", "แก้รหัสสัญชาติเป็น 3 หลัก เช่น 099"),
    "MARITAL_STATUS_CODE": Mending("รหัสสถานภาพสมรสไม่ถูกต้อง", "แก้สถานภาพสมรสในทะเบียนผู้ป่วย"),
    "BUDDHIST_YEAR": Mending("ปีเป็น พ.ศ.", "แก้โปรแกรมส่งออก 43 แฟ้มให้เป็น ค.ศ."),
    "ZERO_DATE": Mending("วันที่เป็นศูนย์", "บันทึกวันที่ใน HIS"),
    "DATE_UNREADABLE": Mending("อ่านวันที่ไม่ได้", "แก้วันที่ใน HIS"),
    "PERIOD_START_MISSING": Mending("ไม่มีวันเวลารับบริการ", "แก้วันเวลารับบริการใน HIS"),
    "CLASS_UNKNOWN": Mending("ไม่ทราบประเภทผู้ป่วย", "แจ้งผู้ดูแลโปรแกรม"),
    "TEXT_FOR_NUMBER": Mending("ตัวเลขเป็นข้อความ", "แก้ค่าให้เป็นตัวเลขใน HIS"),
    "TEXT_NULL": Mending('มีข้อความ "null"', "ลบข้อความ null ใน HIS"),
    "PERSON_SUPPRESSED": Mending("เจ้าของข้อมูลขอลบ ระบบไม่เก็บเนื้อหา", "ไม่ต้องแก้ไข"),
    "DUPLICATE_REF": Mending("เลขที่อ้างอิงซ้ำ", "ตรวจ SEQ และ AN ที่ซ้ำกัน"),
    "WARNING": Mending("แพลตฟอร์มมีข้อสังเกต", "ดูข้อความในหน้าเว็บของแพลตฟอร์ม"),
}

UNKNOWN = Mending("แพลตฟอร์มมีข้อสังเกต", "แจ้งผู้ดูแลโปรแกรมพร้อมรหัสนี้")

PLACES = (
    (r"/Patient/identifier.*", "PERSON.CID, HN"),
    (r"/Patient/name.*", "PERSON.PRENAME, NAME, LNAME"),
    (r"/Patient/birthDate", "PERSON.BIRTH"),
    (r"/Patient/gender", "PERSON.SEX"),
    (r"/Patient/nationality.*", "PERSON.NATION"),
    (r"/Patient/maritalStatus.*", "PERSON.MSTATUS"),
    (r"/Patient/telecom.*", "PERSON.MOBILE, TELEPHONE"),
    (r"/Patient/address.*", "ADDRESS"),
    (r"/Patient/deceased.*", "PERSON.DISCHARGE, DDISCHARGE"),
    (r"/AllergyIntolerance.*", "DRUGALLERGY"),
    (r"/Encounter/\d+/period.*", "SERVICE.DATE_SERV, TIME_SERV / ADMISSION.DATETIME_ADMIT"),
    (r"/Encounter/\d+/reason.*", "SERVICE.CHIEFCOMP"),
    (r"/Encounter/\d+/type.*", "SERVICE.TYPEIN"),
    (r"/Encounter/\d+/(?:sub)?class.*", "SERVICE.TYPEIN, DIAGNOSIS_OPD.CLINIC"),
    (r"/Encounter/\d+/division.*", "DIAGNOSIS_OPD.CLINIC"),
    (r"/Encounter/\d+/finance.*", "SERVICE.PRICE, PAYPRICE, ACTUALPAY"),
    (r"/Encounter/\d+/vital_signs.*", "SERVICE.BTEMP, SBP, DBP, PR, RR / CHRONICFU"),
    (r"/Encounter/\d+/screen_.*", "NCDSCREEN.SMOKE, ALCOHOL"),
    (r"/Encounter/\d+/participant.*", "DIAGNOSIS_OPD.PROVIDER / PROVIDER"),
    (r"/Encounter/\d+/Coverage.*", "SERVICE.INSTYPE / CARD"),
    (r"/Encounter/\d+/Condition.*", "DIAGNOSIS_OPD.DIAGCODE / DIAGNOSIS_IPD"),
    (r"/Encounter/\d+/Observation.*", "LABFU / NCDSCREEN"),
    (r"/Encounter/\d+/Medication.*", "DRUG_OPD.DNAME, DID_TMT / DRUG_IPD"),
    (r"/Encounter/\d+/Claim.*", "PROCEDURE_OPD, CHARGE_OPD / _IPD"),
    (r"/Encounter/\d+/Appointment.*", "APPOINTMENT"),
    (r"/Encounter/\d+/Immunization.*", "EPI"),
)


def mending_of(code: str) -> Mending:
    """What to do about a finding."""
    return MENDINGS.get(code, UNKNOWN)


def place_of(path: str) -> str:
    """File and column of the 43 files that a JSON pointer comes from; "" when none is known."""
    return next((place for pattern, place in PLACES if re.fullmatch(pattern, path)), "")
