"""What an administrator may give a relying party: of their own unit, and no more than the operator gave it before.

The operator of the platform alone decides who learns citizen numbers, reads records, and shares names of people.
"""

from typing import Final

from morprom.federation.model import Terms
from morprom.kernel import Category, Problem, Words
from morprom.staff import Position
from morprom.staff.model import Administers

OPERATORS_SCOPES: Final = frozenset({"pid", "phr.read"})
HIGHEST_TIER: Final = 1


def demand_administrator(by: Position | None, unit: str) -> None:
    """Raise Problem NOT_AN_ADMINISTRATOR unless a unit's clients are theirs to change; None is the operator."""
    if by is not None and not by.looks_after(unit):
        raise not_an_administrator()


def demand_within(by: Position | None, terms: Terms, before: Terms | None) -> None:
    """Raise Problem BEYOND_UNIT for terms that the administrator of a unit cannot give."""
    if by is None or by.administers is Administers.PLATFORM:
        return
    given = before or Terms(profile=terms.profile, auth=terms.auth, scopes=())
    is_within = (
        terms.tier <= max(given.tier, HIGHEST_TIER)
        and set(terms.scopes) & OPERATORS_SCOPES <= set(given.scopes)
        and terms.sector == given.sector
        and terms.is_resource_server == given.is_resource_server
    )
    if not is_within:
        words = Words(
            "ชั้นข้อมูลเกิน 1 เลขประจำตัวประชาชน การอ่านข้อมูลสุขภาพ sector และการถามค่า token ของผู้อื่น ผู้ดูแลแพลตฟอร์มเท่านั้นที่ให้ได้",
            "a tier above 1, citizen numbers, reading records, a sector and asking about tokens of others are the"
            " platform operator's to give",
        )
        raise Problem(Category.FORBIDDEN, "BEYOND_UNIT", words)


def not_an_administrator() -> Problem:
    """What is said to somebody whose clients these are not."""
    words = Words("คุณไม่ได้รับมอบหมายให้ดูแลโปรแกรมของหน่วยบริการนี้", "you are not named to look after clients of this unit")
    return Problem(Category.FORBIDDEN, "NOT_AN_ADMINISTRATOR", words)
