"""Every kind of secret is replaced while visits are sent and read: nobody notices, nothing is lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from payloads import invented_cid
from platform_process import Platform, web_app
from survives.load import DAYS, FIRST_DAY, Load
from survives.reading_back import amounts_by_ref, history_holds, refs_on_platform

HCODE = "10670"
PEOPLE = 6

pytestmark = [pytest.mark.first, pytest.mark.survives, pytest.mark.xdist_group("rotation")]


@pytest.fixture
def platform(data: Path) -> Iterator[Platform]:
    with Platform(data, workers=2) as platform:
        platform.hospital(HCODE)
        yield platform


def test_all_keys_are_rotated_under_load_without_anybody_noticing(platform: Platform) -> None:
    load = Load(platform, HCODE, PEOPLE)
    load.start()
    load.wait_for(50)
    reader, cid = platform.client(HCODE), invented_cid(1)
    otp = platform.ask_for_code(reader, cid)
    before = platform.operator("keys", "list")

    platform.operator("keys", "rotate", "all", "--pause", "3")

    assert web_app(reader, cid, otp, "Encounter"), "a code outlives the rotation of its key"
    load.wait_for(50)
    load.stop()
    assert not load.unexpected
    assert not load.refused
    assert not load.given_up
    assert platform.operator("keys", "list") != before
    assert_all_is_there(platform, load)
    platform.kill()
    platform.start()
    assert_all_is_there(platform, load)


def assert_all_is_there(platform: Platform, load: Load) -> None:
    there = refs_on_platform(platform, HCODE, [FIRST_DAY + timedelta(days=n) for n in range(DAYS)])
    assert sorted(there) == sorted(load.acknowledged)
    for person in range(0, PEOPLE, 3):
        own = {(ref, visit.number) for ref, visit in load.acknowledged.items() if visit.person == person}
        assert set(amounts_by_ref(platform, HCODE, invented_cid(person))) == own
    assert history_holds(platform)
