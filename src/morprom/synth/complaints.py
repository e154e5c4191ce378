"""Chief complaints as a screening nurse types them: order, abbreviations and asides vary."""

from random import Random
from typing import NamedTuple

from morprom.synth.chance import between, happens, pick, some

_PARTS = (
    "แขน", "ขา", "เข่า", "ข้อเท้า", "ข้อมือ", "มือ", "นิ้วชี้", "นิ้วหัวแม่มือ", "นิ้วกลาง", "เท้า", "ฝ่าเท้า", "หน้าแข้ง", "ต้นขา", "ไหล่",
    "หลัง", "เอว", "สะโพก", "ศีรษะ", "หน้าผาก", "คิ้ว", "คาง", "ศอก", "ต้นแขน", "น่อง", "ส้นเท้า", "นิ้วก้อย",
)  # fmt: skip
_SIDES = ("ขวา", "ซ้าย", "ข้างขวา", "ข้างซ้าย", "Rt.", "Lt.", "ทั้งสองข้าง", "", "")
_PLACES = (
    "ที่บ้าน",
    "หน้าบ้าน",
    "ในสวน",
    "ที่ทำงาน",
    "ที่นา",
    "ในห้องน้ำ",
    "ที่โรงเรียน",
    "ที่ตลาด",
    "บนถนน",
    "ที่วัด",
    "หลังบ้าน",
    "ที่ไซต์งาน",
)
_JOINTS = ("ไหล่", "เข่า", "คอ", "บ่า", "หลัง", "เอว", "สะโพก", "ข้อมือ", "ข้อเท้า", "สะบัก", "ศอก", "ต้นแขน", "น่อง", "ต้นขา")
_TAILS = (
    "ยังไม่ได้รับประทานยา", "ซื้อยากินเองไม่ดีขึ้น", "ไปคลินิกมาแล้วอาการไม่ดีขึ้น", "กินยาพาราแล้วทุเลา", "อาการเป็น ๆ หาย ๆ",
    "วันนี้เป็นมากขึ้นจึงมา รพ.", "กินได้ปกติ", "กินได้น้อย", "นอนไม่หลับ", "นอนหลับได้", "ปัสสาวะปกติ", "ไม่มีหอบเหนื่อย",
    "ปฏิเสธแพ้ยา", "ปฏิเสธโรคประจำตัว", "คนในบ้านมีอาการเหมือนกัน", "ไม่เคยเป็นมาก่อน", "เคยเป็นแบบนี้เมื่อปีก่อน",
    "เคยรักษาที่ รพ.สต. อาการทุเลาแล้วเป็นซ้ำ", "อ่อนเพลีย", "ไม่มีไข้", "ไม่อาเจียน", "ไม่มีเลือดออก", "ดื่มน้ำได้",
    "ไม่มีผื่น", "ไม่ซึม", "ยังไม่ได้ไปรักษาที่ไหน", "เช็ดตัวแล้ว", "เป็นพัก ๆ", "เป็นตลอดเวลา",
)  # fmt: skip
_ADULT_TAILS = (
    "เพื่อนร่วมงานมีอาการเดียวกัน", "ขอใบรับรองแพทย์", "ญาติสังเกตว่าซึมลง", "เวียนศีรษะเล็กน้อย", "ไม่ชา ไม่อ่อนแรง", "เดินได้เอง",
    "รถเข็นนั่งมา", "ญาติพามา", "มาคนเดียว", "กังวล กลัวเป็นมาก", "ยังทำงานได้", "หยุดงาน 1 วัน", "เหนื่อยเวลาเดินไกล",
    "ปวดมากจนนอนไม่ได้",
    "นวดเองไม่ดีขึ้น", "ดื่มเหล้าเป็นบางครั้ง", "สูบบุหรี่", "เพิ่งกลับจากต่างจังหวัด", "ทำงานหนักช่วงนี้", "ขอเช็คความดันด้วย",
)  # fmt: skip
_CHILD_TAILS = (
    "ไม่ได้ไปโรงเรียน", "เล่นได้", "ซนปกติ", "ร้องกวน", "กินนมได้", "เพื่อนในห้องเป็นหลายคน", "วัคซีนครบตามเกณฑ์", "ดูดนมได้น้อยลง",
    "ปัสสาวะออกดี",
)  # fmt: skip
_COURSE_TAILS = (
    "ไม่มีไข้", "ปวดลดลง", "กินได้ นอนหลับ", "อาการคงเดิม", "อาการดีขึ้น", "ญาติพามา", "มาเอง", "เดินได้ดีขึ้น", "กินยาครบ",
    "V/S stable",
    "ให้สุขศึกษาแล้ว", "ขอนัดเช้า", "ขอเลื่อนนัดครั้งหน้า", "pain score 2/10", "pain score 4/10", "ยังปวดเวลากลางคืน",
    "ไม่มีอาการผิดปกติ",
)  # fmt: skip
_CHILD_OPENINGS = ("มารดาพามา", "บิดาพามา", "ยายพามา", "ย่าพามา", "มารดาให้ประวัติว่า", "ผู้ปกครองแจ้งว่า", "ครูพามา")
_OPENINGS = ("มาด้วย", "ผู้ป่วยบอก", "CC:", "มา รพ. ด้วยอาการ", "Pt. มีอาการ", "รู้สึก", "บ่น", "")
_COMFORTS = {
    "general": (
        "พักผ่อนให้เพียงพอ ดื่มน้ำมาก ๆ", "นัดติดตามอาการ ถ้าไม่ดีขึ้นมาก่อนนัดได้", "แนะนำการปฏิบัติตัวและอาการที่ต้องรีบมา รพ.",
        "งดสูบบุหรี่ งดดื่มสุรา",
        "รับประทานอาหารอ่อน ย่อยง่าย", "หลีกเลี่ยงยกของหนัก", "รับประทานยาให้ครบตามแพทย์สั่ง", "ประคบอุ่นวันละ 2-3 ครั้ง",
        "บริหารกล้ามเนื้อตามที่สอน",
        "งดของเผ็ด ของทอด น้ำอัดลม", "หากแพ้ยาให้หยุดยาแล้วมา รพ.",
    ),
    "fever": (
        "เช็ดตัวลดไข้ สังเกตอาการซึม", "หากมีไข้สูง หอบเหนื่อย ให้กลับมาพบแพทย์ก่อนนัด", "ล้างมือบ่อย ๆ สวมหน้ากากอนามัย",
        "ดื่มน้ำอุ่น พักผ่อนมาก ๆ",
        "สังเกตอาการเลือดออกผิดปกติ", "งดยาแอสไพริน ไอบูโพรเฟน", "หยุดเรียนหรือหยุดงานจนไข้ลง", "ถ้าไข้ไม่ลงใน 2 วันให้มาตรวจซ้ำ",
    ),
    "wound": (
        "ระวังแผลโดนน้ำ มาทำแผลทุกวัน", "ประคบเย็น 24 ชั่วโมงแรก จากนั้นประคบอุ่น", "สังเกตแผลบวมแดง มีหนอง ให้รีบมา", "ยกส่วนที่บวมให้สูง",
        "มาตัดไหมตามนัด", "ถ้าซึม อาเจียน ปวดศีรษะมาก ให้มา รพ. ทันที", "สวมหมวกกันน็อกทุกครั้ง",
    ),
    "chronic": (
        "ควบคุมอาหารหวาน มัน เค็ม ออกกำลังกายสม่ำเสมอ", "ตรวจเท้าทุกวัน สวมรองเท้าหุ้มส้น", "วัดความดันที่บ้าน จดบันทึกมาให้แพทย์ดู",
        "มาตามนัดทุกครั้ง ห้ามหยุดยาเอง",
        "ลดข้าวเหนียวและผลไม้หวาน", "หากหน้ามืด ใจสั่น เหงื่อออก ให้ดื่มน้ำหวาน", "งดน้ำและอาหารก่อนเจาะเลือดครั้งหน้า",
        "จำกัดน้ำและเกลือ ชั่งน้ำหนักทุกวัน",
    ),
    "pregnancy": (
        "นับลูกดิ้นหลังอาหาร 3 มื้อ", "ถ้ามีน้ำเดิน เลือดออก ท้องแข็งถี่ ให้มา รพ. ทันที", "กินยาบำรุงทุกวัน ดื่มนม", "งดยกของหนัก งดนั่งนาน",
        "ชวนสามีมาโรงเรียนพ่อแม่",
    ),
}  # fmt: skip


