"""`/id/history`: who looked, wrote or was refused. One role fetches the sealed lines, another has the key to them."""

from typing import Final, NamedTuple

from litestar import Response, get

from morprom.access import Refusal, Tier, current_policy
from morprom.access.own import Owner, permit_own
from morprom.audit import Basis, Outcome
from morprom.audit.model import LEGAL_BASIS, Line
from morprom.audit.record import latest_sealed, open_lines
from morprom.doors.citizen.frame import show
from morprom.doors.citizen.record import lacks_ial, step_up
from morprom.doors.citizen.shown import PARTS, Part
from morprom.doors.pages import PageCall, Seat, demand_seat
from morprom.kernel import Words
from morprom.people import get as person_of
from morprom.record import Kind

MOST: Final = 200
SELF: Final = Part("History", "", Words("ใครดูข้อมูลของฉัน", "Who looked at my record"), "", ())
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
    ("EndGrant", Outcome.REMOVED),
))  # fmt: skip
"""Calls whose name says what was done; the word for the outcome would repeat it, or mislead."""
CLASSES: Final = {
    Kind.PATIENT: "ข้อมูลบุคคล", Kind.VISIT: "การรับบริการ", Kind.ALLERGY: "การแพ้", Kind.CHRONIC_REGISTER: "โรคเรื้อรัง",
    Kind.IMMUNIZATION: "วัคซีน", Kind.ALLERGY_REPORT: "การแพ้", Kind.REFERRAL: "การส่งต่อ",
    Kind.SELF_OBSERVATION: "ค่าที่วัดเอง", Kind.CONTROLS: "การตั้งค่า", Kind.CAREGIVER: "ผู้ดูแล", Kind.CARED_FOR: "ผู้ที่ดูแล",
    Kind.PRESCRIPTION: "ใบสั่งยา", Kind.DRUG_PROBLEM: "ปัญหาการใช้ยา",
}  # fmt: skip


class Looked(NamedTuple):
    """One line and how often the same happened right before it."""

    line: Line
    times: int
    classes: str


@get("/id/history")
async def history_page(request: PageCall) -> Response[bytes]:
    """The latest lines, newest first, repeats together. Without `all` those of one's own reading are left out."""
    seat = await demand_seat(request)
    shows_own = request.query_fields().get("all") == "1"
    services = request.services
    lines = await _lines(request, seat)
    if isinstance(lines, Refusal):
        return show(
            request, "refused.html", status=403, seat=seat, back="/id", part=SELF, refusal=lines,
            step_up=step_up(request, seat, lines), lacks_ial=lacks_ial(seat, lines),
        )  # fmt: skip
    return show(
        request, "history.html", seat=seat, back="/id", bases=BASES, outcomes=OUTCOMES, actions=ACTIONS,
        plain=PLAIN,
        looked=grouped([line for line in lines if shows_own or not _is_own_reading(line)]), shows_own=shows_own,
        own=sum(map(_is_own_reading, lines)),
        legal=LEGAL_BASIS, units=await services.directory.organizations(),
    )  # fmt: skip


async def _lines(request: PageCall, seat: Seat) -> list[Line] | Refusal:
    """As notices are, it is T1: it names hospitals. That it was looked at is no line of it; that it was refused is."""
    services, person_id = request.services, seat.session.person_id
    async with services.identity.transaction() as tx:
        sealed = await latest_sealed(tx, person_id, MOST)
    async with services.reader.transaction() as tx:
        person = await person_of(tx, services.ring, person_id)
        if person is None:
            return []
        owner = Owner(person, seat.session.levels(seat.account), seat.account.t4_opens_at)
        answer = await permit_own(
            tx, services.ring, current_policy(), owner=owner, action=SELF.action, tier=Tier.T1, now=services.clock()
        )
    return answer if isinstance(answer, Refusal) else open_lines(sealed, person.data_key)


def grouped(lines: list[Line]) -> list[Looked]:
    """Lines that follow each other and differ in nothing but the time, as one; an hour apart they are two."""
    found: list[Looked] = []
    for line in lines:
        last = found[-1] if found else None
        if last and _same(last.line, line):
            found[-1] = last._replace(times=last.times + 1)
        else:
            found.append(Looked(line, 1, _classes(line)))
    return found


def _is_own_reading(line: Line) -> bool:
    return line.entry.basis is Basis.SELF and line.entry.outcome is Outcome.PERMITTED


def _same(one: Line, other: Line) -> bool:
    return one.entry == other.entry and abs((one.at - other.at).total_seconds()) < 3600


def _classes(line: Line) -> str:
    known = {int(kind): name for kind, name in CLASSES.items()}
    return " ".join(dict.fromkeys(known[number] for number in line.entry.content.classes if number in known))


PAGES: Final = (history_page,)
