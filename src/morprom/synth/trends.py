"""How sugar, pressure, fat and kidneys of one person move from visit to visit, and what medicines do to them."""

import math
from datetime import date
from random import Random

from morprom.synth.chance import between, happens
from morprom.synth.model import Person, Prescription, Test
from morprom.synth.prescribing import prescribe

_SUGAR = ("metformin", "metformin", "glipizide", "pioglitazone", "insulin_nph", "insulin_mixed")
_PRESSURE = ("amlodipine", "enalapril", "hydrochlorothiazide", "atenolol", "hydralazine")


def egfr(creatinine: float, age: int, sex: str) -> float:
    """CKD-EPI 2009 without the race term, mL/min/1.73 m² from mg/dL."""
    kappa, alpha, factor = (0.9, -0.411, 1.0) if sex == "1" else (0.7, -0.329, 1.018)
    ratio = creatinine / kappa
    return 141 * min(ratio, 1) ** alpha * max(ratio, 1) ** -1.209 * 0.993**age * factor


def creatinine_of(rate: float, age: int, sex: str) -> float:
    """The creatinine whose CKD-EPI rate is `rate`: the inverse of `egfr`."""
    kappa, alpha, factor = (0.9, -0.411, 1.0) if sex == "1" else (0.7, -0.329, 1.018)
    share = rate / (141 * 0.993**age * factor)
    return kappa * (share ** (-1 / 1.209) if share < 1 else share ** (1 / alpha))


