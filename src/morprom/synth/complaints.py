"""Chief complaints as a screening nurse types them: order, abbreviations and asides vary."""

from random import Random

from morprom.synth.chance import between, happens, pick

_PARTS = (
    "แขน", "ขา", "เข่า", "ข้อเท้า", "ข้อมือ", "มือ", "นิ้วชี้", "นิ้วหัวแม่มือ", "นิ้วกลาง", "เท้า", "ฝ่าเท้า", "หน้าแข้ง", "ต้นขา", "ไหล่",
    "หลัง", "เอว", "สะโพก", "ศีรษะ", "หน้าผาก", "คิ้ว", "คาง", "ศอก", "ต้นแขน", "น่อง", "ส้นเท้า", "นิ้วก้อย",
)  # fmt: skip
_SIDES = ("ขวา", "ซ้าย", "ข้างขวา", "ข้างซ้าย", "Rt.", "Lt.", "ทั้งสองข้าง", "", "")
_PLACES = ("ที่บ้าน", "หน้าบ้าน", "ในสวน", "ที่ทำงาน", "ที่นา", "ในห้องน้ำ", "ที่โรงเรียน", "ที่ตลาด", "บนถนน", "ที่วัด", "หลังบ้าน", "ที่ไซต์งาน")
_TAILS = (
    "ยังไม่ได้รับประทานยา", "ซื้อยากินเองไม่ดีขึ้น", "ไปคลินิกมาแล้วอาการไม่ดีขึ้น", "กินยาพาราแล้วทุเลา", "อาการเป็น ๆ หาย ๆ",
    "วันนี้เป็นมากขึ้นจึงมา รพ.", "กินได้ปกติ", "กินได้น้อย", "นอนไม่หลับ", "นอนหลับได้", "ปัสสาวะปกติ", "ไม่มีหอบเหนื่อย",
    "ปฏิเสธแพ้ยา", "ปฏิเสธโรคประจำตัว", "คนในบ้านมีอาการเหมือนกัน", "เพื่อนร่วมงานมีอาการเดียวกัน", "ไม่เคยเป็นมาก่อน",
    "เคยเป็นแบบนี้เมื่อปีก่อน", "เคยรักษาที่ รพ.สต. อาการทุเลาแล้วเป็นซ้ำ", "ขอใบรับรองแพทย์", "ญาติสังเกตว่าซึมลง", "อ่อนเพลีย",
    "เวียนศีรษะเล็กน้อย", "ไม่มีไข้", "ไม่อาเจียน", "ไม่มีเลือดออก", "ไม่ชา ไม่อ่อนแรง", "เดินได้เอง", "รถเข็นนั่งมา", "ญาติพามา",
    "มาคนเดียว", "กังวล กลัวเป็นมาก", "ยังทำงานได้", "หยุดงาน 1 วัน", "ไม่ได้ไปโรงเรียน", "ดื่มน้ำได้", "เหนื่อยเวลาเดินไกล",
)  # fmt: skip
_CHILD_OPENINGS = ("มารดาพามา", "บิดาพามา", "ยายพามา", "ย่าพามา", "มารดาให้ประวัติว่า", "ผู้ปกครองแจ้งว่า", "ครูพามา")
_OPENINGS = ("มาด้วย", "ผู้ป่วยบอก", "CC:", "มา รพ. ด้วยอาการ", "Pt. มีอาการ", "รู้สึก", "บ่น", "")
_COMFORTS = (
    "พักผ่อนให้เพียงพอ ดื่มน้ำมาก ๆ", "หากมีไข้สูง หอบเหนื่อย ให้กลับมาพบแพทย์ก่อนนัด", "รับประทานยาให้ครบตามแพทย์สั่ง",
    "งดของมัน ของทอด ของเผ็ด", "เช็ดตัวลดไข้ สังเกตอาการซึม", "หลีกเลี่ยงยกของหนัก", "ระวังแผลโดนน้ำ มาทำแผลทุกวัน",
    "ล้างมือบ่อย ๆ สวมหน้ากากอนามัย", "ควบคุมอาหารหวาน มัน เค็ม ออกกำลังกายสม่ำเสมอ", "ประคบเย็น 24 ชั่วโมงแรก จากนั้นประคบอุ่น",
    "นัดติดตามอาการ ถ้าไม่ดีขึ้นมาก่อนนัดได้", "แนะนำการปฏิบัติตัวและอาการที่ต้องรีบมา รพ.", "งดสูบบุหรี่ งดดื่มสุรา",
    "รับประทานอาหารอ่อน ย่อยง่าย", "สังเกตอาการเลือดออกผิดปกติ", "ตรวจเท้าทุกวัน สวมรองเท้าหุ้มส้น", "วัดความดันที่บ้าน จดบันทึกมาให้แพทย์ดู",
)  # fmt: skip


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


def _fill(rng: Random, symptom: str) -> str:
    if "{" not in symptom:
        return symptom
    part = pick(rng, _PARTS) + pick(rng, _SIDES)
    return symptom.format(
        part=part, place=pick(rng, _PLACES), n=between(rng, 2, 9), size=f"{between(rng, 1, 8)}x{between(rng, 1, 4)}",
        temp=f"{37.5 + rng.random() * 2.4:.1f}", km=between(rng, 1, 40),
    )  # fmt: skip


def complaint(rng: Random, symptoms: tuple[str, ...], age: int, longest_days: int) -> str:
    """Two or three of `symptoms` with a duration, told in one of several orders."""
    count = min(len(symptoms), between(rng, 1, 3))
    told = [_fill(rng, symptom) for symptom in rng.sample(symptoms, count)]
    since = _duration(rng, longest_days)
    if happens(rng, 0.45):
        told.insert(between(rng, 0, 1), since)
    else:
        told.append(since)
    if happens(rng, 0.62):
        told.append(pick(rng, _TAILS))
    if happens(rng, 0.15):
        told.append(pick(rng, _TAILS))
    if age < 12 and happens(rng, 0.6):
        told.insert(0, pick(rng, _CHILD_OPENINGS))
    elif happens(rng, 0.3):
        told.insert(0, pick(rng, _OPENINGS))
    return pick(rng, (" ", " ", " ", ", ")).join(told).strip()


def again(rng: Random, phrases: tuple[str, ...]) -> str:
    """The complaint of a visit in a course of treatment."""
    text = _fill(rng, pick(rng, phrases))
    return f"{text} {pick(rng, _TAILS)}" if happens(rng, 0.4) else text


def advice(rng: Random) -> str:
    """What the nurse tells the person to do, sometimes nothing."""
    if happens(rng, 0.35):
        return ""
    first = pick(rng, _COMFORTS)
    return f"{first} {pick(rng, _COMFORTS)}" if happens(rng, 0.25) else first
