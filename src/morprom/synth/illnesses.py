# ruff: noqa: E501 (a table reads best with one illness a line)
"""Why people come when it is not for a chronic disease: a table of illnesses, injuries, courses of treatment and services.

`bands` weigh the ages 0-4, 5-14, 15-39, 40-59 and 60+; the weights are shares of all first visits, guessed from what
small Thai hospitals report, not measured.
"""

from typing import NamedTuple

ALL_YEAR = (1.0,) * 12
RAIN = (0.5, 0.4, 0.4, 0.5, 0.9, 1.5, 1.8, 1.9, 1.6, 1.2, 0.8, 0.5)
COOL = (1.4, 1.2, 0.9, 0.6, 0.6, 0.9, 1.0, 1.2, 1.3, 1.0, 0.9, 1.2)
HOT = (0.8, 0.9, 1.3, 1.5, 1.4, 1.2, 1.0, 0.9, 0.8, 0.7, 0.7, 0.8)
HARVEST = (0.8, 0.7, 0.7, 0.9, 1.2, 1.3, 1.2, 1.0, 0.9, 1.2, 1.4, 1.1)
NEW_YEAR = (1.4, 0.9, 0.9, 1.5, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 1.3)


class Illness(NamedTuple):
    """One reason to come. `course`: fewest and most visits after the first, and the days between them."""

    codes: tuple[str, ...]
    bands: tuple[float, float, float, float, float]
    symptoms: tuple[str, ...]
    medicines: str = ""
    given: tuple[int, int] = (1, 3)
    clinic: str = "01600"
    longest_days: int = 5
    season: tuple[float, ...] = ALL_YEAR
    sex: str = ""
    fever: bool = False
    emergency: float = 0.1
    tests: str = ""
    procedures: tuple[tuple[str, int], ...] = ()
    external: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    admit: float = 0.0
    stay: tuple[int, int] = (2, 4)
    ward: str = "10100"
    ward_medicines: str = ""
    ward_procedures: tuple[tuple[str, int], ...] = ()
    refer: float = 0.0
    course: tuple[int, int, int] = (0, 0, 0)
    again: tuple[str, ...] = ()
    vaccines: tuple[str, ...] = ()
    is_once_a_year: bool = False


_WOUND_AGAIN = (
    "มาทำแผล{part} ต่อเนื่อง", "ทำแผลวันที่ {n} แผล{part}แดงดี ไม่มีหนอง", "dressing แผล{part} มี discharge ซึมเล็กน้อย", "มาล้างแผลตามนัด แผลขนาด {size} ซม.",
    "มาทำแผลต่อจาก รพ.สต.", "F/U แผล{part} ไม่บวมแดง", "มาทำแผล ปวดแผลเล็กน้อย", "ล้างแผล{part} เนื้อแดง {size} cm", "มาทำแผลและประเมินแผลตัดไหม",
)  # fmt: skip
_REHAB_AGAIN = (
    "มาทำกายภาพตามนัด ปวด{joint}ลดลง", "กายภาพบำบัดครั้งที่ {n} ปวด{joint}", "PT ครั้งที่ {n} pain score {n}/10", "มาทำ US + ประคบร้อน {joint}", "ทำกายภาพต่อเนื่อง ขยับ{joint}ได้ดีขึ้น",
    "มาดึงหลังตามนัด อาการชาลดลง", "มาฝึกเดินกับนักกายภาพ เดินได้ {n} เมตร", "ฝึกกล้ามเนื้อ{joint} แรงดีขึ้น",
)  # fmt: skip
_MASSAGE_AGAIN = (
    "มานวดตามนัด ปวด{joint}ทุเลา", "นวดรักษาครั้งที่ {n}", "นวดประคบ{joint} ตึงลดลง", "นวดไทย+ประคบสมุนไพร ปวด{joint} score {n}", "มาประคบสมุนไพรต่อเนื่อง", "นวดราชสำนัก จุดปวด{joint}",
)  # fmt: skip
_INJECTION_AGAIN = (
    "มาฉีดวัคซีนพิษสุนัขบ้าเข็มที่ {n}", "มาฉีดวัคซีนตามนัด ไม่มีอาการแพ้", "ฉีด PVRV ตามนัด แผลหายดี", "มารับวัคซีนเข็มต่อไป สุนัขยังอยู่ดี", "F/U vaccine ไม่มีไข้",
)  # fmt: skip
_HOME_AGAIN = (
    "เยี่ยมบ้านครั้งที่ {n} ผู้ป่วยรู้สึกตัวดี", "เยี่ยมบ้าน ดูแลแผลกดทับ {size} cm", "เยี่ยมบ้านผู้สูงอายุติดเตียง เปลี่ยนสายสวนปัสสาวะ", "เยี่ยมบ้าน วัดความดัน ให้คำแนะนำผู้ดูแล", "ทีมเยี่ยมบ้าน LTC ผู้ป่วยกินได้ {n} มื้อ",
    "เยี่ยมบ้าน เปลี่ยน NG tube ผู้ดูแลดูแลดี", "home visit ADL คงเดิม",
)  # fmt: skip
_FOLLOW_AGAIN = (
    "มาตามนัด อาการดีขึ้น", "F/U อาการทุเลา ยังเพลียบ้าง", "นัดติดตามอาการ ไม่มีไข้แล้ว", "นัดฟังผลตรวจ", "มาติดตามอาการ กินได้ นอนหลับ", "นัดดูอาการซ้ำ ยังไม่หายดี", "F/U ครบ {n} วัน อาการดี",
)  # fmt: skip
_DENTAL_AGAIN = (
    "นัดอุดฟันต่อ",
    "นัดขูดหินปูนครั้งที่ {n}",
    "มารักษารากฟันครั้งที่ {n}",
    "นัดตัดไหมหลังผ่าฟันคุด",
    "ลองฟันปลอม",
    "F/U หลังถอนฟัน แผลหายดี",
)
_TB_AGAIN = (
    "มารับยา DOT วันที่ {n}",
    "DOT ต่อหน้าเจ้าหน้าที่ ไม่มีตาเหลือง",
    "มากินยา TB ต่อหน้า ไอลดลง",
    "รับยาวัณโรคต่อเนื่อง ปัสสาวะสีส้ม",
    "DOT กินยาได้ครบ ไม่มีผื่น",
)

