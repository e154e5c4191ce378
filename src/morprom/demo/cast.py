"""Units and accounts of the demo. None of these hospitals exists; their codes are in a range that is not given out."""

from typing import NamedTuple

from morprom.kernel import Hcode


class DemoUnit(NamedTuple):
    """A hospital of the demo; the province says which health region it is in."""

    hcode: Hcode
    name: str
    province: str
    beds: int


class DemoAccount(NamedTuple):
    """An account of the demo; `may` is send, read, or both with a comma."""

    hcode: Hcode
    login: str
    name: str
    may: str


class DemoNurse(NamedTuple):
    """An officer of the demo's counter."""

    cid: str
    title: str
    first: str
    last: str
    licence: str

    @property
    def name(self) -> str:
        """As one is called."""
        return f"{self.title}{self.first} {self.last}"


SENDING = DemoUnit(Hcode("99090"), "โรงพยาบาลทุ่งดอกจาน (สาธิต เขต 9)", "30", 600)
READING = DemoUnit(Hcode("99010"), "โรงพยาบาลดอยหมอกงาม (สาธิต เขต 1)", "50", 250)
UNITS = (
    SENDING,
    READING,
    DemoUnit(Hcode("99040"), "โรงพยาบาลบางคลองใส (สาธิต เขต 4)", "12", 400),
    DemoUnit(Hcode("99120"), "โรงพยาบาลหาดทรายแก้ว (สาธิต เขต 12)", "90", 320),
    DemoUnit(Hcode("99091"), "รพ.สต.บ้านโนนตะแบก (สาธิต เขต 9)", "31", 0),
)
AGENT = DemoAccount(SENDING.hcode, "agent", "ตัวส่งข้อมูลของโรงพยาบาล", "send")
DOCTOR = DemoAccount(READING.hcode, "doctor", "พญ.ดาวเรือง ทดสอบ", "read")
VENDOR = DemoAccount(Hcode("99999"), "vendor", "ผู้พัฒนาโปรแกรม", "send,read")
ACCOUNTS = (AGENT, DOCTOR, VENDOR)
NURSES = (
    DemoNurse("1990099000717", "นางสาว", "ใบบุญ", "ทดสอบ", "SIM0000071"),
    DemoNurse("1990099000725", "นาย", "เมฆา", "ทดสอบ", "SIM0000072"),
)
"""Of the reading hospital; the second one confirms exceptions."""
