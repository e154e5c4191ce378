"""Rows of the 43 files about one outpatient visit."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random

from morprom.synth import charges, vaccines
from morprom.synth.chance import between, happens
from morprom.synth.lives import size_on
from morprom.synth.model import Person, Row, Sink, Visit
from morprom.synth.providers import Staff
from morprom.synth.stay_rows import drug, write_stay
from morprom_wire.labs import BY_43_FILE_CODE

_RANGES = {
    "01": (70, 100), "03": (70, 100), "05": (4, 5.7), "06": (0, 150), "07": (0, 200), "08": (40, 80), "09": (0, 130),
    "10": (7, 20),
    "11": (0.5, 1.2), "12": (0, 20), "15": (90, 150), "16": (12, 16), "18": (3.5, 5.1), "19": (22, 29),
    "20": (2.5, 4.5),
}  # fmt: skip
_CLINIC_NAMES = {
    "00100": "คลินิกอายุรกรรม", "00200": "คลินิกศัลยกรรม", "00300": "คลินิกฝากครรภ์", "00400": "คลินิกนรีเวช",
    "00500": "คลินิกเด็กดี", "00600": "คลินิกหู คอ จมูก",
    "00700": "คลินิกตา", "00800": "คลินิกกระดูกและข้อ", "00900": "คลินิกจิตเวช", "01100": "ทันตกรรม", "01200": "อุบัติเหตุฉุกเฉิน",
    "01300": "กายภาพบำบัด",
    "01400": "แพทย์แผนไทย", "01500": "PCU", "01600": "ตรวจโรคทั่วไป",
}  # fmt: skip


class VisitWriter:
    """Writes visits of one hospital; numbers them by day (SEQ) and stays by year (AN) as they come."""

    def __init__(self, sink: Sink, hcode: str, staff: Staff) -> None:
        self._sink, self._hcode, self._staff = sink, hcode, staff
        self._of_day: Counter[str] = Counter()
        self._of_year: Counter[int] = Counter()

    @property
    def stays(self) -> int:
        """How many stays have been written."""
        return sum(self._of_year.values())

    def write(self, rng: Random, person: Person, visit: Visit) -> None:
        """Every row of the visit and of the stay it led to."""
        at = visit.at
        day = f"{(at.year + 543) % 100:02d}{at:%m%d}"
        self._of_day[day] += 1
        done = at + timedelta(minutes=between(rng, 25, 170), seconds=between(rng, 0, 59))
        instype = "6100" if visit.is_traffic_accident else person.instype
        base = {
            "HOSPCODE": self._hcode, "PID": person.hn, "HN": person.hn, "SEQ": f"{day}{self._of_day[day]:06d}",
            "CID": person.cid,
            "DATE_SERV": f"{at:%Y%m%d}", "TIME_SERV": f"{at:%H%M%S}", "CLINIC": visit.clinic,
            "PROVIDER": self._staff.of(rng, visit.clinic),
            "INSTYPE": instype, "D_UPDATE": f"{done:%Y%m%d%H%M%S}",
        }  # fmt: skip
        self._write_service(rng, person, visit, base)
        self._write_what_was_found(visit, base, done)
        self._write_what_was_given(rng, visit, base, done)
        self._write_measures(rng, person, visit, base)
        if visit.stay:
            year = (at.year + 543) % 100
            self._of_year[year] += 1
            write_stay(self._sink, base, f"{year:02d}{self._of_year[year]:07d}", visit, size_on(person, at.date()))

    def _write_service(self, rng: Random, person: Person, visit: Visit, base: Row) -> None:
        bill = charges.outpatient(visit)
        total = sum(line.price for line in bill)
        pays = total if base["INSTYPE"] in charges.SELF_PAYING else 30.0 if happens(rng, 0.02) else 0.0
        for line in bill:
            owed = line.price if pays == total else 0.0
            self._sink("CHARGE_OPD", {
                **base, "CHARGEITEM": line.item, "CHARGELIST": f"{line.item}0001", "QUANTITY": str(line.quantity),
                "COST": f"{line.price * 0.7:.2f}", "PRICE": f"{line.price:.2f}", "PAYPRICE": f"{owed:.2f}",
            })  # fmt: skip
        here = visit.at.weekday() < 5 and 8 <= visit.at.hour < 16
        has_vitals = visit.systolic > 0
        self._sink("SERVICE", {
            **base, "LOCATION": "2" if person.number % 5 == 1 else "1", "INTIME": "1" if here else "2", "INSID": "",
            "MAIN": self._hcode,
            "TYPEIN": _type_in(rng, visit), "REFERINHOSP": visit.refer_from, "CAUSEIN": "1" if visit.refer_from else "",
            "CHIEFCOMP": visit.complaint, "SERVPLACE": "2" if visit.is_outside else "1",
            "BTEMP": "" if visit.is_telemedicine else f"{min(41.2, max(35.4, visit.temperature)):.1f}",
            "SBP": str(visit.systolic) if has_vitals else "", "DBP": str(visit.diastolic) if has_vitals else "",
            "PR": "" if visit.is_telemedicine else str(int(rng.gauss(80, 10) + max(0, visit.temperature - 37) * 9)),
            "RR": "" if visit.is_telemedicine else str(between(rng, 18, 22)),
            "TYPEOUT": "2" if visit.stay else "3" if visit.refer_to else "1", "REFEROUTHOSP": visit.refer_to,
            "CAUSEOUT": "1" if visit.refer_to else "", "COST": f"{total * 0.7:.2f}", "PRICE": f"{total:.2f}",
            "PAYPRICE": f"{pays:.2f}",
            "ACTUALPAY": f"{pays:.2f}", "HSUB": self._hcode,
            "BWEIGHT": "" if visit.is_telemedicine else f"{visit.weight:.1f}",
            "BHEIGHT": str(size_on(person, visit.at.date())[1]), "PAT_INSTRUCTION": visit.advice,
        })  # fmt: skip

    def _write_what_was_found(self, visit: Visit, base: Row, done: datetime) -> None:
        name = _CLINIC_NAMES.get(visit.clinic, "")
        stamp = f"{done:%Y%m%d%H%M%S}"
        for code, kind in {code: kind for kind, code in reversed(visit.diagnoses)}.items():
            row = {"DIAGTYPE": kind, "DIAGCODE": code, "DIAG_DATETIME": stamp, "CLINICNAME": name}
            self._sink("DIAGNOSIS_OPD", base | row)
        for test in visit.tests:
            lab = BY_43_FILE_CODE[test.code]
            low, high = _RANGES.get(test.code, (0, 100_000))
            self._sink("LABFU", {
                **base, "LABTEST": lab.new or lab.old, "LABRESULT": f"{test.value:g}", "FUPLACE": self._hcode,
                "UNIT": lab.unit,
                "MEASURE_DATETIME": base["DATE_SERV"] + base["TIME_SERV"], "REPORT_DATETIME": stamp,
                "GROUP_NAME": "Chemistry",
                "REF_RANGE": f"{low:g}-{high:g}" if test.code in _RANGES else "",
                "INTERPRET": "L" if test.value < low else "H" if test.value > high else "N",
            })  # fmt: skip

    def _write_what_was_given(self, rng: Random, visit: Visit, base: Row, done: datetime) -> None:
        for one in visit.prescriptions:
            self._sink("DRUG_OPD", base | drug(one) | {"TYPEDRUG": "1", "PREPARED_DATETIME": base["D_UPDATE"]})
        for made in visit.procedures:
            row = {
                "PROCEDCODE": made.code,
                "SERVICEPRICE": f"{made.price:.2f}",
                "TIMESTART": base["DATE_SERV"] + base["TIME_SERV"],
            }
            self._sink("PROCEDURE_OPD", base | row)
        for code in visit.vaccines:
            lot = f"{'ABCDEFGH'[between(rng, 0, 7)]}{between(rng, 1000, 9999)}"
            self._sink("EPI", {
                **base, "VACCINETYPE": code, "VACCINEPLACE": self._hcode, "VACCINENAME": vaccines.NAMES[code],
                "LOT": lot,
                "EXPIRY_DATE": f"{done.year + 1}{between(rng, 1, 12):02d}28",
                "DATETIME_SERV": base["DATE_SERV"] + base["TIME_SERV"],
            })  # fmt: skip
        if visit.appointment:
            planned = visit.appointment
            self._sink("APPOINTMENT", {
                **base, "APDATE": f"{planned.on:%Y%m%d}", "APTYPE": planned.kind, "APDIAG": planned.reason,
                "APTIME": f"{between(rng, 7, 13):02d}3000", "APCLINICNAME": _CLINIC_NAMES.get(visit.clinic, ""),
                "PAT_INSTRUCTION": "งดน้ำและอาหารหลังเที่ยงคืน" if visit.is_chronic_care and happens(rng, 0.4) else "",
                "INSTYPE_NEW": base["INSTYPE"],
            })  # fmt: skip

    def _write_measures(self, rng: Random, person: Person, visit: Visit, base: Row) -> None:
        height = size_on(person, visit.at.date())[1]
        waist = str(int(visit.weight * 0.62 + 40 + rng.gauss(0, 4)))
        size = {"WEIGHT": f"{visit.weight:.1f}", "HEIGHT": str(height), "WAIST_CM": waist}
        pressure = {"SBP": str(visit.systolic), "DBP": str(visit.diastolic)}
        if (
            visit.is_chronic_care
            and visit.systolic
            and not visit.is_telemedicine
            and {"dm", "ht"} & person.conditions.keys()
        ):
            feet = "1" if happens(rng, 0.25) else "9"
            looked = {"FOOT": feet, "RETINA": "1" if happens(rng, 0.1) else "9", "CHRONICFUPLACE": self._hcode}
            self._sink("CHRONICFU", base | size | pressure | looked)
        elif visit.is_screening:
            again = {
                "SBP_1": str(visit.systolic),
                "DBP_1": str(visit.diastolic),
                "SBP_2": str(visit.systolic - between(rng, 0, 6)),
                "DBP_2": str(visit.diastolic),
            }
            habits = {
                "SMOKE": "114"[person.number % 3] if person.sex == "1" else "1",
                "ALCOHOL": "1223"[person.number % 4],
                "DMFAMILY": "12"[person.number % 2],
                "HTFAMILY": "2",
            }
            sugar = next((f"{one.value:g}" for one in visit.tests if one.code == "01"), str(int(rng.gauss(98, 14))))
            self._sink(
                "NCDSCREEN",
                base
                | size
                | again
                | habits
                | {"SERVPLACE": "1", "BSLEVEL": sugar, "BSTEST": "1", "SCREENPLACE": self._hcode},
            )
        if visit.antenatal:
            count, week, gravida = visit.antenatal
            self._sink(
                "ANC",
                {
                    **base,
                    "GRAVIDA": str(gravida),
                    "ANCNO": str(min(count, 9)),
                    "GA": str(week),
                    "ANCRESULT": "1",
                    "ANCPLACE": self._hcode,
                    "WEIGHT": size["WEIGHT"],
                },
            )


def _type_in(rng: Random, visit: Visit) -> str:
    if visit.is_telemedicine:
        return "5"
    if visit.refer_from:
        return "3"
    if visit.was_appointed:
        return "2"
    return "4" if visit.is_emergency and happens(rng, 0.15) else "1"
