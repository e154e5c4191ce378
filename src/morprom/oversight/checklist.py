"""What a vendor's software should have done once before it goes live: one table, and which call does which item."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from morprom.kernel import Words
from morprom.oversight.model import ChecklistItem, Trait, Tried

KEPT: Final = timedelta(hours=24)
"""How long it counts that something was tried."""

MENDED: Final = "error-mended"
_UPDATE = "/api/UpdatePHRv1"
_SUMMARY = "/api/OrganizationSummary"
_WEB_APP = "/api/WebApp"

SIGN_IN = Words("การลงชื่อเข้าใช้", "Signing in")
UPLOADS = Words("การส่งข้อมูลแต่ละแบบ", "Each upload")
SHAPES = Words("รูปแบบของข้อมูล", "Shapes of uploads")
KEEPING = Words("การกระทบยอดและโปรแกรมส่งข้อมูล", "Reconciling, and the agent")
READING = Words("การอ่านข้อมูล", "Reading")
ERRORS = Words("เมื่อเกิดข้อผิดพลาด", "When something is wrong")


def _sign_in(id: str, words: Words, line: str, method: str, **condition: tuple[Trait, ...]) -> ChecklistItem:
    how = Words(
        "ส่ง user, password_hash และ hospital_code แล้วเก็บ token ที่ได้เป็นข้อความ",
        "send user, password_hash and hospital_code, and keep the token, which is bare text",
    )
    return ChecklistItem(
        id=id, group=SIGN_IN, words=words, how=how, line=line, path="/token", method=method, **condition
    )  # fmt: skip


def _upload(id: str, name: str, th: str, en: str, key: str) -> ChecklistItem:
    how = Words(f"ส่งรายการที่มี {key} แล้วอ่าน processing_issue", f"send items with their {key}, and read processing_issue")
    path = f"/api/{name}"
    return ChecklistItem(
        id=id, group=UPLOADS, words=Words(th, en), how=how, line=f"POST {path}", path=path, method="POST", modes=("",)
    )  # fmt: skip


def _shape(id: str, words: Words, how: Words, *traits: Trait, path: str = _UPDATE) -> ChecklistItem:
    return ChecklistItem(
        id=id, group=SHAPES, words=words, how=how, line=f"POST {path}", path=path, method="POST", traits=traits
    )  # fmt: skip


def _read(id: str, words: Words, *actions: str) -> ChecklistItem:
    how = Words(
        f"อ่านด้วย {{cid, otp}} อย่างน้อยหนึ่งใน {', '.join(actions)}", f"read with {{cid, otp}} one of {', '.join(actions)}"
    )
    return ChecklistItem(
        id=id, group=READING, words=words, how=how, line=f"POST {_WEB_APP}?Action={actions[0]}", path=_WEB_APP,
        method="POST", actions=tuple(action.lower() for action in actions),
    )  # fmt: skip


CHECKLIST: Final = (
    _sign_in("sign-in-query", Words("ด้วย GET", "by GET"), "GET /token?Action=get_moph_access_token&user=…", "GET"),
    _sign_in(
        "sign-in-post", Words("ด้วย POST โดยไม่มี body", "by POST with an empty body"),
        "POST /token?Action=get_moph_access_token&user=…", "POST", without=(Trait.BODY,),
    ),
    _sign_in(
        "sign-in-json", Words("ด้วย POST JSON", "by POST with JSON"),
        "POST /token?Action=get_moph_access_token", "POST", traits=(Trait.BODY,),
    ),
    _upload("upload-visits", "UpdatePHRv1", "การรับบริการ", "visits", "Encounter.identifier"),
    _upload("upload-allergies", "AllergyIntolerancev1", "การแพ้", "reported allergies", "identifier / code"),
    _upload("upload-chronic", "PatientChronicRegisterv1", "ทะเบียนโรคเรื้อรัง", "chronic register", "chronic_ref_code"),
    _upload(
        "upload-vaccines", "ImmunizationRegisterv1", "วัคซีนทั้งหมดของบุคคล", "a person's whole vaccine list",
        "encounterRefCode + vaccineCode",
    ),
    _upload("upload-referral", "ReferralRequest", "การส่งต่อ", "a referral", "referralRefCode"),
    _upload("upload-self", "SelfObservation", "การวัดด้วยตนเอง", "a self observation", "observation.reference_id"),
    _upload("upload-caregiver", "CareGiver", "ผู้ดูแล", "a caregiver", "identifier (CID)"),
    _upload("upload-prescription", "MedicationRequest", "ใบสั่งยาอิเล็กทรอนิกส์", "an e-prescription", "identifier"),
    _upload("upload-drug-problem", "DrugRelatedProblem", "ปัญหาจากยา", "a drug-related problem", "drp_ref_code"),
    _upload("upload-counts", "OrgEncounterSummary", "จำนวนที่นับเอง", "the hospital's own counts", "period_start"),
    ChecklistItem(
        id="upload-token", group=UPLOADS, words=Words("ส่งด้วย upload token", "with an upload token"),
        how=Words("ส่งการรับบริการด้วย HCODE:{TOKEN}", "send a visit with HCODE:{TOKEN} as the bearer"),
        line="Authorization: Bearer HCODE:{TOKEN}", path=_UPDATE, method="POST", traits=(Trait.UPLOAD_TOKEN,),
    ),
    _shape(
        "clean", Words("ไม่มีคำเตือนเลย", "without a single warning"),
        Words("แก้ตาม processing_issue จน processing_warning เป็น []", "mend until processing_warning is []"),
        Trait.CLEAN,
    ),
    _shape(
        "changed", Words("แก้การรับบริการเดิม", "the same visit, changed"),
        Words("ส่ง ref เดิมที่เนื้อหาเปลี่ยน result.changed เป็น 1", "the same ref, another content: result.changed is 1"),
        Trait.CHANGED,
    ),
    _shape(
        "same", Words("ส่งซ้ำโดยไม่เปลี่ยน", "sent again unchanged"),
        Words("ส่งข้อมูลเดิมทุกไบต์ result.same ต้องเป็น 1", "send the very same payload; result.same is 1"), Trait.SAME,
    ),
    _shape(
        "several", Words("หลายการรับบริการในครั้งเดียว", "several visits in one upload"),
        Words("ใส่ Encounter ตั้งแต่สองรายการ", "put two or more objects into Encounter"), Trait.SEVERAL_VISITS,
    ),
    _shape(
        "inpatient", Words("ผู้ป่วยใน", "an inpatient stay"),
        Words("class IMP และ identifier type AN", "class IMP and an identifier of type AN"), Trait.INPATIENT,
    ),
    _shape(
        "laboratory", Words("มีผลตรวจ", "with laboratory results"),
        Words("Observation พร้อมรหัส LOINC หรือ TMLT และหน่วย", "Observation with LOINC or TMLT codes and units"),
        Trait.LABORATORY,
    ),
    _shape(
        "medicines", Words("มีรายการยา", "with medicines"),
        Words("Medication พร้อมรหัส TMT, finance และ statement", "Medication with TMT codes, finance and statement"),
        Trait.MEDICINES,
    ),
    _shape(
        "appointment", Words("มีใบนัด", "with an appointment"),
        Words("Appointment พร้อม start และ status booked", "Appointment with start and the status booked"),
        Trait.APPOINTMENT,
    ),
    _shape(
        "allergy-list", Words("มีรายการแพ้ไปกับการรับบริการ", "with the allergy list"),
        Words("AllergyIntolerance ชั้นนอกสุด คู่กับ Encounter", "AllergyIntolerance at the top level, beside Encounter"),
        Trait.ALLERGIES,
    ),
    _shape(
        "whole-history", Words("ทั้งประวัติของบุคคล", "a person's whole history"),
        Words(
            "managingOrganization.scope = ALL รายการที่ไม่ได้ส่งจะถูกลบ",
            "managingOrganization.scope = ALL; visits left out are removed",
        ),
        Trait.WHOLE_HISTORY,
    ),
    _shape(
        "vaccine-list-shorter", Words("รายการวัคซีนที่สั้นลง", "a vaccine list that became shorter"),
        Words("ส่งรายการวัคซีนใหม่โดยตัดออกหนึ่งรายการ", "send the list again without one of its vaccines"),
        Trait.REMOVED, path="/api/ImmunizationRegisterv1",
    ),
    ChecklistItem(
        id="chronic-remove", group=SHAPES, words=Words("ถอนทะเบียนโรคเรื้อรัง", "taking a chronic register back"),
        how=Words("ส่ง array ของ chronic_ref_code", "send an array of chronic_ref_code"),
        line="POST /api/PatientChronicRegisterv1?mode=remove&cd_code=001", path="/api/PatientChronicRegisterv1",
        method="POST", modes=("remove",),
    ),
    _shape(
        "gzip", Words("บีบอัดด้วย gzip", "compressed with gzip"),
        Words("Content-Encoding: gzip", "Content-Encoding: gzip"), Trait.GZIP,
    ),
    ChecklistItem(
        id="remove-visit", group=KEEPING, words=Words("ถอนการรับบริการ", "taking a visit back"),
        how=Words("ผลลัพธ์คือจำนวนที่ลบ", "the result is how many were removed"),
        line="GET /api/RemoveEncounter?encounter_ref_code=H:ref", path="/api/RemoveEncounter",
    ),
    ChecklistItem(
        id="day-refs", group=KEEPING, words=Words("เทียบเลขอ้างอิงรายวัน", "comparing a day's refs"),
        how=Words("ส่งรายการที่ขาดและถอนรายการที่เกิน", "send what is missing, take back what is too much"),
        line=f"GET {_SUMMARY}?data=encounter_ref_code&date=…", path=_SUMMARY, data=("encounter_ref_code",),
    ),
    ChecklistItem(
        id="month-summary", group=KEEPING, words=Words("สรุปรายเดือน", "a month's summary"),
        how=Words("เทียบ percent ของแต่ละวัน", "look at percent of each day"),
        line=f"GET {_SUMMARY}?data=month_summary&month=…", path=_SUMMARY, data=("month_summary",),
    ),
    ChecklistItem(
        id="chronic-refs", group=KEEPING, words=Words("เทียบทะเบียนโรคเรื้อรัง", "comparing the chronic register"),
        how=Words("เทียบ chronic_ref_code ตามรหัสโรค", "compare chronic_ref_code of a cd_code"),
        line=f"GET {_SUMMARY}?data=patient_chronic_registry&cd_code=001", path=_SUMMARY,
        data=("patient_chronic_registry",),
    ),
    ChecklistItem(
        id="agent-status", group=KEEPING, words=Words("แจ้งสถานะโปรแกรมส่ง", "the agent's status"),
        how=Words("แจ้งห่างกันอย่างน้อย 5 วินาที", "at least 5 seconds apart"),
        line="POST /api/UpdateAgentStatus", path="/api/UpdateAgentStatus", modes=("",),
    ),
    ChecklistItem(
        id="agent-error", group=KEEPING, words=Words("แจ้งข้อผิดพลาดของโปรแกรมส่ง", "an error of the agent"),
        how=Words("mode=Error พร้อม agent_status", "mode=Error with agent_status"),
        line="POST /api/UpdateAgentStatus?mode=Error", path="/api/UpdateAgentStatus", modes=("error",),
    ),
    ChecklistItem(
        id="agent-name", group=KEEPING, words=Words("ถามว่าเครื่องใดกำลังส่ง", "asking which computer sends"),
        how=Words("ถามก่อนเริ่มส่ง", "ask before sending starts"),
        line="POST /api/GetAgentComputerName", path="/api/GetAgentComputerName",
    ),
    ChecklistItem(
        id="request-otp", group=READING, words=Words("ขอรหัสจากเจ้าของข้อมูล", "asking for the owner's code"),
        how=Words("รหัสส่งถึงเจ้าของ ไม่อยู่ในคำตอบ", "the code goes to the owner and is never in the reply"),
        line="POST /api/RequestTokenv1", path="/api/RequestTokenv1",
    ),
    _read("validate-otp", Words("ตรวจรหัส", "validating the code"), "ValidateOTP"),
    _read("read-person", Words("ข้อมูลบุคคล", "the person"), "PatientSummary", "Address", "Telecom"),
    _read("read-visits", Words("การรับบริการ", "visits"), "Encounter", "VitalSign"),
    _read(
        "read-diagnoses", Words("การวินิจฉัยและโรคเรื้อรัง", "diagnoses and chronic diseases"),
        "Condition", "NCD", "Pregnancy",
    ),
    _read(
        "read-results", Words("ผลตรวจและรายงาน", "results and reports"),
        "Observation", "DiagnosticReport", "SelfObservation",
    ),
    _read("read-medicines", Words("ยา", "medicines"), "Medication", "MedicationRequest", "DrugRelatedProblem"),
    _read("read-safety", Words("การแพ้และวัคซีน", "allergies and vaccines"), "Allergy", "Immunization"),
    _read(
        "read-plans", Words("นัดหมาย การส่งต่อ ผู้ดูแล", "appointments, referrals, caregivers"),
        "Appointment", "Referral", "CareGiver",
    ),
    _read("read-coverage", Words("สิทธิการรักษา", "coverage"), "Coverage"),
    ChecklistItem(
        id="read-detail", group=READING, words=Words("อ่านแบบละเอียด", "reading details"),
        how=Words("mode=Detail หรือ mode=Encounter&Code=H:ref", "mode=Detail, or mode=Encounter&Code=H:ref"),
        line=f"POST {_WEB_APP}?Action=Observation&mode=Detail", path=_WEB_APP, method="POST",
        modes=("detail", "encounter"),
    ),
    ChecklistItem(
        id="coding-system", group=READING, words=Words("อ่านตารางรหัส", "a code system"),
        how=Words("ส่ง token ไปด้วยจึงนับให้", "counted when your token is sent along"),
        line="GET /api/CodingSystem?System=encounter_type", path="/api/CodingSystem",
    ),
    ChecklistItem(
        id=MENDED, group=ERRORS, words=Words("ถูกปฏิเสธ แล้วแก้จนผ่าน", "refused, then mended"),
        how=Words(
            "ส่งข้อมูลที่ได้ 422 อ่านตำแหน่งที่บอก แก้ แล้วส่งใหม่ให้ได้ 200",
            "earn a 422, read the path it names, mend, send again: 200",
        ),
        line="POST /api/… 422 → 200", path="",
    ),
    ChecklistItem(
        id="explained", group=ERRORS, words=Words("ขอคำอธิบายข้อมูลที่จะส่ง", "an upload explained"),
        how=Words("ดู understood, findings และ changes", "look at understood, findings and changes"),
        line="POST /api/Explain", path="/api/Explain", method="POST",
    ),
)  # fmt: skip
"""Everything that is checked, in the order in which a vendor would get to it."""


def done_by(tried: Tried) -> Iterator[str]:
    """The items that a call does."""
    if tried.status == 200:
        yield from (item.id for item in CHECKLIST if _fits(item, tried))


def refusal_of(path: str) -> str:
    """What is noted of a call that cannot be keyed: no item of the list, only half of one."""
    return f"refused {path}"


def is_upload(path: str) -> bool:
    """Whether a call's refusal counts."""
    return any(item.group is UPLOADS and item.path == path for item in CHECKLIST)


def since(now: datetime) -> datetime:
    """From when on what was tried counts."""
    return now - KEPT


def _fits(item: ChecklistItem, tried: Tried) -> bool:
    return (
        item.path == tried.path
        and item.method in ("", tried.method)
        and tried.traits.issuperset(item.traits)
        and tried.traits.isdisjoint(item.without)
        and _is_one_of(item.actions, tried.words.get("action", ""))
        and _is_one_of(item.modes, tried.words.get("mode", ""))
        and _is_one_of(item.data, tried.words.get("data", ""))
    )


def _is_one_of(wanted: Iterable[str], said: str) -> bool:
    return not wanted or said in wanted
