"""`/api/Explain`: what becomes of an upload, before it is sent and without storing anything."""

import gzip
import json
from collections.abc import AsyncIterator
from datetime import date
from random import Random
from typing import Any

import pytest

from doors.calling import Caller, checked, services_on
from mophphr import item_uploading
from morprom.doors.services import Services
from morprom.doors.units.turnstile import AT_ONCE
from morprom.kernel import Mode, Settings
from morprom.mophphr.explain import CALLS
from morprom.storage import Database, KeyRing
from payloads import VENDORS, invented_cid, visit_upload
from units.cast import KHON_KAEN, SIRIRAJ, Time, agent_of, two_hospitals

PATH = "/api/Explain"
DAY = date(2026, 3, 31)

Json = dict[str, Any]


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
async def hospitals(database: Database, ring: KeyRing) -> None:
    await two_hospitals(database, ring)
    await agent_of(database)
    await agent_of(database, SIRIRAJ)
    await agent_of(database, KHON_KAEN, login="reader", may_send=False, may_read=True)


@pytest.fixture
async def services(hospitals: None, database_url: str, ring: KeyRing, clock: Time) -> AsyncIterator[Services]:
    async with services_on(database_url, ring, clock, Settings(body_limit_bytes=400_000, encounter_limit=5)) as opened:
        yield opened


@pytest.fixture
async def anonymous(services: Services) -> Caller:
    return Caller(services)


@pytest.fixture
async def caller(services: Services) -> Caller:
    caller = Caller(services)
    await caller.sign_in()
    return caller


def visit(ref: str = "V1", vendor: str = "agent", hcode: str = KHON_KAEN, person: int = 7) -> Json:
    return visit_upload(vendor, Random(ref), hcode=hcode, cid=invented_cid(person), ref=ref, on=DAY)


async def explained(caller: Caller, body: object, **query: str) -> Json:
    reply = await caller.post(PATH, body, **query)
    assert reply["MessageCode"] == 200, reply["Message"]
    return reply["result"]


async def sizes(database: Database) -> dict[str, int]:
    """How many rows each table holds. What is tried is noted too, but not what is in it."""
    async with database.transaction() as tx:
        names = await tx.fetch(
            "select tablename from pg_tables where schemaname = 'public' and tablename <> 'exercise'"
        )
        return {row[0]: await tx.fetchval(f"select count(*) from {row[0]}") for row in names}


# Nothing is stored


@pytest.mark.parametrize("upload", [visit(), *(item_uploading.sound(name) for name in item_uploading.ITEMS)])
async def test_explaining_stores_nothing(anonymous: Caller, caller: Caller, database: Database, upload: Json) -> None:
    before = await sizes(database)
    assert (await explained(anonymous, upload))["changes"] is None
    assert {one["outcome"] for one in (await explained(caller, upload))["changes"]} == {"new"}
    assert await sizes(database) == before


async def test_a_comparison_leaves_one_line_in_the_history_of_a_known_person(
    caller: Caller, database: Database
) -> None:
    await caller.post("/api/UpdatePHRv1", visit())
    before = await sizes(database)
    await explained(caller, visit())
    after = await sizes(database)
    assert after == before | {"history": before["history"] + 1}


# What it would change


async def changes(caller: Caller, body: object) -> dict[str, tuple[str, ...]]:
    return {one["ref"]: (one["outcome"], *one["paths"]) for one in (await explained(caller, body))["changes"]}


async def test_what_would_change_is_told_by_its_place(caller: Caller) -> None:
    ref = f"{KHON_KAEN}:V1"
    assert (await changes(caller, visit()))[ref] == ("new",)
    await caller.post("/api/UpdatePHRv1", visit())
    assert set((await changes(caller, visit())).values()) == {("same",)}
    bent = visit()
    bent["Encounter"][0]["vital_signs"]["pulse"]["valueQuantity"]["value"] = 61
    assert await changes(caller, bent) == {
        "Patient": ("same",), ref: ("changed", "/vital_signs/pulse/valueQuantity/value")
    }  # fmt: skip
    assert (await changes(caller, visit(person=8)))[ref] == ("moved",)


@pytest.mark.parametrize("name", list(item_uploading.ITEMS))
async def test_an_item_that_was_sent_is_the_same(caller: Caller, name: str) -> None:
    upload = item_uploading.sound(name)
    [ref] = await changes(caller, upload)
    assert (await caller.post(f"/api/{name}", upload))["result"]["new"] == 1
    assert await changes(caller, upload) == {ref: ("same",)}


async def test_another_hospital_s_stored_visits_are_not_compared(caller: Caller, services: Services) -> None:
    other = Caller(services)
    await other.sign_in(hcode=SIRIRAJ)
    await other.post("/api/UpdatePHRv1", visit(hcode=SIRIRAJ))
    result = await explained(caller, visit(hcode=SIRIRAJ))
    assert (result["status"], result["changes"]) == (403, None)
    assert (await changes(caller, visit()))[f"{KHON_KAEN}:V1"] == ("new",)


# What it says is what the call would say

BAD: list[Any] = [
    b"", b"{", b"[]", b'"x"', b"\xff\xfe", '{"a":"ภาษาไทย"}'.encode("cp874"), b"[" * 100_000, b"{}", b'{"a":1}',
    b'{"Encounter":[{},{},{},{},{},{}]}', visit(hcode=SIRIRAJ), visit(hcode="99998"),
    {**visit(), "Patient": {}}, {**visit(), "Encounter": [7]}, {**visit(), "managingOrganization": []},
]  # fmt: skip


