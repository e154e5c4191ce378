"""People in families: the ages and sexes of Thailand, couples, parents and children, shared homes and surnames."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from morprom.synth import names
from morprom.synth.chance import between, happens, pick, weighted
from morprom.synth.model import Home, Person
from morprom_wire.cid import check_digit

PYRAMID = (
    (2.20, 2.10), (2.65, 2.55), (2.95, 2.85), (3.05, 2.95), (3.25, 3.15), (3.50, 3.50), (3.45, 3.55), (3.35, 3.45),
    (3.60, 3.80),
    (3.65, 3.95), (3.70, 4.00), (3.45, 3.85), (3.05, 3.55), (2.40, 2.90), (1.70, 2.20), (1.05, 1.45), (0.65, 1.05),
    (0.55, 0.95),
)  # fmt: skip
"""Per cent of all people, men and women, in five-year ages from 0-4 to 85 and more; rounded, early 2020s."""

LARGEST_POPULATION = 9_000_000
_RESERVED = 1_000
_NUMBERS = 9_999_000
_STRIDE = 6_180_331  # near the golden section of the range, and prime to it: neighbours get numbers far apart
_BATCH = 1_000


@dataclass(slots=True)
class _Family:
    mother: Person
    father: Person
    children: int = 0


def invented_cid(number: int) -> str:
    """The citizen number 1-9900-nnnnn-nn-c of the district that does not exist; `number` has up to seven digits."""
    first = f"19900{number:07d}"
    return f"{first}{check_digit(first)}"


def populate(count: int, seed: int, today: date, first: int = 0) -> Iterator[Person]:
    """`count` people in families, batch by batch. The same seed gives the same people to every hospital."""
    shift = Random(f"cids of {seed}").randrange(_NUMBERS)
    for start in range(first, count, _BATCH):
        size = min(_BATCH, count - start)
        yield from _batch(Random(f"people {seed} {start}"), start, size, shift, today)


def _batch(rng: Random, start: int, size: int, shift: int, today: date) -> list[Person]:
    numbers = list(range(start, start + size))
    rng.shuffle(numbers)
    people = [
        _newborn(rng, number, shift, sex, today - timedelta(days=days))
        for number, (days, sex) in zip(numbers, _ages(rng, size), strict=True)
    ]
    people.sort(key=lambda person: (person.born, person.number))
    _form_families(rng, people, today)
    for person in people:
        _finish(rng, person, today)
    return people


def _ages(rng: Random, size: int) -> Iterator[tuple[int, str]]:
    """(age in days, sex), drawn at equal steps through the pyramid so that small populations have its shape too."""
    cells = [(band, sex, share) for band, shares in enumerate(PYRAMID) for sex, share in zip("12", shares, strict=True)]
    step = sum(share for _, _, share in cells) / size
    mark, reached, index = rng.random() * step, 0.0, 0
    for _ in range(size):
        while index < len(cells) - 1 and reached + cells[index][2] <= mark:
            reached += cells[index][2]
            index += 1
        band, sex, _share = cells[index]
        years = 5 if band < len(PYRAMID) - 1 else min(12.0, rng.expovariate(0.25))
        yield int((band * 5 + rng.random() * years) * 365.25), sex
        mark += step


def _newborn(rng: Random, number: int, shift: int, sex: str, born: date) -> Person:
    cid = invented_cid(_RESERVED + (number * _STRIDE + shift) % _NUMBERS)
    given = names.given_name(rng, sex, born.year)
    return Person(number, cid, f"{100_001 + number:07d}", sex, born, given, names.surname(rng), _home(rng))


def _home(rng: Random) -> Home:
    number = f"{between(rng, 1, 320)}" + (f"/{between(rng, 1, 30)}" if happens(rng, 0.35) else "")
    phone = f"010{between(rng, 0, 9_999_999):07d}"  # 01 has led to nobody since mobile numbers became 08 in 2006
    return Home(f"99{rng.getrandbits(29):09d}"[:11], number, between(rng, 1, 14), between(rng, 1, 9), phone)


def _form_families(rng: Random, people: list[Person], today: date) -> None:
    """From the oldest to the youngest: each finds parents among those already seen, then perhaps a spouse."""
    by_mothers_age: dict[int, list[_Family]] = defaultdict(list)
    unmarried: list[Person] = []
    for person in people:
        age = person.age(today)
        _join_parents(rng, person, age, by_mothers_age, people[0].home)
        if age < 20:
            continue
        if person.sex == "1":
            unmarried.append(person)
        elif happens(rng, 0.72) and (husband := _husband(unmarried, person, age, today)):
            unmarried.remove(husband)
            _marry(rng, person, husband)
            by_mothers_age[age].append(_Family(person, husband))


def _join_parents(
    rng: Random, person: Person, age: int, by_mothers_age: dict[int, list[_Family]], fallback: Home
) -> None:
    if age >= 20 and not happens(rng, 0.55):
        return
    possible = [family for gap in range(18, 40) for family in by_mothers_age.get(age + gap, ())]
    families = [family for family in possible if family.children < 4] or possible
    if not families:
        person.home = person.home if age >= 15 else fallback
        return
    family = pick(rng, families)
    family.children += 1
    person.mother, person.father, person.surname = family.mother.cid, family.father.cid, family.father.surname
    if age < 20 or happens(rng, 0.35):
        person.home = family.mother.home


def _husband(unmarried: list[Person], woman: Person, age: int, today: date) -> Person | None:
    for man in reversed(unmarried):
        if man.age(today) > age + 8:
            return None
        if man.surname != woman.surname and man.age(today) >= max(20, age - 2):
            return man
    return None


def _marry(rng: Random, woman: Person, man: Person) -> None:
    woman.couple, man.couple = man.cid, woman.cid
    woman.marital = man.marital = "2"
    if happens(rng, 0.6):
        woman.home = man.home
    else:
        man.home = woman.home
    if happens(rng, 0.8):
        woman.surname = man.surname


_RIGHTS: tuple[tuple[int, dict[str, float]], ...] = (
    (20, {"0100": 88, "1100": 9, "2100": 1, "9100": 2}),
    (60, {"0100": 56, "4200": 30, "1100": 7, "2200": 2, "3100": 1, "5100": 1, "9100": 3}),
    (200, {"0100": 84, "1100": 13, "2200": 1, "9100": 2}),
)


def _finish(rng: Random, person: Person, today: date) -> None:
    age = person.age(today)
    if not person.couple and age >= 30:
        widowed = min(0.7, max(0.0, (age - 50) / 45)) * (1.3 if person.sex == "2" else 0.5)
        person.marital = "3" if happens(rng, widowed) else pick(rng, "1114")
    person.prename = names.prename(person.sex, age, person.marital in "234" and person.sex == "2" and happens(rng, 0.8))
    person.instype = weighted(rng, next(rights for limit, rights in _RIGHTS if age < limit))
    person.religion = pick(rng, ("01",) * 19 + ("02",))
    person.education = "00" if age < 6 else pick(rng, ("02", "02", "02", "03", "04", "05"))
    person.occupation = "" if age < 15 else pick(rng, ("6111", "6111", "5220", "9311", "9211", "2331", "4110"))
    person.blood = pick(rng, "4444441112222339")
    person.frailty = min(6.0, rng.gammavariate(2.2, 1 / 2.2)) + 0.15
    tall = rng.gauss(167, 6) if person.sex == "1" else rng.gauss(156, 5.5)
    person.height = int(tall - max(0, age - 55) * 0.12)
    person.weight = max(34.0, rng.gauss(23.8 if age < 65 else 22.6, 3.9) * (person.height / 100) ** 2)