class Trend:
    """State of a chronic patient. `move` lets time pass; the rest reads it with a laboratory's noise."""

    def __init__(self, rng: Random, person: Person, on: date) -> None:
        years = {key: (on - since).days / 365.25 for key, since in person.conditions.items()}
        age = person.age(on)
        self._rng, self._person, self._on = rng, person, on
        self._adherence = min(1.0, max(0.3, rng.gauss(0.85, 0.15)))
        self._untreated_a1c = rng.gauss(8.9, 1.2) + 0.1 * years.get("dm", 0)
        self._untreated_systolic = rng.gauss(153, 11)
        self._untreated_ldl = rng.gauss(152, 28)
        self.sugar_steps = min(5, 1 + int(max(0.0, years.get("dm", 0)) / 2.5)) if "dm" in years else 0
        self.pressure_steps = min(4, 1 + int(max(0.0, years.get("ht", 0)) / 4)) if "ht" in years else 0
        self.a1c = self._settled_a1c() + rng.gauss(0, 0.5)
        self.kidney = max(16.0, self._first_kidney(years, age))
        self._kidney_loss = abs(rng.gauss(2.8, 1.5)) if "ckd" in years else 0.9
        self._since_a1c, self._since_yearly = between(rng, 0, 180), between(rng, 0, 365)

    def _first_kidney(self, years: dict[str, float], age: int) -> float:
        if "ckd" in years:
            return {"N182": 72, "N183": 44, "N184": 23}.get(ckd_code(self._person), 44) + self._rng.gauss(0, 5)
        return min(120, 112 - max(0, age - 35) * 0.75 + self._rng.gauss(0, 7))

    def _settled_a1c(self) -> float:
        return max(5.4, self._untreated_a1c - 0.72 * self.sugar_steps * self._adherence)

    def move(self, on: date) -> None:
        """Let the days since the last visit pass."""
        days = (on - self._on).days
        self._on = on
        self._since_a1c += days
        self._since_yearly += days
        nearer = 1 - math.exp(-days / 90)
        self.a1c = min(16.0, max(5.0, self.a1c + (self._settled_a1c() - self.a1c) * nearer + self._rng.gauss(0, 0.22)))
        self.kidney = max(7.0, self.kidney - self._kidney_loss * days / 365 + self._rng.gauss(0, 0.4))

    def blood_pressure(self) -> tuple[int, int]:
        """Systolic and diastolic of today, mmHg."""
        settled = self._untreated_systolic - 9.5 * self.pressure_steps * self._adherence
        if "ht" not in self._person.conditions:
            settled = 126
        systolic = int(min(230, max(92, self._rng.gauss(settled, 9))))
        return systolic, int(min(120, max(50, systolic * 0.42 + self._rng.gauss(20, 6))))

    def adjust(self, systolic: int) -> None:
        """What the physician does about today's figures."""
        has = self._person.conditions
        if "dm" in has and self.a1c > 7.6 and self.sugar_steps < len(_SUGAR) and happens(self._rng, 0.35):
            self.sugar_steps += 1
        if "ht" in has and systolic > 150 and self.pressure_steps < len(_PRESSURE) and happens(self._rng, 0.3):
            self.pressure_steps += 1

    def tests(self) -> list[Test]:
        """Fasting sugar at every diabetic visit, HbA1c twice a year, fats and kidneys once a year, as LABFU codes."""
        has, rng = self._person.conditions, self._rng
        results: list[Test] = []
        if "dm" in has:
            sugar = 28.7 * self.a1c - 46.7  # Nathan 2008: average glucose that goes with an HbA1c
            code = "01" if happens(rng, 0.6) else "03"
            results.append(Test(code, round(min(480, max(62, rng.gauss(sugar - 14, sugar * 0.13))))))
        if "dm" in has and self._since_a1c >= 170:
            self._since_a1c = 0
            results.append(Test("05", round(self.a1c, 1)))
        if self._since_yearly >= 350 or ("ckd" in has and self._since_yearly >= 80):
            self._since_yearly = 0
            results += self._yearly()
        return results

    def _yearly(self) -> list[Test]:
        rng, person, age = self._rng, self._person, self._person.age(self._on)
        creatinine = round(max(0.4, creatinine_of(self.kidney, age, person.sex) * rng.gauss(1, 0.03)), 2)
        on_statin = "dlp" in person.conditions
        ldl = max(
            38, round((self._untreated_ldl if on_statin else 112) * (0.66 if on_statin else 1) + rng.gauss(0, 12))
        )
        hdl, fat = max(25, round(rng.gauss(46 if person.sex == "1" else 53, 9))), max(45, round(rng.gauss(150, 55)))
        rate = round(egfr(creatinine, age, person.sex), 1)
        results = [
            Test("10", round(min(110, max(6, 12 + (90 - self.kidney) * 0.35 + rng.gauss(0, 3))))),
            Test("11", creatinine), Test("15", rate), Test("06", fat), Test("07", ldl + hdl + round(fat / 5)),
            Test("08", hdl), Test("09", ldl), Test("18", round(rng.gauss(4.2 + (self.kidney < 30) * 0.5, 0.35), 1)),
        ]  # fmt: skip
        if "dm" in person.conditions or "ckd" in person.conditions:
            albumin = round(math.exp(rng.gauss(2.6 + (60 - min(60, self.kidney)) * 0.045, 0.8)), 1)
            results += [Test("12", min(3000.0, albumin)), Test("13", round(rng.gauss(95, 30) % 250 + 15, 1))]
        if self.kidney < 60:
            results.append(Test("16", round(rng.gauss(13.2 - (60 - self.kidney) * 0.07, 0.7), 1)))
        return results

    def prescriptions(self, days: int) -> list[Prescription]:
        """What the present steps mean, for `days`."""
        person = self._person
        given: list[Prescription | None] = []
        sugar = _SUGAR[: self.sugar_steps]
        for key in dict.fromkeys(sugar):
            unfit = key == "metformin" and self.kidney < 30
            given.append(None if unfit else prescribe(person, key, days, 1 if sugar.count(key) > 1 else 0))
        for key in _PRESSURE[: self.pressure_steps]:
            spare = "losartan" if key == "enalapril" and ("ace" in person.allergies or person.number % 3 == 0) else key
            given.append(prescribe(person, spare, days, int(self.pressure_steps > 3)))
        if "dlp" in person.conditions:
            given.append(prescribe(person, "atorvastatin" if person.number % 4 == 0 else "simvastatin", days))
        if "ckd" in person.conditions and self.kidney < 40:
            given += [prescribe(person, "sodium_bicarbonate", days), prescribe(person, "calcium", days)]
        return [one for one in given if one]


def ckd_code(person: Person) -> str:
    """The stage at which this person's kidney disease is coded."""
    return ("N183", "N183", "N184", "N182")[person.number % 4]