@pytest.mark.parametrize("upload", [*BAD, *(visit(vendor=vendor) for vendor in VENDORS)])
async def test_an_upload_of_visits_is_explained_as_it_is_answered(caller: Caller, upload: Any) -> None:
    await same_as_sent(caller, "UpdatePHRv1", upload)


@pytest.mark.parametrize("name", list(item_uploading.ITEMS))
async def test_an_upload_of_items_is_explained_as_it_is_answered(caller: Caller, name: str) -> None:
    sound, array = item_uploading.sound(name), item_uploading.call_of(name).array
    for upload in (
        *BAD[:9], sound, {**sound, "Patient": {}}, {**sound, array: [{}]}, {**sound, array: "x"},
        {**sound, "managingOrganization": {"identifier": {"value": SIRIRAJ}}},
        {**sound, "managingOrganization": {"identifier": {"value": "99998"}}},
    ):  # fmt: skip
        await same_as_sent(caller, name, upload)


@pytest.mark.parametrize("hcode", [KHON_KAEN, SIRIRAJ, "99998", ""])
@pytest.mark.parametrize("days", [[], [{"period_start": "2026-03-01"}], [{}], [{"period_start": "2026-03-01"}] * 32])
async def test_an_upload_of_counts_is_explained_as_it_is_answered(caller: Caller, hcode: str, days: list[Json]) -> None:
    organization = {"identifier": {"system": "https://bps.moph.go.th/hcode/5", "value": hcode}}
    await same_as_sent(
        caller, "OrgEncounterSummary", {"managingOrganization": organization, "EncounterSummary": days}
    )  # fmt: skip


FOUND_WHEN_STORED = {"PROVIDER_TOKEN_INVALID"}
"""It takes the key of its issuer."""


async def same_as_sent(caller: Caller, name: str, upload: Any) -> None:
    """Explained first, for what is stored could change the answer."""
    body = upload if isinstance(upload, bytes) else json.dumps(upload, ensure_ascii=False).encode()
    told = checked(await caller.http.post(PATH, content=body, params={"call": name}))["result"]
    sent = checked(await caller.http.post(f"/api/{name}", content=body))
    assert (told["call"], told["status"]) == (name, sent["MessageCode"])
    issues = {(one["code"], one["path"]) for one in sent.get("processing_issue", ())}
    findings = {(one["code"], one["path"]) for one in told["findings"]}
    if told["accepted"]:
        assert {one for one in findings ^ issues if one[0] not in FOUND_WHEN_STORED} == set()
    else:
        assert issues <= findings and any(one["severity"] == "error" for one in told["findings"])


# Who may


async def test_in_production_nobody_asks_without_a_token(hospitals: None, database_url: str, ring: KeyRing) -> None:
    async with services_on(database_url, ring, Time(), Settings(mode=Mode.PRODUCTION)) as services:
        caller = Caller(services)
        assert (await caller.post(PATH, visit()))["MessageCode"] == 401
        await caller.sign_in()
        assert (await explained(caller, visit()))["accepted"] is True


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Bearer 10670:nonsense", "Basic abc"])
async def test_a_token_that_does_not_hold_is_refused_everywhere(anonymous: Caller, header: str) -> None:
    reply = checked(await anonymous.http.post(PATH, json=visit(), headers={"authorization": header}))
    assert reply["MessageCode"] == 401


async def test_an_account_that_may_not_send_may_not_compare(caller: Caller) -> None:
    await caller.sign_in("reader")
    assert (await caller.post(PATH, visit()))["MessageCode"] == 403


# The call


@pytest.mark.parametrize("named", ["UpdatePHRv1", "updatephrv1", "/api/UpdatePHRv1"])
async def test_the_call_may_be_named(anonymous: Caller, named: str) -> None:
    assert (await explained(anonymous, visit(), CALL=named))["call"] == "UpdatePHRv1"


async def test_an_unknown_call_is_answered_with_those_there_are(anonymous: Caller) -> None:
    reply = await anonymous.post(PATH, visit(), call="UpdatePHRv2")
    assert reply["MessageCode"] == 400 and all(call in reply["Message"] for call in CALLS)


async def test_bodies_are_limited_as_those_of_uploads(anonymous: Caller) -> None:
    assert checked(await anonymous.http.post(PATH, content=b" " * 400_001))["MessageCode"] == 413
    bomb = gzip.compress(bytes(60_000_000))
    reply = await anonymous.http.post(PATH, content=bomb, headers={"content-encoding": "gzip"})
    assert checked(reply)["MessageCode"] == 413
    packed = gzip.compress(json.dumps(visit()).encode())
    reply = await anonymous.http.post(PATH, content=packed, headers={"content-encoding": "gzip"})
    assert checked(reply)["result"]["accepted"] is True


async def test_a_large_upload_is_explained_in_a_thread(anonymous: Caller) -> None:
    body = visit()
    body["Encounter"][0]["reason"] = [{"text": "ไข้ " * 20_000}]
    assert (await explained(anonymous, body))["accepted"] is True


async def test_an_address_that_asks_too_often_waits_and_others_do_not(anonymous: Caller, caller: Caller) -> None:
    replies = [await anonymous.http.post(PATH, content=b"{}") for _ in range(AT_ONCE + 20)]
    last = replies[-1]
    assert (checked(last)["MessageCode"], int(last.headers["retry-after"])) == (429, 1)
    assert (await explained(caller, {}))["status"] == 422


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_only_post_explains(anonymous: Caller, method: str) -> None:
    assert (await anonymous.http.request(method, PATH)).status_code == 405
