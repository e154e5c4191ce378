"""Figures of chronic patients over years."""

import itertools
import statistics
from collections import defaultdict
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morprom.synth.households import populate
from morprom.synth.trends import Trend, creatinine_of, egfr

from .conftest import Written

TODAY = date(2026, 1, 31)


@given(st.floats(10, 115), st.integers(18, 95), st.sampled_from("12"))
def test_creatinine_is_the_inverse_of_the_filtration_rate(rate: float, age: int, sex: str) -> None:
    assert egfr(creatinine_of(rate, age, sex), age, sex) == pytest.approx(rate)


def test_the_filtration_rate_is_ckd_epis() -> None:
    # a 60-year-old woman with 1.0 mg/dL: 61 mL/min/1.73 m² by the 2009 equation
    assert egfr(1.0, 60, "2") == pytest.approx(61.4, abs=0.5)


def _trend(conditions: dict[str, date], number: int) -> Trend:
    person = next(iter(populate(1, number, TODAY)))
    person.conditions, person.born = conditions, date(1960, 1, 1)
    return Trend(Random(number), person, date(2022, 1, 1))


def test_hba1c_remembers_its_last_value_and_falls_when_treatment_is_stepped_up() -> None:
    falls: list[float] = []
    for number in range(60):
        trend = _trend({"dm": date(2020, 1, 1)}, number)
        trend.sugar_steps, trend.a1c = 1, 10.0
        trend.move(date(2022, 2, 1))
        assert abs(trend.a1c - 10.0) < 2.2
        before = trend.a1c
        trend.sugar_steps = 4
        trend.move(date(2022, 8, 1))
        falls.append(before - trend.a1c)
    assert 0.8 < statistics.mean(falls) < 4


def test_kidneys_of_ckd_only_get_worse() -> None:
    losses: list[float] = []
    for number in range(40):
        trend = _trend({"ht": date(2015, 1, 1), "ckd": date(2019, 1, 1)}, number)
        start, on = trend.kidney, date(2022, 1, 1)
        for _ in range(48):
            on += timedelta(days=28)
            trend.move(on)
        losses.append(start - trend.kidney)
    assert 4 < statistics.mean(losses) < 16


def test_results_of_one_person_are_near_each_other_and_of_many_are_not(years: Written) -> None:
    by_person: dict[str, list[float]] = defaultdict(list)
    for row in years.of("LABFU", LABTEST="0531601"):
        by_person[row["PID"]].append(float(row["LABRESULT"]))
    series = [values for values in by_person.values() if len(values) >= 4]
    assert len(series) >= 10
    steps = [abs(later - earlier) for values in series for earlier, later in itertools.pairwise(values)]
    assert statistics.mean(steps) < 0.8
    assert statistics.stdev(statistics.mean(values) for values in series) > 0.5
    assert 6 < statistics.mean(value for values in series for value in values) < 9


def test_the_reported_rate_belongs_to_the_reported_creatinine(years: Written) -> None:
    people = {row["PID"]: row for row in years.files["PERSON"]}
    creatinine = {row["SEQ"]: float(row["LABRESULT"]) for row in years.of("LABFU", LABTEST="0581902")}
    rates = years.of("LABFU", LABTEST="0581904")
    assert len(rates) > 50
    for row in rates:
        person = people[row["PID"]]
        birthday_passed = row["DATE_SERV"][4:] >= person["BIRTH"][4:]
        age = int(row["DATE_SERV"][:4]) - int(person["BIRTH"][:4]) - (not birthday_passed)
        assert float(row["LABRESULT"]) == pytest.approx(egfr(creatinine[row["SEQ"]], age, person["SEX"]), abs=0.06)


def test_pressure_is_possible(years: Written) -> None:
    measured = [(int(row["SBP"]), int(row["DBP"])) for row in years.files["SERVICE"] if row["SBP"]]
    assert all(80 <= systolic <= 230 and 40 <= diastolic < systolic for systolic, diastolic in measured)
    assert 115 < statistics.mean(systolic for systolic, _ in measured) < 145
