"""Microseconds to read one visit's upload, by vendor, beside a plain decode of it: `python bench/parse.py`, no load."""

import sys
import timeit
from datetime import date
from pathlib import Path
from random import Random

import msgspec

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from morprom.mophphr import read_visits_upload
from payloads import VENDORS, invented_cid, visit_body

RUNS, REPEATS = 200, 15


def main() -> None:
    for vendor in VENDORS:
        body = visit_body(vendor, Random(1), hcode="10670", cid=invented_cid(1), ref="67000001", on=date(2024, 5, 1))
        read = _microseconds(
            lambda body=body: read_visits_upload(body, encounter_limit=500, nesting_limit=64, test_person_allowed=False)
        )
        plain = _microseconds(lambda body=body: msgspec.json.decode(body))
        per_10_kb = read / len(body) * 10_000
        print(f"{vendor:8} {len(body):6} bytes {read:6.1f} µs ({per_10_kb:5.1f} µs per 10 kB), plain {plain:5.1f} µs")


def _microseconds(work: object) -> float:
    return min(timeit.repeat(work, number=RUNS, repeat=REPEATS)) / RUNS * 1e6  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
