"""Permission to read, reading, and the owner's controls (wire protocol, sections 5 to 7)."""

from collections.abc import Iterator
from typing import Final

from morprom.doors.sandbox.description.model import CallEntry, Group, Parameter, Schema, Security
from morprom.doors.sandbox.description.rows import result_of
from morprom.doors.sandbox.description.schemas import (
    CID,
    COUNT,
    OTP,
    REF,
    TEXT,
    TRUTH,
    lenient,
    one,
    or_null,
    some,
    told,
)
from morprom.kernel import Words
from morprom.mophphr.view import MODES

WEB_APP: Final = "/api/WebApp"
BY_CODE_OR_SELF: Final = (Security.ACCOUNT, Security.HEALTH_ID)

_ACTIONS: Final = {
    "PatientSummary": Words("สรุปของบุคคล", "The person at a glance"),
    "Address": Words("ที่อยู่", "Addresses"),
    "Telecom": Words("โทรศัพท์และช่องทางติดต่อ", "Telephones and the like"),
    "Coverage": Words("สิทธิการรักษา", "Rights to care"),
    "Encounter": Words("การรับบริการ เก่าก่อน", "Visits, oldest first"),
    "VitalSign": Words("สัญญาณชีพ เก่าก่อน", "Vital signs, oldest first"),
    "Condition": Words("การวินิจฉัย มากก่อน", "Diagnoses, by falling total"),
    "Observation": Words("ผลตรวจ", "Results"),
    "Medication": Words("ยา", "Medicines"),
    "Appointment": Words("นัด", "Appointments"),
    "Immunization": Words("วัคซีน", "Vaccines"),
    "Allergy": Words("การแพ้", "Allergies"),
    "DiagnosticReport": Words("รายงานผล", "Reports"),
    "NCD": Words("โรคเรื้อรังที่ขึ้นทะเบียน", "Registered chronic diseases"),
    "Referral": Words("การส่งต่อ", "Referrals"),
    "SelfObservation": Words("ค่าที่วัดเอง", "Own measurements"),
    "Pregnancy": Words("การตั้งครรภ์", "Pregnancies"),
    "CareGiver": Words("ผู้ดูแล: 1 ใครดูแลคนนี้ 2 คนนี้ดูแลใคร", "Care: 1 who cares for them, 2 for whom they care"),
    "MedicationRequest": Words("ใบสั่งยา (ของเรา)", "E-prescriptions (ours)"),
    "DrugRelatedProblem": Words("ปัญหาจากยา (ของเรา)", "Drug-related problems (ours)"),
    "ProfileImage": Words("รูปของบุคคล", "The person's picture"),
}
_MODE_NAMES: Final = {"detail": "Detail", "encounter": "Encounter"}
_CODE: Final = Parameter("Code", Words("hcode:เลข ไม่ใส่คือทั้งหมด", "hcode:ref; without it, all"), "99999:VN0001")
_OF_OWNER: Final = Parameter("cid", Words("GET ด้วย Health ID: เลขของเจ้าของ token", "GET with Health ID: its owner"))
_WITH_CODE: Final = lenient(one(cid=CID, otp=OTP))


def _reads() -> Iterator[CallEntry]:
    for action, modes in MODES.items():
        words = _ACTIONS.get(action, Words(action, action))
        for mode in modes:
            name = _MODE_NAMES.get(mode, mode)
            fixed = {"Action": action} | ({"mode": name} if name else {})
            yield CallEntry(
                f"WebApp.{action}{name}", ("GET", "POST"), WEB_APP, Group.READING, "6", words, BY_CODE_OR_SELF,
                fixed=fixed, parameters=(_CODE, _OF_OWNER) if mode == "encounter" else (_OF_OWNER,), body=_WITH_CODE,
                result=result_of(action, name), statuses=(404, 422, 429),
            )  # fmt: skip


