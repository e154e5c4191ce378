"""Upload bodies, made before anything is measured and kept in one file: invented visits in five vendors' shapes.

Each of five hospitals sends the shape of its own vendor. Every body is a new visit; a person has `VISITS_A_PERSON`.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from payload_facts import invented_cid
from payloads import VENDORS, visit_body

VISITS_A_PERSON = 10
FIRST_DAY = date(2019, 10, 1)
DAYS_BETWEEN = 37


@dataclass(frozen=True, slots=True)
class Hospital:
    """A unit that sends, and how its software writes."""

    hcode: str
    vendor: str


HOSPITALS = tuple(Hospital(f"{99001 + number}", vendor) for number, vendor in enumerate(VENDORS))


@dataclass(frozen=True, slots=True)
class Corpus:
    """`bodies` holds the requests' bodies end to end; `rows` has offset, length and hospital of each."""

    bodies: Path
    rows: array[int]

    def __len__(self) -> int:
        return len(self.rows) // 3

    @property
    def bodies_size(self) -> int:
        """Bytes of all bodies."""
        return self.bodies.stat().st_size


def hospital_of(person: int) -> int:
    """The place in HOSPITALS of the hospital that a person goes to."""
    return person % len(HOSPITALS)


def body_of(person: int, visit: int) -> bytes:
    """The upload of a person's n-th visit: the same each time."""
    hospital = HOSPITALS[hospital_of(person)]
    on = FIRST_DAY + timedelta(days=DAYS_BETWEEN * visit + person % DAYS_BETWEEN)
    rng = Random(person * 1000 + visit)
    ref = f"{on:%y%m%d}{person:07d}"
    return visit_body(hospital.vendor, rng, hcode=hospital.hcode, cid=invented_cid(person), ref=ref, on=on)


def make_corpus(
    folder: Path, visits: int, *, first_person: int = 0, processes: int = 4, shape: int | None = None
) -> Corpus:
    """Bodies of new visits in an order in which a person's visits come apart from each other.

    `shape`: those of one place in HOSPITALS alone.
    """
    count = visits // VISITS_A_PERSON
    people = range(first_person, first_person + count)
    if shape is not None:
        people = range(shape, shape + count * len(HOSPITALS), len(HOSPITALS))
    order = [(person, visit) for person in people for visit in range(VISITS_A_PERSON)]
    Random(1).shuffle(order)
    rows = array("q")
    path = folder / f"bodies-{first_person}-{visits}-{shape}"
    offset = 0
    with path.open("wb") as file, ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        for share, bodies in zip(_shares(order), pool.map(_bodies, _shares(order)), strict=True):
            for (person, _), body in zip(share, bodies, strict=True):
                rows.extend((offset, len(body), hospital_of(person)))
                offset += file.write(body)
    return Corpus(path, rows)


def _shares(order: list[tuple[int, int]], size: int = 500) -> Iterator[list[tuple[int, int]]]:
    for start in range(0, len(order), size):
        yield order[start : start + size]


def _bodies(share: list[tuple[int, int]]) -> list[bytes]:
    return [body_of(person, visit) for person, visit in share]
