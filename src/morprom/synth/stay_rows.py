"""Rows of the 43 files about one finished stay."""

from datetime import timedelta

from morprom.synth import charges
from morprom.synth.medicines import did, local_code, tmt
from morprom.synth.model import Prescription, Row, Sink, Visit

_WARDS = {
    "10100": "หอผู้ป่วยอายุรกรรม",
    "10200": "หอผู้ป่วยศัลยกรรม",
    "10300": "หอผู้ป่วยสูติกรรม",
    "10500": "หอผู้ป่วยเด็ก",
    "10800": "หอผู้ป่วยกระดูก",
}


def drug(one: Prescription) -> dict[str, str]:
    """The columns that DRUG_OPD and DRUG_IPD share; prices are of one unit."""
    medicine = one.medicine
    return {
        "DIDSTD": did(medicine), "DNAME": medicine.name, "AMOUNT": str(one.amount), "UNIT": "",
        "UNIT_PACKING": medicine.packing,
        "DRUGPRICE": f"{medicine.price:.2f}", "DRUGCOST": f"{medicine.price * 0.75:.2f}", "DID": local_code(medicine),
        "DID_TMT": tmt(medicine),
        "INSTRUCTION": one.instruction,
    }  # fmt: skip


def write_stay(sink: Sink, visit_row: Row, an: str, visit: Visit, size: tuple[float, int]) -> None:
    """ADMISSION and the four *_IPD files of the visit's stay. `size`: weight in kg, height in cm."""
    stay = visit.stay
    if stay is None:
        return
    admitted = visit.at + timedelta(minutes=75)
    days = max(1, (stay.until.date() - visit.at.date()).days)
    base = {
        **visit_row, "AN": an, "DATETIME_ADMIT": f"{admitted:%Y%m%d%H%M%S}", "WARDSTAY": stay.ward,
        "WARDDIAG": stay.ward,
        "D_UPDATE": f"{stay.until + timedelta(hours=3):%Y%m%d%H%M%S}",
    }  # fmt: skip
    bill = charges.inpatient(visit, days)
    total = sum(line.price for line in bill)
    is_paying = base["INSTYPE"] in charges.SELF_PAYING
    for line in bill:
        sink("CHARGE_IPD", {
            **base, "CHARGEITEM": line.item, "CHARGELIST": f"{line.item}0001", "QUANTITY": str(line.quantity),
            "COST": f"{line.price * 0.7:.2f}", "PRICE": f"{line.price:.2f}",
            "PAYPRICE": f"{line.price if is_paying else 0:.2f}",
        })  # fmt: skip
    paid = f"{total if is_paying else 0:.2f}"
    sink("ADMISSION", {
        **base, "WARDADMIT": stay.ward, "TYPEIN": "3" if visit.refer_from else "1", "REFERINHOSP": visit.refer_from,
        "CAUSEIN": "1" if visit.refer_from else "", "ADMITWEIGHT": f"{size[0]:.1f}", "ADMITHEIGHT": str(size[1]),
        "DATETIME_DISCH": f"{stay.until:%Y%m%d%H%M%S}", "WARDDISCH": stay.ward, "DISCHSTATUS": stay.status,
        "DISCHTYPE": stay.how,
        "REFEROUTHOSP": stay.refer_to, "CAUSEOUT": "1" if stay.refer_to else "", "COST": f"{total * 0.7:.2f}",
        "PRICE": f"{total:.2f}",
        "PAYPRICE": paid, "ACTUALPAY": paid, "ACTLOS": str(days),
        "BTEMP": f"{min(41.2, max(35.4, visit.temperature)):.1f}",
        "SBP": str(visit.systolic or ""), "DBP": str(visit.diastolic or ""), "MAIN_PROVIDER": base["PROVIDER"],
    })  # fmt: skip
    for code, kind in {code: kind for kind, code in reversed(stay.diagnoses)}.items():
        row = {"DIAGTYPE": kind, "DIAGCODE": code, "DIAG_DATETIME": base["D_UPDATE"], "WARDDIAGNAME": _WARDS[stay.ward]}
        sink("DIAGNOSIS_IPD", base | row)
    _write_care(sink, base, visit)


def _write_care(sink: Sink, base: Row, visit: Visit) -> None:
    stay = visit.stay
    if stay is None:
        return
    first, last = f"{visit.at:%Y%m%d}", f"{stay.until:%Y%m%d}"
    for kind, given in (("1", stay.in_ward), ("2", stay.home)):
        for one in given:
            row = {
                "TYPEDRUG": kind,
                "DATESTART": first if kind == "1" else last,
                "DATEFINISH": last if kind == "1" else "",
            }
            sink("DRUG_IPD", base | drug(one) | row)
    for index, made in enumerate(stay.procedures):
        start = visit.at + timedelta(hours=3 + 2 * index)
        row = {
            "PROCEDCODE": made.code, "SERVICEPRICE": f"{made.price:.2f}", "TIMESTART": f"{start:%Y%m%d%H%M%S}",
            "TIMEFINISH": f"{start + timedelta(minutes=50):%Y%m%d%H%M%S}",
        }  # fmt: skip
        sink("PROCEDURE_IPD", base | row)
