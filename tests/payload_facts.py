"""Invented people and visits, as facts: what `payloads` then writes in each vendor's shape.

A person follows from the citizen number alone, so that one person's visits agree; a visit follows from the generator.
"""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from morprom_wire.cid import check_digit
from morprom_wire.labs import LABS, Lab

GIVEN = (
    "สมชาย", "ประเสริฐ", "มานะ", "ปิติ", "วีระ", "บุญมี", "ทองดี", "ธนพล", "ณัฐวุฒิ", "อนุชา",
    "สมหญิง", "วิไล", "มานี", "ชูใจ", "สุดา", "อรทัย", "จันทร์เพ็ญ", "กัญญา", "ศิริพร", "พิมพ์ใจ",
)  # fmt: skip
FAMILY = (
    "ใจดี", "รักไทย", "ทองคำ", "ศรีสุข", "แสงจันทร์", "บุญมาก", "วงศ์ใหญ่", "พรหมมา", "สีดา", "แก้วมณี",
    "ชัยชนะ", "มั่นคง", "สุขสวัสดิ์", "คงกระพัน", "นามวงศ์", "โพธิ์ศรี", "ดวงดี", "ภูเขียว", "ไชยสาร", "หอมหวล",
)  # fmt: skip
STAFF = ("นพ.เอกชัย สุขใจ", "พญ.วรรณา เพียรดี", "นพ.ธีระ กล้าหาญ", "พญ.อัญชลี งามตา", "พว.นงลักษณ์ ศรีเมือง")
VILLAGES = ("บ้านหนองบัว", "บ้านโนนสูง", "บ้านคำแก้ว", "บ้านป่าไผ่", "บ้านท่าเรือ", "บ้านดอนยาง", "บ้านห้วยทราย")
TAMBONS = ("โนนทอง", "หนองแวง", "บ้านค้อ", "สาวะถี", "ท่าพระ", "ศิลา", "พระลับ", "บึงเนียม")
DIAGNOSES = (
    ("E119", "Type 2 diabetes mellitus without complications", "เบาหวานชนิดที่ 2"),
    ("E1122", "Type 2 diabetes mellitus with diabetic chronic kidney disease", "เบาหวานลงไต"),
    ("I10", "Essential (primary) hypertension", "ความดันโลหิตสูง"),
    ("E785", "Hyperlipidaemia, unspecified", "ไขมันในเลือดสูง"),
    ("J00", "Acute nasopharyngitis [common cold]", "ไข้หวัด"),
    ("J209", "Acute bronchitis, unspecified", "หลอดลมอักเสบเฉียบพลัน"),
    ("A09", "Gastroenteritis and colitis of unspecified origin", "อุจจาระร่วงเฉียบพลัน"),
    ("M545", "Low back pain", "ปวดหลังส่วนล่าง"),
    ("M170", "Primary gonarthrosis, bilateral", "ข้อเข่าเสื่อม"),
    ("K30", "Functional dyspepsia", "อาหารไม่ย่อย"),
    ("N183", "Chronic kidney disease, stage 3", "โรคไตเรื้อรังระยะที่ 3"),
    ("J459", "Asthma, unspecified", "หอบหืด"),
    ("L309", "Dermatitis, unspecified", "ผื่นผิวหนังอักเสบ"),
    ("S610", "Open wound of finger(s) without damage to nail", "แผลเปิดที่นิ้วมือ"),
    ("U071", "COVID-19, virus identified", "โควิด-19"),
    ("R51", "Headache", "ปวดศีรษะ"),
)
MEDICINES = (
    ("METFORMIN 500 mg tab", "เม็ด", 0.5),
    ("AMLODIPINE 5 mg tab", "เม็ด", 0.75),
    ("SIMVASTATIN 20 mg tab", "เม็ด", 1.0),
    ("LOSARTAN 50 mg tab", "เม็ด", 1.5),
    ("ENALAPRIL 5 mg tab", "เม็ด", 0.5),
    ("GLIPIZIDE 5 mg tab", "เม็ด", 0.5),
    ("PARACETAMOL 500 mg tab", "เม็ด", 0.5),
    ("AMOXICILLIN 500 mg cap", "แคปซูล", 2.0),
    ("OMEPRAZOLE 20 mg cap", "แคปซูล", 1.25),
    ("CETIRIZINE 10 mg tab", "เม็ด", 1.0),
    ("SALBUTAMOL MDI 100 mcg/dose", "หลอด", 95.0),
    ("ORS adult powder", "ซอง", 3.0),
    ("DICLOFENAC 25 mg tab", "เม็ด", 0.5),
    ("FOLIC ACID 5 mg tab", "เม็ด", 0.25),
)
TIMINGS = ("เช้า", "เช้า เย็น", "เช้า กลางวัน เย็น", "ก่อนนอน", "เวลามีอาการ ห่างกันอย่างน้อย 4 ชั่วโมง")
COMPLAINTS = (
    "ตรวจตามนัด รับยาต่อเนื่อง", "ไข้ ไอ มีเสมหะ", "ปวดหลังร้าวลงขา", "เวียนศีรษะ บ้านหมุน", "ถ่ายเหลว",
    "ปวดเข่า เดินลำบาก", "แน่นท้อง จุกเสียด", "ผื่นคันตามตัว",
)  # fmt: skip
HISTORIES = (
    "รับประทานยาสม่ำเสมอ ไม่มีอาการใจสั่น เหงื่อออก ตัวเย็น",
    "ซื้อยากินเองแล้วไม่ดีขึ้น ไม่มีหายใจเหนื่อย กินได้ นอนหลับ",
    "ปวดตื้อๆ เป็นมากเวลาก้มหรือยกของหนัก ไม่ชา ไม่อ่อนแรง",
    "ไม่มีไข้ ไม่อาเจียน ปัสสาวะปกติ ไม่เคยเป็นมาก่อน",
    "ลืมกินยาบางมื้อ คุมอาหารได้พอสมควร ออกกำลังกายสัปดาห์ละ 2 ครั้ง",
)
ADVICE = ("พักผ่อนให้เพียงพอ ดื่มน้ำมากๆ", "งดอาหารหวาน มัน เค็ม", "มีอาการผิดปกติให้มาก่อนนัด", "เจาะเลือดงดน้ำงดอาหาร 8 ชั่วโมง")
RIGHTS = (
    ("UCS", "สิทธิหลักประกันสุขภาพถ้วนหน้า", "89", "บัตรประกันสุขภาพ ช่วงอายุ 12-59 ปี"),
    ("OFC", "สิทธิข้าราชการ", "O1", "ข้าราชการ จ่ายตรง"),
    ("SSS", "สิทธิประกันสังคม", "S1", "ผู้ประกันตน"),
    ("LGO", "สิทธิพนักงานส่วนท้องถิ่น", "L1", "พนักงานส่วนท้องถิ่น"),
)
RANGES = {
    "fbs": (70.0, 250.0),
    "hba1c": (5.0, 13.0),
    "tg": (60.0, 400.0),
    "cholesterol": (110.0, 320.0),
    "hdl": (25.0, 85.0),
    "ldl": (50.0, 220.0),
    "creatinine": (0.5, 4.0),
    "egfr": (15.0, 120.0),
    "bun": (6.0, 50.0),
    "potassium": (3.0, 6.0),
}
"""Lab columns and between what values their results are drawn."""


