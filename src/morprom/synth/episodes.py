"""Illness as it strikes: when, which, with what first visit, which course after it, and whether a bed is needed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random

from morprom.synth.chance import between, happens, how_many, pick
from morprom.synth.chronic import morning, working_day
from morprom.synth.complaints import Where, advice, again, complaint
from morprom.synth.illnesses import ILLNESSES, Illness
from morprom.synth.model import Appointment, Person, Procedure, Stay, Test, Visit, Window
from morprom.synth.prescribing import prescribe_all, prescribe_some

MONTHLY_EPISODES = (1.77, 1.06, 1.19, 1.41, 1.53)
"""New episodes a month of a person of average frailty, by age band: chosen so that people of the export come about
3.3 times a month, see docs/synthetic-people.md."""

_LEAD = 35
"""Days before the window in which an illness may begin whose course reaches into it."""

_OTHER_HOSPITALS = ("99001", "99002", "99003", "99004")
_REFERRAL_HOSPITAL = "99010"


def band_of(age: int) -> int:
    """Index of the age in the bands of the illness table."""
    return 0 if age < 5 else 1 if age < 15 else 2 if age < 40 else 3 if age < 60 else 4


@cache
def _weights(band: int, sex: str, month: int) -> list[float]:
    return list(accumulate(one.bands[band] * one.season[month - 1] * (one.sex in ("", sex)) for one in ILLNESSES))


def episodes(rng: Random, person: Person, window: Window) -> Iterator[Visit]:
    """Visits of every episode that touches the window; those outside it are left out."""
    first = window.start - timedelta(days=_LEAD)
    band = band_of(person.age(window.end))
    already: set[tuple[Illness, int]] = set()
    mean = MONTHLY_EPISODES[band] * person.frailty * (window.days + _LEAD) / 30.4
    for _ in range(how_many(rng, mean)):
        on = first + timedelta(days=int(rng.random() * (window.days + _LEAD)))
        if on < person.born:
            continue
        [illness] = rng.choices(ILLNESSES, cum_weights=_weights(band, person.sex, on.month))
        if illness.is_once_a_year:
            if (illness, on.year) in already:
                continue
            already.add((illness, on.year))
        for visit in strike(rng, person, illness, on):
            if visit.at.date() in window:
                yield visit


def strike(rng: Random, person: Person, illness: Illness, on: date) -> Iterator[Visit]:
    """One episode: the first visit and the course that follows it."""
    where = Where.of(rng)
    first = _first_visit(rng, person, illness, on, where)
    code = first.diagnoses[0][1]
    if first.stay is None and illness.refer and happens(rng, illness.refer):
        first.refer_to = _REFERRAL_HOSPITAL
    count = between(rng, illness.course[0], illness.course[1])
    after = first.stay.until if first.stay else first.at
    days = _course(rng, illness, after.date(), count)
    if days and first.stay is None:
        first.appointment = Appointment(days[0], "2", code)
    yield first
    for index, day in enumerate(days):
        visit = _course_visit(rng, person, illness, code, day, index, where)
        if index + 1 < len(days):
            visit.appointment = Appointment(days[index + 1], "2", code)
        yield visit


def _first_visit(rng: Random, person: Person, illness: Illness, on: date, where: Where) -> Visit:
    is_emergency = happens(rng, illness.emergency)
    if not is_emergency:
        on = working_day(on)
    at = _any_hour(rng, on) if is_emergency else morning(rng, on)
    age = person.age(on)
    visit = Visit(
        at, "01200" if is_emergency else illness.clinic, complaint(rng, illness.symptoms, age, illness.longest_days,
        where),
        [("1", pick(rng, illness.codes))], is_emergency=is_emergency, advice=advice(rng, _kind(illness)),
    )  # fmt: skip
    visit.diagnoses += [("4", code) for code in illness.also[:1]] + _other(rng, person)
    if illness.external:
        cause = pick(rng, illness.external)
        visit.diagnoses.append(("5", cause))
        visit.is_traffic_accident = cause.startswith("V")
    visit.prescriptions = prescribe_some(rng, person, age, tuple(illness.medicines.split()), *illness.given)
    visit.procedures = [Procedure(*one) for one in illness.procedures[:1]]
    visit.tests = _tests(rng, illness)
    visit.vaccines = list(illness.vaccines[:1])
    visit.temperature = rng.gauss(38.2, 0.6) if illness.fever and happens(rng, 0.7) else rng.gauss(36.7, 0.25)
    visit.is_screening = illness.codes[0] == "Z000" and age >= 35
    visit.is_outside = illness.codes[0] == "Z515"
    visit.refer_from = pick(rng, _OTHER_HOSPITALS) if happens(rng, 0.03) else ""
    if illness.admit and happens(rng, illness.admit * _frail(age)):
        visit.stay = _stay(rng, person, illness, visit)
        visit.is_emergency = True
    return visit


def _kind(illness: Illness) -> str:
    return "fever" if illness.fever else "wound" if illness.clinic in ("01200", "00200") else "general"


_NOTED = (("ht", "I10"), ("dm", "E119"), ("dlp", "E785"), ("asthma", "J459"), ("copd", "J449"))
_BESIDES = ("K30", "M7919", "R51", "J304", "L299", "R42", "K590", "R05", "E669", "F172")


def _other(rng: Random, person: Person) -> list[tuple[str, str]]:
    """Chronic conditions noted beside an acute one, and small complaints told by the way."""
    has = person.conditions
    noted = [("2", code) for key, code in _NOTED if key in has and happens(rng, 0.45)]
    return [*noted, ("4", pick(rng, _BESIDES))] if happens(rng, 0.15) else noted


def _frail(age: int) -> float:
    return 1.25 if age >= 70 or age < 2 else 0.9


def _any_hour(rng: Random, on: date) -> datetime:
    minutes = int(rng.triangular(0, 1439, 1080))
    return datetime.combine(on, datetime.min.time()) + timedelta(minutes=minutes, seconds=between(rng, 0, 59))


_ACUTE_RESULTS = {
    "01": (99, 14, 0), "06": (140, 55, 0), "07": (201, 36, 0), "10": (15, 5, 0), "11": (0.93, 0.25, 2),
    "16": (13.1, 1.5, 1),
    "18": (4.0, 0.4, 1), "19": (24, 2.5, 0),
}  # fmt: skip


def _tests(rng: Random, illness: Illness) -> list[Test]:
    if not illness.tests or not happens(rng, 0.75):
        return []
    found: list[Test] = []
    for code in illness.tests.split():
        mean, spread, places = _ACUTE_RESULTS[code]
        found.append(Test(code, round(max(mean / 3, rng.gauss(mean, spread)), places or None)))
    return found


def _course(rng: Random, illness: Illness, start: date, count: int) -> list[date]:
    days: list[date] = []
    day = start
    for _ in range(count):
        gap = illness.course[2]
        day += timedelta(days=max(1, gap if gap == 1 else between(rng, gap - 1, gap + 2)))
        if gap > 1:
            day = working_day(day)
        days.append(day)
    return days


def _course_visit(
    rng: Random, person: Person, illness: Illness, code: str, on: date, index: int, where: Where
) -> Visit:
    is_kept = happens(rng, 0.9)
    clinic = "00200" if illness.clinic == "01200" else illness.clinic  # dressings are not done in the emergency room
    visit = Visit(
        morning(rng, on), clinic, again(rng, illness.again, where, index + 2), [("1", code)],
        procedures=[Procedure(*one) for one in illness.procedures[:1]], was_appointed=is_kept,
        is_outside=illness.codes[0] == "Z515", advice=advice(rng, _kind(illness)),
    )  # fmt: skip
    visit.vaccines = list(illness.vaccines[index + 1 : index + 2])
    if happens(rng, 0.2):
        visit.prescriptions = prescribe_some(rng, person, person.age(on), tuple(illness.medicines.split()), 0, 2)
    return visit


def _stay(rng: Random, person: Person, illness: Illness, visit: Visit) -> Stay:
    days = between(rng, *illness.stay)
    until = datetime.combine(visit.at.date() + timedelta(days=days), datetime.min.time())
    stay = Stay(
        until + timedelta(minutes=between(rng, 560, 980)), illness.ward, list(visit.diagnoses),
        prescribe_all(person, illness.ward_medicines.split(), days, between(rng, 0, 3)), visit.prescriptions,
        [Procedure(*one) for one in illness.ward_procedures],
    )  # fmt: skip
    visit.prescriptions, visit.appointment = [], None
    _end(rng, stay, person.age(visit.at.date()))
    return stay


def _end(rng: Random, stay: Stay, age: int) -> None:
    if happens(rng, 0.001 + max(0, age - 50) * 0.0009):
        stay.status, stay.how, stay.home = "9", "9", []
    elif happens(rng, 0.07):
        stay.status, stay.how, stay.refer_to = "3", "4", _REFERRAL_HOSPITAL
    elif happens(rng, 0.03):
        stay.status, stay.how = "3", "2"
    elif happens(rng, 0.2):
        stay.status = "1"
