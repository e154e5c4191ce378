"""Units watch their sending: counts, agents, removal (wire protocol, section 8)."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator

import pytest

from doors.calling import Caller, Reply, checked, services_on
from morprom.doors.services import Services
from morprom.intake import Sender, receive
from morprom.kernel import Settings
from morprom.mophphr import Upload, read_visits_upload
from morprom.storage import Database, KeyRing
from morprom.units import Permission
from morprom_wire.cid import check_digit
from units.cast import KHON_KAEN, SIRIRAJ, Time, agent_of, two_hospitals

CID = "199000000001" + str(check_digit("199000000001"))


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
async def services(database: Database, database_url: str, ring: KeyRing, clock: Time) -> AsyncIterator[Services]:
    await two_hospitals(database, ring)
    await agent_of(database)
    await agent_of(database, SIRIRAJ)
    await agent_of(database, KHON_KAEN, Permission.REPORT, login="viewer", may_send=False)
    await agent_of(database, KHON_KAEN, login="reader", may_send=False, may_read=True)
    async with services_on(database_url, ring, clock) as opened:
        yield opened


@pytest.fixture
async def caller(services: Services) -> Caller:
    caller = Caller(services)
    await caller.sign_in()
    return caller


async def send(services: Services, ref: str, start: str, kind: str = "AMB") -> None:
    """One visit of Khon Kaen."""
    body = {
        "managingOrganization": {"identifier": {"system": "https://bps.moph.go.th/hcode/5", "value": KHON_KAEN}},
        "Patient": {"identifier": [{"system": "https://www.dopa.go.th", "type": "CID", "value": CID}]},
        "Encounter": [
            {
                "identifier": [{"system": "https://bps.moph.go.th/vn", "type": "VN", "value": ref}],
                "class": {"code": kind},
                "period": {"start": start},
            }
        ],
    }
    upload = read_visits_upload(
        json.dumps(body).encode(), encounter_limit=500, nesting_limit=64, test_person_allowed=True
    )
    assert isinstance(upload, Upload), upload
    key = await services.directory.ref_key(KHON_KAEN)
    await receive(
        upload, Sender(None, may_remove=False), key,
        writer=services.writer, database=services.intake, ring=services.ring,
    )  # fmt: skip


async def refs(caller: Caller, day: str) -> list[str]:
    reply = await caller.get("/api/OrganizationSummary", date=day, data="encounter_ref_code", hospital_code=KHON_KAEN)
    assert reply["MessageCode"] == 200
    return reply["result"]


async def test_a_day_s_visits_are_told_by_their_local_day(caller: Caller, services: Services) -> None:
    await send(services, "V2", "2026-03-05T23:30:00Z")
    await send(services, "V1", "2026-03-05T08:00:00+07:00")
    await send(services, "V3", "2026-03-06T00:10:00.000Z")
    assert await refs(caller, "2026-03-05") == ["10670:V1", "10670:V2"]
    assert await refs(caller, "2569-03-06") == ["10670:V3"]
    assert await refs(caller, "2026-03-07") == []


def his_counts(*rows: dict[str, object], hcode: str = KHON_KAEN) -> Reply:
    return {
        "managingOrganization": {"identifier": {"system": "https://bps.moph.go.th/hcode/5", "value": hcode}},
        "EncounterSummary": list(rows),
    }


async def test_a_month_stands_beside_the_hospital_s_own_counts(caller: Caller, services: Services) -> None:
    await send(services, "V1", "2026-03-05T08:00:00")
    await send(services, "V2", "2026-03-05T09:00:00")
    await send(services, "A1", "2026-03-05T10:00:00", "IMP")
    row = {"period_start": "2026-03-05", "opd_encounter_count": 1, "ipd_encounter_count": 0, "ipd_discharge_count": 0}
    for counts in (row, {**row, "opd_encounter_count": 5, "ipd_encounter_count": 1}):
        assert (await caller.post("/api/OrgEncounterSummary", his_counts(counts)))["result"] == 1
    reply = await caller.get("/api/OrganizationSummary", month="2026-03", DATA="MONTH_SUMMARY", hospital_code=KHON_KAEN)
    assert [row["date"] for row in reply["result"]] == [f"2026-03-{day:02}" for day in range(1, 32)]
    assert reply["result"][4] == {
        "date": "2026-03-05", "encounter_count": 3, "opd_count": 2, "ipd_count": 1,
        "his_opd_count": 5, "his_ipd_count": 1, "percent": 50.0,
    }  # fmt: skip
    assert reply["result"][5] == {
        "date": "2026-03-06", "encounter_count": 0, "opd_count": 0, "ipd_count": 0,
        "his_opd_count": None, "his_ipd_count": None, "percent": None,
    }  # fmt: skip


async def test_a_month_ends_today(caller: Caller) -> None:
    reply = await caller.get("/api/OrganizationSummary", month="2569-04", data="month_summary")
    assert [row["date"] for row in reply["result"]] == ["2026-04-01"]
    assert (await caller.get("/api/OrganizationSummary", month="2026-05", data="month_summary"))["result"] == []


@pytest.mark.parametrize(
    "query",
    [
        {"data": "encounter_ref_code"},
        {"data": "encounter_ref_code", "date": "yesterday"},
        {"data": "encounter_ref_code", "date": "2026-02-30"},
        {"data": "month_summary", "month": "2026-13"},
        {"data": "month_summary", "month": "0-1"},
        {"data": "another", "date": "2026-03-05"},
        {},
    ],
)
async def test_a_bad_parameter_is_400(caller: Caller, query: dict[str, str]) -> None:
    assert (await caller.get("/api/OrganizationSummary", **query))["MessageCode"] == 400


async def test_counts_that_cannot_be_kept_are_refused_with_every_fault(caller: Caller) -> None:
    for body in ({}, his_counts({"period_start": "soon"}), his_counts(hcode="x")):
        reply = await caller.post("/api/OrgEncounterSummary", body)
        assert reply["MessageCode"] in (400, 422)
        assert reply["processing_issue"]


async def test_counts_of_any_size_are_no_fault_of_ours(caller: Caller) -> None:
    for count in (10**12, -5, 1.5, "7", None, [], "1e400"):
        row = {"period_start": "2026-03-05", "opd_encounter_count": count}
        assert (await caller.post("/api/OrgEncounterSummary", his_counts(row)))["MessageCode"] < 500


CALLS = [
    ("GET", "/api/OrganizationSummary?data=encounter_ref_code&date=2026-03-05&hospital_code=13814"),
    ("GET", "/api/RemoveEncounter?hospital_code=13814&encounter_ref_code=13814:V1"),
    ("GET", "/api/RemoveEncounter?encounter_ref_code=13814:V1"),
    ("POST", "/api/UpdateAgentStatus?hospital_code=13814"),
    ("POST", "/api/GetAgentComputerName?hospital_code=13814"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_another_hospital_is_403(caller: Caller, method: str, path: str) -> None:
    assert checked(await caller.http.request(method, path))["MessageCode"] == 403


async def test_counts_of_another_hospital_are_403(caller: Caller) -> None:
    row = {"period_start": "2026-03-05", "opd_encounter_count": 1}
    assert (await caller.post("/api/OrgEncounterSummary", his_counts(row, hcode=SIRIRAJ)))["MessageCode"] == 403


@pytest.mark.parametrize(("method", "path"), [*CALLS, ("POST", "/api/OrgEncounterSummary")])
async def test_without_a_token_every_call_is_401(caller: Caller, method: str, path: str) -> None:
    del caller.http.headers["authorization"]
    assert checked(await caller.http.request(method, path))["MessageCode"] == 401


@pytest.mark.parametrize("login", ["viewer", "reader"])
async def test_an_account_that_may_not_send_sees_counts_and_changes_nothing(
    caller: Caller, services: Services, login: str
) -> None:
    await send(services, "V1", "2026-03-05T08:00:00")
    await caller.sign_in(login)
    assert await refs(caller, "2026-03-05") == ["10670:V1"]
    assert (await caller.get("/api/RemoveEncounter", encounter_ref_code="10670:V1"))["MessageCode"] == 403
    assert (await caller.post("/api/UpdateAgentStatus", {"agent_status": "run"}))["MessageCode"] == 403
    assert (await caller.post("/api/OrgEncounterSummary", his_counts()))["MessageCode"] == 403
    assert await refs(caller, "2026-03-05") == ["10670:V1"]


@pytest.mark.parametrize("ref", ["10670:V1", "V1"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_a_hospital_takes_a_visit_back(caller: Caller, services: Services, method: str, ref: str) -> None:
    await send(services, "V1", "2026-03-05T08:00:00")
    query = {"hospital_code": KHON_KAEN, "encounter_ref_code": ref}
    assert checked(await caller.http.request(method, "/api/RemoveEncounter", params=query))["result"] == 1
    assert await refs(caller, "2026-03-05") == []
    assert checked(await caller.http.request(method, "/api/RemoveEncounter", params=query))["result"] == 0


async def test_a_removal_may_name_the_visit_in_its_body(caller: Caller, services: Services) -> None:
    await send(services, "V1", "2026-03-05T08:00:00")
    body = {"hospital_code": KHON_KAEN, "encounter_ref_code": "10670:V1"}
    assert (await caller.post("/api/RemoveEncounter", body))["result"] == 1
    assert (await caller.post("/api/RemoveEncounter", {}))["MessageCode"] == 400


async def test_head_and_options_remove_nothing(caller: Caller, services: Services) -> None:
    await send(services, "V1", "2026-03-05T08:00:00")
    path = "/api/RemoveEncounter?hospital_code=10670&encounter_ref_code=10670:V1"
    assert (await caller.http.head(path)).status_code == 405
    reply = await caller.http.options(path)
    assert reply.status_code == 204
    assert {"GET", "POST", "DELETE"} <= set(reply.headers["allow"].replace(" ", "").split(","))
    assert await refs(caller, "2026-03-05") == ["10670:V1"]


STATUS = {
    "hospital_code": KHON_KAEN,
    "agent_status": "sending",
    "agent_version": "0.1.0",
    "most_client_version": "0.2.0",
}


async def status(caller: Caller, computer: str, **query: str) -> int:
    return (await caller.post("/api/UpdateAgentStatus", {**STATUS, "agent_computer_name": computer}, **query))[
        "MessageCode"
    ]


async def computer_name(caller: Caller) -> str:
    return (await caller.post("/api/GetAgentComputerName", {"hospital_code": KHON_KAEN}))["result"]


async def test_one_computer_sends_for_a_hospital_until_it_is_silent_for_two_minutes(
    caller: Caller, clock: Time
) -> None:
    assert await computer_name(caller) == ""
    assert await status(caller, "COUNTER-1") == 200
    clock.unix += 60
    assert await status(caller, "COUNTER-2") == 409
    assert await computer_name(caller) == "COUNTER-1"
    clock.unix += 60
    assert await computer_name(caller) == ""
    assert await status(caller, "COUNTER-2") == 200
    assert await computer_name(caller) == "COUNTER-2"


async def test_a_status_comes_every_five_seconds_at_most(caller: Caller, clock: Time) -> None:
    assert await status(caller, "COUNTER-1") == 200
    clock.unix += 2
    reply = await caller.http.post("/api/UpdateAgentStatus", json={**STATUS, "agent_computer_name": "COUNTER-1"})
    assert checked(reply)["MessageCode"] == 429
    assert reply.headers["retry-after"] == "3"
    clock.unix += 3
    assert await status(caller, "COUNTER-1") == 200


async def test_of_many_computers_that_start_at_once_one_sends(caller: Caller) -> None:
    statuses = await asyncio.gather(*(status(caller, f"COUNTER-{n}") for n in range(8)))
    assert sorted(statuses) == [200, *[409] * 7]


async def test_an_error_may_be_told_while_another_computer_sends(caller: Caller, clock: Time) -> None:
    assert await status(caller, "", mode="Error") == 200
    assert await status(caller, "COUNTER-1") == 200
    assert await status(caller, "", MODE="error") == 429
    clock.unix += 5
    assert await status(caller, "", mode="Error") == 200
    assert await computer_name(caller) == "COUNTER-1"


async def test_a_body_over_the_limit_is_413_and_a_bomb_goes_no_further(
    database: Database, database_url: str, ring: KeyRing, clock: Time
) -> None:
    await two_hospitals(database, ring)
    await agent_of(database)
    limits = Settings(body_limit_bytes=5_000, inflated_limit_bytes=20_000)
    async with services_on(database_url, ring, clock, limits) as services:
        caller = Caller(services)
        await caller.sign_in()

        async def posted(body: bytes, **headers: str) -> int:
            reply = await caller.http.post("/api/GetAgentComputerName", content=body, headers=headers)
            return checked(reply)["MessageCode"]

        packed = gzip.compress(b"{}")
        assert await posted(b" " * 5_001) == 413
        assert await posted(b" " * 5_000) == 200
        assert await posted(packed, **{"content-encoding": "gzip"}) == 200
        assert await posted(gzip.compress(b" " * 20_001), **{"content-encoding": "GZIP"}) == 413
        assert await posted(packed[:-4], **{"content-encoding": "gzip"}) == 400
        assert await posted(packed + b"more", **{"content-encoding": "gzip"}) == 400
        assert await posted(b"{}", **{"content-encoding": "gzip"}) == 400
        assert await posted(b"{}", **{"content-encoding": "br"}) == 400


async def test_storage_that_is_gone_is_503(caller: Caller, services: Services) -> None:
    services.intake.terminate()
    reply = await caller.http.post("/api/GetAgentComputerName", json={})
    assert checked(reply)["MessageCode"] == 503
    assert "retry-after" in reply.headers


async def test_a_token_serves_no_longer_than_its_account(caller: Caller, database: Database, clock: Time) -> None:
    from morprom.units.administration import accounts

    assert await computer_name(caller) == ""
    async with database.transaction() as tx:
        await accounts.disable(tx, "agent", KHON_KAEN, clock.now())
    clock.unix += 31
    assert (await caller.post("/api/GetAgentComputerName", {}))["MessageCode"] == 401
