"""Everything an upload can be told: one row a code, with severity, words and how to mend it, in Thai and English.

`{key}` stands for the last step of the path. Errors are the only reasons to refuse an upload (wire protocol,
section 3); what a warning or an information names is stored as sent. Rows are added, never renamed: vendors and the
agent's report rely on the codes.
"""

from collections.abc import Mapping
from typing import NamedTuple

from morprom.mophphr.model import Severity


class Explanation(NamedTuple):
    """What a code means (`th`, `en`) and what the sender does about it (`mend_th`, `mend_en`)."""

    severity: Severity
    th: str
    en: str
    mend_th: str
    mend_en: str


CATALOGUE: Mapping[str, Explanation] = {
    # The body cannot be read at all (400).
    "NOT_UTF8": Explanation(
        "error",
        "ข้อมูลไม่ได้เข้ารหัสแบบ UTF-8 (อาจเป็น TIS-620 หรือ cp874)",
        "the body is not UTF-8 (perhaps it is TIS-620 or cp874)",
        "แปลงข้อความเป็น UTF-8 ก่อนส่ง เช่น iconv หรือ SET NAMES utf8mb4 ในโปรแกรมที่อ่านฐานข้อมูล",
        "convert the text to UTF-8 before sending, for example with SET NAMES utf8mb4 where the database is read",
    ),
    "NOT_JSON": Explanation(
        "error",
        "ข้อมูลไม่ใช่ JSON ที่ถูกต้อง",
        "the body is not well-formed JSON",
        "สร้าง JSON ด้วยไลบรารีมาตรฐาน ไม่ต่อข้อความเอง และส่งให้ครบทั้งก้อน",
        "build the JSON with a library instead of joining text, and send all of it",
    ),
    "NOT_AN_OBJECT": Explanation(
        "error",
        "ข้อมูลชั้นนอกสุดต้องเป็น JSON object",
        "the body is not a JSON object",
        "ห่อข้อมูลเป็น {managingOrganization, Patient, Encounter}",
        "wrap the payload as {managingOrganization, Patient, Encounter}",
    ),
    # The body cannot be keyed, or is beyond the limits (422, 413).
    "TOO_DEEP": Explanation(
        "error",
        "JSON ซ้อนกันลึกเกินกำหนด",
        "the JSON is nested too deeply",
        "ตรวจโปรแกรมที่สร้าง JSON มักเกิดจากการอ้างถึงตัวเองวนซ้ำ",
        "look for a structure that contains itself in the program that builds the JSON",
    ),
    "TOO_MANY_KEYS": Explanation(
        "error",
        "ชั้นนอกสุดมีคีย์มากเกินกำหนด",
        "there are too many keys at the top level",
        "ส่งเฉพาะคีย์ตามข้อกำหนด",
        "send the keys of the specification",
    ),
    "TOO_MANY_ENCOUNTERS": Explanation(
        "error",
        "จำนวน Encounter ในครั้งเดียวเกินกำหนด",
        "there are more encounters in one upload than the limit",
        "แบ่งส่งเป็นหลายครั้ง",
        "send them in several uploads",
    ),
    "TOO_MANY_DAYS": Explanation(
        "error",
        "จำนวนวันใน EncounterSummary เกิน 31 วัน",
        "there are more than 31 days in EncounterSummary",
        "แบ่งส่งครั้งละไม่เกิน 31 วัน",
        "send at most 31 days at a time",
    ),
    "HCODE_MISSING": Explanation(
        "error",
        "ไม่พบรหัสสถานพยาบาล (hcode) ที่ใช้ได้",
        "there is no usable hospital code (hcode)",
        "ใส่รหัส 5 หลักเป็นข้อความใน managingOrganization.identifier.value",
        "put the 5-digit code as text into managingOrganization.identifier.value",
    ),
    "CID_MISSING": Explanation(
        "error",
        "ไม่พบเลขประจำตัวประชาชน",
        "there is no citizen number",
        'ใส่เลข 13 หลักใน Patient.identifier ที่มี type "CID"',
        'put the 13 digits into a Patient.identifier of type "CID"',
    ),
    "CID_INVALID": Explanation(
        "error",
        "เลขประจำตัวประชาชนไม่ครบ 13 หลัก หรือหลักตรวจสอบไม่ถูกต้อง",
        "the citizen number is not 13 digits or its check digit is wrong",
        "แก้เลขประจำตัวประชาชนในทะเบียนผู้ป่วยของโรงพยาบาล",
        "correct the number in the hospital's patient register",
    ),
    "TEST_PERSON_REFUSED": Explanation(
        "error",
        "ระบบนี้ไม่รับบุคคลทดสอบ 0000000000001",
        "the test person 0000000000001 is not accepted here",
        "ใช้บุคคลทดสอบกับระบบทดสอบเท่านั้น",
        "use the test person on a test system only",
    ),
    "ENCOUNTER_NOT_OBJECT": Explanation(
        "error",
        "รายการใน Encounter ไม่ใช่ object",
        "an item of Encounter is not an object",
        "ส่งข้อมูลการรับบริการแต่ละครั้งเป็น object",
        "send each visit as an object",
    ),
    "REF_MISSING": Explanation(
        "error",
        "Encounter ไม่มีเลขที่อ้างอิง (VN หรือ AN)",
        "the encounter has no reference (VN or AN)",
        'ใส่ Encounter.identifier ที่มี type "VN" หรือ "AN"',
        'give Encounter.identifier an entry of type "VN" or "AN"',
    ),
    "PERIOD_START_MISSING": Explanation(
        "error",
        "Encounter ไม่มีวันเวลาเริ่มต้น (period.start) ที่อ่านได้",
        "the encounter has no readable period.start",
        "ส่ง period.start เป็น yyyy-mm-ddThh:mm:ss เวลาประเทศไทย",
        "send period.start as yyyy-mm-ddThh:mm:ss, Thai local time",
    ),
    "DAY_MISSING": Explanation(
        "error",
        "รายการใน EncounterSummary ไม่มี period_start ที่อ่านได้",
        "an item of EncounterSummary has no readable period_start",
        "ส่ง period_start เป็น yyyy-mm-dd",
        "send period_start as yyyy-mm-dd",
    ),
    # Something is not there.
    "MISSING_KEY": Explanation(
        "warning",
        "ไม่มี {key}",
        "{key} is missing",
        "ส่งคีย์นี้มาด้วย ถ้าไม่มีข้อมูลให้ส่ง [] หรือข้อความว่าง",
        'send the key; when there is nothing to say send [] or ""',
    ),
    # Something has another JSON type than it should.
    "WRONG_TYPE": Explanation(
        "warning",
        "{key} มีชนิดข้อมูลที่อ่านไม่ได้ เก็บไว้ตามที่ส่ง",
        "{key} has a type that cannot be read; it is kept as sent",
        "ส่งชนิดข้อมูลตามข้อกำหนด",
        "send the type that the specification names",
    ),
    "LIST_FOR_OBJECT": Explanation(
        "warning",
        "{key} ส่งมาเป็น array แทน object",
        "{key} is an array where an object belongs",
        "ส่งเป็น object เดียว ไม่ต้องมี [ ]",
        "send one object, without [ ]",
    ),
    "OBJECT_FOR_LIST": Explanation(
        "warning",
        "{key} ส่งมาเป็น object แทน array",
        "{key} is an object where an array belongs",
        "ใส่ object ไว้ใน [ ] แม้มีรายการเดียว",
        "put the object into [ ], also when there is only one",
    ),
    "TEXT_FOR_LIST": Explanation(
        "warning",
        "{key} ส่งมาเป็นข้อความแทน array",
        "{key} is text where an array belongs",
        "ใส่ข้อความไว้ใน [ ]",
        "put the text into [ ]",
    ),
    "TEXT_FOR_OBJECT": Explanation(
        "warning",
        "{key} ส่งมาเป็นข้อความแทน object",
        "{key} is text where an object belongs",
        'ส่งเป็น object เช่น {"text": "…"}',
        'send an object such as {"text": "…"}',
    ),
    "TEXT_FOR_NUMBER": Explanation(
        "warning",
        "{key} ส่งตัวเลขมาเป็นข้อความ",
        "{key} is a number written as text",
        "ส่งเป็นตัวเลขโดยไม่มีเครื่องหมายคำพูด",
        "send the number without quotation marks",
    ),
    "NUMBER_FOR_TEXT": Explanation(
        "warning",
        "{key} ส่งมาเป็นตัวเลขแทนข้อความ",
        "{key} is a number where text belongs",
        "ใส่เครื่องหมายคำพูด เพื่อไม่ให้เลขศูนย์นำหน้าหาย",
        "put it into quotation marks, so that leading zeros stay",
    ),
    "TEXT_NULL": Explanation(
        "warning",
        '{key} เป็นข้อความ "null"',
        '{key} is the text "null"',
        "ส่งค่า null หรือข้อความว่าง",
        "send null or an empty text",
    ),
    # Keys.
    "BYTE_ORDER_MARK": Explanation(
        "information",
        "ข้อมูลขึ้นต้นด้วย BOM",
        "the body starts with a byte order mark",
        "เข้ารหัส UTF-8 แบบไม่มี BOM",
        "encode as UTF-8 without BOM",
    ),
    "DUPLICATE_KEY": Explanation(
        "warning",
        "{key} ถูกส่งมาซ้ำในชั้นนอกสุด",
        "{key} is sent more than once at the top level",
        "ส่งแต่ละคีย์ครั้งเดียว",
        "send each key once",
    ),
    "KEY_SPELLING": Explanation(
        "warning",
        "ชื่อคีย์ {key} สะกดต่างจากข้อกำหนด",
        "the key {key} is spelt otherwise than in the specification",
        "สะกดชื่อคีย์ให้ตรง ตัวพิมพ์ใหญ่เล็กมีผล เช่น Encounter, Observation, Appointment",
        "spell it exactly, capitals too: Encounter, Observation, Appointment",
    ),
    "DUPLICATE_REF": Explanation(
        "warning",
        "Encounter นี้ซ้ำกับรายการหลังในข้อมูลเดียวกัน ใช้รายการหลัง",
        "a later encounter of this upload has the same reference; the later one is used",
        "ส่ง Encounter ละหนึ่งรายการ ตรวจการ JOIN ที่ทำให้แถวซ้ำ",
        "send each visit once; look for a JOIN that doubles rows",
    ),
    # Who and where.
    "HCODE_SYSTEM": Explanation(
        "information",
        "ระบบรหัสของ hcode ต่างจากข้อกำหนด",
        "the hospital code is under another system than specified",
        "ใช้ system https://bps.moph.go.th/hcode/5",
        "use the system https://bps.moph.go.th/hcode/5",
    ),
    "CID_SYSTEM": Explanation(
        "information",
        "เลขประจำตัวประชาชนมี system หรือ type ต่างจากข้อกำหนด",
        "the citizen number is under another system or type than specified",
        'ใช้ system https://www.dopa.go.th และ type "CID"',
        'use the system https://www.dopa.go.th and the type "CID"',
    ),
    "CID_MADE_UP": Explanation(
        "warning",
        "เลขประจำตัวนี้โรงพยาบาลออกเอง ใช้ได้เฉพาะในโรงพยาบาล เจ้าของเปิดดูไม่ได้",
        "the hospital made this number up: it holds at this hospital only, and no owner can see the record",
        "บันทึกเลขประจำตัวประชาชนจริงเมื่อได้บัตร แล้วส่งใหม่",
        "record the real citizen number once the card is seen, and send again",
    ),
    "NAME_UNDEFINED": Explanation(
        "warning",
        "{key} มีคำว่า undefined",
        "{key} contains the word undefined",
        "แก้โปรแกรมที่ต่อชื่อจากตัวแปรว่าง",
        "mend the program that joins the name from an empty variable",
    ),
    "GENDER_CODE": Explanation(
        "warning",
        "{key} ไม่ใช่รหัสเพศตามข้อกำหนด",
        "{key} is not a gender code of the specification",
        "ส่ง male, female, other หรือ unknown",
        "send male, female, other or unknown",
    ),
    "NATIONALITY_CODE": Explanation(
        "warning",
        "รหัสสัญชาติไม่ใช่เลข 3 หลัก",
        "the nationality code is not of 3 digits",
        "ส่งรหัส 3 หลัก เช่น 099",
        "send 3 digits, for example 099",
    ),
    "MARITAL_STATUS_CODE": Explanation(
        "warning",
        "รหัสสถานภาพสมรสเป็นรหัส 43 แฟ้ม",
        "the marital status is a code of the 43 files",
        "ส่งรหัส HL7: S M W D L UNK",
        "send an HL7 code: S M W D L UNK",
    ),
    # Times.
    "FALSE_ZONE": Explanation(
        "information",
        "{key} ลงท้ายด้วย Z ระบบอ่านเป็นเวลาประเทศไทย",
        "{key} ends in Z; it is read as Thai local time",
        "ตัด Z ออก หรือส่ง +07:00",
        "leave the Z away or send +07:00",
    ),
    "BUDDHIST_YEAR": Explanation(
        "warning",
        "{key} เป็นปีพุทธศักราช ระบบแปลงเป็นคริสต์ศักราช",
        "{key} has a year of the Buddhist Era; it is converted",
        "ส่งปีเป็นคริสต์ศักราช",
        "send Gregorian years",
    ),
    "ZERO_DATE": Explanation(
        "warning",
        "{key} เป็นวันที่ศูนย์ ถือว่าไม่มีค่า",
        "{key} is a zero date; it is taken as absent",
        "ส่ง null เมื่อไม่มีวันที่",
        "send null when there is no date",
    ),
    "DATE_UNREADABLE": Explanation(
        "warning",
        "{key} อ่านเป็นวันที่ไม่ได้",
        "{key} cannot be read as a date",
        "ส่งเป็น yyyy-mm-dd หรือ yyyy-mm-ddThh:mm:ss",
        "send yyyy-mm-dd or yyyy-mm-ddThh:mm:ss",
    ),
    "DATE_WITH_TIME": Explanation(
        "information",
        "{key} มีเวลาต่อท้าย ใช้เฉพาะวันที่",
        "{key} has a time behind it; only the day is used",
        "ส่งเฉพาะ yyyy-mm-dd",
        "send yyyy-mm-dd alone",
    ),
    # The visit.
    "REF_UNTYPED": Explanation(
        "warning",
        "identifier ของ Encounter ไม่มี type",
        "the identifier of the encounter has no type",
        'ใส่ type "VN" หรือ "AN"',
        'add the type "VN" or "AN"',
    ),
    "REF_SYSTEM": Explanation(
        "warning",
        "identifier ของ Encounter ใช้ system ที่ไม่ใช่ของ VN หรือ AN",
        "the identifier of the encounter is under a system that is neither VN's nor AN's",
        "ใช้ system https://bps.moph.go.th/vn หรือ /an",
        "use the system https://bps.moph.go.th/vn or /an",
    ),
    "CLASS_UNKNOWN": Explanation(
        "warning",
        "ไม่มีหรือไม่รู้จักรหัส class ถือเป็นผู้ป่วยนอก เว้นแต่มี AN",
        "the class is absent or unknown; the visit counts as outpatient unless it has an AN",
        "ส่ง AMB, IMP, EMER หรือ VR",
        "send AMB, IMP, EMER or VR",
    ),
    "PRIORITY_CODE": Explanation(
        "warning",
        "รหัสความเร่งด่วนเป็นตัวเลขของ HIS",
        "the priority is a number of the hospital's software",
        "ส่งรหัส HL7 v3-ActPriority เช่น R, UR, EM",
        "send an HL7 v3-ActPriority code such as R, UR, EM",
    ),
    "SCREEN_SYSTEM": Explanation(
        "information",
        "screen_drinking ใช้ system ของการสูบบุหรี่",
        "screen_drinking is under the system of smoking",
        "ใช้ system ของการดื่มสุรา",
        "use the system of drinking",
    ),
    "COVERAGE_SHORT": Explanation(
        "warning",
        "Coverage เป็นแบบย่อ (class_group)",
        "the coverage is in the short form (class_group)",
        "ส่งแบบ FHIR: Coverage.class[{type, value, name}]",
        "send the FHIR form: Coverage.class[{type, value, name}]",
    ),
    "VITAL_SIGNS_FLAT": Explanation(
        "warning",
        "vital_signs เป็นแบบค่าเดี่ยว",
        "vital_signs is in the flat form",
        'ส่งแบบ {"body_weight": {"status", "valueQuantity": {"value", "unit"}}}',
        'send {"body_weight": {"status", "valueQuantity": {"value", "unit"}}}',
    ),
    "VITAL_SIGNS_REPEATED": Explanation(
        "warning",
        'vital_signs ซ้อนตัวเองอยู่ในคีย์ "0"',
        'vital_signs repeats itself under the key "0"',
        "แก้โปรแกรม PHP ที่ใส่ array ลงในตัวเอง",
        "mend the PHP program that puts the array into itself",
    ),
    "MEDICATION_FLAT": Explanation(
        "warning",
        "status ของยาอยู่นอก statement",
        "the medication's status stands outside of statement",
        "ย้าย status และ category ไปไว้ใน statement",
        "move status and category into statement",
    ),
    "MORE_FINDINGS": Explanation(
        "warning",
        "มีข้อสังเกตมากกว่าที่แสดงในคำตอบ",
        "there is more to remark than one reply lists",
        "แก้รายการที่แสดงแล้วส่งใหม่ หรือส่งครั้งละน้อยลง",
        "mend what is listed and send again, or send fewer visits at a time",
    ),
    # What a whole history (scope ALL) did to the visits that it leaves out.
    "REMOVAL_HELD": Explanation(
        "warning",
        "มีการรับบริการจำนวนมากที่ไม่อยู่ในข้อมูลชุดนี้ คำขอลบรอการยืนยันจากหน่วยบริการ",
        "unusually many visits are missing from this whole history; their removal is held until the unit confirms it",
        "ตรวจว่าข้อมูลครบทั้งประวัติ แล้วยืนยันคำขอลบ หรือส่งใหม่ให้ครบ",
        "see whether the history is complete, then confirm the removal, or send all of it again",
    ),
    "REMOVAL_NEEDS_ACCOUNT": Explanation(
        "warning",
        "upload token ลบข้อมูลไม่ได้ การรับบริการที่ไม่อยู่ในข้อมูลชุดนี้ยังคงอยู่",
        "an upload token cannot remove; visits that are missing from this whole history were kept",
        "ใช้ token ของ Account Center เมื่อส่งแบบ scope ALL",
        "use an Account Center token to send with scope ALL",
    ),
    "VISITS_REMOVED": Explanation(
        "information",
        "การรับบริการที่ไม่อยู่ในข้อมูลชุดนี้ถูกลบแล้ว คืนได้ภายใน 90 วัน",
        "visits that are missing from this whole history were removed; they can be restored for 90 days",
        "หากลบผิด ขอคืนได้จากรายการลบ",
        "if that was a mistake, restore them from the list of removals",
    ),
}
