"""What a person is told when something about their record was opened or set, so that it never happens unseen."""

from datetime import datetime

from morprom.people.inbox import Notice


def code_made(unit: str, expires_at: datetime, *, is_card: bool) -> Notice:
    """A unit had a code without asking the person for one."""
    by_th, by_en = ("บัตรประชาชน", "ID card") if is_card else ("Health ID", "Health ID")
    return Notice(
        kind="code-made",
        text_th=f"หน่วยบริการ {unit} ได้รหัสเปิดดูประวัติสุขภาพด้วย{by_th}ของคุณ หากไม่ใช่คุณ โปรดยกเลิกสิทธินี้และแจ้งเจ้าหน้าที่",
        text_en=f"Unit {unit} had a code to your health record by your {by_en}. If it was not you, end it and tell us.",
        unit=unit,
        expires_at=expires_at,
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
