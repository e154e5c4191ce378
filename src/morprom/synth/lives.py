"""A person's months at the hospital: everything that befell them, in order, without contradictions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from morprom.synth.chance import happens
from morprom.synth.chronic import care_of
from morprom.synth.episodes import episodes
from morprom.synth.family import Pregnancy, conceive, expect, well_child
from morprom.synth.model import Person, Visit, Window


@dataclass(slots=True)
class Life:
    """What the export tells of a person. `elsewhere`: vaccines that another place gave and this one recorded."""

    visits: list[Visit]
    elsewhere: list[tuple[date, tuple[str, ...]]] = field(default_factory=list[tuple[date, tuple[str, ...]]])
    pregnancy: Pregnancy | None = None


def live(rng: Random, person: Person, window: Window, scripted: Iterable[Visit] = ()) -> Life:
    """The visits of `person` in the window; `scripted` ones happen whatever chance says."""
    life = Life([])
    visits = [*care_of(rng, person, window), *episodes(rng, person, window)]
    if person.age(window.start) < 13:
        for visit, on, vaccines in well_child(rng, person, window):
            if visit:
                visits.append(visit)
            else:
                life.elsewhere.append((on, vaccines))
    person.pregnant_since = person.pregnant_since or conceive(rng, person, window)
    if person.pregnant_since:
        expected, life.pregnancy = expect(rng, person, window)
        visits += expected
    life.visits = _consistent(rng, person, visits, list(scripted), window)
    for visit in life.visits:
        _examine(rng, person, visit)
    return life


def _consistent(rng: Random, person: Person, visits: list[Visit], scripted: list[Visit], window: Window) -> list[Visit]:
    """Nobody is an outpatient while in a ward or after death, and seldom twice a day; stays end inside the window."""
    visits = [visit for visit in visits if not any(_rivals(visit, scene) for scene in scripted)] + scripted
    kept: list[Visit] = []
    busy_until = last_day = window.start - timedelta(days=1)
    for visit in sorted(visits, key=lambda one: one.at):
        on = visit.at.date()
        if person.died or on <= busy_until or (on == last_day and not happens(rng, 0.12)):
            continue
        if visit.stay and visit.stay.until.date() > window.end:
            continue  # the file carries finished stays only, and a visit without its stay would contradict itself
        kept.append(visit)
        last_day = on
        if visit.stay:
            busy_until = visit.stay.until.date()
            person.died = visit.stay.until if visit.stay.status == "9" else None
    return kept


def _rivals(visit: Visit, scene: Visit) -> bool:
    apart = abs((visit.at.date() - scene.at.date()).days)
    return apart == 0 or (visit.clinic == scene.clinic and apart < 18)


_CHILD_SIZES = (
    (0, 3.1, 50), (90, 5.9, 60), (180, 7.4, 66), (365, 9.2, 74), (730, 11.8, 85), (1461, 15.5, 101), (2192, 19, 114),
    (3287, 27, 131), (4383, 38, 148), (5479, 48, 159), (6940, 55, 163),
)  # fmt: skip


def size_on(person: Person, on: date) -> tuple[float, int]:
    """Weight in kg and height in cm at that day; children grow."""
    lived = (on - person.born).days
    if lived >= _CHILD_SIZES[-1][0]:
        return person.weight, person.height
    share_of_person = 0.9 + (person.number % 21) / 100
    for (start, light, short), (end, heavy, tall) in pairwise(_CHILD_SIZES):
        if lived < end:
            part = max(0.0, (lived - start) / (end - start))
            return (light + (heavy - light) * part) * share_of_person, int(short + (tall - short) * part)
    return person.weight, person.height


def _examine(rng: Random, person: Person, visit: Visit) -> None:
    weight, _height = size_on(person, visit.at.date())
    visit.weight = max(2.2, weight * rng.gauss(1, 0.012))
    age = person.age(visit.at.date())
    if visit.systolic == 0 and age >= 12 and not visit.is_telemedicine:
        usual = 112 + age * 0.25 + 9 * ("ht" in person.conditions)
        visit.systolic = int(min(220, max(84, rng.gauss(usual, 11))))
        visit.diastolic = int(min(120, max(45, visit.systolic * 0.42 + rng.gauss(20, 6))))
    if person.pregnant_since and visit.antenatal:
        visit.weight += visit.antenatal[1] * 0.28
