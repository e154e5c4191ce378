"""Rotating every kind of secret while people are written and read."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

from intake.test_writer import somebody, stored, submission, visit
from morprom.app.rotation import SHARDS, rotate
from morprom.intake import Writer
from morprom.people import find
from morprom.storage import Database, KeyKind, KeyProvider, KeyRing

PAUSE = 0.15


async def refresh_often(*rings: KeyRing) -> None:
    """What every process does, here a few times within a pause."""
    while True:
        await asyncio.sleep(PAUSE / 5)
        for ring in rings:
            ring.refresh()


@pytest.mark.parametrize("kind", [*map(str, KeyKind), SHARDS])
async def test_a_rotation_under_load_loses_nobody_and_doubles_nobody(
    kind: str, database: Database, keys: KeyProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("morprom.people.rotate.SHARDS", 64)
    monkeypatch.setattr("morprom.people.rotate.SHARD_BITS", 6)
    monkeypatch.setattr("morprom.people.model.SHARD_BITS", 6)
    operator, first, second = KeyRing(keys), KeyRing(keys), KeyRing(keys)
    writers = [Writer(database, ring, timedelta(days=90)) for ring in (first, second)]
    refreshing = asyncio.create_task(refresh_often(first, second))
    for person in range(40):
        await writers[0].write(submission(somebody(person), visit(1_000_000 + person)))
    done = asyncio.Event()

    async def load(number: int) -> int:
        count = 0
        while not done.is_set():
            person = (number * 7 + count) % 40
            await writers[number % 2].write(submission(somebody(person), visit(number * 10_000 + count)))
            count += 1
        return count

    senders = [asyncio.create_task(load(number)) for number in range(6)]
    before = {key.key_id for key in operator.keys(kind)} if kind != SHARDS else set[int]()
    lines = [line async for line in rotate(kind, database, operator, PAUSE)]
    await asyncio.sleep(PAUSE)
    done.set()
    sent = 40 + sum(await asyncio.gather(*senders))
    refreshing.cancel()
    with suppress(asyncio.CancelledError):
        await refreshing
    assert lines
    if kind != SHARDS:
        assert operator.current(kind)[0] not in before
    fresh = KeyRing(keys)
    assert sum([len(await stored(database, fresh, somebody(person))) for person in range(40)]) == sent
    async with database.transaction() as tx:
        assert await tx.fetchval("select count(*) from person") == 40
        assert await tx.fetchval("select count(distinct pepper_id) from person_identifier") == 1


async def test_an_old_pepper_finds_nobody_after_its_rotation(database: Database, ring: KeyRing) -> None:
    writer = Writer(database, ring, timedelta(days=90))
    await writer.write(submission(somebody(1), visit(1)))
    async for _ in rotate("pepper", database, ring, 0.0):
        pass
    assert len(ring.keys(KeyKind.PEPPER)) == 1
    async with database.transaction() as tx:
        assert await find(tx, ring, somebody(1))
        assert await tx.fetchval("select count(*) from person_identifier") == 1