def _web_app(
    name: str, words: Words, body: Schema, result: Schema, security: tuple[Security, ...], section: str, **more: str
) -> CallEntry:
    """Another action of the call; `more` are members of the query."""
    group = Group.CONTROLS if section == "7" else Group.PERMISSION
    operation = "WebApp." + name + "".join(more.values())
    methods = ("GET", "POST") if more.get("mode") == "LIST" else ("POST",)
    return CallEntry(
        operation, methods, WEB_APP, group, section, words, security, fixed={"Action": name, **more},
        body=lenient(body), result=result, statuses=(404, 422, 429),
    )  # fmt: skip


REQUEST: Final = CallEntry(
    "RequestTokenv1", ("POST",), "/api/RequestTokenv1", Group.PERMISSION, "5",
    Words("ขอรหัสจากเจ้าของข้อมูล", "Ask for the owner's code"), (Security.ACCOUNT,),
    about=Words(
        "รหัสไปถึงเจ้าของ ไม่อยู่ในคำตอบ คำตอบเหมือนกันไม่ว่าเลขนั้นเป็นใคร",
        "The code goes to the owner and is never in the reply, which is the same whoever the person is.",
    ),
    body=lenient(one(cid=CID)), result=one(first_use_seconds=COUNT, life_seconds=COUNT), statuses=(422, 429),
)  # fmt: skip

VALID: Final = one(valid=TRUTH, expire_datetime=or_null(TEXT))

REPORTED: Final = one(encounter_ref_code=REF, organization_code=TEXT, reason_text=TEXT, report_datetime=COUNT)

CALLS: Final = (
    REQUEST,
    _web_app(
        "ValidateOTP", Words("ตรวจรหัส", "Check a code"), one(cid=CID, otp=OTP), VALID, (Security.ACCOUNT,), "5"
    ),
    _web_app(
        "RequestOTP", Words("รหัสจาก Health ID", "A code from a Health ID token"),
        one(idp_jwt=told(TEXT, "JWT ของ Health ID", "a Health ID JWT")), one(otp=TEXT, expire_datetime=TEXT),
        (Security.ACCOUNT,), "5",
    ),
    *_reads(),
    *(
        _web_app(
            "ReportEncounter", words, one(cid=CID, encounter_ref_code=REF, reason_text=TEXT), result,
            (Security.HEALTH_ID,), "7", mode=mode,
        )
        for mode, words, result in (
            ("ADD", Words("แจ้งว่าการรับบริการนี้ผิด", "Report a wrong visit"), told(COUNT, "จำนวนที่แจ้งไว้", "reports")),
            ("LIST", Words("รายการที่แจ้งไว้", "What was reported"), some(REPORTED)),
            ("DELETE", Words("ถอนการแจ้ง", "Take a report back"), told(COUNT, "ที่เหลือ", "what is left")),
        )
    ),
    *(
        CallEntry(
            f"PHRSetting{mode.title()}", ("POST",), "/api/PHRSetting", Group.CONTROLS, "7", words,
            (Security.HEALTH_ID,), fixed={"mode": mode}, body=lenient(one(cid=CID, share_phr=TRUTH)),
            result=one(cid=told(TEXT, "ค่าที่อ่านกลับไม่ได้", "opaque"), share_phr=TRUTH), statuses=(404, 422),
        )
        for mode, words in (
            ("get", Words("เปิดเผยข้อมูลหรือไม่", "Whether the owner shares the record")),
            ("set", Words("เปิดหรือปิดการเปิดเผย", "Share the record, or stop")),
        )
    ),
    *(
        CallEntry(
            f"MaskEncounter{mode.title()}", ("POST",), "/api/MaskEncounter", Group.CONTROLS, "7", words,
            (Security.HEALTH_ID,), fixed={"mode": mode}, body=lenient(one(cid=CID, encounter_ref_code=REF, mask=TRUTH)),
            result={}, statuses=(404, 422),
        )
        for mode, words in (
            ("get", Words("การรับบริการใดถูกซ่อน", "Which visits are hidden")),
            ("set", Words("ซ่อนการรับบริการจากผู้อ่านอื่น", "Hide a visit from every other reader")),
        )
    ),
)  # fmt: skip
