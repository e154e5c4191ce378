"""Chronic conditions: how common at which age, the codes, and the medicines of the steady ones."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from morprom.synth.chance import happens, pick
from morprom.synth.model import Person


class Condition(NamedTuple):
    """`bands` are shares of the ages 0-14, 15-34, 35-59, 60-74 and 75+; higher than a whole country's."""

    codes: tuple[str, ...]
    short: str
    bands: tuple[float, float, float, float, float]
    sex: str = ""
    medicines: tuple[str, ...] = ()


CONDITIONS: Mapping[str, Condition] = {
    "ht": Condition(("I10",), "HT", (0, 0.02, 0.26, 0.56, 0.66)),
    "dm": Condition(("E119", "E119", "E119", "E114", "E112", "E116"), "DM", (0, 0.01, 0.14, 0.30, 0.26)),
    "dlp": Condition(("E785", "E780", "E782"), "DLP", (0, 0.015, 0.16, 0.34, 0.30)),
    "ckd": Condition(("N183", "N183", "N184", "N182"), "CKD", (0, 0, 0.01, 0.06, 0.15)),
    "esrd": Condition(("N185",), "ESRD", (0, 0, 0.0025, 0.005, 0.003),
    medicines=("erythropoietin", "calcium", "sodium_bicarbonate", "furosemide")),
    "ihd": Condition(("I259", "I251"), "IHD", (0, 0, 0.008, 0.035, 0.05),
    medicines=("aspirin", "isosorbide", "isordil_sl", "carvedilol")),
    "chf": Condition(("I500", "I509"), "CHF", (0, 0, 0.003, 0.015, 0.04),
    medicines=("furosemide", "spironolactone", "carvedilol")),
    "af": Condition(("I48",), "AF", (0, 0, 0.002, 0.012, 0.03), medicines=("warfarin", "digoxin")),
    "stroke": Condition(("I693", "I694"), "old CVA", (0, 0, 0.006, 0.025, 0.05),
    medicines=("aspirin", "simvastatin", "b1612")),
    "gout": Condition(("M109", "M100"), "Gout", (0, 0.001, 0.015, 0.03, 0.02), "1", ("allopurinol", "colchicine")),
    "thyroid": Condition(("E059", "E039"), "Thyroid", (0, 0.004, 0.01, 0.01, 0.01), "2", ("methimazole", "thyroxine")),
    "asthma": Condition(("J459", "J450"), "Asthma", (0.015, 0.015, 0.018, 0.02, 0.02),
    medicines=("budesonide", "salbutamol", "montelukast")),
    "copd": Condition(("J449", "J448"), "COPD", (0, 0, 0.006, 0.04, 0.07), "1",
    ("salmeterol", "salbutamol", "theophylline", "tiotropium")),
    "epilepsy": Condition(("G409",), "Epilepsy", (0.003, 0.006, 0.005, 0.004, 0.003),
    medicines=("phenytoin", "valproate", "folic")),
    "thalassemia": Condition(("D569", "D561"), "Thalassemia", (0.006, 0.005, 0.002, 0, 0), medicines=("folic",)),
    "hiv": Condition(("B24", "B20"), "ARV", (0, 0.008, 0.010, 0.003, 0), medicines=("tld", "efavirenz")),
    "schizophrenia": Condition(("F209", "F200"), "จิตเวช", (0, 0.006, 0.008, 0.005, 0.002),
    medicines=("risperidone", "trihexyphenidyl", "haloperidol")),
    "depression": Condition(("F329", "F321", "F339"), "จิตเวช", (0.001, 0.018, 0.02, 0.02, 0.01),
    medicines=("fluoxetine", "sertraline", "lorazepam")),
}  # fmt: skip

ALLERGENS: Mapping[str, tuple[str, str]] = {
    "penicillin": ("amoxicillin", "ผื่นแดงคันตามตัว"),
    "sulfa": ("cotrimoxazole", "ผื่น ปากเปื่อย"),
    "nsaid": ("ibuprofen", "ตาบวม ปากบวม"),
    "cephalosporin": ("ceftriaxone", "ผื่นลมพิษ แน่นหน้าอก"),
    "quinolone": ("norfloxacin", "คัน ผื่นลมพิษ"),
    "macrolide": ("roxithromycin", "คลื่นไส้อาเจียนรุนแรง ผื่น"),
    "ace": ("enalapril", "ไอแห้ง หน้าบวม"),
}
"""Family of medicines that nobody allergic to it is given, the medicine on record, and what happened."""


def fall_ill(rng: Random, person: Person, today: date) -> None:
    """Give a person the chronic conditions and allergies of their age; DM, HT, DLP and CKD come together."""
    age = person.age(today)
    band = 0 if age < 15 else 1 if age < 35 else 2 if age < 60 else 3 if age < 75 else 4
    for key, condition in CONDITIONS.items():
        likely = condition.bands[band] * _company(key, person)
        if condition.sex in ("", person.sex) and happens(rng, likely):
            person.conditions[key] = _diagnosed(rng, person, today)
    if "esrd" in person.conditions:
        person.conditions.pop("ckd", None)
    if happens(rng, 0.015 + 0.0009 * age):
        person.allergies = (pick(rng, ("penicillin",) * 4 + ("sulfa",) * 3 + tuple(ALLERGENS)),)
    if person.conditions:
        person.frailty += 0.25


def _company(key: str, person: Person) -> float:
    has = person.conditions
    if key == "dm":
        return 1.7 if "ht" in has else 0.6
    if key == "dlp":
        return 2.0 if "dm" in has else 1.3 if "ht" in has else 0.5
    if key in ("ckd", "esrd"):
        return 1.9 if "dm" in has else 1.2 if "ht" in has else 0.3
    return 1.4 if key in ("ihd", "chf", "stroke") and has else 1.0


def _diagnosed(rng: Random, person: Person, today: date) -> date:
    lived = (today - person.born).days
    years = min(lived / 365.25 * 0.6, rng.expovariate(1 / 6))
    return today - timedelta(days=int(years * 365.25) + 30)
