# ruff: noqa: E501 (the stories read best one scene a line)
"""The cast: eight invented people whose stories the demo tells. They live in the demo hospital whatever the seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from morprom.synth import names
from morprom.synth.chronic import working_day
from morprom.synth.households import invented_cid
from morprom.synth.model import Home, Person, Procedure, Stay, Test, Visit, Window
from morprom.synth.prescribing import prescribe_all


class Scene(NamedTuple):
    """A visit that the story needs, so many days before the end. `stay`: nights in the ward, 0 for none."""

    days_before_end: int
    clinic: str
    complaint: str
    diagnoses: tuple[str, ...]
    medicines: str = ""
    tests: tuple[tuple[str, float], ...] = ()
    procedures: tuple[tuple[str, int], ...] = ()
    stay: int = 0
    refer_to: str = ""
    pressure: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Character:
    """One of the cast. `turns` is the age reached in the year of the export."""

    cid: str
    given: str
    surname: str
    english: tuple[str, str]
    sex: str
    turns: int
    birthday: tuple[int, int]
    story_th: str
    story_en: str
    instype: str = "0100"
    conditions: tuple[tuple[str, int], ...] = ()
    allergies: tuple[str, ...] = ()
    size: tuple[float, int] = (60.0, 160)
    months_pregnant: int = 0
    scenes: tuple[Scene, ...] = ()

    def born(self, today: date) -> date:
        """Who turns so old in the year of `today` was born then; nobody is born after it."""
        return min(date(today.year - self.turns, *self.birthday), today)


CAST = (
    Character(
        invented_cid(1), "สมศรี", "แก้วธาราไพศาล", ("Somsri", "Kaewtharaphaisan"), "2", 72, (4, 13),
        "คุณยายสมศรี เบาหวาน ความดัน ไขมัน ไตเสื่อมระยะ 3 เคยเส้นเลือดสมองตีบ แพ้ยาซัลฟา มาตามนัดทุกเดือน",
        "Grandmother Somsri: diabetes, hypertension, fats, kidneys at stage 3, a stroke behind her, allergic to sulfa; comes every month.",
        conditions=(("ht", 14), ("dm", 12), ("dlp", 11), ("ckd", 4), ("stroke", 3)), allergies=("sulfa",), size=(61.5, 152),
        scenes=(
            Scene(9, "00100", "มาตามนัด DM HT DLP CKD old CVA ชาปลายเท้าสองข้าง งดน้ำงดอาหารมาแล้ว ลูกสาวพามา", ("E112", "I10", "E785", "N183", "I693"),
                  "glipizide insulin_nph amlodipine losartan atorvastatin aspirin sodium_bicarbonate",
                  (("01", 148), ("05", 7.8), ("10", 24), ("11", 1.32), ("15", 40.3), ("06", 168), ("07", 182), ("08", 47), ("09", 101), ("12", 64.2), ("16", 11.4), ("18", 4.6)),
                  pressure=(146, 78)),
            Scene(20, "01300", "กายภาพบำบัด ฝึกเดินหลังเส้นเลือดสมองตีบ แขนขวาแรงดีขึ้น", ("I693",), "", (), (("9339", 150),)),
        ),
    ),
    Character(
        invented_cid(2), "ข้าวหอม", "ศรีตะวันเจริญ", ("Khaohom", "Sitawancharoen"), "2", 1, (2, 9),
        "น้องข้าวหอม วัยหัดเดิน รับวัคซีนตามเกณฑ์ เป็นหวัดบ่อยหน้าฝน", "Little Khaohom, a toddler: vaccines on schedule, a cold now and then.",
        scenes=(Scene(6, "00500", "มารดาพามา ไข้ ไอ มีน้ำมูก 2 วัน กินนมได้ ไม่หอบ", ("J069",), "paracetamol_syrup cpm_syrup"),),
    ),
    Character(
        invented_cid(3), "กมลวรรณ", "ศรีตะวันเจริญ", ("Kamolwan", "Sitawancharoen"), "2", 28, (11, 2),
        "คุณแม่กมลวรรณ ตั้งครรภ์ที่สอง มารดาของน้องข้าวหอม ฝากครรภ์ตามนัด", "Kamolwan, Khaohom's mother, expects her second child and keeps her antenatal appointments.",
        instype="4200", size=(57.0, 158), months_pregnant=5,
        scenes=(Scene(11, "00300", "ฝากครรภ์ตามนัด เด็กดิ้นดี ไม่มีเลือดออก บวมเท้าเล็กน้อย", ("Z348",), "triferdine calcium", (("16", 11.2),), (("8878", 400),), pressure=(112, 68)),),
    ),
    Character(
        invented_cid(4), "ธนากร", "ทองสมุทรมงคล", ("Thanakorn", "Thongsamutmongkhon"), "1", 41, (7, 21),
        "คุณธนากร เบาหวาน และรับยาต้านไวรัส (บันทึกละเอียดอ่อนที่ต้องปกปิด)", "Thanakorn: diabetes, and a clinic visit that others must not see (HIV).",
        conditions=(("dm", 3), ("hiv", 6)), size=(68.0, 171),
        scenes=(
            Scene(12, "00100", "มารับยาต้านตามนัด กินยาตรงเวลา ไม่มีไข้", ("B24",), "tld", (("11", 0.98), ("15", 94.6))),
            Scene(5, "00100", "มาตามนัด DM คุมอาหารได้ NPO มาแล้ว", ("E119",), "metformin glipizide", (("01", 132), ("05", 7.1), ("11", 0.98), ("15", 94.6), ("09", 118)), pressure=(128, 80)),
        ),
    ),
    Character(
        invented_cid(5), "บุญเรือง", "เพชรนาวาดี", ("Boonrueang", "Phetnawadi"), "1", 58, (1, 30),
        "ลุงบุญเรือง ชาวประมง เสียขาซ้ายใต้เข่า ปวดขาที่ไม่มีแล้ว ทำแผลตอขาและฝึกขาเทียม", "Uncle Boonrueang, a fisherman who lost his left leg below the knee: phantom pain, dressings, learning his prosthesis.",
        conditions=(("ht", 5),), allergies=("penicillin",), size=(66.0, 165),
        scenes=(
            Scene(23, "00200", "แผลตอขาซ้ายถลอกจากขาเทียม ขนาด 3x2 ซม. ซึมเล็กน้อย", ("T879", "Z895"), "clindamycin paracetamol", (), (("9357", 120),)),
            Scene(21, "00200", "มาทำแผลตอขา เนื้อแดงดี ไม่มีหนอง", ("T879", "Z895"), "", (), (("9357", 120),)),
            Scene(14, "01300", "ฝึกเดินด้วยขาเทียม ปวดขาข้างที่ไม่มีตอนกลางคืน score 6", ("Z895", "G546"), "gabapentin amitriptyline", (), (("9339", 150),)),
            Scene(7, "01300", "ฝึกเดินด้วยขาเทียมครั้งที่ 2 เดินได้ 40 เมตร ปวดลดลง", ("Z895", "G546"), "", (), (("9339", 150),)),
        ),
    ),
    Character(
        invented_cid(6), "ทองดี", "คงพนาสวัสดิ์", ("Thongdi", "Khongphanasawat"), "1", 76, (9, 5),
        "ปู่ทองดี ถุงลมโป่งพอง เพิ่งนอนโรงพยาบาลเพราะหอบกำเริบ", "Grandfather Thongdi: COPD, just home from a stay for an exacerbation.",
        instype="1100", conditions=(("copd", 8), ("ht", 10)), size=(52.0, 161),
        scenes=(Scene(16, "01200", "หอบเหนื่อยมาก พ่นยาเองไม่ดีขึ้น ไอเสมหะเหลือง 2 วันก่อนมา", ("J441", "I10"), "prednisolone azithromycin salbutamol", (("10", 19), ("11", 1.02), ("18", 3.9)), (("9390", 200),), 4, pressure=(158, 84)),),
    ),
    Character(
        invented_cid(7), "ปาริชาติ", "ดวงมาลางาม", ("Parichat", "Duangmalangam"), "2", 34, (12, 18),
        "คุณปาริชาติ ซึมเศร้า (ละเอียดอ่อน) ไมเกรน แพ้เพนิซิลลิน", "Parichat: depression (sensitive), migraine, allergic to penicillin.",
        instype="4200", conditions=(("depression", 2),), allergies=("penicillin",), size=(50.0, 156),
        scenes=(
            Scene(13, "00900", "รับยาจิตเวชต่อเนื่อง นอนหลับดีขึ้น 9Q = 6", ("F329",), "sertraline lorazepam"),
            Scene(4, "00100", "ปวดศีรษะข้างเดียวตุบ ๆ คลื่นไส้ เห็นแสงวูบวาบ 1 วัน", ("G439",), "ibuprofen amitriptyline", pressure=(110, 70)),
        ),
    ),
    Character(
        invented_cid(8), "เอกชัย", "รุ่งสิงขรชัย", ("Ekkachai", "Rungsingkhonchai"), "1", 22, (6, 14),
        "น้องเอกชัย มอเตอร์ไซค์ล้ม กระดูกแขนหัก ส่งต่อโรงพยาบาลจังหวัด", "Ekkachai fell with his motorcycle, broke his forearm and was referred to the province's hospital.",
        size=(63.0, 174),
        scenes=(Scene(17, "01200", "รถจักรยานยนต์ล้มเอง แขนขวาผิดรูป ปวดมาก 40 นาทีก่อนมา ไม่สลบ สวมหมวก", ("S525", "V284"), "tramadol paracetamol", (), (("9354", 500),), refer_to="99010", pressure=(132, 82)),),
    ),
)  # fmt: skip
_BY_CID = {character.cid: character for character in CAST}
_MOTHERS = {invented_cid(2): invented_cid(3)}


def embody(character: Character, today: date) -> Person:
    """The character as a person of the population, first on the hospital's list."""
    number = CAST.index(character)
    born = character.born(today)
    home_number = {invented_cid(2): 3}.get(character.cid, number + 1)
    home = Home(
        f"99{home_number:09d}", f"{home_number * 11}/{home_number}", home_number, 1, f"0100000{home_number:03d}"
    )
    person = Person(
        number, character.cid, f"{100_001 + number:07d}", character.sex, born, character.given, character.surname, home,
        instype=character.instype, allergies=character.allergies, english=character.english, mother=_MOTHERS.get(character.cid, ""),
        weight=character.size[0], height=character.size[1], frailty=0.0,
    )  # fmt: skip
    age = person.age(today)
    person.prename = names.prename(person.sex, age, is_married=age > 25)
    person.marital = "2" if age > 25 else "1"
    person.conditions = {key: born.replace(day=1, year=today.year - years) for key, years in character.conditions}
    if character.months_pregnant:
        month = today.year * 12 + today.month - 1 - character.months_pregnant
        person.pregnant_since = date(month // 12, month % 12 + 1, 1)
    return person


def scripted_visits(rng: Random, person: Person, window: Window) -> Iterator[Visit]:
    """The scenes of a character that fall into the window; nothing for everybody else."""
    character = _BY_CID.get(person.cid)
    for scene in character.scenes if character else ():
        on = window.end - timedelta(days=scene.days_before_end)
        if scene.clinic != "01200":
            on = working_day(on)
        if on in window and on >= person.born:
            yield _play(rng, person, scene, on)


def _play(rng: Random, person: Person, scene: Scene, on: date) -> Visit:
    at = datetime.combine(on, time(9)) + timedelta(minutes=int(rng.random() * 150))
    visit = Visit(
        at, scene.clinic, scene.complaint, [("1" if index == 0 else "5" if code[0] == "V" else "2", code) for index, code in enumerate(scene.diagnoses)],
        prescribe_all(person, scene.medicines.split(), 28 if scene.tests or not scene.procedures else 7), [Test(*one) for one in scene.tests],
        [Procedure(*one) for one in scene.procedures], is_emergency=scene.clinic == "01200", refer_to=scene.refer_to, was_appointed=scene.clinic != "01200",
        systolic=scene.pressure[0], diastolic=scene.pressure[1], is_chronic_care="I10" in scene.diagnoses[:2] and not scene.stay,
    )  # fmt: skip
    if scene.stay:
        until = datetime.combine(on + timedelta(days=scene.stay), time(11, 20))
        ward = prescribe_all(person, ("ceftriaxone", "salbutamol_neb", "dexamethasone", "nss"), scene.stay)
        visit.stay = Stay(until, "10100", list(visit.diagnoses), ward, visit.prescriptions, [Procedure("9390", 600)])
        visit.prescriptions = []
    return visit