class Person(NamedTuple):
    cid: str
    hn: str
    given: str
    family: str
    is_male: bool
    born_on: date
    is_married: bool
    house: str
    tambon: str
    phone: str


class Result(NamedTuple):
    lab: Lab
    value: float
    low: float
    high: float
    issued: datetime


class Dispensed(NamedTuple):
    name: str
    unit: str
    price: float
    quantity: int
    dose: str
    code: str


class Visit(NamedTuple):
    start: datetime
    end: datetime
    weight: float
    height: float
    temperature: float
    systolic: int
    diastolic: int
    pulse: int
    breaths: int
    results: list[Result]
    diagnoses: list[tuple[str, str, str]]
    dispensed: list[Dispensed]
    right: tuple[str, str, str, str]
    complaint: str
    history: str
    advice: str
    doctor: str
    licence: str
    appointment: datetime

    @property
    def charged(self) -> float:
        """Baht for everything."""
        return round(50 + sum(line.quantity * line.price for line in self.dispensed) + 60 * len(self.results), 2)


def invented_cid(serial: int) -> str:
    """The `serial`-th citizen number of district 9900, which does not exist. Below ten million."""
    first_twelve = f"19900{serial:07d}"
    return first_twelve + str(check_digit(first_twelve))


def person_of(cid: str) -> Person:
    """The invented person with this number: the same each time."""
    rng = Random(cid)
    is_male = rng.random() < 0.45
    return Person(
        cid=cid,
        hn=f"{rng.randrange(10**6):09d}",
        given=rng.choice(GIVEN[:10] if is_male else GIVEN[10:]),
        family=rng.choice(FAMILY),
        is_male=is_male,
        born_on=date(1935, 1, 1) + timedelta(days=rng.randrange(31_000)),
        is_married=rng.random() < 0.6,
        house=f"{rng.randrange(1, 400)}/{rng.randrange(1, 9)} หมู่ {rng.randrange(1, 16)} {rng.choice(VILLAGES)}",
        tambon=rng.choice(TAMBONS),
        phone=f"08{rng.randrange(10**8):08d}",
    )


