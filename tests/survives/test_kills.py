"""The server and its PostgreSQL are killed during a load of uploads: what was acknowledged is there, once."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from payloads import invented_cid
from platform_process import Platform, until
from privacy import bad_words
from survives.load import DAYS, FIRST_DAY, Load
from survives.reading_back import amounts_by_ref, history_holds, receipts, refs_on_platform

HCODE = "10670"
PEOPLE = 10
SERVER_KILLS = 20
DATABASE_KILLS = 5

pytestmark = pytest.mark.survives


@pytest.fixture
def platform(data: Path) -> Iterator[Platform]:
    with Platform(data, workers=2) as platform:
        platform.hospital(HCODE)
        yield platform


@pytest.mark.xdist_group("kills")
def test_every_acknowledged_visit_outlives_twenty_kills_of_the_server_and_five_of_the_database(
    platform: Platform,
) -> None:
    load = Load(platform, HCODE, PEOPLE)
    rng = Random(1)
    load.start()
    for turn in range(SERVER_KILLS):
        load.wait_for(rng.randrange(5, 40))
        platform.kill()
        if turn % 5 == 2:  # and in the middle of coming up again
            platform.spawn()
            time.sleep(rng.uniform(0.2, 2.0))
            platform.kill()
        if turn % 4 == 3:
            platform.kill_database()  # both at once: a power cut
        platform.start()
    for _ in range(DATABASE_KILLS):
        load.wait_for(rng.randrange(5, 40))
        platform.kill_database()
        until(platform.is_ready)
        load.wait_for(5)
        platform.kill_one(rng)
    load.wait_for(20)
    load.stop()
    assert not load.unexpected
    assert_nothing_is_lost_or_doubled(platform, load)
    assert not bad_words(platform.said())


def assert_nothing_is_lost_or_doubled(platform: Platform, load: Load) -> None:
    there = refs_on_platform(platform, HCODE, [FIRST_DAY + timedelta(days=n) for n in range(DAYS)])
    assert len(there) == len(set(there))
    assert load.acknowledged.keys() <= set(there)
    assert set(there) <= load.acknowledged.keys() | load.given_up.keys()
    sent = load.acknowledged | load.given_up
    for person in range(PEOPLE):
        own = sorted((ref, float(sent[ref].number)) for ref in there if sent[ref].person == person)
        assert sorted(amounts_by_ref(platform, HCODE, invented_cid(person))) == own
        said = receipts(platform, invented_cid(person))
        assert said == {"new": len(own)} or said == {"new": len(own), "same": said["same"], "changed": 0, "moved": 0}
    assert history_holds(platform)


@pytest.mark.xdist_group("first start")
def test_a_first_start_that_is_killed_anywhere_is_recovered_by_the_next(data: Path) -> None:
    platform = Platform(data)
    for seconds in (0.6, 1.0, 1.4, 1.8, 2.2, 2.6, 3.0):  # initdb, the first start, the database, the migrations
        starting = platform.spawn()
        time.sleep(seconds)
        platform.kill()
        assert starting.poll() is not None
    with platform:
        platform.hospital(HCODE)
        assert platform.client(HCODE).get("/livez").status_code == 200
