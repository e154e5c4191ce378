"""One export of one invented hospital, from arguments to zip."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from morprom.synth.cast import CAST, embody, scripted_visits
from morprom.synth.conditions import fall_ill
from morprom.synth.dirt import Dirt, spoilt_layouts
from morprom.synth.export import Export, current_layouts
from morprom.synth.households import LARGEST_POPULATION, populate
from morprom.synth.lives import live
from morprom.synth.model import Person, Window
from morprom.synth.providers import hire
from morprom.synth.rows import write_elsewhere, write_person, write_pregnancy
from morprom.synth.visit_rows import VisitWriter


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written. `rows` counts by file; `spoilt` is how many rows and persons got a fault."""

    people: int
    visits: int
    admissions: int
    start: date
    end: date
    rows: dict[str, int]
    spoilt: int
    size: int


def window_of(end: date, months: int) -> Window:
    """The `months` months up to and including `end`."""
    year, month = divmod(end.year * 12 + end.month - 1 - months, 12)
    after = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    day = min(end.day, (after - timedelta(days=1)).day)
    return Window(date(year, month + 1, day) + timedelta(days=1), end)


def write_export(
    out: Path, *, people: int, months: int, seed: int, hcode: str = "99999", end: date, dirty: float = 0.0,
    with_cast: bool = False, province: str = "40",
) -> Summary:  # fmt: skip
    """Write the 43-file zip of hospital `hcode` for the `months` up to `end`; equal arguments give equal bytes.

    With the cast they are the first of the `people`. Raises ValueError for numbers out of range.
    """
    if not 1 <= people <= LARGEST_POPULATION or not 1 <= months <= 600 or not 0 <= dirty <= 1:
        raise ValueError("people 1 to 9 million, months 1 to 600, dirty 0 to 1")
    window = window_of(end, months)
    with tempfile.TemporaryDirectory(prefix=".synth-", dir=out.parent) as folder:
        export = Export(Path(folder), spoilt_layouts(seed, hcode) if dirty else current_layouts())
        dirt = Dirt(dirty, seed, hcode, export.add)
        sink = dirt.add if dirty else export.add
        writer = VisitWriter(sink, hcode, hire(seed, hcode, people, end, sink))
        count = 0
        for person in _everybody(people, seed, end, with_cast):
            rng = Random(f"life {seed} {hcode} {person.number}")
            life = live(rng, person, window, scripted_visits(rng, person, window))
            dirt.misnumber(person)
            write_person(sink, hcode, province, person, window)
            for day, given in life.elsewhere:
                write_elsewhere(sink, hcode, person, day, given)
            if life.pregnancy:
                write_pregnancy(sink, hcode, person, life.pregnancy, window)
            for visit in life.visits:
                writer.write(rng, person, visit)
            count += len(life.visits)
        whole = Path(folder) / "export.zip"
        export.pack(whole, end)
        counts = export.counts
        whole.replace(out)
    return Summary(people, count, writer.stays, window.start, window.end, counts, dirt.count, out.stat().st_size)


def _everybody(people: int, seed: int, today: date, with_cast: bool) -> Iterator[Person]:
    cast = CAST[:people] if with_cast else ()
    for character in cast:
        yield embody(character, today)
    for person in populate(people, seed, today, first=len(cast)):
        fall_ill(Random(f"health {seed} {person.number}"), person, today)
        yield person
