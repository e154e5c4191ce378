"""Train the zstd dictionary that sealed documents are packed with: `python tools/train_dictionary.py`.

Invented people alone, made by `morprom synth` and built into payloads by the agent, then written by many invented
vendors (dictionary_shapes). Whatever names a person, a visit, a member of staff or a hospital is taken out before
training, and a test searches the result. Same code, same bytes: the file is named after its SHA-256.
"""

import hashlib
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, cast

import zstandard
from dictionary_shapes import Habits

from morprom.recordstore.content import packed
from morprom.synth import write_export
from morprom_agent.export import RefRule, opened
from morprom_agent.payload import Hospital, build

FOLDER = Path(__file__).parents[1] / "src/morprom/storage/dictionaries"
SIZE = 128 * 1024
VENDORS = 8
AGENT_EVERY = 3
"""One of so many payloads stays as our agent writes it."""
LONG_NUMBER = re.compile(r"\d{8,}")
NAMING = {"family", "given", "line", "city", "district", "state", "postalCode", "address_code", "reference"}
"""Keys whose texts name a person or a place."""
BLANK = "blank"
NAMED = {
    "name",
    "telecom",
    "address",
    "contact",
    "individual",
    "asserter",
    "subject",
    "performer",
    "recordOfficer",
    "contract",
}
"""Keys inside which a text or a display does."""


def samples() -> list[Any]:
    """Documents as they are sealed: patients, visits, allergy lists."""
    vendors = [Habits(seed) for seed in range(VENDORS)]
    rng = Random(1)
    found: list[Any] = []
    for number, payload in enumerate(filter(_is_full, _payloads())):
        clean = cast(dict[str, Any], _without_names(payload))
        habits = vendors[rng.randrange(VENDORS)]
        written = clean if number % AGENT_EVERY == 0 else habits.written(clean)
        found.extend(_documents(written))
    return found


def main() -> None:
    """Train and store; says nothing new when the same dictionary is there."""
    trained = zstandard.train_dictionary(SIZE, samples(), k=1500, d=8, level=6, threads=1).as_bytes()
    name = f"{hashlib.sha256(trained).hexdigest()[:8]}.zdict"
    known = sorted(FOLDER.glob("*.zdict"))
    if any(file.name.endswith(name) for file in known):
        print(f"{name} is there already")
        return
    path = FOLDER / f"{len(known) + 1:04d}-{name}"
    path.write_bytes(trained)
    print(path)


def _payloads() -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "F43.zip"
        write_export(export, people=900, months=9, seed=43, hcode="99999", end=date(2026, 6, 30), with_cast=False)
        with opened(export, "99999", workspace=Path(folder), refs=RefRule()) as read:
            hospital = Hospital("99999", "", read.officers)
            for on, _ in read.days():
                for visit in read.visits(on):
                    if visit.person.row is not None:
                        yield json.loads(build(visit, hospital).body)


def _is_full(payload: dict[str, Any]) -> bool:
    """Whether there is much to learn from it: laboratory results above all."""
    return all(encounter["Condition"] and encounter["Observation"] for encounter in payload["Encounter"])


def _documents(payload: dict[str, Any]) -> Iterator[bytes]:
    rest = {key: value for key, value in payload.items() if key not in ("Encounter", "AllergyIntolerance")}
    allergies = payload.get("AllergyIntolerance")
    for content in [*payload["Encounter"], *([allergies] if allergies else ()), rest]:
        yield packed(0, json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def _without_names(value: object, inside: str = "") -> object:
    """The value without what names somebody or somewhere; `inside` is the nearest key that names people."""
    if isinstance(value, dict):
        members = cast(dict[str, object], value)
        is_number = "system" in members and "value" in members and "unit" not in members
        return {key: _without_names(one, _inside(key, inside, is_number=is_number)) for key, one in members.items()}
    if isinstance(value, list):
        return [_without_names(one, inside) for one in cast(list[object], value)]
    if isinstance(value, str):
        return "" if inside == BLANK else LONG_NUMBER.sub("", value)
    return value


def _inside(key: str, inside: str, *, is_number: bool) -> str:
    if key in NAMING or (is_number and key == "value") or (inside and key in ("text", "display", "identifier")):
        return BLANK
    return key if key in NAMED else inside


if __name__ == "__main__":
    sys.exit(main())
