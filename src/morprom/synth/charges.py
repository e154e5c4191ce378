"""What visits and stays cost and who pays. Groups 1 to 16 are those of the national claim form."""

from collections.abc import Iterable
from typing import NamedTuple

from morprom.synth.model import Prescription, Visit

ROOM, WARD_MEDICINES, MEDICINES, LABORATORY, XRAY, PROCEDURES, NURSING, DENTAL, REHABILITATION, THAI, OTHER = (
    "01", "03", "04", "07", "08", "11", "12", "13", "14", "15", "16",
)  # fmt: skip
_TEST_PRICES = {"05": 150, "12": 270, "03": 40, "04": 40, "06": 60, "07": 60, "08": 100, "09": 150, "16": 90}
_XRAYS = ("8700", "8703", "8952")
_BY_CLINIC = {"01100": DENTAL, "01300": REHABILITATION, "01400": THAI}
SELF_PAYING = ("9100",)


class Charge(NamedTuple):
    """One line of the bill, in baht."""

    item: str
    quantity: int
    price: float


def outpatient(visit: Visit) -> list[Charge]:
    """The bill of a visit: service fee, medicines, tests, what was done."""
    bill = [Charge(NURSING, 1, 100.0 if visit.is_emergency else 50.0)]
    bill += _medicines(MEDICINES, visit.prescriptions)
    if visit.tests:
        bill.append(
            Charge(LABORATORY, len(visit.tests), float(sum(_TEST_PRICES.get(one.code, 50) for one in visit.tests)))
        )
    for done in visit.procedures:
        item = XRAY if done.code in _XRAYS else _BY_CLINIC.get(visit.clinic, PROCEDURES)
        bill.append(Charge(item, 1, float(done.price)))
    return bill


def inpatient(visit: Visit, days: int) -> list[Charge]:
    """The bill of the visit's stay."""
    if visit.stay is None:
        return []
    bill = [Charge(ROOM, days, 400.0 * days), Charge(NURSING, days, 300.0 * days)]
    bill += _medicines(WARD_MEDICINES, visit.stay.in_ward) + _medicines(MEDICINES, visit.stay.home)
    for done in visit.stay.procedures:
        bill.append(Charge(XRAY if done.code in _XRAYS else PROCEDURES, 1, float(done.price)))
    return bill


def _medicines(item: str, given: Iterable[Prescription]) -> list[Charge]:
    total = sum(one.amount * one.medicine.price for one in given)
    return [Charge(item, 1, total)] if total else []