class Where(NamedTuple):
    """The part of the body an episode is about: the same at its first visit and at all that follow."""

    part: str
    joint: str

    @classmethod
    def of(cls, rng: Random) -> "Where":
        """Any part, and a joint or muscle that can be exercised."""
        side = pick(rng, _SIDES)
        return cls(pick(rng, _PARTS) + side, pick(rng, _JOINTS) + side)


def _duration(rng: Random, longest_days: int) -> str:
    if longest_days <= 1 or happens(rng, 0.12):
        return pick(
            rng,
            (f"{between(rng, 1, 12)} ชม.ก่อนมา รพ.", f"{between(rng, 10, 55)} นาทีก่อนมา", "เมื่อคืน", "เมื่อเช้านี้",
             f"{between(rng, 1, 9)} hr PTA", "เย็นวานนี้", f"ประมาณ {between(rng, 2, 10)} ชั่วโมง"),
        )  # fmt: skip
    days = between(rng, 1, longest_days)
    if days > 60:
        return pick(rng, (f"{days // 30} เดือนก่อน", f"มา {days // 30} เดือน", f"{days // 30} mo. PTA"))
    if days >= 14 and happens(rng, 0.7):
        return pick(rng, (f"{days // 7} สัปดาห์ก่อนมา", f"มาประมาณ {days // 7} สัปดาห์", f"{days // 7} wk PTA"))
    return pick(
        rng,
        (f"{days} วัน", f"{days} วันก่อนมา รพ.", f"มา {days} วัน", f"{days} day PTA", f"เป็นมา {days} วัน", f"{days} วันก่อน"),
    )


