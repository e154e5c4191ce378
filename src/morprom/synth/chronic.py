"""Regular care of chronic patients: appointments kept and missed, four kinds of clinic, and dialysis."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from morprom.synth.chance import between, happens, pick
from morprom.synth.complaints import advice
from morprom.synth.conditions import CONDITIONS
from morprom.synth.model import Appointment, Person, Prescription, Procedure, Test, Visit, Window
from morprom.synth.prescribing import prescribe_all
from morprom.synth.trends import Trend, ckd_code

KEPT = 0.84
"""Share of appointments that the person keeps on the day."""


class _Care(NamedTuple):
    clinic: str
    conditions: tuple[str, ...]
    intervals: tuple[int, ...]
    asides: tuple[str, ...]


_CARES = (
    _Care("00100", ("dm", "ht", "dlp", "ckd", "ihd", "chf", "af", "stroke", "gout", "thyroid", "thalassemia"),
    (28, 28, 28, 28, 56, 56, 84), (
        "กินยาสม่ำเสมอ", "ลืมกินยามื้อเย็นบางวัน", "ไม่มีอาการผิดปกติ", "ชาปลายเท้าเล็กน้อย", "NPO มาแล้ว", "งดน้ำงดอาหารหลังเที่ยงคืน",
        "ยาเหลือ {n} เม็ด", "วัด BP ที่บ้าน 1{n}{m}/8{m}",
        "ไม่มีวูบ ไม่มีใจสั่น", "น้ำหนักขึ้น {n} กก.", "คุมอาหารได้", "กินผลไม้หวานมากช่วงนี้", "ไม่บวม", "ขาบวมเล็กน้อย", "เวียนศีรษะบางวัน",
        "นอนราบได้", "เหนื่อยเวลาขึ้นบันได {n} ขั้น",
        "ออกกำลังกายสัปดาห์ละ {n} วัน", "ไม่มีแผลที่เท้า", "ตามัวเล็กน้อย", "ปัสสาวะกลางคืน {n} ครั้ง", "DTX เช้านี้ 1{n}{m}",
        "ญาติมารับยาแทน", "ขอเจาะเลือดวันนี้", "ขอยา {n} เดือน", "ปวดเข่าร่วมด้วย")),
    _Care("00100", ("asthma", "copd"), (28, 56, 56, 84), (
        "พ่นยาสม่ำเสมอ", "ไม่มีหอบกลางคืน", "หอบ {n} ครั้งในเดือนนี้", "ใช้ยาพ่นฉุกเฉิน {n} ครั้ง/สัปดาห์", "ไอมีเสมหะขาว",
        "เลิกบุหรี่แล้ว {n} เดือน", "ยังสูบวันละ {n} มวน", "เป่า PEF {n}{m}0", "ไม่เคยมา ER", "เหนื่อยเวลาอากาศเย็น")),
    _Care("00900", ("schizophrenia", "depression"), (28, 28, 56), (
        "รับยาจิตเวชต่อเนื่อง", "นอนหลับ {n} ชม.", "ไม่มีหูแว่ว", "อารมณ์ดีขึ้น", "ยังมีความคิดท้อแท้บางวัน", "ไม่มีความคิดทำร้ายตนเอง",
        "กินยาครบ ญาติดูแล", "ขาดยา {n} วัน", "ทำงานได้", "2Q positive 9Q = {n}")),
    _Care("00100", ("hiv",), (28, 56, 84, 84), (
        "มารับยาต้านตามนัด", "กินยาตรงเวลา", "ไม่มีไข้ ไม่มีท้องเสีย", "ลืมยา {n} มื้อ", "นัดเจาะเลือด", "น้ำหนักคงที่",
        "ไม่มีอาการข้างเคียง")),
    _Care("00100", ("epilepsy",), (56, 84), ("ไม่มีชัก", "ชัก {n} ครั้ง", "กินยาสม่ำเสมอ", "ง่วงหลังกินยา", "ลืมยา {n} วัน")),
)  # fmt: skip
_OPENINGS = (
    "มาตามนัด",
    "มาตามนัด",
    "รับยาต่อเนื่อง",
    "F/U",
    "ติดตามอาการ",
    "นัดเจาะเลือด",
    "มารับยาเดิม",
    "ตรวจตามนัด",
    "case",
    "U/D",
)
_LATE = (
    "ผิดนัด {n} วัน ยาหมด",
    "มาไม่ตรงนัด ติดธุระ",
    "ยาหมดก่อนนัด",
    "ขาดนัด ขาดยา {n} วัน",
    "เลื่อนนัดมา",
    "ไม่ได้มาตามนัด ไปต่างจังหวัด",
)


def working_day(day: date) -> date:
    """`day`, or the Monday after it when it falls on a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day


def morning(rng: Random, day: date) -> datetime:
    """When an outpatient is seen: between 7:30 and 14:30, earlier rather than later."""
    minutes = 450 + int(rng.betavariate(1.6, 3) * 420)
    return datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes, seconds=between(rng, 0, 59))


def care_of(rng: Random, person: Person, window: Window) -> Iterator[Visit]:
    """Every visit of regular care in the window, in the order of each clinic."""
    for care in _CARES:
        present = [key for key in care.conditions if key in person.conditions]
        if present:
            yield from _follow(rng, person, care, present, window)
    if "esrd" in person.conditions:
        yield from _dialysis(rng, person, window)


