"""The code systems, as anybody reads them."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from doors.calling import Caller, services_on
from morprom.codes import CodeFile, Named, publish, withdraw
from morprom.storage import Database, KeyRing
from units.cast import Time

PATH = "/api/CodingSystem"
OF_THE_PROTOCOL = [
    "allergy_seriousness",
    "allergy_group",
    "allergy_source",
    "allergy_result",
    "allergy_naranjo_result",
    "tmt_substance",
    "ncd_condition",
    "chronic_disease",
    "nationality",
    "encounter_type",
    "caregiver_type",
    "referral_type",
    "drp_category",
    "vaccine_code",
    "marital_status",
    "coverage_group",
    "health_region",
    "province",
]


@pytest.fixture
async def anybody(database_url: str, ring: KeyRing) -> AsyncIterator[Caller]:
    async with services_on(database_url, ring, Time()) as services:
        yield Caller(services)


async def imported(database: Database, rows: int, version: str = "2569-01") -> None:
    codes = [{"code": f"{n:06}", "display": f"สาร {n}", "display_en": f"substance {n}"} for n in range(rows)]
    named = Named("TMT_substance", version, date(2026, 1, 15))
    async with database.transaction() as tx:
        await publish(tx, named, CodeFile(codes), date(2026, 4, 1))


async def test_anybody_lists_the_systems_with_version_and_count(anybody: Caller) -> None:
    reply = await anybody.http.get(PATH)
    listed = reply.json()["result"]
    assert set(OF_THE_PROTOCOL) <= {each["system"] for each in listed}
    assert [each["system"] for each in listed] == sorted(each["system"] for each in listed)
    for each in listed:
        assert set(each) == {"system", "title_th", "title_en", "version", "date", "count", "source"}
        rows = (await anybody.http.get(PATH, params={"System": each["system"]})).json()["result"]
        assert len(rows) == each["count"]


async def test_one_system_gives_its_codes_in_any_case(anybody: Caller) -> None:
    reply = await anybody.http.get(PATH, params={"system": " Chronic_Disease"})
    envelope = reply.json()
    assert (envelope["MessageCode"], envelope["Message"]) == (200, "OK")
    assert envelope["result"][0] == {
        "code": "001", "display": "โรคเบาหวาน", "display_en": "Diabetes mellitus", "source": "confirmed"
    }  # fmt: skip


async def test_an_unknown_system_is_404_in_the_envelope(anybody: Caller) -> None:
    for name in ("icd11", "../etc", "ก\0" * 400):
        reply = await anybody.http.get(PATH, params={"System": name})
        assert (reply.status_code, reply.json()["result"], reply.headers["cache-control"]) == (404, None, "no-store")


async def test_codes_may_be_cached_and_asked_for_again(anybody: Caller, database: Database) -> None:
    for query in ({}, {"System": "province"}):
        first = await anybody.http.get(PATH, params=query)
        assert first.headers["cache-control"] == "public, max-age=300"
        tag = first.headers["etag"]
        for known in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
            again = await anybody.http.get(PATH, params=query, headers={"if-none-match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        other = await anybody.http.get(PATH, params=query, headers={"if-none-match": 'W/"x"'})
        assert other.status_code == 200
    await imported(database, 3)
    before = await anybody.http.get(PATH, params={"System": "tmt_substance"})
    await imported(database, 4)
    after = await anybody.http.get(
        PATH, params={"System": "tmt_substance"}, headers={"if-none-match": before.headers["etag"]}
    )
    assert len(after.json()["result"]) == 4


async def test_head_tells_the_tag_and_no_codes(anybody: Caller) -> None:
    head = await anybody.http.head(PATH, params={"System": "province"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == (await anybody.http.get(PATH, params={"System": "province"})).headers["etag"]


async def test_an_imported_system_stands_before_the_hand_written_one_until_it_is_removed(
    anybody: Caller, database: Database
) -> None:
    await imported(database, 2)
    listed = {each["system"]: each for each in (await anybody.http.get(PATH)).json()["result"]}
    assert listed["tmt_substance"] | {"title_th": "", "title_en": ""} == {
        "system": "tmt_substance", "title_th": "", "title_en": "", "version": "2569-01", "date": "2026-01-15",
        "count": 2, "source": "imported",
    }  # fmt: skip
    async with database.transaction() as tx:
        assert await withdraw(tx, "tmt_substance")
    assert (await anybody.http.get(PATH, params={"System": "tmt_substance"})).json()["result"] == []


async def test_a_hundred_thousand_codes_are_sent_once(anybody: Caller, database: Database) -> None:
    await imported(database, 100_000)
    reply = await anybody.http.get(PATH, params={"System": "tmt_substance"})
    assert len(reply.json()["result"]) == 100_000
    known = await anybody.http.get(
        PATH, params={"System": "tmt_substance"}, headers={"if-none-match": reply.headers["etag"]}
    )
    assert known.status_code == 304 and not known.content


async def test_it_is_read_and_nothing_else(anybody: Caller) -> None:
    assert (await anybody.http.post(PATH, json={})).status_code == 405
