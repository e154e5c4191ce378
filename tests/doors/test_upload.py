"""`/api/UpdatePHRv1` through the real application: who may, what is told, and that nothing is half stored."""

import gzip
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest

from doors.calling import Caller, Reply, checked, services_on
from morprom.doors.services import Services
from morprom.kernel import Settings
from morprom.storage import Database, KeyRing
from morprom.units.administration import upload_tokens
from payloads import VENDORS, invented_cid, visit_upload
from units.cast import KHON_KAEN, SIRIRAJ, Time, agent_of, two_hospitals

PATH = "/api/UpdatePHRv1"
DAY = date(2026, 3, 31)


@pytest.fixture
async def services(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[Services]:
    await two_hospitals(database, ring)
    await agent_of(database)
    await agent_of(database, KHON_KAEN, login="reader", may_send=False, may_read=True)
    async with services_on(database_url, ring, Time(), Settings(body_limit_bytes=400_000, encounter_limit=5)) as opened:
        yield opened


@pytest.fixture
async def caller(services: Services) -> Caller:
    caller = Caller(services)
    await caller.sign_in()
    return caller


def visit(ref: str = "V1", vendor: str = "agent", hcode: str = KHON_KAEN) -> dict[str, Any]:
    return visit_upload(vendor, Random(ref), hcode=hcode, cid=invented_cid(7), ref=ref, on=DAY)


async def refs(caller: Caller) -> list[str]:
    reply = await caller.get("/api/OrganizationSummary", date=DAY.isoformat(), data="encounter_ref_code")
    return reply["result"]


@pytest.mark.parametrize("vendor", VENDORS)
async def test_every_vendors_visit_is_stored_once(caller: Caller, vendor: str) -> None:
    first = await caller.post(PATH, visit(vendor=vendor))
    assert (first["MessageCode"], first["result"]["new"], first["note"]) == (200, 1, "Normal processing")
    assert first["result"]["receipt_id"]
    assert isinstance(first["processing_warning"], list)
    assert [list(stage) for stage in first["profiler"]] == [["read"], ["parse"], ["write"]]
    again = await caller.post(PATH, visit(vendor=vendor))
    assert (again["result"]["new"], again["result"]["same"], again["result"]["receipt_id"]) == (0, 1, None)
    assert len(await refs(caller)) == 1


async def test_a_warning_says_where_in_both_languages(caller: Caller) -> None:
    body = visit()
    del body["Patient"]["maritalStatus"]
    reply = await caller.post(PATH, body)
    [issue] = [one for one in reply["processing_issue"] if one["path"] == "/Patient/maritalStatus"]
    assert issue["severity"] == "warning"
    assert issue["text_th"]
    assert issue["text_en"]
    assert any("/Patient/maritalStatus" in line for line in reply["processing_warning"])


async def test_all_faults_are_told_at_once_and_nothing_is_stored(caller: Caller) -> None:
    body = visit("V1")
    body["Encounter"].append({**body["Encounter"][0], "period": {}})
    body["Patient"]["identifier"] = []
    reply = await caller.post(PATH, body)
    assert reply["MessageCode"] == 422
    assert len({issue["path"] for issue in reply["processing_issue"]}) == 2
    assert await refs(caller) == []


async def test_another_hospitals_payload_is_forbidden_and_an_unknown_one_cannot_be_keyed(caller: Caller) -> None:
    assert (await caller.post(PATH, visit(hcode=SIRIRAJ)))["MessageCode"] == 403
    assert (await caller.post(PATH, visit(hcode="99998")))["MessageCode"] == 422


async def test_an_upload_token_sends_but_removes_nothing(
    caller: Caller, services: Services, database: Database
) -> None:
    await caller.post(PATH, visit("V1"))
    async with database.transaction() as tx:
        token = await upload_tokens.make(tx, KHON_KAEN, datetime.now(UTC))
    caller.http.headers["authorization"] = f"Bearer {token.reveal()}"
    body = visit("V2")
    body["managingOrganization"]["scope"] = "ALL"
    reply = await caller.post(PATH, body)
    assert reply["result"]["new"] == 1
    assert "REMOVAL_NEEDS_ACCOUNT" in {issue["code"] for issue in reply["processing_issue"]}
    await caller.sign_in()
    assert len(await refs(caller)) == 2


async def test_a_whole_history_removes_what_it_leaves_out(caller: Caller) -> None:
    for ref in ("V1", "V2", "V3"):
        await caller.post(PATH, visit(ref))
    body = visit("V2")
    body["managingOrganization"]["scope"] = "ALL"
    reply = await caller.post(PATH, body)
    assert (reply["result"]["same"], reply["result"]["removed"]) == (1, 2)
    assert await refs(caller) == [f"{KHON_KAEN}:V2"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_only_post_uploads(caller: Caller, method: str) -> None:
    reply = await caller.http.request(method, PATH)
    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")
    assert bool(reply.content) is (method != "HEAD")


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer", "Bearer nonsense", "Bearer 10670:nonsense", "Bearer :"])
async def test_without_a_good_token_nothing_is_read(caller: Caller, header: str) -> None:
    caller.http.headers["authorization"] = header
    reply = checked(await caller.http.post(PATH, content=b"not even json"))
    assert reply["MessageCode"] == 401


async def test_a_reading_account_may_not_send(caller: Caller) -> None:
    await caller.sign_in("reader")
    assert (await caller.post(PATH, visit()))["MessageCode"] == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b'"x"', 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        ('{"a":"ภาษาไทย"}'.encode("cp874"), 400),
        (b"[" * 100_000, 422),
        (b"{}", 422),
        (b" " * 400_001, 413),
        (b'{"Encounter":[{},{},{},{},{},{}]}', 413),
    ],
)
async def test_a_bad_body_gets_a_clear_answer(caller: Caller, body: bytes, status: int) -> None:
    reply = checked(await caller.http.post(PATH, content=body))
    assert reply["MessageCode"] == status


async def test_gzip_a_byte_order_mark_and_any_content_type_are_taken(caller: Caller) -> None:
    packed = gzip.compress(b"\xef\xbb\xbf" + json.dumps(visit()).encode())
    headers = {"content-encoding": "gzip", "content-type": "application/x-www-form-urlencoded"}
    reply: Reply = checked(await caller.http.post(PATH, content=packed, headers=headers))
    assert reply["result"]["new"] == 1


async def test_a_bomb_is_not_unpacked(caller: Caller) -> None:
    bomb = gzip.compress(bytes(60_000_000))
    reply = checked(await caller.http.post(PATH, content=bomb, headers={"content-encoding": "gzip"}))
    assert reply["MessageCode"] == 413


async def test_when_storage_is_gone_the_sender_is_told_to_send_again(caller: Caller, services: Services) -> None:
    services.intake.terminate()
    reply = await caller.http.post(PATH, json=visit())
    assert checked(reply)["MessageCode"] == 503
    assert int(reply.headers["retry-after"]) > 0