def _follow(rng: Random, person: Person, care: _Care, present: list[str], window: Window) -> Iterator[Visit]:
    on = working_day(window.start - timedelta(days=between(rng, 0, max(care.intervals))))
    trend = Trend(rng, person, on) if care is _CARES[0] else None
    was_appointed = True
    while on <= window.end:
        interval = pick(rng, care.intervals)
        again = working_day(on + timedelta(days=interval))
        if trend:
            trend.move(on)
        visit = _consultation(rng, person, care, present, on, was_appointed, interval, trend)
        visit.appointment = Appointment(again, "1", visit.diagnoses[0][1])
        if on >= window.start:
            yield visit
        was_appointed = happens(rng, KEPT)
        on = again if was_appointed else working_day(again + timedelta(days=between(rng, 2, 30)))


def _consultation(
    rng: Random, person: Person, care: _Care, present: list[str], on: date, was_appointed: bool, interval: int,
    trend: Trend | None,
) -> Visit:  # fmt: skip
    visit = Visit(
        morning(rng, on), care.clinic, _words(rng, care, present, was_appointed), diagnoses(person, present),
        was_appointed=was_appointed, advice=advice(rng, "chronic"), is_chronic_care=trend is not None,
    )  # fmt: skip
    if trend:
        visit.systolic, visit.diastolic = trend.blood_pressure()
        visit.tests = trend.tests()
        trend.adjust(visit.systolic)
        visit.prescriptions = trend.prescriptions(interval)
        visit.is_telemedicine = not visit.tests and happens(rng, 0.04)
    visit.prescriptions += _steady(person, present, interval, {one.medicine.name for one in visit.prescriptions})
    return visit


def _steady(person: Person, present: list[str], days: int, already: set[str]) -> list[Prescription]:
    keys: list[str] = []
    for key in present:
        medicines = CONDITIONS[key].medicines
        if key == "hiv":
            medicines = (medicines[person.number % 5 == 0],)
        elif key in ("thyroid", "depression", "epilepsy"):
            first = person.number % 2
            medicines = medicines[first : first + 1] + medicines[2:]
        keys += medicines[:3]
    return [one for one in prescribe_all(person, keys, days, person.number) if one.medicine.name not in already]


def diagnoses(person: Person, present: list[str]) -> list[tuple[str, str]]:
    """The conditions with this person's codes: the first principal, the others comorbid."""
    found = [
        ckd_code(person) if key == "ckd" else CONDITIONS[key].codes[person.number % len(CONDITIONS[key].codes)]
        for key in present
    ]
    return [("1" if index == 0 else "2", code) for index, code in enumerate(found)]


def _words(rng: Random, care: _Care, present: list[str], was_appointed: bool) -> str:
    shorts = pick(rng, (" ", ", ", "/", " ")).join(CONDITIONS[key].short for key in present[: between(rng, 1, 4)])
    asides = rng.sample(care.asides, between(rng, 1, 3))
    opening = pick(rng, _OPENINGS) if was_appointed else pick(rng, _LATE)
    return " ".join((opening, shorts, *asides)).format(n=between(rng, 1, 9), m=between(rng, 0, 9))


_DIALYSIS = (
    "มาฟอกเลือดตามนัด", "HD ครั้งที่ {n} ของเดือน", "ฟอกเลือด น้ำหนักเกิน {n}.{m} กก.", "HD บวมเล็กน้อย เหนื่อย",
    "HD dry weight คงเดิม เส้น AVF ดี", "มาฟอกไต เพลียหลังฟอกรอบก่อน", "HD BP สูงก่อนฟอก",
    "HD ไม่มีไข้ เส้นไม่บวมแดง UF {n}.{m} L", "HD ตะคริวรอบก่อน นน.เพิ่ม {n}.{m} กก.",
)  # fmt: skip


def _dialysis(rng: Random, person: Person, window: Window) -> Iterator[Visit]:
    days = (0, 2, 4) if person.number % 2 else (1, 3, 5)
    for offset in range(window.days):
        on = window.start + timedelta(days=offset)
        if on.weekday() not in days or happens(rng, 0.03):
            continue
        is_test_day = on.day <= 7 and on.weekday() == days[0]
        visit = Visit(
            morning(rng, on), "00100", pick(rng, _DIALYSIS).format(n=between(rng, 1, 3), m=between(rng, 0, 9)),
            [("1", "N185"), ("2", "Z491")],
            procedures=[Procedure("3995", 1500)], was_appointed=True, advice=advice(rng, "chronic"),
        )  # fmt: skip
        visit.appointment = Appointment(on + timedelta(days=3 if on.weekday() == days[2] else 2), "3", "N185")
        keys = CONDITIONS["esrd"].medicines if is_test_day else ("erythropoietin",)
        visit.prescriptions = prescribe_all(person, keys, 28 if is_test_day else 1)
        if is_test_day:
            visit.tests = [
                Test("10", round(rng.gauss(68, 14))), Test("11", round(rng.gauss(8.8, 1.9), 2)),
                Test("16", round(rng.gauss(10.1, 0.9), 1)), Test("18", round(rng.gauss(4.9, 0.5), 1)),
                Test("20", round(rng.gauss(5.2, 1.1), 1)),
            ]  # fmt: skip
        yield visit
