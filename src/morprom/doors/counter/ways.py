"""The ways a case can go: what each takes in place of a chip that can be read, and what level it can come to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from morprom.assurance import Checks, Derived, derive_ial, table
from morprom.kernel import Words
from morprom.proofing.cases import DUAL
from morprom.proofing.model import Path

Source = Literal["chip", "typed", "documents"]


@dataclass(frozen=True, slots=True)
class Way:
    """`sources` are what may say who it is; `reason` is what the officer writes beside it, when there is anything."""

    path: Path
    name: Words
    when: Words
    sources: tuple[Source, ...]
    reason: Words | None = None

    @property
    def is_dual(self) -> bool:
        """Whether it takes a second officer."""
        return self.path in DUAL

    @property
    def reach(self) -> Derived:
        """The level when all goes well, by the table that counts; the officer's eyes compare, no face service."""
        return derive_ial(_best(self), table())


def _best(way: Way) -> Checks:
    channel = "home-visit" if way.path == "home-visit" else "counter"
    second = way.is_dual
    if way.sources[0] == "documents":
        return Checks(
            evidence="birth-certificate", appearance=True, guardian=way.path == "child", contact="otp",
            channel=channel, second_officer=second,
        )  # fmt: skip
    has_chip = way.sources[0] == "chip"
    return Checks(
        evidence="id-card", appearance=True, chip_read=has_chip, station_signed=has_chip, dopa_status="valid",
        dopa_by="laser-code", face="officer", face_with="chip-photo" if has_chip else "printed-photo",
        face_matches=True, contact="otp", channel=channel, second_officer=second,
    )  # fmt: skip


WAYS: Final[Mapping[Path, Way]] = {
    way.path: way
    for way in (
        Way("card", Words("มีบัตรประชาชน", "ID card"), Words("อ่านชิปที่เครื่องอ่านบัตร", "its chip is read"), ("chip",)),
        Way(
            "card-unreadable", Words("ชิปอ่านไม่ได้", "The chip cannot be read"),
            Words("พิมพ์ข้อมูลหน้าบัตรและเลขหลังบัตร", "type what the card says, and the code on its back"), ("typed",),
        ),
        Way(
            "name-changed", Words("เปลี่ยนชื่อแล้ว บัตรยังเป็นชื่อเดิม", "Name changed, the card has the old one"),
            Words("อ่านชิป และดูหลักฐานการเปลี่ยนชื่อ", "read the chip, and see the certificate of the change"),
            ("chip", "typed"),
            Words("หลักฐานการเปลี่ยนชื่อ: เลขที่ วันที่ และชื่อใหม่", "The certificate: number, date, and the new name"),
        ),
        Way(
            "no-card", Words("ไม่มีบัตร", "No card"),
            Words("บันทึกเอกสารอื่นไว้ก่อน แล้วแนะนำไปทำบัตรที่อำเภอ", "note another document, and send them to get a card"),
            ("documents",),
        ),
        Way(
            "child", Words("เด็ก มากับผู้ปกครอง", "Child with a guardian"),
            Words("สูติบัตรหรือทะเบียนบ้าน และบัตรผู้ปกครอง", "birth certificate or house registration, guardian's card"),
            ("documents",),
        ),
        Way(
            "home-visit", Words("ติดเตียง ตรวจที่บ้านกับ อสม.", "Bedridden, at home with a health volunteer"),
            Words("อ่านชิปด้วยเครื่องพกพา หรือพิมพ์จากบัตร", "read the chip with a portable reader, or type from the card"),
            ("chip", "typed"),
            Words("บ้านเลขที่ที่ไปตรวจ และชื่อ อสม. ที่ไปด้วย", "Where, and the health volunteer who came along"),
        ),
    )
}  # fmt: skip
"""In the order of the keys 1 to 6."""
