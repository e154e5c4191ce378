"""What a person is told when something about their record was opened or set, so that it never happens unseen."""

from datetime import datetime
from uuid import UUID

from morprom.people.inbox import Notice


def code_made(unit: str, expires_at: datetime, grant_id: UUID, *, is_card: bool) -> Notice:
    """A unit had a code without asking the person for one."""
    by_th, by_en = ("บัตรประชาชน", "ID card") if is_card else ("Health ID", "Health ID")
    return Notice(
        kind="code-made",
        text_th=f"หน่วยบริการ {unit} ได้รหัสเปิดดูประวัติสุขภาพด้วย{by_th}ของคุณ หากไม่ใช่คุณ โปรดยกเลิกสิทธินี้และแจ้งเจ้าหน้าที่",
        text_en=f"Unit {unit} had a code to your health record by your {by_en}. If it was not you, end it and tell us.",
        unit=unit,
        expires_at=expires_at,
        grant=str(grant_id),
    )


def sharing_changed(*, share: bool) -> Notice:
    """The owner's switch was turned."""
    return Notice(
        kind="sharing",
        text_th="เปิดการเปิดเผยประวัติสุขภาพของคุณแล้ว" if share else "ปิดการเปิดเผยประวัติสุขภาพของคุณแล้ว เหลือเพียงคุณและเหตุฉุกเฉิน",
        text_en="Your health record is shared again." if share
        else "Your health record is no longer shared: only you, and emergencies, can open it.",
    )  # fmt: skip


def mask_changed(unit: str, *, masked: bool) -> Notice:
    """A visit at `unit` was hidden or shown again; which one is not said here."""
    return Notice(
        kind="mask",
        text_th=f"{'ปกปิด' if masked else 'เลิกปกปิด'}การรับบริการครั้งหนึ่งที่หน่วยบริการ {unit} แล้ว",
        text_en=f"A visit at unit {unit} was {'hidden' if masked else 'shown again'}.",
        unit=unit,
    )


def proofed(unit: str, unit_name: str, level: str) -> Notice:
    """Somebody was proofed as this person at a counter; `level` is "" when it came to nothing that opens an account."""
    th, en = (f"ผลคือระดับ IAL {level}", f"It came to IAL {level}.") if level else ("ผลคือไม่ผ่าน", "It did not pass.")
    return Notice(
        kind="proofing",
        text_th=f"มีการพิสูจน์ตัวตนในชื่อของคุณที่ {unit_name} ({unit}) {th} หากไม่ใช่คุณ โปรดแจ้งทันที",
        text_en=f"Somebody was proofed as you at {unit_name} ({unit}). {en} If it was not you, tell us at once.",
        unit=unit,
        unit_name=unit_name,
    )


def account(kind: str, th: str, en: str, unit: str = "") -> Notice:
    """Something happened to the account itself."""
    return Notice(kind=kind, text_th=th, text_en=en, unit=unit)


def proofed_upstream(level: str) -> Notice:
    """ThaID said how somebody was proofed, and their account has that level now."""
    return account(
        "redeemed", f"ระดับการยืนยันตัวตนของคุณเพิ่มเป็น IAL {level} ตามที่ ThaID แจ้ง หากไม่ใช่คุณ โปรดแจ้งการทุจริตทันที",
        f"By what ThaID says, your account is now at IAL {level}. If it was not you, report fraud at once.",
    )  # fmt: skip


def redeemed() -> Notice:
    """A slip was redeemed."""
    return account(
        "redeemed", "มีการนำใบยืนยันตัวตนของคุณไปเปิดใช้ในโทรศัพท์เครื่องหนึ่ง หากไม่ใช่คุณ โปรดแจ้งจุดยืนยันตัวตนทันที",
        "A proofing slip of yours was redeemed on a phone. If it was not you, tell a proofing counter at once.",
    )  # fmt: skip


def recovered() -> Notice:
    """Somebody came back with a recovery code."""
    return account(
        "recovered", "บัญชีของคุณถูกกู้คืนด้วยรหัสกู้คืน ทุกเครื่องถูกออกจากระบบ หากไม่ใช่คุณ โปรดแจ้งจุดยืนยันตัวตนทันที",
        "Your account was recovered with a recovery code; every device is signed out. If it was not you, tell us.",
    )  # fmt: skip


def new_device(where: str) -> Notice:
    """A sign-in from a browser that was not seen before."""
    return account("new-device", f"เข้าสู่ระบบจากเครื่องใหม่: {where}", f"Signed in from a new device: {where}")


def keys_changed(th: str, en: str) -> Notice:
    """An authenticator or contact was added or taken away."""
    return account("keys-changed", f"{th} หากไม่ใช่คุณ โปรดแจ้งการทุจริต", f"{en} If it was not you, report fraud.")


def fraud_reported() -> Notice:
    """The owner froze the account."""
    return account(
        "frozen", "มีการแจ้งทุจริต บัญชีถูกระงับแล้ว ต้องยืนยันตัวตนใหม่ที่จุดยืนยันตัวตน",
        "Fraud was reported; the account is frozen until you are proofed again at a counter.",
    )  # fmt: skip


def slip_refused_here(unit: str) -> Notice:
    """A slip was tried where it had been made."""
    return account(
        "slip-refused", f"มีผู้พยายามใช้ใบยืนยันตัวตนจากเครื่องหรือเครือข่ายของหน่วยบริการ {unit} ที่พิมพ์ใบ ระบบไม่รับและแจ้งหน่วยบริการแล้ว",
        f"Somebody tried to redeem a slip where unit {unit} had printed it. It was refused, the unit told.", unit,
    )  # fmt: skip


def fraud_at_unit(unit: str) -> Notice:
    """For a unit: somebody whom it proofed reports fraud."""
    return account(
        "fraud", f"ผู้ที่หน่วยบริการ {unit} ยืนยันตัวตนให้แจ้งการทุจริต โปรดตรวจสอบการยืนยันตัวตนของหน่วยบริการ",
        f"Somebody whom unit {unit} proofed reports fraud. Look into the proofings of the unit.", unit,
    )  # fmt: skip
