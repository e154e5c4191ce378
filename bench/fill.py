"""The bulk path: visits planned and sealed by the writer's own code, then COPY instead of the writer's call.

A few thousand invented visits are written again for every person, with that person's number and visit numbers: the
sealing is what costs, and it is of every visit anew.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from bench.corpus import HOSPITALS, body_of, hospital_of
from morprom.intake.model import Submission
from morprom.intake.plan import Columns, Look, People, columns, plan
from morprom.intake.receive import Sender, submission_of
from morprom.kernel import load_settings
from morprom.mophphr import Upload, read_visits_upload
from morprom.mophphr.model import PersonNumber
from morprom.people.rules import hashes
from morprom.recordstore import UnitRefs
from morprom.storage import Database, EmbeddedPostgres, KeyRing, Role, open_keys
from morprom.units.ref_keys import ref_key
from payload_facts import invented_cid

TEMPLATES = 60
"""People whose visits are written again; a multiple of the number of hospitals."""
FIRST_TEMPLATE = 7_654_300
"""Seven digits that no other number in a body holds."""
VISITS_AT_ONCE = 1000
HELD = timedelta(days=90)

History = ("id", "person_id", "actor", "basis", "outcome", "key_id", "unit", "sealed")


def fill(data: Path, people: range, visits: int, processes: int) -> None:
    """Store `visits` visits of each of `people` in the running instance at `data`."""
    step = max(1, min(VISITS_AT_ONCE // visits, len(people) // processes or 1))
    shares = [people[start : start + step] for start in range(0, len(people), step)]
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        lanes = [pool.submit(_fill, data, shares[number::processes], visits) for number in range(processes)]
        for lane in lanes:
            lane.result()


def _fill(data: Path, shares: list[range], visits: int) -> None:
    asyncio.run(_fill_shares(data, shares, visits))


async def _fill_shares(data: Path, shares: list[range], visits: int) -> None:
    ring = open_keys(load_settings(data=str(data)))
    database = await Database.connect(EmbeddedPostgres(data).url_by_role, Role.OWNER, most=1)
    connection: asyncpg.Connection[Any] = await asyncpg.connect(EmbeddedPostgres(data).url())
    async with database.transaction() as tx:
        refs = [UnitRefs(await ref_key(tx, ring, hospital.hcode)) for hospital in HOSPITALS]
    for share in shares:
        submissions = list(_submissions(share, visits, refs))
        nothing_stored = Look(value_hmacs=[[value for _, value in hashes(ring, one.identifier)] for one in submissions])
        made = plan(submissions, nothing_stored, People(ring))
        async with connection.transaction():
            await _copy(connection, columns(made))
    await connection.close()
    await database.close()


def _submissions(people: range, visits: int, refs: list[UnitRefs]) -> Iterator[Submission]:
    sender = Sender(None, may_remove=False)
    for person in people:
        for visit in range(visits):
            yield submission_of(_upload(person, visit), refs[hospital_of(person)], sender)


def _upload(person: int, visit: int) -> Upload:
    """What the parser makes of a template, with another person's numbers in it."""
    model = FIRST_TEMPLATE + person % TEMPLATES
    template, old, new = _template(model, visit), b"%07d" % model, b"%07d" % person

    def rewritten(content: bytes) -> bytes:
        return content.replace(_cid(model), _cid(person)).replace(old, new)

    stay = template.visits[0]
    return msgspec.structs.replace(
        template,
        identifiers=(PersonNumber("cid", invented_cid(person)),),
        patient=rewritten(template.patient),
        visits=(
            msgspec.structs.replace(
                stay, ref=stay.ref.replace(old.decode(), new.decode()), content=rewritten(stay.content)
            ),
        ),
    )


@lru_cache(maxsize=TEMPLATES * 100)
def _template(person: int, visit: int) -> Upload:
    upload = read_visits_upload(body_of(person, visit), encounter_limit=500, nesting_limit=64, test_person_allowed=True)
    assert isinstance(upload, Upload)
    return upload


def _cid(person: int) -> bytes:
    return invented_cid(person).encode()


async def _copy(connection: "asyncpg.Connection[Any]", out: Columns) -> None:
    """The rows of `intake_write`, in the same tables."""
    newest: dict[tuple[UUID, int, bytes], int] = {}
    places = list(zip(out.d_person, out.d_kind, out.d_ref, strict=True))
    for place, version in zip(places, out.d_version, strict=True):
        newest[place] = max(version, newest.get(place, 0))
    held = datetime.now(UTC) + HELD
    until = [None if newest[place] == version else held for place, version in zip(places, out.d_version, strict=True)]
    tables: dict[str, dict[str, list[Any]]] = {
        "person": {"person_id": out.p_person, "shard_version": out.p_shard_version, "key_id": out.p_key,
                   "wrapped_key": out.p_wrapped},
        "person_identifier": {"person_id": out.i_person, "scheme": out.i_scheme, "pepper_id": out.i_pepper,
                              "issuer": out.i_issuer, "value_hmac": out.i_hmac, "value_sealed": out.i_sealed},
        "ledger": {"person_id": out.l_person, "day": out.l_day, "version": out.l_version,
                   "is_inpatient": out.l_inpatient, "unit": out.l_unit, "ref": out.l_ref,
                   "content_hash": out.l_hash, "kind": out.l_kind, "label": out.l_label},
        "document": {"person_id": out.d_person, "version": out.d_version, "kind": out.d_kind, "key_id": out.d_key,
                     "unit": out.d_unit, "ref": out.d_ref, "content_hash": out.d_hash, "sealed": out.d_sealed,
                     "held_until": until},
    }  # fmt: skip
    for table, lists in tables.items():
        await connection.copy_records_to_table(table, records=zip(*lists.values(), strict=True), columns=list(lists))
    await connection.copy_records_to_table("history", records=out.history, columns=list(History))


def keys_of(data: Path) -> KeyRing:
    """The instance's keys, for who has to open what it stored."""
    return open_keys(load_settings(data=str(data)))
