"""What a line of the history says, in people's words."""

from typing import Final

from morprom.audit import Basis, Outcome
from morprom.doors.citizen.shown import PARTS
from morprom.kernel import Words
from morprom.record import Kind

BASES: Final = {
    Basis.UPLOAD: Words("หน่วยบริการส่งข้อมูล", "A unit sent data"),
    Basis.SELF: Words("คุณเอง", "Yourself"),
    Basis.OTP: Words("รหัสที่คุณให้", "A code that you gave"),
    Basis.CARD: Words("บัตรประชาชน", "Your ID card"),
    Basis.HEALTH_ID: Words("Health ID ของคุณ", "Your Health ID"),
    Basis.REFERRAL: Words("การส่งต่อ", "A referral"),
    Basis.CAREGIVER: Words("ผู้ดูแล", "A caregiver"),
    Basis.EMERGENCY: Words("เหตุฉุกเฉิน", "An emergency"),
    Basis.UNIT: Words("หน่วยบริการดูแลข้อมูลของตน", "A unit keeps its own data"),
    Basis.OPERATOR: Words("ผู้ดูแลระบบ", "The operator"),
}
OUTCOMES: Final = {
    Outcome.PERMITTED: Words("เปิดดู", "Read"),
    Outcome.REFUSED: Words("ถูกปฏิเสธ", "Refused"),
    Outcome.WRITTEN: Words("บันทึก", "Written"),
    Outcome.REMOVED: Words("นำออก", "Removed"),
    Outcome.MOVED: Words("ย้าย", "Moved"),
    Outcome.FAILED: Words("ไม่สำเร็จ", "Failed"),
}
ACTIONS: Final = {part.action: part.name for part in PARTS} | {
    "UpdatePHRv1": Words("ส่งข้อมูลการรับบริการ", "Sent visits"),
    "RequestTokenv1": Words("ขอรหัสเปิดดูข้อมูล", "Asked for a code"),
    "PatientSummary": Words("สรุปข้อมูลสุขภาพ", "Summary"),
    "Notices": Words("ข้อความถึงคุณ", "Your notices"),
    "PHRSetting": Words("การเปิดเผยข้อมูล", "Sharing"),
    "MaskEncounter": Words("การปกปิดการรับบริการ", "Hidden visits"),
    "ReportEncounter": Words("แจ้งการรับบริการที่ไม่ถูกต้อง", "Reported visits"),
    "EndGrant": Words("ยกเลิกสิทธิที่ให้ไว้", "Ended a right that you gave"),
    "RequestOTP": Words("ขอรหัสเปิดดูข้อมูล", "Asked for a code"),
    "GetPHROTP": Words("ขอรหัสด้วยบัตรประชาชน", "Asked for a code by ID card"),
    "check_ekyc": Words("ตรวจระดับการพิสูจน์ตัวตน", "Level of proofing"),
    "Proofing": Words("การพิสูจน์ตัวตน", "Proofing"),
    "HealthId": Words("เข้าสู่ระบบด้วย Health ID", "Sign-in with Health ID"),
    "HealthIdConsent": Words("อนุญาตโปรแกรมด้วย Health ID", "A program allowed with Health ID"),
    "HealthIdToken": Words("โปรแกรมเข้าใช้ด้วย Health ID", "A program signed in with Health ID"),
    "HealthIdAccount": Words("ข้อมูลบัญชี Health ID", "Health ID account"),
    "ProviderConsent": Words("อนุญาตโปรแกรมด้วย Provider ID", "A program allowed with Provider ID"),
    "ProviderToken": Words("โปรแกรมเข้าใช้ด้วย Provider ID", "A program signed in with Provider ID"),
    "ProviderProfile": Words("ข้อมูลบัญชี Provider ID", "Provider ID account"),
    "StaffToken": Words("เข้าสู่ระบบของหน่วยบริการ", "Sign-in at a unit"),
    "Explain": Words("ทดสอบส่งข้อมูล", "Tried an upload"),
    "RemoveEncounter": Words("ลบการรับบริการ", "A visit"),
    "MedicationRequest": Words("ใบสั่งยา", "Prescriptions"),
    "DrugRelatedProblem": Words("ปัญหาการใช้ยา", "Drug problems"),
    "SelfObservation": Words("ค่าที่วัดเอง", "Own measurements"),
    "Pregnancy": Words("การตั้งครรภ์", "Pregnancy"),
    "CareGiver": Words("ผู้ดูแล", "Caregivers"),
    "ProfileImage": Words("รูปประจำตัว", "Photo"),
    "PatientChronicRegisterv1": Words("โรคเรื้อรังที่ขึ้นทะเบียน", "Chronic diseases"),
    "PatientChronicRegisterRemove": Words("โรคเรื้อรังที่ขึ้นทะเบียน", "Chronic diseases"),
    "ImmunizationRegisterv1": Words("วัคซีน", "Immunisations"),
    "AllergyIntolerancev1": Words("การแพ้", "Allergies"),
    "ReferralRequest": Words("การส่งต่อ", "Referrals"),
}
"""What was called, as people say it; another name stands as it is."""
PLAIN: Final = frozenset((
    ("RequestTokenv1", Outcome.PERMITTED), ("RequestOTP", Outcome.PERMITTED), ("UpdatePHRv1", Outcome.WRITTEN),
    ("EndGrant", Outcome.REMOVED), ("Proofing", Outcome.PERMITTED),
))  # fmt: skip
"""Calls whose name says what was done; the word for the outcome would repeat it, or mislead."""
CLASSES: Final = {
    Kind.PATIENT: "ข้อมูลบุคคล", Kind.VISIT: "การรับบริการ", Kind.ALLERGY: "การแพ้", Kind.CHRONIC_REGISTER: "โรคเรื้อรัง",
    Kind.IMMUNIZATION: "วัคซีน", Kind.ALLERGY_REPORT: "การแพ้", Kind.REFERRAL: "การส่งต่อ",
    Kind.SELF_OBSERVATION: "ค่าที่วัดเอง", Kind.CONTROLS: "การตั้งค่า", Kind.CAREGIVER: "ผู้ดูแล", Kind.CARED_FOR: "ผู้ที่ดูแล",
    Kind.PRESCRIPTION: "ใบสั่งยา", Kind.DRUG_PROBLEM: "ปัญหาการใช้ยา",
}  # fmt: skip
REASONS: Final = {
    "THROTTLED": Words("ขอหรือลองบ่อยเกินไป", "Asked or tried too often"),
    "NOT_RELEASED": Words("ไม่ได้ส่งรหัสให้ใคร เพราะรหัสนั้นเปิดข้อมูลไม่ได้", "No code went out: it could have opened nothing"),
    "NOT_OFFERED": Words("ทางนี้ยังไม่เปิดใช้", "This way is not open yet"),
    "ACCOUNT_FROZEN": Words("บัญชีถูกระงับอยู่", "The account is frozen"),
    "SHARING_OFF": Words("คุณปิดการเปิดเผยไว้", "You have turned sharing off"),
    "GRANT_ENDED": Words("สิทธิที่ให้ไว้สิ้นสุดแล้ว", "The right that was given is over"),
    "ABOVE_CEILING": Words("ข้อมูลนี้ละเอียดอ่อนเกินกว่าที่ทางนี้เปิดได้", "This way does not open data as sensitive as this"),
    "LEVELS_TOO_LOW": Words("ต้องยืนยันตัวตนให้แน่นหนากว่านี้ก่อน", "A stronger sign-in or proofing was needed"),
    "OTHER_PERSON": Words("ขอข้อมูลของคนอื่น", "Somebody else's record was asked for"),
    "PERSON_UNKNOWN": Words("ไม่รู้จักเลขที่พิมพ์", "The number that was typed is not known"),
    "NO_LIVE_CODE": Words("ไม่มีรหัสที่ยังใช้ได้", "There was no code that still works"),
    "WRONG_CODE": Words("รหัสไม่ถูกต้อง", "The code was wrong"),
    "CODE_TOO_OLD": Words("รหัสหมดอายุแล้ว", "The code was too old"),
    "NO_REFERRAL": Words("ไม่มีใบส่งต่อถึงหน่วยบริการนั้น", "There was no referral to that unit"),
    "VISIT_UNKNOWN": Words("ไม่พบการรับบริการนั้น", "There was no such visit"),
    "SHARED": Words("เปิดการเปิดเผย", "Sharing turned on"),
    "NOT_SHARED": Words("ปิดการเปิดเผย", "Sharing turned off"),
    "MASKED": Words("ปกปิด", "Hidden"),
    "UNMASKED": Words("เลิกปกปิด", "Shown again"),
    "REPORTED": Words("แจ้งว่าไม่ถูกต้อง", "Reported as wrong"),
    "WITHDRAWN": Words("ถอนการแจ้ง", "The report was withdrawn"),
}
"""The codes of `access`; what else was given as a reason is words already."""
