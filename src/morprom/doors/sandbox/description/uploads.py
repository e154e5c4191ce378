"""The uploads (wire protocol, section 3)."""

from typing import Final

from morprom.doors.sandbox.description.model import CallEntry, Group, Parameter, Schema, Security
from morprom.doors.sandbox.description.payloads import ISSUER, payload
from morprom.doors.sandbox.description.schemas import COUNT, NOTES, TEXT, lenient, one, ref, some, told
from morprom.kernel import Words

_LENIENT: Final = Words(
    "สิ่งที่ขาดหรือแปลกเป็นคำเตือน ไม่ใช่การปฏิเสธ ที่ปฏิเสธคือ: ไม่ใช่ JSON object (400) ไม่มีรหัสหน่วยบริการ เลขประชาชน หรือเลขอ้างอิง (422) "
    "หน่วยบริการไม่ตรงกับ token (403) ใหญ่เกินกำหนด (413)",
    "What is missing or odd is a warning, never a rejection. Refused are only: no JSON object (400), no hospital code, "
    "citizen number or key (422), a hospital that is not the token's (403), a body over the limit (413).",
)


def _upload(name: str, words: Words, body: Schema, about: Words, *, security: tuple[Security, ...]) -> CallEntry:
    told_by = Words(f"{about.th} {_LENIENT.th}", f"{about.en} {_LENIENT.en}")
    return CallEntry(
        name, ("POST",), f"/api/{name}", Group.UPLOADS, "3", words, security, about=told_by, body=lenient(body),
        result=ref("Receipt"), beside=NOTES, statuses=(422,), upload=name,
    )  # fmt: skip


def _items(name: str, array: str, th: str, en: str, about_th: str, about_en: str) -> CallEntry:
    body = payload(array, ref(array), "รายการ", "the items")
    return _upload(name, Words(th, en), body, Words(about_th, about_en), security=(Security.ACCOUNT,))


VISITS: Final = _upload(
    "UpdatePHRv1",
    Words("ส่งการรับบริการ", "Visits of a person"),
    {
        **payload("Encounter", ref("Encounter"), "การรับบริการ", "the visits"),
        "properties": {
            **payload("Encounter", ref("Encounter"), "การรับบริการ", "the visits")["properties"],
            "AllergyIntolerance": some(ref("AllergyIntolerance")),
            "CarePlan": some({"type": "object"}),
        },
    },
    Words(
        "ส่งเลขเดิมอีกครั้งคือแทนที่ ส่งเนื้อหาเดิมไม่มีการบันทึกใหม่",
        "The same visit again replaces it; the same content again writes nothing.",
    ),
    security=(Security.ACCOUNT, Security.UPLOAD_TOKEN),
)

SELF: Final = _upload(
    "SelfObservation",
    Words("ค่าที่วัดเองที่บ้านหรือตู้", "A measurement at home or at a kiosk"),
    {
        "anyOf": [
            one(managingOrganization=ISSUER, SelfObservation=ref("SelfObservation")),
            ref("SelfObservation"),
        ]
    },
    Words("หนึ่งค่า ไม่ใช่ array คีย์คือ observation.reference_id", "One object, no array; its key is reference_id."),
    security=(Security.ACCOUNT,),
)

COUNTS: Final = CallEntry(
    "OrgEncounterSummary", ("POST",), "/api/OrgEncounterSummary", Group.UPLOADS, "3",
    Words("จำนวนที่โรงพยาบาลนับเองรายวัน", "The hospital's own counts of its days"), (Security.ACCOUNT,),
    about=Words("ครั้งละไม่เกิน 31 วัน ส่งวันเดิมคือแทนที่", "At most 31 days at a time; the same day again replaces it."),
    body=lenient(
        one(managingOrganization=ISSUER, EncounterSummary=some(ref("EncounterSummary")))
    ),
    result=told(COUNT, "กี่วัน", "how many days"), beside=NOTES, statuses=(422,), upload="OrgEncounterSummary",
)  # fmt: skip

REMOVE: Final = CallEntry(
    "PatientChronicRegisterRemove", ("POST",), "/api/PatientChronicRegisterv1", Group.UPLOADS, "3",
    Words("ถอนรายการทะเบียนโรคเรื้อรัง", "Take entries of the register back"), (Security.ACCOUNT,),
    about=Words(
        "array ว่างหมายถึงทั้งหมดของรหัสโรคนั้น และจะทำตามนั้น",
        "An empty array means all of that disease, and is honoured.",
    ),
    fixed={"mode": "remove"},
    parameters=(Parameter("cd_code", Words("รหัสโรค เช่น 001", "the disease, such as 001"), "001", required=True),),
    body=lenient(some(TEXT)), result=told(COUNT, "ถอนกี่รายการ", "how many were removed"), statuses=(422,),
)  # fmt: skip

CALLS: Final = (
    VISITS,
    _items(
        "AllergyIntolerancev1", "AllergyIntolerance", "การแพ้ที่รายงาน", "Reported allergies",
        "คีย์คือ identifier หรือรหัสสาร", "The key is the identifier, else the code.",
    ),
    _items(
        "PatientChronicRegisterv1", "ChronicDiseaseRegister", "ทะเบียนโรคเรื้อรัง", "The register of chronic diseases",
        "คีย์คือ chronic_ref_code", "The key is chronic_ref_code.",
    ),
    REMOVE,
    _items(
        "ImmunizationRegisterv1", "Immunization", "วัคซีนทั้งหมดของคนหนึ่ง", "All vaccines of a person",
        "รายการเต็ม ที่ไม่อยู่ในนี้จะถูกลบ", "The whole list: what is missing from it is removed.",
    ),
    _items(
        "ReferralRequest", "ReferralRequest", "การส่งต่อ", "Referrals",
        "โรงพยาบาลปลายทางอ่านได้", "The recipient hospital can read them.",
    ),
    SELF,
    _items(
        "CareGiver", "CareGiver", "ผู้ดูแล", "Who cares for the person", "เจ้าหน้าที่ตรวจแล้ว", "Checked by staff.",
    ),
    _items(
        "MedicationRequest", "MedicationRequest", "ใบสั่งยาอิเล็กทรอนิกส์", "E-prescriptions",
        "providerToken ที่ไม่มีหรือใช้ไม่ได้ จะได้คำเตือนและ verified เป็น false",
        "A providerToken that is absent or does not hold gives a warning and verified: false.",
    ),
    COUNTS,
    _items(
        "DrugRelatedProblem", "DrugRelatedProblem", "ปัญหาจากยา", "Drug-related problems",
        "สิ่งที่เภสัชกรพบ คีย์คือ drp_ref_code", "A pharmacist's finding; the key is drp_ref_code.",
    ),
)  # fmt: skip
