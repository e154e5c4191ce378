"""What is said of readers, cards and failures, in Thai and in English."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from morprom_agent.card.model import Fault, State


class Say(NamedTuple):
    """A sentence in each language."""

    th: str
    en: str


STATES: Final[Mapping[State, Say]] = {
    "no-service": Say(
        "บริการอ่านบัตรของเครื่อง (PC/SC) ไม่ทำงาน: Windows เปิดบริการ Smart Card, Linux เปิด pcscd",
        "the computer's card service (PC/SC) does not run: start Smart Card on Windows, pcscd on Linux",
    ),
    "no-reader": Say("ไม่พบเครื่องอ่านบัตร เสียบสาย USB ของเครื่องอ่าน", "there is no card reader; plug it in"),
    "several-cards": Say(
        "มีบัตรในเครื่องอ่านมากกว่าหนึ่งเครื่อง ดึงออกให้เหลือใบเดียว หรือเลือกด้วย --reader",
        "more than one reader has a card; leave one in, or choose a reader with --reader",
    ),
    "empty": Say("ยังไม่มีบัตร เสียบบัตรประชาชน", "no card; put the ID card in"),
    "mute": Say(
        "บัตรไม่ตอบ กลับด้านบัตรหรือเช็ดชิป แล้วเสียบใหม่",
        "the card is silent; turn it or wipe its chip, then put it in again",
    ),
    "card": Say("มีบัตรในเครื่องอ่าน", "there is a card in the reader"),
}

FAULTS: Final[Mapping[Fault, Say]] = {
    "no-service": STATES["no-service"],
    "no-reader": STATES["no-reader"],
    "several-cards": STATES["several-cards"],
    "empty": STATES["empty"],
    "mute": STATES["mute"],
    "removed": Say("บัตรถูกดึงออกระหว่างอ่าน เสียบบัตรแล้วอ่านใหม่", "the card was pulled out; put it in and read it again"),
    "changed": Say("บัตรถูกเปลี่ยนหลังกดปุ่ม กดอ่านใหม่", "the card was changed after the button; press it again"),
    "wrong-card": Say("บัตรนี้ไม่ใช่บัตรประจำตัวประชาชนไทย", "this card is no Thai ID card"),
    "unreadable": Say("อ่านข้อมูลในชิปไม่ครบ เช็ดชิปแล้วลองใหม่", "the chip's data is not whole; wipe it and try again"),
    "slow": Say(
        "บัตรไม่ตอบในเวลาที่กำหนด ดึงบัตรออกแล้วเสียบใหม่",
        "the card did not answer in time; pull it out, put it in again",
    ),
    "taken": Say("โปรแกรมอื่นใช้บัตรอยู่ ปิดโปรแกรมนั้นหรือรอ", "another program is using the card; close it or wait"),
    "busy": Say("หน้าจออื่นกำลังรออ่านบัตร", "another page is waiting for a card"),
    "no-nonce": Say("หน้าเคาน์เตอร์ไม่ตอบหลังกดปุ่ม ลองใหม่", "the counter's page did not answer the button; try again"),
    "not-enrolled": Say("เว็บไซต์นี้ยังไม่ได้ลงทะเบียนเครื่องนี้", "this station is not enrolled with that site"),
}

WAITING: Final = Say("รอเจ้าหน้าที่กดปุ่มอ่านบัตรที่หน้าต่างเครื่องอ่าน", "waiting for the button in the station's window")
