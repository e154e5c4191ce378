"""What may be asked for: scopes, the claims in them, and the words in which a person is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from morprom.assurance import Aal
from morprom.kernel import Words


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope: in words, the claims that it opens, and the level that the person must be signed in at to give it."""

    words: Words
    claims: tuple[str, ...] = ()
    aal: Aal = Aal.ONE_FACTOR


SCOPES: Final[Mapping[str, Scope]] = {
    "openid": Scope(
        Words(
            "ยืนยันว่าเป็นคุณ ด้วยรหัสสุ่มที่ใช้เฉพาะกับโปรแกรมนี้ และระดับความเชื่อมั่นของการยืนยันตัวตน",
            "that it is you, by a random name that only this program has, and how sure we are of it",
        )
    ),
    "profile": Scope(
        Words("ชื่อ นามสกุล วันเกิด เพศ", "your names, date of birth and sex"),
        ("name", "given_name", "middle_name", "family_name", "birthdate", "gender"),
    ),
    "address": Scope(Words("ที่อยู่ตามบัตรประชาชน", "your address, as on your ID card"), ("address",)),
    "phone": Scope(
        Words("หมายเลขโทรศัพท์ที่ยืนยันแล้ว", "your verified telephone number"), ("phone_number", "phone_number_verified")
    ),
    "email": Scope(
        Words("อีเมล (ระบบนี้ไม่ได้เก็บไว้)", "your e-mail address (which we do not have)"), ("email", "email_verified")
    ),
    "pid": Scope(
        Words("เลขประจำตัวประชาชน 13 หลัก", "your 13-digit citizen number"), ("pid",), Aal.TWO_FACTORS
    ),
    "phr.read": Scope(
        Words("อ่านข้อมูลสุขภาพของคุณแทนคุณ", "to read your health record on your behalf"), (), Aal.TWO_FACTORS
    ),
    "offline_access": Scope(
        Words(
            "ใช้สิทธินี้ต่อได้โดยไม่ต้องถามซ้ำ จนกว่าคุณจะออกจากระบบหรือครบเวลาของการเข้าสู่ระบบครั้งนี้",
            "to go on without asking again, until you sign out or this sign-in ends",
        )
    ),
}  # fmt: skip

CLAIM_WORDS: Final[Mapping[str, Words]] = {
    "name": Words("ชื่อและนามสกุล", "your name"),
    "given_name": Words("ชื่อ", "your given name"),
    "middle_name": Words("ชื่อกลาง", "your middle name"),
    "family_name": Words("นามสกุล", "your family name"),
    "birthdate": Words("วันเกิด", "your date of birth"),
    "gender": Words("เพศ", "your sex"),
    "address": Words("ที่อยู่ตามบัตรประชาชน", "your address, as on your ID card"),
    "phone_number": Words("หมายเลขโทรศัพท์", "your telephone number"),
    "phone_number_verified": Words("โทรศัพท์ได้รับการยืนยันแล้วหรือไม่", "whether your telephone number was verified"),
    "email": SCOPES["email"].words,
    "email_verified": SCOPES["email"].words,
    "pid": SCOPES["pid"].words,
    "verified_claims": Words(
        "วิธี เวลา และระดับที่คุณได้รับการพิสูจน์ตัวตน", "how, when and at what level your identity was proofed"
    ),
}

OF_PROOFING: Final = ("name", "given_name", "middle_name", "family_name", "birthdate", "gender", "address", "pid")
"""Claims that a proofing verifies: what stands on the card. A telephone number is its owner's to change."""

TIER_WORDS: Final[Mapping[int, Words]] = {
    0: Words("ไม่มีข้อมูลของคุณ", "none of your data"),
    1: Words("ข้อมูลส่วนตัว นัดหมาย การแจ้งเตือน", "profile, appointments and notices"),
    2: Words("สิทธิการรักษา วัคซีน แพ้ยา สรุปที่ไม่มีการวินิจฉัย", "coverage, vaccines, allergies, a summary without diagnoses"),
    3: Words("การรับบริการ การวินิจฉัย ผลแล็บ ยา ใบส่งตัว", "visits, diagnoses, laboratory results, medicines and referrals"),
    4: Words("ทุกอย่าง รวมเรื่องที่อ่อนไหว", "everything, what is sensitive included"),
}


def claims_of(scopes: Iterable[str]) -> tuple[str, ...]:
    """Every claim that these scopes open."""
    return tuple(dict.fromkeys(claim for scope in scopes if scope in SCOPES for claim in SCOPES[scope].claims))


def least_aal(scopes: Iterable[str]) -> Aal:
    """The level at which these may be given."""
    return max((SCOPES[scope].aal for scope in scopes), default=Aal.ONE_FACTOR)