def visit_of(rng: Random, on: date, labs: int = 5, diagnoses: int = 3, medicines: int = 3) -> Visit:
    """An outpatient visit on that day."""
    start = datetime.combine(on, time(rng.randrange(7, 20), rng.randrange(60), rng.randrange(60)))
    weight, height = round(rng.uniform(42, 98), 1), round(rng.uniform(145, 182))
    return Visit(
        start=start,
        end=start + timedelta(minutes=rng.randrange(25, 260), seconds=rng.randrange(60)),
        weight=weight,
        height=height,
        temperature=round(rng.uniform(36.1, 38.9), 1),
        systolic=rng.randrange(98, 182),
        diastolic=rng.randrange(56, 104),
        pulse=rng.randrange(58, 118),
        breaths=rng.randrange(16, 26),
        results=[_result(rng, column, start) for column in rng.sample(sorted(RANGES), labs)],
        diagnoses=rng.sample(DIAGNOSES, diagnoses),
        dispensed=[_dispensed(rng, *line) for line in rng.sample(MEDICINES, medicines)],
        right=rng.choice(RIGHTS),
        complaint=f"{rng.choice(COMPLAINTS)} {rng.randrange(1, 15)} วัน",
        history=f"{rng.randrange(1, 9)} วันก่อนมา {rng.choice(HISTORIES)} {rng.choice(HISTORIES)}",
        advice=f"{rng.choice(ADVICE)} {rng.choice(ADVICE)}",
        doctor=rng.choice(STAFF),
        licence=f"ว.{rng.randrange(20_000, 70_000)}",
        appointment=start.replace(minute=0, second=0) + timedelta(days=7 * rng.randrange(1, 13)),
    )


def _result(rng: Random, column: str, start: datetime) -> Result:
    low, high = RANGES[column]
    lab = next(lab for lab in LABS if lab.column == column)
    minutes = rng.randrange(30, 120)
    return Result(
        lab, round(rng.uniform(low, high), rng.choice((0, 1, 2))), low, high, start + timedelta(minutes=minutes)
    )


def _dispensed(rng: Random, name: str, unit: str, price: float) -> Dispensed:
    dose = f"ครั้งละ {rng.choice((1, 2, 0.5))} {unit} วันละ {rng.randrange(1, 4)} ครั้ง หลังอาหาร {rng.choice(TIMINGS)}"
    return Dispensed(name, unit, price, rng.randrange(1, 12) * 10, dose, f"{rng.randrange(10**5, 10**6)}")