ILLNESSES = (
    Illness(("J00", "J069", "J029"), (20, 16, 9, 5, 4), ("ไข้", "ไอ", "มีน้ำมูก", "เจ็บคอ", "มีเสมหะ", "คัดจมูก", "น้ำมูกใส", "ไอแห้ง ๆ", "คันคอ", "ปวดเมื่อยตัว", "ไข้ T {temp}", "เสียงแหบ", "จาม", "ปวดศีรษะ"), "paracetamol chlorpheniramine bromhexine dextromethorphan loratadine brown_mixture makham_pom fah_talai_jone", (2, 4), season=COOL, fever=True, emergency=0.2),
    Illness(("J00", "J069"), (16, 4, 0, 0, 0), ("ไข้ตัวร้อน", "ไอ", "น้ำมูกข้น", "ร้องกวน", "กินนมได้น้อย", "หายใจครืดคราด", "ไข้ {temp}", "ไอจนอาเจียน"), "paracetamol_syrup cpm_syrup ambroxol_syrup", (2, 3), clinic="00500", season=COOL, fever=True, emergency=0.25),
    Illness(("J020", "J030", "J039"), (3, 5, 3, 1, 0.5), ("เจ็บคอมาก", "กลืนเจ็บ", "ไข้สูง", "ทอนซิลบวมแดง", "มีหนองที่ทอนซิล", "ปวดหู", "ต่อมน้ำเหลืองที่คอโต"), "amoxicillin roxithromycin paracetamol ibuprofen chlorhexidine", (2, 3), fever=True),
    Illness(("J101", "J111"), (3, 5, 3, 2, 1.5), ("ไข้สูง", "ปวดเมื่อยตัวมาก", "ไอ", "ปวดศีรษะ", "หนาวสั่น", "เจ็บคอ", "น้ำมูก", "ไข้ {temp}", "ปวดกระบอกตา"), "oseltamivir paracetamol bromhexine dextromethorphan", (2, 3), season=RAIN, fever=True, emergency=0.35, admit=0.03),
    Illness(("J180", "J189", "J159"), (2, 0.8, 0.4, 0.8, 2), ("ไข้ ไอ หอบ", "ไอมีเสมหะเขียว", "หายใจเร็ว", "เหนื่อย", "เจ็บหน้าอกเวลาไอ", "ซึม กินไม่ได้", "ไข้สูง {temp}"), "coamoxiclav azithromycin paracetamol bromhexine", (2, 3), clinic="00100", season=COOL, fever=True, emergency=0.6, tests="10 11 16 18", admit=0.55, stay=(3, 8), ward_medicines="ceftriaxone nss paracetamol salbutamol_neb", ward_procedures=(("9390", 200),), refer=0.03),
    Illness(("J209", "J208"), (5, 2, 1.5, 2, 2), ("ไอมีเสมหะ", "ไอมาก", "หายใจมีเสียงวี้ด", "เหนื่อยเวลาไอ", "ไข้ต่ำ ๆ"), "bromhexine salbutamol paracetamol ambroxol_syrup", (2, 3), fever=True, longest_days=14),
    Illness(("A09", "A099", "K529"), (7, 4, 4, 3, 3), ("ถ่ายเหลว {n} ครั้ง", "ปวดท้องบิด", "คลื่นไส้", "อาเจียน {n} ครั้ง", "ถ่ายเป็นน้ำ", "ไข้ต่ำ ๆ", "กินส้มตำแล้วปวดท้อง", "อ่อนเพลีย ใจสั่น", "ถ่ายมีมูก"), "ors hyoscine domperidone norfloxacin simethicone", (2, 3), season=HOT, emergency=0.5, longest_days=3, tests="18 11", admit=0.1, stay=(1, 3), ward_medicines="nss plasil ceftriaxone"),
    Illness(("A90", "A910", "A911"), (1.5, 3.5, 1.5, 0.6, 0.3), ("ไข้สูงลอย", "ปวดศีรษะ ปวดกระบอกตา", "ปวดเมื่อยตัว", "มีจุดเลือดออกตามตัว", "คลื่นไส้อาเจียน", "ปวดท้อง", "เลือดกำเดาไหล", "หน้าแดง ไข้ {temp}", "เพื่อนบ้านเป็นไข้เลือดออก"), "paracetamol ors domperidone", (1, 3), clinic="00100", season=RAIN, fever=True, emergency=0.5, longest_days=6, tests="16", admit=0.4, stay=(3, 6), ward_medicines="nss dns2 paracetamol", course=(1, 3, 1), again=("ติดตามอาการไข้เลือดออก เจาะ CBC", "F/U DF ไข้ลงแล้ว กินได้", "นัดเจาะเลือดซ้ำ ยังเพลีย", "F/U Plt ไม่มีเลือดออก")),
    Illness(("B349", "R509"), (6, 5, 3, 2, 1.5), ("ไข้", "ปวดศีรษะ", "ปวดเมื่อยตามตัว", "ไข้ {temp} ไม่ไอ", "หนาว ๆ ร้อน ๆ", "เบื่ออาหาร", "มีผื่นแดง"), "paracetamol chlorpheniramine vitamin_c", (1, 3), fever=True, emergency=0.3, course=(0, 1, 2), again=_FOLLOW_AGAIN),
    Illness(("B084", "B085"), (5, 0.8, 0, 0, 0), ("มีตุ่มที่มือเท้า", "แผลในปาก", "ไม่ยอมกิน", "น้ำลายไหล", "ไข้", "เพื่อนในศูนย์เด็กเล็กเป็น"), "paracetamol_syrup calamine", (1, 2), clinic="00500", season=RAIN, fever=True),
    Illness(("B019",), (1, 2, 0.6, 0.1, 0), ("มีตุ่มน้ำใสขึ้นตามตัว", "ไข้", "คัน", "ตุ่มเริ่มที่หน้าและลำตัว"), "paracetamol calamine chlorpheniramine acyclovir", (2, 3), season=COOL, fever=True),
    Illness(("H669", "H660"), (2, 1, 0.5, 0.4, 0.3), ("ปวดหู{n} วัน", "หูอื้อ", "มีน้ำไหลจากหู", "ไข้", "เอามือจับหูบ่อย"), "amoxicillin ear_drop paracetamol", (2, 3), clinic="00600", fever=True),
    Illness(("H109", "H101"), (1.5, 2, 1.5, 1, 1), ("ตาแดง", "คันตา", "ขี้ตามาก", "เคืองตา น้ำตาไหล", "ตื่นมาลืมตาไม่ขึ้น"), "chloramphenicol_eye tears", (1, 2), clinic="00700", season=RAIN),
    Illness(("K30", "K297", "K219"), (0.1, 1, 5, 7, 7), ("ปวดท้องลิ้นปี่", "แสบท้อง", "จุกแน่นท้อง", "เรอเปรี้ยว", "ปวดท้องก่อนอาหาร", "ปวดท้องหลังกินเผ็ด", "คลื่นไส้", "ท้องอืด"), "omeprazole antacid simethicone domperidone famotidine turmeric", (2, 3), longest_days=30, emergency=0.25, course=(0, 1, 14), again=_FOLLOW_AGAIN),
    Illness(("K590",), (0.8, 0.7, 0.7, 1, 2), ("ท้องผูก", "ไม่ถ่าย {n} วัน", "ถ่ายแข็ง", "เบ่งถ่ายมีเลือดติด", "แน่นท้อง"), "senna lactulose simethicone", (1, 2), longest_days=14),
    Illness(("M7919", "M791", "M6269"), (0, 0.5, 6, 9, 8), ("ปวดเมื่อย{joint}", "ปวดตึง{joint}", "ปวดร้าวลง{joint}", "ยกของหนักแล้วปวด", "ปวดหลังจากทำงาน", "ปวดเวลาก้ม"), "paracetamol ibuprofen diclofenac tolperisone orphenadrine analgesic_balm plai", (2, 3), longest_days=30),
    Illness(("M545", "M544", "M511"), (0, 0.2, 3, 6, 6), ("ปวดหลัง", "ปวดเอวร้าวลงขา", "ก้มเงยลำบาก", "ปวดหลังหลังเกี่ยวข้าว", "ชาปลายเท้า", "ปวดหลังเรื้อรัง", "ลุกนั่งลำบาก"), "naproxen tramadol tolperisone paracetamol gabapentin capsicum", (2, 3), clinic="00800", longest_days=90, season=HARVEST, refer=0.01, course=(1, 5, 3), again=_REHAB_AGAIN),
    Illness(("M170", "M171", "M179"), (0, 0, 0.2, 4, 10), ("ปวดเข่า", "เข่าฝืด", "เข่าบวม", "เดินลงน้ำหนักแล้วปวด", "นั่งยองไม่ได้", "มีเสียงกรอบแกรบในเข่า", "ขึ้นบันไดลำบาก"), "paracetamol diclofenac capsicum tramadol naproxen", (2, 3), clinic="00800", longest_days=120, course=(0, 4, 3), again=_REHAB_AGAIN),
    Illness(("M2550", "M750", "M542"), (0, 0.1, 2, 4, 4), ("ปวดไหล่ ยกแขนไม่ขึ้น", "ปวดคอ", "คอตึง หันไม่ได้", "ปวดสะบัก", "ชาปลายมือ", "ปวด{joint}ตอนกลางคืน"), "naproxen orphenadrine paracetamol analgesic_balm", (1, 3), clinic="01300", longest_days=60, procedures=(("9339", 150),), course=(1, 6, 3), again=_REHAB_AGAIN),
    Illness(("M6269", "U5753", "M7919"), (0, 0.1, 3, 7, 7), ("ปวดตึงบ่าไหล่", "เมื่อยหลัง", "ขอรับการนวด", "ปวดน่อง", "ปวดตึง{joint}", "สะบักจม", "มือชา", "ออฟฟิศซินโดรม"), "plai turmeric capsicum", (0, 2), clinic="01400", longest_days=60, procedures=(("9339", 250),), course=(0, 4, 3), again=_MASSAGE_AGAIN),
    Illness(("S8100", "S9130", "S6100", "S0180", "S5180"), (2, 4, 4, 4, 3), ("มีดบาด{part} แผลยาว {n} ซม.", "หกล้ม{place} มีแผลที่{part}", "เหยียบตะปู", "แผลฉีกขาดที่{part}", "ลื่นล้ม{place}", "ของหล่นใส่{part}", "สังกะสีบาด{part}"), "dicloxacillin paracetamol tetanus ibuprofen", (2, 3), clinic="01200", longest_days=1, season=HARVEST, emergency=1.0, procedures=(("8659", 300),), external=("W010", "W260", "W450", "W228"), course=(1, 5, 1), again=_WOUND_AGAIN),
    Illness(("S800", "S900", "S600", "S400", "S008", "T009"), (1, 3, 6, 3, 2), ("รถจักรยานยนต์ล้มเอง แผลถลอก{part}", "รถชน{place} ปวด{part}", "จยย.ลื่นล้ม มีแผลที่{part} ขนาด {size} ซม.", "ไม่สวมหมวก", "ดื่มสุรามา", "เฉี่ยวชนกับรถกระบะ", "ไม่สลบ จำเหตุการณ์ได้", "สุนัขตัดหน้ารถล้ม"), "paracetamol dicloxacillin tetanus ibuprofen diclofenac", (2, 3), clinic="01200", longest_days=1, season=NEW_YEAR, emergency=1.0, procedures=(("9357", 120),), external=("V284", "V234", "V299", "V435"), admit=0.08, stay=(1, 4), ward="10200", ward_medicines="nss tramadol_inj cloxacillin tetanus", refer=0.05, course=(0, 4, 1), again=_WOUND_AGAIN),
    Illness(("S525", "S8260", "S4200", "S7200", "S6260"), (0.3, 1.2, 0.8, 0.8, 1.6), ("ล้ม{place} ปวดบวม{part}", "ตกบันได ขยับ{part}ไม่ได้", "{part}ผิดรูป", "ลื่นล้มในห้องน้ำ ลุกไม่ไหว", "ตกต้นไม้", "รถล้มทับ{part}"), "paracetamol tramadol naproxen calcium", (1, 3), clinic="01200", longest_days=1, emergency=1.0, procedures=(("9354", 500), ("8700", 220)), external=("W109", "W189", "V284", "W140"), admit=0.35, stay=(3, 9), ward="10800", ward_medicines="tramadol_inj nss cloxacillin morphine", ward_procedures=(("7902", 3500), ("8700", 220)), refer=0.25, course=(1, 3, 14), again=("F/U เฝือก ไม่ปวด นิ้วขยับได้", "นัดตัดเฝือก", "F/U film กระดูกเริ่มติด", "นัดดูแผลหลังผ่าตัด ขยับ{part}ได้")),
    Illness(("S6190", "S8190", "S9180"), (1.2, 3, 2, 2, 2), ("สุนัขกัด{part}", "แมวข่วน{part}", "สุนัขจรจัดกัดที่{part} มีเลือดออก", "สุนัขที่บ้านกัด ไม่เคยฉีดวัคซีน", "ลิงข่วน{part}", "ล้างแผลด้วยสบู่มาแล้ว"), "rabies amoxicillin paracetamol tetanus", (2, 3), clinic="01200", longest_days=1, season=HOT, emergency=0.8, procedures=(("9944", 50),), external=("W540", "W550"), also=("Z203", "Z242"), course=(3, 4, 6), again=_INJECTION_AGAIN, vaccines=("111", "112", "113", "114", "115")),
    Illness(("T630", "T634", "L509"), (0.5, 1, 1.2, 1.3, 1), ("ผึ้งต่อย{part}", "ตะขาบกัด{part}", "งูไม่ทราบชนิดกัด{part}", "แมลงกัดบวมแดง", "ผื่นลมพิษ", "คันทั้งตัว", "ปากบวม", "กินกุ้งแล้วผื่นขึ้น"), "chlorpheniramine loratadine prednisolone dexamethasone cetirizine", (1, 3), clinic="01200", longest_days=1, emergency=0.8, admit=0.06, stay=(1, 2), ward_medicines="nss dexamethasone"),
    Illness(("L309", "L239", "L209", "B354", "B86"), (2, 2, 3, 3, 3), ("ผื่นคัน{part}", "คันตามตัวตอนกลางคืน", "ผื่นแดงเป็นวง", "ผิวลอก", "ผื่นแพ้ผงซักฟอก", "ตุ่มคันง่ามนิ้ว", "เชื้อราที่{part}"), "triamcinolone clotrimazole betamethasone cetirizine hydroxyzine permethrin calamine", (1, 3), longest_days=30, emergency=0.02),
    Illness(("L031", "L022", "L089"), (0.8, 1.2, 1.2, 1.6, 1.6), ("{part}บวมแดงร้อน", "เป็นฝีที่{part}", "แผลติดเชื้อ{part}", "มีหนองไหล", "ปวดบวม{part} ไข้"), "dicloxacillin clindamycin paracetamol mupirocin cephalexin", (2, 3), clinic="00200", longest_days=10, fever=True, procedures=(("8604", 250),), admit=0.15, stay=(3, 7), ward="10200", ward_medicines="cloxacillin nss paracetamol", course=(2, 6, 1), again=_WOUND_AGAIN),
    Illness(("L899", "L984", "I830", "L97"), (0, 0, 0.2, 1.6, 4), ("แผลเรื้อรังที่{part}", "แผลเท้าเบาหวาน", "แผลกดทับก้นกบ", "แผลซึม มีกลิ่น", "แผล{part}ขนาด {size} ซม. ไม่หาย"), "dicloxacillin clindamycin paracetamol silver", (1, 2), clinic="00200", longest_days=60, procedures=(("9357", 120),), course=(4, 14, 1), again=_WOUND_AGAIN, admit=0.04, stay=(4, 12), ward="10200", ward_medicines="ceftriaxone clindamycin nss"),
    Illness(("T230", "T240", "T311"), (0.6, 0.5, 0.6, 0.5, 0.3), ("น้ำร้อนลวก{part}", "ท่อไอเสียโดน{part}", "น้ำมันกระเด็นใส่{part}", "ไฟไหม้{part}"), "silver paracetamol tetanus", (2, 3), clinic="01200", longest_days=1, emergency=1.0, procedures=(("9357", 150),), external=("X120", "X190"), course=(3, 8, 1), again=_WOUND_AGAIN),
    Illness(("N300", "N390", "N309"), (0.3, 0.4, 2.5, 2.5, 3), ("ปัสสาวะแสบขัด", "ปัสสาวะบ่อย", "ปวดท้องน้อย", "ปัสสาวะสีแดง", "กลั้นปัสสาวะนาน", "ปัสสาวะไม่สุด"), "norfloxacin ofloxacin paracetamol ciprofloxacin", (1, 2), tests="11", admit=0.04, stay=(2, 5), ward_medicines="ceftriaxone nss paracetamol"),
    Illness(("N200", "N201", "N23"), (0, 0, 1, 1.6, 1.2), ("ปวดเอวร้าวลงขาหนีบ", "ปัสสาวะเป็นเลือด", "ปวดบีบเป็นพัก ๆ", "คลื่นไส้จากปวด", "เคยเป็นนิ่ว"), "diclofenac hyoscine tamsulosin tramadol", (2, 3), clinic="00200", emergency=0.5, tests="10 11", refer=0.06, admit=0.06, ward="10200", ward_medicines="tramadol_inj nss"),
    Illness(("N40",), (0, 0, 0, 0.8, 5), ("ปัสสาวะไม่พุ่ง", "ลุกปัสสาวะกลางคืน {n} ครั้ง", "ปัสสาวะหยดตอนท้าย", "ต้องเบ่งปัสสาวะ"), "tamsulosin doxazosin", (1, 2), clinic="00200", sex="1", longest_days=120, tests="11", course=(0, 1, 28), again=_FOLLOW_AGAIN),
    Illness(("R42", "H811", "H810"), (0, 0.2, 2, 4, 5), ("เวียนศีรษะบ้านหมุน", "มึนศีรษะ", "คลื่นไส้อาเจียน", "หูอื้อ", "เป็นเวลาเปลี่ยนท่า", "เดินเซ", "ลุกแล้วหน้ามืด"), "dimenhydrinate betahistine domperidone", (1, 2), clinic="00100", longest_days=7, emergency=0.4),
    Illness(("G442", "G439", "R51"), (0, 0.7, 3, 2.5, 1.5), ("ปวดศีรษะ", "ปวดศีรษะข้างเดียวตุบ ๆ", "ปวดท้ายทอย", "เห็นแสงวูบวาบ", "เครียด นอนน้อย", "ปวดมากเวลาเจอแสง"), "paracetamol ibuprofen amitriptyline naproxen", (1, 2), clinic="00100", longest_days=14, emergency=0.3),
    Illness(("J304", "J301", "J310"), (1, 2.5, 3, 2, 1), ("คัดจมูก", "จามตอนเช้า", "น้ำมูกใสไหลตลอด", "คันจมูก คันตา", "แพ้ฝุ่น", "เสมหะลงคอ"), "loratadine cetirizine montelukast chlorpheniramine", (1, 2), clinic="00600", longest_days=60, season=COOL),
    Illness(("R074", "R070", "I209"), (0, 0.1, 0.8, 1.5, 2), ("เจ็บหน้าอก", "แน่นหน้าอก", "ใจสั่น", "เหนื่อยง่าย", "เจ็บร้าวไปแขนซ้าย", "เหงื่อแตก"), "omeprazole isordil_sl paracetamol aspirin", (1, 2), clinic="00100", longest_days=3, emergency=0.8, tests="11 18 16", procedures=(("8952", 200),), admit=0.15, stay=(1, 4), ward_medicines="enoxaparin aspirin nss omeprazole_inj", refer=0.12),
    Illness(("I639", "I64", "I619"), (0, 0, 0.05, 0.5, 1.2), ("แขนขาอ่อนแรงข้างขวา", "พูดไม่ชัด", "ปากเบี้ยว", "เดินเซล้ม", "ซึมลง", "แขนซ้ายยกไม่ขึ้น", "ญาติพบหมดสติ{place}"), "aspirin omeprazole simvastatin", (1, 2), clinic="01200", longest_days=1, emergency=1.0, tests="01 11 18", admit=0.6, stay=(3, 10), ward_medicines="aspirin nss omeprazole_inj", ward_procedures=(("8703", 3000),), refer=0.4),
    Illness(("A419", "N10", "A403"), (0.1, 0.1, 0.3, 0.6, 1.6), ("ไข้สูงหนาวสั่น", "ซึมลง", "ความดันต่ำ", "ปวดเอว ไข้", "หายใจเหนื่อย", "สับสน"), "paracetamol", (0, 1), clinic="01200", longest_days=3, emergency=1.0, fever=True, tests="10 11 18 16", admit=0.9, stay=(4, 10), ward_medicines="ceftriaxone nss paracetamol omeprazole_inj", ward_procedures=(("3893", 800),), refer=0.1),
    Illness(("K358", "K359", "K37"), (0.05, 0.6, 0.6, 0.4, 0.2), ("ปวดท้องน้อยขวา", "คลื่นไส้", "ไข้ต่ำ ๆ", "ปวดย้ายจากสะดือ", "เดินตัวงอ"), "paracetamol", (0, 1), clinic="01200", longest_days=2, emergency=1.0, fever=True, tests="16 11", admit=0.8, stay=(2, 4), ward="10200", ward_medicines="ceftriaxone nss tramadol_inj", ward_procedures=(("4709", 8000),), refer=0.2, course=(2, 5, 2), again=_WOUND_AGAIN, is_once_a_year=True),
    Illness(("K922", "K254"), (0, 0, 0.15, 0.5, 1), ("ถ่ายดำ {n} ครั้ง", "อาเจียนเป็นเลือด", "หน้ามืดใจสั่น", "กินยาแก้ปวดประจำ", "อ่อนเพลีย ซีด"), "omeprazole", (0, 1), clinic="01200", longest_days=3, emergency=1.0, tests="16 10 11", admit=0.85, stay=(2, 5), ward_medicines="omeprazole_inj nss", ward_procedures=(("4513", 2500), ("9904", 900)), refer=0.1),
    Illness(("K021", "K029", "K040", "K053", "K083"), (0.4, 5, 5, 5, 4), ("ปวดฟัน", "ฟันผุ", "เหงือกบวม", "ขอขูดหินปูน", "ฟันโยก", "เสียวฟัน", "ขออุดฟัน", "เคี้ยวแล้วเจ็บ", "ฟันคุด", "ตรวจฟัน"), "ibuprofen amoxicillin paracetamol chlorhexidine metronidazole", (0, 2), clinic="01100", longest_days=30, emergency=0.0, procedures=(("2309", 200), ("232", 350), ("9654", 300)), course=(0, 3, 7), again=_DENTAL_AGAIN),
    Illness(("H251", "H259", "H402", "H110"), (0, 0, 0.1, 1, 4), ("ตามัว", "มองไม่ชัด", "ต้อเนื้อ", "น้ำตาไหล", "ปวดตา", "เห็นแสงกระจาย", "นัดตรวจตา"), "tears timolol chloramphenicol_eye", (1, 2), clinic="00700", longest_days=180, emergency=0.02, refer=0.1),
    Illness(("N760", "N771", "B373"), (0, 0, 2.5, 1, 0.4), ("ตกขาวผิดปกติ", "คันช่องคลอด", "ตกขาวสีเหลือง", "ปวดท้องน้อย"), "clotrimazole_vag metronidazole", (1, 2), clinic="00400", sex="2", longest_days=10),
    Illness(("N946", "N926", "N939"), (0, 0.2, 2.2, 1.2, 0.2), ("ปวดประจำเดือน", "ประจำเดือนมาไม่ปกติ", "เลือดออกกะปริบกะปรอย", "ประจำเดือนมามาก"), "ibuprofen ocp ferrous", (1, 2), clinic="00400", sex="2", longest_days=14, tests="16"),
    Illness(("Z304", "Z300"), (0, 0, 5, 1, 0), ("มาฉีดยาคุม", "ขอยาคุมกำเนิด", "ฉีดยาคุมเข็มต่อไป", "ปรึกษาวางแผนครอบครัว"), "medroxyprogesterone ocp", (1, 1), clinic="01500", sex="2", longest_days=1, emergency=0.0),
    Illness(("Z000", "Z017", "Z100"), (0.2, 0.3, 3, 5, 4), ("ตรวจสุขภาพประจำปี", "ขอตรวจเลือด", "ตรวจสุขภาพก่อนเข้างาน", "ตรวจสุขภาพตามสิทธิ", "คัดกรองความดันเบาหวาน", "ขอใบรับรองแพทย์ตรวจสุขภาพ"), "b_complex vitamin_c", (0, 1), clinic="01600", longest_days=1, emergency=0.0, tests="01 06 07 11 16"),
    Illness(("Z251", "Z258"), (0.8, 0.3, 0.6, 1, 3), ("รับวัคซีนไข้หวัดใหญ่", "ขอฉีดวัคซีนไข้หวัดใหญ่ตามสิทธิกลุ่มเสี่ยง", "มารับวัคซีนตามนัดหมาย"), "", (0, 0), clinic="01500", longest_days=1, season=(0.1, 0.1, 0.1, 0.3, 3, 3.2, 2, 1.2, 0.4, 0.2, 0.1, 0.1), emergency=0.0, vaccines=("815",), is_once_a_year=True),
    Illness(("Z515", "Z501", "I694", "Z740"), (0, 0, 0.1, 0.5, 4), ("เยี่ยมบ้านผู้ป่วยติดเตียง", "เยี่ยมบ้านหลังจำหน่าย", "ดูแลผู้สูงอายุที่บ้าน", "ญาติขอให้เยี่ยมบ้าน กินได้น้อย"), "paracetamol lactulose", (0, 2), clinic="01500", longest_days=30, emergency=0.0, procedures=(("9397", 150),), course=(0, 4, 6), again=_HOME_AGAIN),
    Illness(("A150", "A162", "A153"), (0, 0.05, 0.15, 0.25, 0.35), ("ไอเรื้อรัง", "ไอเป็นเลือด", "น้ำหนักลด", "ไข้ต่ำ ๆ ตอนบ่าย", "เหงื่อออกกลางคืน"), "isoniazid rifampicin pyrazinamide ethambutol b_complex", (4, 5), clinic="00100", longest_days=60, tests="10 11", admit=0.1, stay=(4, 12), ward_medicines="isoniazid rifampicin nss", course=(8, 24, 1), again=_TB_AGAIN, is_once_a_year=True),
    Illness(("F412", "F419", "F432", "F510"), (0, 0.2, 1.5, 1.5, 1.2), ("นอนไม่หลับ", "เครียดเรื่องงาน", "ใจสั่น วิตกกังวล", "ร้องไห้บ่อย", "เบื่ออาหาร", "คิดมาก", "หงุดหงิดง่าย"), "lorazepam sertraline hydroxyzine amitriptyline", (1, 2), clinic="00900", longest_days=60, emergency=0.05, course=(0, 2, 14), again=("F/U นอนหลับดีขึ้น", "มาตามนัดจิตเวช ยังกังวลบ้าง", "รับยาต่อเนื่อง หลับได้ {n} ชม.")),
    Illness(("A549", "A539", "N341", "A600"), (0, 0, 0.5, 0.2, 0.02), ("มีหนองไหลจากอวัยวะเพศ", "ปัสสาวะแสบ", "มีแผลที่อวัยวะเพศ", "คู่นอนมีอาการ"), "ceftriaxone azithromycin doxycycline acyclovir", (1, 2), clinic="00100", longest_days=10, emergency=0.02),
    Illness(("F102", "F101", "F152"), (0, 0, 0.7, 0.6, 0.2), ("ดื่มสุราประจำ มือสั่น", "ขอเลิกสุรา", "ญาติพามาบำบัด", "นอนไม่หลับ หูแว่ว", "ใช้สารเสพติด ขอบำบัด"), "lorazepam b_complex folic haloperidol", (1, 3), clinic="00900", longest_days=30, emergency=0.3, admit=0.12, stay=(3, 7), ward_medicines="nss haloperidol", course=(0, 3, 7), again=("มาบำบัดตามนัด หยุดดื่มได้ {n} วัน", "F/U บำบัดครั้งที่ {n}")),
    Illness(("T391", "T424"), (0, 0.05, 0.15, 0.05, 0.03), ("กินยาเกินขนาด", "ญาติพบกินยาเม็ดจำนวนมาก", "คลื่นไส้หลังกินยา"), "", (0, 0), clinic="01200", longest_days=1, emergency=1.0, external=("X600", "X610"), admit=0.7, stay=(1, 3), ward_medicines="nss", also=("F329",)),
    Illness(("O039", "O034"), (0, 0, 0.15, 0.03, 0), ("เลือดออกทางช่องคลอด ปวดท้องน้อย", "มีชิ้นเนื้อหลุด"), "paracetamol doxycycline ferrous", (1, 2), clinic="00300", sex="2", longest_days=2, emergency=0.8, admit=0.5, stay=(1, 2), ward="10300", ward_medicines="oxytocin nss", ward_procedures=(("6902", 2500),)),
)  # fmt: skip
