"""Children's vaccines and women's pregnancies."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from morprom.synth.chance import between, happens, pick
from morprom.synth.chronic import morning, working_day
from morprom.synth.complaints import advice
from morprom.synth.model import Appointment, Person, Procedure, Stay, Test, Visit, Window
from morprom.synth.prescribing import prescribe_all
from morprom.synth.vaccines import SCHEDULE, Due

YEARLY_PREGNANCIES = 0.085
"""Of women between 16 and 42, a year; about twice the country's, because hospitals see those who are pregnant."""

_ANC_WEEKS = (8, 12, 16, 20, 24, 28, 30, 32, 34, 36, 37, 38, 39, 40)
_ANC_WORDS = (
    "ฝากครรภ์ครั้งแรก ประจำเดือนขาด", "ANC ตามนัด เด็กดิ้นดี", "ANC GA {ga} wk ไม่มีเลือดออก", "ฝากครรภ์ตามนัด ไม่มีท้องแข็ง",
    "ANC คลื่นไส้เล็กน้อย",
    "ANC เด็กดิ้นดี บวมที่เท้าเล็กน้อย", "ANC GA {ga} wk ปวดหลังเล็กน้อย", "มาตามนัดฝากครรภ์ เด็กดิ้น {n}0 ครั้ง/วัน",
    "ANC ท้องแข็งเป็นบางครั้ง", "G{g} GA {ga} wk by LMP มาฝากครรภ์ต่อเนื่อง",
)  # fmt: skip
_CHILD_WORDS = (
    "มารับวัคซีนตามนัด อายุ {age}", "WCC อายุ {age} ไม่มีไข้", "มารดาพามารับวัคซีน อายุ {age} กินนมได้ดี",
    "วัคซีนตามเกณฑ์อายุ {age} พัฒนาการสมวัย", "EPI {age} ไม่มีประวัติแพ้วัคซีน",
    "ย่าพามาฉีดวัคซีน อายุ {age} มีน้ำมูกเล็กน้อย", "ตรวจพัฒนาการและรับวัคซีน {age}",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pregnancy:
    """What the antenatal record keeps. `hiv_result` must never reach a health record by default."""

    gravida: int
    last_period: date
    vdrl_result: str
    hiv_result: str
    haematocrit: int


def well_child(rng: Random, person: Person, window: Window) -> Iterator[tuple[Visit | None, date, tuple[str, ...]]]:
    """Vaccines given in the window: (visit, day, vaccines); the visit is None when they were given elsewhere."""
    for due in SCHEDULE:
        late = int(rng.expovariate(1 / 9))
        on = working_day(person.born + timedelta(days=due.day + late))
        is_given = due.sex in ("", person.sex) and happens(rng, 0.95)
        if not is_given or on not in window:
            continue
        if happens(rng, 0.1):
            yield None, on, due.vaccines
        else:
            yield _vaccination(rng, person, due, on), on, due.vaccines


def _vaccination(rng: Random, person: Person, due: Due, on: date) -> Visit:
    months = (on - person.born).days // 30
    age = f"{months} เดือน" if months < 36 else f"{months // 12} ปี"
    visit = Visit(
        morning(rng, on), "00500", pick(rng, _CHILD_WORDS).format(age=age), [("1", "Z001"), ("4", "Z278")],
        vaccines=list(due.vaccines), was_appointed=due.day > 0, advice="เช็ดตัวลดไข้หากมีไข้หลังฉีดวัคซีน",
    )  # fmt: skip
    following = next((later for later in SCHEDULE if later.day > due.day and later.sex in ("", person.sex)), None)
    if following and due.day < 1400:
        visit.appointment = Appointment(working_day(person.born + timedelta(days=following.day)), "4", "Z278")
    if due.day in range(50, 600):
        visit.prescriptions = prescribe_all(person, ("paracetamol_syrup",), 3)
    return visit


def conceive(rng: Random, person: Person, window: Window) -> date | None:
    """The last period of a pregnancy that touches the window, if this woman has one."""
    if person.sex != "2" or not 16 <= person.age(window.end) <= 42:
        return None
    days = window.days + 280
    if not happens(rng, YEARLY_PREGNANCIES * days / 365):
        return None
    return window.start - timedelta(days=280) + timedelta(days=int(rng.random() * days))


def expect(rng: Random, person: Person, window: Window) -> tuple[list[Visit], Pregnancy]:
    """Antenatal visits, the birth and the visits after it, of a woman with `pregnant_since`."""
    since = person.pregnant_since or window.start
    gravida = between(rng, 1, 3)
    pregnancy = Pregnancy(gravida, since, pick(rng, "1111111112"), pick(rng, "1" * 60 + "2"), between(rng, 31, 40))
    birth_day = since + timedelta(days=min(294, max(245, int(rng.gauss(275, 9)))))
    visits: list[Visit] = []
    for count, week in enumerate(_ANC_WEEKS, 1):
        on = working_day(since + timedelta(days=week * 7 + between(rng, -2, 3)))
        if on < birth_day and on in window and happens(rng, 0.93):
            visits.append(_antenatal(rng, person, on, count, (on - since).days // 7, gravida))
    if birth_day in window:
        visits.append(_birth(rng, person, birth_day))
    for days in (7, 42):
        on = working_day(birth_day + timedelta(days=days))
        if on in window:
            words = pick(rng, ("ตรวจหลังคลอด แผลฝีเย็บดี", "หลังคลอด น้ำนมไหลดี", "ตรวจหลังคลอด ไม่มีไข้ น้ำคาวปลาปกติ"))
            visits.append(Visit(morning(rng, on), "00300", words, [("1", "Z392")], was_appointed=True))
    return visits, pregnancy


def _antenatal(rng: Random, person: Person, on: date, count: int, week: int, gravida: int) -> Visit:
    words = pick(rng, _ANC_WORDS[1:] if count > 1 else _ANC_WORDS[:1]).format(ga=week, n=between(rng, 1, 4), g=gravida)
    visit = Visit(
        morning(rng, on), "00300", words, [("1", "Z340" if gravida == 1 else "Z348")], was_appointed=count > 1,
        antenatal=(count, week, gravida), advice=advice(rng, "pregnancy"),
    )  # fmt: skip
    gap = 14 if week >= 30 else 28
    visit.appointment = Appointment(working_day(on + timedelta(days=gap)), "5", "Z340")
    visit.prescriptions = prescribe_all(person, ("triferdine", "calcium", "folic")[: 1 + (week >= 12)], gap)
    visit.procedures = [Procedure("8878", 400)] if count in (1, 4) else []
    visit.tests = [Test("16", round(rng.gauss(11.6, 0.9), 1))] if week <= 9 or week in (32, 33) else []
    visit.vaccines = ["201"] if count == 2 and gravida == 1 else []
    return visit


def _birth(rng: Random, person: Person, on: date) -> Visit:
    at = datetime.combine(on, datetime.min.time()) + timedelta(minutes=between(rng, 0, 1430))
    is_section = happens(rng, 0.33)
    words = pick(rng, ("เจ็บครรภ์คลอด", "น้ำเดิน", "เจ็บครรภ์ถี่ {n} นาทีครั้ง", "มูกเลือดออกทางช่องคลอด เจ็บครรภ์")).format(
        n=between(rng, 3, 9)
    )
    visit = Visit(at, "00300", words, [("1", "O829" if is_section else "O800"), ("4", "Z370")], is_emergency=True)
    leave = at.replace(hour=11, minute=between(rng, 0, 59)) + timedelta(days=4 if is_section else 3)
    ward = prescribe_all(person, ("oxytocin", "nss") + (("ceftriaxone", "tramadol_inj") if is_section else ()), 2)
    home = prescribe_all(person, ("triferdine", "paracetamol", "ferrous"), 28)
    done = [Procedure("741", 9000)] if is_section else [Procedure("7359", 4000), Procedure("736", 600)]
    visit.stay = Stay(leave, "10300", list(visit.diagnoses), ward, home, done, status="4")
    return visit
