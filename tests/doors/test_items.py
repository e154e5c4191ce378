"""The uploads of items other than visits, through the real application: who may, what is stored and told."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from conformance.uploads import CID, HCODE, OTHER, PATHS_OF_ITEMS, SOMEBODY_ELSE, upload
from doors.calling import Caller, Reply, checked, services_on
from intake.test_writer import Permit
from morprom.audit import read_history
from morprom.audit.model import Line, Outcome
from morprom.doors.services import Services
from morprom.kernel import Settings
from morprom.mophphr.item_calls import ITEM_CALLS, ItemCall
from morprom.people import Identifier, Person, Scheme, find
from morprom.record import Document, Kind
from morprom.recordstore import load
from morprom.storage import Database, KeyRing
from morprom.units.administration import upload_tokens
from payloads import invented_cid
from units.cast import KHON_KAEN, SIRIRAJ, Time, agent_of, two_hospitals

CARER = SOMEBODY_ELSE
ANOTHER = invented_cid(4_100_003)
MOVING = [path for path in PATHS_OF_ITEMS if not ITEM_CALLS[path[5:].lower()].key_is_of_person]
STAYING = [path for path in PATHS_OF_ITEMS if path not in MOVING]


def call_of(path: str) -> ItemCall:
    return ITEM_CALLS[path[5:].lower()]


def given_to(path: str, cid: str) -> dict[str, Any]:
    """The upload of that path, of another person."""
    return json.loads(json.dumps(upload(path)).replace(CID, cid))


@pytest.fixture
async def services(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[Services]:
    await two_hospitals(database, ring)
    await agent_of(database)
    await agent_of(database, SIRIRAJ)
    await agent_of(database, KHON_KAEN, login="reader", may_send=False, may_read=True)
    async with services_on(database_url, ring, Time(), Settings(encounter_limit=40)) as opened:
        yield opened


@pytest.fixture
async def caller(services: Services) -> Caller:
    caller = Caller(services)
    await caller.sign_in()
    return caller


async def somebody(services: Services, cid: str = CID) -> Person | None:
    async with services.intake.transaction() as tx:
        return await find(tx, services.ring, Identifier(Scheme.CID, cid))


async def stored(services: Services, cid: str = CID, *kinds: Kind) -> list[Document]:
    person = await somebody(services, cid)
    async with services.reader.transaction() as tx:
        return await load(tx, Permit(person), kinds or list(Kind)) if person else []


async def history(database: Database, services: Services, cid: str = CID) -> list[Line]:
    person = await somebody(services, cid)
    assert person
    async with database.transaction() as tx:
        return await read_history(tx, person.person_id, person.data_key)


def sent_in(document: Document) -> Any:
    return json.loads(document.content)["sent"]


def counts(reply: Reply) -> dict[str, int]:
    assert reply["MessageCode"] == 200, reply
    return {name: count for name, count in reply["result"].items() if name != "receipt_id" and count}


@pytest.mark.parametrize("path", PATHS_OF_ITEMS)
async def test_an_item_is_new_then_the_same_then_changed(caller: Caller, services: Services, path: str) -> None:
    body = upload(path)
    first = await caller.post(path, body)
    assert counts(first) == {"new": 1}
    assert first["result"]["receipt_id"] and first["note"] == "Normal processing"
    assert [list(stage) for stage in first["profiler"]] == [["read"], ["parse"], ["write"]]
    again = await caller.post(path, body)
    assert counts(again) == {"same": 1} and again["result"]["receipt_id"] is None
    body["anything else"] = 1
    assert counts(await caller.post(path, body)) == {"changed": 1}
    [document] = await stored(services, CID, call_of(path).kind)
    assert (document.version, document.hcode, sent_in(document)) == (2, KHON_KAEN, body)


@pytest.mark.parametrize("path", PATHS_OF_ITEMS)
async def test_what_was_sent_again_left_no_trace_in_the_history(
    caller: Caller, services: Services, database: Database, path: str
) -> None:
    for _ in range(3):
        await caller.post(path, upload(path))
    [line] = await history(database, services)
    assert (line.entry.content.action, line.entry.content.new) == (path[5:], 1)
    assert line.entry.content.classes == (call_of(path).kind,)


@pytest.mark.parametrize("path", PATHS_OF_ITEMS)
async def test_an_upload_token_sends_no_items(
    caller: Caller, services: Services, database: Database, path: str
) -> None:
    async with database.transaction() as tx:
        token = await upload_tokens.make(tx, KHON_KAEN, datetime.now(UTC))
    caller.http.headers["authorization"] = f"Bearer {token.reveal()}"
    assert (await caller.post(path, upload(path)))["MessageCode"] == 401
    assert await stored(services) == []


@pytest.mark.parametrize("path", PATHS_OF_ITEMS)
async def test_another_hospital_s_items_are_403_and_an_unknown_one_s_422(
    caller: Caller, services: Services, path: str
) -> None:
    for hcode, status, code in ((OTHER, 403, "OTHER_HOSPITAL"), ("99998", 422, "HCODE_UNKNOWN")):
        reply = await caller.post(path, json.loads(json.dumps(upload(path)).replace(HCODE, hcode)))
        assert reply["MessageCode"] == status
        [issue] = reply["processing_issue"]
        assert (issue["code"], issue["path"]) == (code, "/managingOrganization/identifier/value")
    assert await stored(services) == []


@pytest.mark.parametrize("path", PATHS_OF_ITEMS)
async def test_who_may_not_send_stores_nothing(caller: Caller, services: Services, path: str) -> None:
    await caller.sign_in("reader")
    assert (await caller.post(path, upload(path)))["MessageCode"] == 403
    del caller.http.headers["authorization"]
    assert (await caller.post(path, upload(path)))["MessageCode"] == 401
    assert await stored(services) == []


@pytest.mark.parametrize("path", PATHS_OF_ITEMS)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
async def test_only_post_sends_items(caller: Caller, services: Services, path: str, method: str) -> None:
    reply = await caller.http.request(method, path, json=upload(path))
    assert reply.status_code == 405 and "POST" in reply.headers["allow"]
    if method != "HEAD":
        checked(reply)
    assert await stored(services) == []


@pytest.mark.parametrize("path", PATHS_OF_ITEMS)
async def test_a_mode_that_is_none_is_a_bad_parameter(caller: Caller, services: Services, path: str) -> None:
    assert (await caller.post(path, upload(path), mode="erase"))["MessageCode"] == 400
    assert await stored(services) == []


@pytest.mark.parametrize("path", [path for path in PATHS_OF_ITEMS if not call_of(path).is_single])
async def test_nothing_is_half_stored_when_one_item_has_no_key(caller: Caller, services: Services, path: str) -> None:
    body = upload(path)
    array = call_of(path).array
    body[array] += [{"status": "active"}, 7]
    reply = await caller.post(path, body)
    assert reply["MessageCode"] == 422
    paths = {issue["path"] for issue in reply["processing_issue"]}
    assert any(one.startswith(f"/{array}/1") for one in paths) and any(one.startswith(f"/{array}/2") for one in paths)
    assert await stored(services) == []


@pytest.mark.parametrize("path", PATHS_OF_ITEMS)
async def test_a_client_cannot_forge_what_the_platform_notes(caller: Caller, services: Services, path: str) -> None:
    body = upload(path)
    forged = {"verified": True, "provider_id": "forged", "active": True}
    body |= {"noted": forged, "sent": {"noted": forged}}
    array = call_of(path).array
    item = body if call_of(path).is_single else body[array][0]
    item["noted"] = forged
    await caller.post(path, body)
    [document] = await stored(services, CID, call_of(path).kind)
    content = json.loads(document.content)
    assert set(content) == {"sent", "noted"}
    assert content["noted"] in ({}, {"verified": False, "provider_id": ""})
    assert sent_in(document) == body
    assert counts(await caller.post(path, body)) == {"same": 1}


@pytest.mark.parametrize("path", MOVING)
async def test_an_item_under_a_corrected_number_moves(
    caller: Caller, services: Services, database: Database, path: str
) -> None:
    await caller.post(path, upload(path))
    await caller.post(path, {**upload(path), "version": 2})
    reply = await caller.post(path, given_to(path, ANOTHER))
    assert counts(reply)["moved"] == 1
    assert await stored(services, CID) == []
    [document] = await stored(services, ANOTHER, call_of(path).kind)
    assert sent_in(document) == given_to(path, ANOTHER) and document.version == 3
    former = await history(database, services, CID)
    assert [line.entry.outcome for line in former] == [Outcome.WRITTEN, Outcome.WRITTEN, Outcome.MOVED]
    assert former[-1].entry.content.moved == 1 and former[-1].entry.content.action == path[5:]


@pytest.mark.parametrize("path", MOVING)
async def test_a_moved_item_that_is_sent_again_is_the_same(caller: Caller, services: Services, path: str) -> None:
    await caller.post(path, upload(path))
    for _ in range(2):
        await caller.post(path, given_to(path, ANOTHER))
    assert counts(await caller.post(path, given_to(path, ANOTHER))) == {"same": 1}
    assert len(await stored(services, ANOTHER, call_of(path).kind)) == 1


@pytest.mark.parametrize("path", STAYING)
async def test_a_key_within_a_person_is_each_person_s_own(
    caller: Caller, services: Services, database: Database, path: str
) -> None:
    assert counts(await caller.post(path, upload(path))) == {"new": 1}
    assert counts(await caller.post(path, given_to(path, ANOTHER))) == {"new": 1}
    kind = call_of(path).kind
    assert [len(await stored(services, cid, kind)) for cid in (CID, ANOTHER)] == [1, 1]
    async with database.transaction() as tx:
        refs = await tx.fetch("select ref from document where kind = $1", kind)
    assert len({bytes(row[0]) for row in refs}) == 2, "the same allergy would show under two persons"


@pytest.mark.parametrize("path", MOVING)
async def test_two_hospitals_with_the_same_number_do_not_meet(caller: Caller, services: Services, path: str) -> None:
    await caller.post(path, upload(path))
    await caller.sign_in(hcode=SIRIRAJ)
    theirs = json.loads(json.dumps(upload(path)).replace(HCODE, SIRIRAJ).replace(CID, ANOTHER))
    assert counts(await caller.post(path, theirs)) == {"new": 1}
    assert len(await stored(services, CID, call_of(path).kind)) == 1


async def test_items_of_every_kind_with_one_number_do_not_meet(caller: Caller, services: Services) -> None:
    for path in PATHS_OF_ITEMS:
        body = json.dumps(upload(path))
        for number in ("AL-1", "CR-1", "RF-1", "SO-1", "RX-1", "DP-1"):
            body = body.replace(number, "1")
        assert counts(await caller.post(path, json.loads(body))) == {"new": 1}
    kinds = [document.kind for document in await stored(services)]
    assert sorted(kinds) == sorted(call_of(path).kind for path in PATHS_OF_ITEMS)


async def test_many_uploads_at_once_are_each_stored_once(caller: Caller, services: Services) -> None:
    path = "/api/DrugRelatedProblem"
    bodies = [json.loads(json.dumps(upload(path)).replace("DP-1", f"DP-{number % 20}")) for number in range(60)]
    replies = await asyncio.gather(*(caller.post(path, body) for body in bodies))
    assert sum(reply["result"]["new"] for reply in replies) == 20
    assert len(await stored(services, CID, Kind.DRUG_PROBLEM)) == 20


async def test_a_measurement_without_a_hospital_is_the_token_s(caller: Caller, services: Services) -> None:
    path = "/api/SelfObservation"
    body = upload(path)
    del body["managingOrganization"]
    reply = await caller.post(path, body)
    assert "HCODE_OF_TOKEN" in {issue["code"] for issue in reply["processing_issue"]}
    assert counts(await caller.post(path, upload(path))) == {"changed": 1}
    assert [document.hcode for document in await stored(services, CID, Kind.SELF_OBSERVATION)] == [KHON_KAEN]


async def test_a_number_that_the_hospital_made_up_is_its_own(caller: Caller, services: Services) -> None:
    from morprom_wire.cid import check_digit

    twelve = f"{HCODE}0000007"
    made_up = f"{twelve}{check_digit(twelve)}"
    for path in PATHS_OF_ITEMS:
        assert counts(await caller.post(path, given_to(path, made_up))) == {"new": 1}
    assert await stored(services, made_up) == []  # as a citizen number it means nobody
    async with services.intake.transaction() as tx:
        person = await find(tx, services.ring, Identifier(Scheme.LOCAL, made_up, HCODE))
    assert person


async def test_when_storage_is_gone_the_sender_is_told_to_send_again(caller: Caller, services: Services) -> None:
    services.intake.terminate()
    reply = await caller.http.post(PATHS_OF_ITEMS[0], json=upload(PATHS_OF_ITEMS[0]))
    assert checked(reply)["MessageCode"] == 503
    assert int(reply.headers["retry-after"]) > 0
