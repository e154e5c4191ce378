"""What a sealed visit takes by the shape of its sender, which the dictionary was trained on or was not."""

import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from statistics import mean
from typing import Any

from bench.corpus import HOSPITALS, body_of
from morprom.kernel import Secret, new_id
from morprom.mophphr import Upload, read_visits_upload
from morprom.recordstore.content import packed
from morprom.storage.seal import DataKey, seal
from morprom.synth import write_export
from morprom_agent.export import RefRule, opened
from morprom_agent.payload import Hospital, build

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from dictionary_shapes import Habits
from train_dictionary import VENDORS

PEOPLE = 200


def sealed_sizes() -> Iterator[tuple[str, float, float]]:
    """(shape, bytes of content, bytes sealed), means."""
    for place, hospital in enumerate(HOSPITALS):
        people = range(place, place + len(HOSPITALS) * PEOPLE, len(HOSPITALS))
        visits = [_visit(body_of(10_000 + person, 3)) for person in people]
        yield f"{hospital.vendor}, not trained on", *_means(visits)
    agent = list(_agent_payloads())
    yield "the agent's, trained on, other people", *_means([_encoded(payload) for payload in agent])
    for name, seeds in (("trained on", range(4)), ("not trained on", range(VENDORS, VENDORS + 4))):
        vendors = [Habits(seed) for seed in seeds]
        visits = [_encoded(Random(n).choice(vendors).written(json.loads(json.dumps(p)))) for n, p in enumerate(agent)]
        yield f"four drawn vendors, {name}, other people", *_means(visits)


def _means(visits: list[bytes]) -> tuple[float, float]:
    return mean(map(len, visits)), mean(len(_sealed(visit)) for visit in visits)


def _visit(body: bytes) -> bytes:
    upload = read_visits_upload(body, encounter_limit=500, nesting_limit=64, test_person_allowed=True)
    assert isinstance(upload, Upload)
    return upload.visits[0].content


def _encoded(payload: dict[str, Any]) -> bytes:
    return json.dumps(payload["Encounter"][0], ensure_ascii=False, separators=(",", ":")).encode()


def _sealed(content: bytes) -> bytes:
    key = DataKey(1, Secret(bytes(32)))
    return seal(packed(0, content), key, person_id=new_id(), kind=2, unit="99001", ref=bytes(16), version=1)


def _agent_payloads() -> Iterator[dict[str, Any]]:
    """Visits of other people than those of the training, with laboratory results as the measured ones have."""
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "F43.zip"
        write_export(export, people=300, months=3, seed=9001, hcode="99002", end=date(2025, 3, 31), with_cast=False)
        with opened(export, "99002", workspace=Path(folder), refs=RefRule()) as read:
            hospital = Hospital("99002", "โรงพยาบาล", read.officers)
            for on, _ in read.days():
                for visit in read.visits(on):
                    if visit.person.row is not None:
                        payload = json.loads(build(visit, hospital).body)
                        if payload["Encounter"][0]["Observation"]:
                            yield payload
