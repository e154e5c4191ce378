"""What a hospital asks about itself (wire protocol, section 8)."""

from typing import Final

from morprom.doors.sandbox.description.model import CallEntry, Group, Parameter, Schema, Security
from morprom.doors.sandbox.description.schemas import CID, COUNT, HCODE, REF, TEXT, lenient, one, or_null, some, told
from morprom.kernel import Words

_ACCOUNT: Final = (Security.ACCOUNT,)
_HOSPITAL: Final = Parameter("hospital_code", Words("รหัสหน่วยบริการของ token", "the token's hospital"), "99999")
_DAY: Final = Parameter("date", Words("วันที่ ปี-เดือน-วัน", "the day"), "2026-04-01", required=True)
_MONTH: Final = Parameter("month", Words("เดือน ปี-เดือน", "the month"), "2026-04", required=True)
_DISEASE: Final = Parameter("cd_code", Words("รหัสโรค ไม่ใส่คือทุกโรค", "the disease; without it, all"), "001")
_MONTH_ROW: Final = one(
    date=TEXT, encounter_count=COUNT, opd_count=COUNT, ipd_count=COUNT, his_opd_count=or_null(COUNT),
    his_ipd_count=or_null(COUNT), percent=or_null({"type": "number"}),
)  # fmt: skip
_DISPUTED: Final = one(
    encounter_ref_code=REF, is_masked={"type": "boolean"}, is_reported={"type": "boolean"}, reason_text=TEXT,
    mask_datetime=or_null(COUNT), report_datetime=or_null(COUNT),
)  # fmt: skip
REFS: Final = some(REF)


def _summary(operation: str, data: str, words: Words, result: Schema, *parameters: Parameter) -> CallEntry:
    return CallEntry(
        operation, ("GET",), "/api/OrganizationSummary", Group.UNITS, "8", words, _ACCOUNT, fixed={"data": data},
        parameters=(_HOSPITAL, *parameters), result=result,
    )  # fmt: skip


def _agent(operation: str, words: Words, body: Schema, **mode: str) -> CallEntry:
    return CallEntry(
        operation, ("POST",), "/api/UpdateAgentStatus", Group.UNITS, "8", words, _ACCOUNT, fixed=mode,
        body=lenient(body), result={"type": "boolean"}, statuses=(409, 429),
    )  # fmt: skip


CALLS: Final = (
    _summary(
        "OrganizationSummaryRefs", "encounter_ref_code", Words("เลขการรับบริการของวันหนึ่ง", "A day's visits"), REFS, _DAY
    ),
    _summary(
        "OrganizationSummaryMonth", "month_summary", Words("จำนวนรายวันของเดือน", "A month's counts by day"),
        some(_MONTH_ROW), _MONTH,
    ),
    _summary(
        "OrganizationSummaryChronic", "patient_chronic_registry", Words("ทะเบียนโรคเรื้อรัง", "Entries of the register"),
        some(TEXT), _DISEASE,
    ),
    _summary(
        "OrganizationSummaryDisputed", "disputed",
        Words("การรับบริการที่เจ้าของซ่อนหรือแจ้งว่าผิด (ของเรา)", "Visits that owners hide or report (ours)"),
        some(_DISPUTED),
    ),
    CallEntry(
        "RemoveEncounter", ("GET", "POST", "DELETE"), "/api/RemoveEncounter", Group.UNITS, "8",
        Words("ถอนการรับบริการ", "Take a visit back"), _ACCOUNT,
        about=Words(
            "เก็บไว้ 90 วันให้คืนได้ การลบจำนวนมากในชั่วโมงเดียวจะรอการยืนยัน",
            "Kept for 90 days to be restored. Many removals within an hour wait to be confirmed.",
        ),
        parameters=(
            _HOSPITAL, Parameter("encounter_ref_code", Words("hcode:เลข", "hcode:ref"), "99999:VN0001", required=True),
        ),
        body=lenient(one(hospital_code=HCODE, encounter_ref_code=REF)),
        result=told(COUNT, "ถอนกี่ครั้ง", "how many were removed"),
    ),
    _agent(
        "UpdateAgentStatus", Words("โปรแกรมส่งกำลังทำอะไร", "What the agent does"),
        one(hospital_code=HCODE, agent_status=TEXT, agent_computer_name=TEXT, most_client_version=TEXT,
            agent_version=TEXT),
    ),
    _agent(
        "UpdateAgentStatusError", Words("โปรแกรมส่งผิดพลาดอย่างไร", "What went wrong with the agent"),
        one(hospital_code=HCODE, agent_status=TEXT), mode="Error",
    ),
    CallEntry(
        "GetAgentComputerName", ("POST",), "/api/GetAgentComputerName", Group.UNITS, "8",
        Words("เครื่องใดกำลังส่ง", "Which computer sends now"), _ACCOUNT, body=lenient(one(hospital_code=HCODE)),
        result=TEXT,
    ),
    CallEntry(
        "CheckEkyc", ("POST",), "/idp/api/check_ekyc", Group.UNITS, "8",
        Words("พิสูจน์ตัวตนไว้ที่นี่กี่ครั้ง", "How often somebody was proofed here"), _ACCOUNT,
        about=Words(
            "นับเฉพาะการพิสูจน์ตัวตนที่จุดบริการซึ่งเจ้าตัวนำใบไปเปิดใช้แล้ว 0 คือยังไม่เคย ต้องมีสิทธิ MOPH_IDP_API "
            "และบันทึกไว้ในประวัติของบุคคลทุกครั้ง",
            "Proofings at a counter whose slip was redeemed; 0: never. Takes the permission MOPH_IDP_API, and is a "
            "line of the person's history each time.",
        ),
        body=lenient(one(cid=CID)), result=told(COUNT, "จำนวนครั้ง", "how many"), statuses=(429,),
    ),
)  # fmt: skip
