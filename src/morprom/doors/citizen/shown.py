"""What the pages of one's own record show: which action, in which mode, and which members of a row, named."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from morprom.doors.pages.moments import day
from morprom.kernel import Words


class Part(NamedTuple):
    """One page. `title` is the member that a row is headed by; `members` are the others, each with its label."""

    action: str
    mode: str
    name: Words
    title: str
    members: Sequence[tuple[str, Words]]


WHERE: Final = ("organization_name", Words("หน่วยบริการ", "Unit"))
TOTAL: Final = ("total", Words("จำนวน", "Number"))
STATE: Final = ("clinical_status_text", Words("สถานะ", "State"))

PARTS: Final = (
    Part("Appointment", "", Words("นัดหมาย", "Appointments"), "start", (
        ("service_type_text", Words("บริการ", "Service")), WHERE, ("description", Words("รายละเอียด", "Details")),
        ("patient_instruction", Words("การเตรียมตัว", "Instructions")), ("note", Words("หมายเหตุ", "Note")),
    )),
    Part("Address", "", Words("ที่อยู่", "Addresses"), "text", (("address_use", Words("ประเภท", "Kind")),)),
    Part("Telecom", "", Words("โทรศัพท์ที่หน่วยบริการมี", "Telephone numbers that units have"), "value", (
        ("telecom_use", Words("ประเภท", "Kind")),
    )),
    Part("Coverage", "Detail", Words("สิทธิการรักษา", "Coverage"), "class_group_name", (
        ("class_subgroup_name", Words("สิทธิย่อย", "Kind")), ("payer", Words("ผู้จ่าย", "Payer")),
        ("period_start", Words("เมื่อ", "When")), ("contract_main_display", Words("หน่วยบริการหลัก", "Main unit")),
    )),
    Part("Immunization", "", Words("วัคซีน", "Immunisations"), "vaccine_text", (
        ("occurrence", Words("เมื่อ", "When")), WHERE, ("lot_number", Words("รุ่นผลิต", "Lot")),
        ("performer_name", Words("ผู้ฉีด", "Given by")),
    )),
    Part("Allergy", "", Words("การแพ้", "Allergies"), "substance_text", (
        ("seriousness_text", Words("ความร้ายแรง", "Seriousness")), STATE,
        ("naranjo_result_text", Words("ความแน่ใจ", "Certainty")), WHERE,
    )),
    Part("Encounter", "", Words("การรับบริการ", "Visits"), "period_start", (
        WHERE, ("subclass_display", Words("แผนก", "Clinic")), ("class_display", Words("ประเภท", "Kind")),
        ("reason_text", Words("อาการที่มา", "Reason")),
    )),
    Part("Condition", "", Words("การวินิจฉัย", "Diagnoses"), "code_display_text", (
        ("code_text", Words("รหัส", "Code")), TOTAL,
    )),
    Part("Observation", "Detail", Words("ผลตรวจ", "Laboratory results"), "display", (
        ("value_quantity+observation_unit", Words("ผล", "Result")), ("value_string", Words("ผล", "Result")),
        ("reference_range_text", Words("ค่าปกติ", "Usual range")), ("issued", Words("เมื่อ", "When")), WHERE,
    )),
    Part("VitalSign", "", Words("สัญญาณชีพ", "Vital signs"), "period_start", (
        ("vital_sign_body_weight_kg", Words("น้ำหนัก (กก.)", "Weight (kg)")),
        ("vital_sign_body_height_cm", Words("ส่วนสูง (ซม.)", "Height (cm)")),
        ("vital_sign_body_temp_cel", Words("อุณหภูมิ (°C)", "Temperature (°C)")),
        ("vital_sign_bp_systolic_mmhg", Words("ความดันตัวบน", "Systolic")),
        ("vital_sign_bp_diastolic_mmhg", Words("ความดันตัวล่าง", "Diastolic")),
    )),
    Part("Medication", "", Words("ยา", "Medicines"), "code_text", (TOTAL,)),
    Part("NCD", "", Words("โรคเรื้อรังที่ขึ้นทะเบียน", "Chronic diseases"), "cd_text", (
        ("register_date", Words("ขึ้นทะเบียน", "Registered")), STATE, ("condition_text", Words("ระยะ", "Stage")), WHERE,
    )),
    Part("Referral", "", Words("การส่งต่อ", "Referrals"), "recipient_organization_name", (
        ("organization_name", Words("ส่งจาก", "From")), ("status", Words("สถานะ", "State")),
        ("type_text", Words("ประเภท", "Kind")),
    )),
    Part("DiagnosticReport", "", Words("รายงานผล", "Reports"), "code_text", (("issued", Words("เมื่อ", "When")), WHERE)),
)  # fmt: skip
"""In order of the tier that each needs; the policy has the tiers."""


CODED: Final = ("seriousness_text", "naranjo_result_text")
VALUES: Final = {
    "active": "ยังเป็นอยู่ (active)",
    "inactive": "ไม่เป็นแล้ว (inactive)",
    "resolved": "หายแล้ว (resolved)",
    "completed": "เสร็จสิ้น (completed)",
    "ambulatory": "ผู้ป่วยนอก (ambulatory)",
    "inpatient encounter": "ผู้ป่วยใน (inpatient)",
    "inpatient": "ผู้ป่วยใน (inpatient)",
    "emergency": "ฉุกเฉิน (emergency)",
    "home": "บ้าน (home)",
    "mobile": "มือถือ (mobile)",
}
"""Words of the standards that records are sent in, as people say them."""


class Shown(NamedTuple):
    """One row, as texts."""

    title: str
    members: Sequence[tuple[Words, str]]


def rows_of(part: Part, rows: Sequence[Mapping[str, Any]]) -> list[Shown]:
    """What of each row is shown. Empty members are left out."""
    return [
        Shown(
            said(row.get(part.title)) or "–",
            [(label, text) for name, label in part.members if (text := _member(row, name))],
        )
        for row in rows
    ]


def _member(row: Mapping[str, Any], name: str) -> str:
    """A member; `value+unit` is two, where there is a value. A bare code of a list that is not public says nothing."""
    first, _, second = name.partition("+")
    text = said(row.get(first))
    if name in CODED and text.isdigit():
        return ""
    return f"{text} {said(row.get(second))}".strip() if text and second else text


def said(value: object) -> str:
    """A member as people read it; instants in the Buddhist Era."""
    if value is None or isinstance(value, bool | list | dict):
        return ""
    text = f"{value:g}" if isinstance(value, float) else str(value).strip()
    return _moment(text) if len(text) >= 10 and text[4:5] == "-" else VALUES.get(text.lower(), text)


def _moment(text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    on = day(at)
    return f"{on.th} {at:%H:%M} น. ({on.en})" if "T" in text and text[11:16] != "00:00" else f"{on.th} ({on.en})"