def _fill(rng: Random, symptom: str, where: Where, count: int = 0) -> str:
    if "{" not in symptom:
        return symptom
    return symptom.format(
        part=where.part, joint=where.joint, place=pick(rng, _PLACES), n=count or between(rng, 2, 9),
        size=f"{between(rng, 1, 8)}x{between(rng, 1, 4)}", temp=f"{37.5 + rng.random() * 2.4:.1f}",
    )  # fmt: skip


def complaint(rng: Random, symptoms: tuple[str, ...], age: int, longest_days: int, where: Where) -> str:
    """Some of `symptoms` with a duration, told in one of several orders; an accident is one thing, not three."""
    most = 3 if longest_days > 1 else 1 + happens(rng, 0.3)
    told = [_fill(rng, symptom, where) for symptom in some(rng, symptoms, between(rng, 1, most))]
    since = _duration(rng, longest_days)
    if happens(rng, 0.45):
        told.insert(between(rng, 0, 1), since)
    else:
        told.append(since)
    tails = _TAILS + (_CHILD_TAILS if age < 10 else _ADULT_TAILS)
    for likely in (0.62, 0.15):
        tail = pick(rng, tails)
        if happens(rng, likely) and not _contradicts(tail, told):
            told.append(tail)
    if age < 12 and happens(rng, 0.6):
        told.insert(0, pick(rng, _CHILD_OPENINGS))
    elif happens(rng, 0.3):
        told.insert(0, pick(rng, _OPENINGS))
    return pick(rng, (" ", " ", " ", ", ")).join(filter(None, told))


def _contradicts(tail: str, told: list[str]) -> bool:
    """Whether `tail` denies or repeats what was told: "ไม่มีไข้" after "ไข้"."""
    denied = tail.removeprefix("ไม่").removeprefix("มี")
    return any(denied in one for one in told)


def again(rng: Random, phrases: tuple[str, ...], where: Where, count: int) -> str:
    """The complaint of the `count`-th visit in a course of treatment."""
    text = _fill(rng, pick(rng, phrases), where, count)
    return f"{text} {pick(rng, _COURSE_TAILS)}" if happens(rng, 0.5) else text


def advice(rng: Random, kind: str) -> str:
    """What the nurse tells the person to do, sometimes nothing. `kind` is a key of the table above."""
    if happens(rng, 0.35):
        return ""
    first = pick(rng, _COMFORTS[kind])
    return f"{first} {pick(rng, _COMFORTS['general'])}" if happens(rng, 0.25) else first
