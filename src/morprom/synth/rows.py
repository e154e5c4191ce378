"""Rows of the 43 files about a person, and of what other places recorded about them."""

from datetime import date, timedelta

from morprom.synth import vaccines
from morprom.synth.chronic import diagnoses
from morprom.synth.conditions import ALLERGENS
from morprom.synth.family import Pregnancy
from morprom.synth.medicines import FORMULARY, did, local_code, tmt
from morprom.synth.model import Person, Sink, Window


def write_person(sink: Sink, hcode: str, province: str, person: Person, window: Window) -> None:
    """PERSON, ADDRESS, CARD, CHRONIC and DRUGALLERGY of one person."""
    changed = f"{window.start - timedelta(days=person.number % 300):%Y%m%d}{8 + person.number % 8:02d}1500"
    base = {"HOSPCODE": hcode, "PID": person.hn, "HN": person.hn, "CID": person.cid, "D_UPDATE": changed}
    sink("PERSON", base | _person(person))
    for kind in "12":
        sink("ADDRESS", base | _address(person, kind, province))
    sink("CARD", base | _card(person, hcode, window))
    for key, since in person.conditions.items():
        [(_, code)] = diagnoses(person, [key])
        row = {"DATE_DIAG": f"{since:%Y%m%d}", "CHRONIC": code, "HOSP_DX": hcode, "HOSP_RX": hcode, "TYPEDISCH": "03"}
        sink("CHRONIC", base | row)
    for family in person.allergies:
        sink("DRUGALLERGY", base | _allergy(person, family, hcode, window.start))


def _person(person: Person) -> dict[str, str]:
    died = person.died
    return {
        "HID": person.home.house_id[:14], "PRENAME": person.prename, "NAME": person.given, "LNAME": person.surname,
        "SEX": person.sex,
        "BIRTH": f"{person.born:%Y%m%d}", "MSTATUS": person.marital, "OCCUPATION_NEW": person.occupation,
        "RACE": "099", "NATION": "099",
        "RELIGION": person.religion, "EDUCATION": person.education,
        "FSTATUS": "1" if person.marital == "2" and person.sex == "1" else "2",
        "FATHER": person.father, "MOTHER": person.mother, "COUPLE": person.couple, "VSTATUS": "5",
        "DISCHARGE": "1" if died else "9",
        "DDISCHARGE": f"{died:%Y%m%d}" if died else "", "ABOGROUP": person.blood, "RHGROUP": "1",
        "TYPEAREA": "14113"[person.number % 5],
        "TELEPHONE": "", "MOBILE": person.home.phone, "NAME_E": person.english[0], "LNAME_E": person.english[1],
    }  # fmt: skip


def _address(person: Person, kind: str, province: str) -> dict[str, str]:
    home = person.home
    line = f"{home.house_number} หมู่ {home.village}"
    return {
        "ADDRESSTYPE": kind, "HOUSE_ID": home.house_id, "HOUSETYPE": "1", "HOUSENO": home.house_number,
        "VILLAGE": f"{home.village:02d}",
        "TAMBON": f"{home.tambon:02d}", "AMPUR": "99", "CHANGWAT": province, "MOBILE": home.phone,
        "ADDRESS_LINE1": line,
        "POSTAL_CODE": f"{province}990",
    }  # fmt: skip


def _card(person: Person, hcode: str, window: Window) -> dict[str, str]:
    began = window.start - timedelta(days=400 + person.number * 37 % 2000)
    ends = f"{window.end.year + 1}0930" if person.instype.startswith("4") else ""
    return {
        "INSTYPE_NEW": person.instype, "INSID": person.cid if person.instype != "0100" else f"99{person.number:08d}",
        "STARTDATE": f"{began:%Y%m%d}", "EXPIREDATE": ends, "MAIN": hcode,
        "SUB": hcode if person.instype == "0100" else "",
    }  # fmt: skip


def _allergy(person: Person, family: str, hcode: str, start: date) -> dict[str, str]:
    key, symptom = ALLERGENS[family]
    medicine = FORMULARY[key]
    told = start - timedelta(days=90 + person.number * 53 % 3000)
    return {
        "DATERECORD": f"{told:%Y%m%d}", "DRUGALLERGY": did(medicine), "DNAME": medicine.name,
        "TYPEDX": "123"[person.number % 3],
        "ALEVEL": "13"[person.number % 2], "SYMPTOM": f"{1 + person.number % 9:02d}",
        "INFORMANT": "14"[person.number % 2], "INFORMHOSP": hcode,
        "DID": local_code(medicine), "DID_TMT": tmt(medicine), "SYMPTOM_TEXT": symptom,
    }  # fmt: skip


def write_elsewhere(sink: Sink, hcode: str, person: Person, day: date, given: tuple[str, ...]) -> None:
    """EPI rows without a visit: another place gave the vaccines."""
    base = {"HOSPCODE": hcode, "PID": person.hn, "CID": person.cid, "DATE_SERV": f"{day:%Y%m%d}"}
    for code in given:
        row = {"VACCINETYPE": code, "VACCINEPLACE": "99001", "VACCINENAME": vaccines.NAMES[code]}
        sink("EPI", base | row | {"D_UPDATE": f"{day:%Y%m%d}153000"})


def write_pregnancy(sink: Sink, hcode: str, person: Person, pregnancy: Pregnancy, window: Window) -> None:
    """The PRENATAL row, with the HIV result that a sender must leave where it is."""
    due = pregnancy.last_period + timedelta(days=280)
    counted = min(window.end, pregnancy.last_period + timedelta(days=70))
    sink("PRENATAL", {
        "HOSPCODE": hcode, "PID": person.hn, "CID": person.cid, "GRAVIDA": str(pregnancy.gravida),
        "LMP": f"{pregnancy.last_period:%Y%m%d}", "EDC": f"{due:%Y%m%d}", "VDRL_RESULT": pregnancy.vdrl_result,
        "HB_RESULT": "1", "HIV_RESULT": pregnancy.hiv_result, "DATE_HCT": f"{counted:%Y%m%d}",
        "HCT_RESULT": str(pregnancy.haematocrit), "THALASSEMIA": "1", "D_UPDATE": f"{counted:%Y%m%d}120000",
        "HEIGHT": str(person.height),
    })  # fmt: skip
