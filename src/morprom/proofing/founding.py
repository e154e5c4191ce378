"""The first officer of a deployment: slips are printed by officers with accounts, and there is none yet.

The operator stands in once: an ID card in hand, its laser code asked of DOPA, a code to the mobile number. That comes
to IAL 1.3, which opens a counter and no record; the first officer's colleagues then proof each other at it.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from morprom.accounts.account import standing_of
from morprom.assurance import Aal
from morprom.kernel import Category, Problem, Words
from morprom.outside import CardAnswer, CardState
from morprom.proofing.cases import note_status, note_typed_card, start_case
from morprom.proofing.events import seal_case
from morprom.proofing.model import NOWHERE, CardFields, OpenCase, Slip
from morprom.proofing.slips import print_slip
from morprom.staff.listed import demand_officer, officers
from morprom.storage import KeyRing, Tx

OPERATOR: Final = "OPERATOR"


async def demand_no_officer(tx: Tx, ring: KeyRing, now: datetime) -> None:
    """Raise Problem OFFICER_EXISTS once somebody can sit down at a counter: from then on counters proof."""
    for person_id in await officers(tx, ring):
        standing = await standing_of(tx, person_id, now)
        if standing and standing.frozen_at is None and standing.aal >= Aal.TWO_FACTORS:
            words = Words(
                "มีเจ้าหน้าที่พิสูจน์ตัวตนที่เข้าสู่ระบบได้แล้ว ให้ไปพิสูจน์ตัวตนที่เคาน์เตอร์",
                "an officer with an account is there already; people are proofed at a counter",
            )
            raise Problem(Category.CONFLICT, "OFFICER_EXISTS", words)


async def start_first(tx: Tx, ring: KeyRing, person_id: UUID, unit: str, card: CardFields, now: datetime) -> OpenCase:
    """The case of the first officer, who is appointed at that unit. Raises Problem OFFICER_EXISTS, NOT_AN_OFFICER, and
    as `note_typed_card`.
    """
    await demand_no_officer(tx, ring, now)
    await demand_officer(tx, ring, person_id, unit, now)
    open_case = await start_case(tx, ring, unit=unit, officer=person_id, path="first-officer", now=now)
    return await note_typed_card(tx, ring, open_case, card, now)


async def note_dopa(tx: Tx, ring: KeyRing, open_case: OpenCase, answer: CardAnswer) -> OpenCase:
    """What DOPA says of the card. Raises Problem CARD_NOT_VALID: nobody is let in on a guess."""
    if answer.state is not CardState.VALID or answer.is_deceased:
        words = Words(
            "กรมการปกครองไม่ยืนยันบัตรนี้ หรือติดต่อไม่ได้ ตรวจข้อมูลแล้วลองใหม่",
            "DOPA did not confirm this card, or could not be asked; look at what was typed and try again",
        )
        raise Problem(Category.CONFLICT, "CARD_NOT_VALID", words)
    return await note_status(tx, ring, open_case, answer)


async def seal_first(tx: Tx, ring: KeyRing, open_case: OpenCase, now: datetime) -> Slip:
    """Seal, and a slip to redeem. Raises Problem OFFICER_EXISTS when somebody was faster, and as `print_slip`."""
    await demand_no_officer(tx, ring, now)
    person_id = open_case.officer
    sealed = await seal_case(tx, ring, open_case, person_id=person_id, licence=OPERATOR, now=now)
    return await print_slip(tx, ring, sealed.event, NOWHERE, now)
