"""Whatever goes wrong at whatever door: no reply's message and no log holds what the caller sent of a person.

The log is looked through after every test (conftest.logged); here are the reasons to write to it.
"""

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from doors.calling import Caller, services_on
from morprom.doors.services import Services
from morprom.storage import Database, EmbeddedPostgres, KeyRing
from morprom_wire import paths
from morprom_wire.cid import check_digit
from privacy import NAMES, found_in
from units.cast import KHON_KAEN, Time, agent_of, two_hospitals

CID = "199000000001" + str(check_digit("199000000001"))
NAME = "มาลี"
CODE = "KP123456"
PERSONAL: dict[str, Any] = {
    "cid": CID,
    "otp": CODE,
    "name": NAME,
    "managingOrganization": {"identifier": {"system": "https://bps.moph.go.th/hcode/5", "value": "10670"}},
    "Patient": {
        "identifier": [{"system": "https://www.dopa.go.th", "type": "CID", "value": CID}],
        "name": [{"languageCode": "TH", "given": [NAME], "family": "ใจดี"}],
        NAME: CID,
    },
    "Encounter": [
        {
            "identifier": [{"system": "https://bps.moph.go.th/vn", "type": "VN", "value": "V1"}],
            "class": {"code": "AMB"},
            "period": {"start": "2026-03-05T08:00:00"},
            "reason": [{"text": f"{NAME} {CID}"}],
        }
    ],
    "EncounterSummary": [{"period_start": CID, "opd_encounter_count": NAME}],
}
CALLS = [
    ("GET", "/token?Action=get_moph_access_token"),
    ("POST", "/token?Action=get_moph_access_token"),
    ("POST", paths.UPDATE_PHR),
    ("POST", "/api/RequestTokenv1"),
    ("POST", "/api/WebApp?Action=PatientSummary"),
    ("POST", "/api/WebApp?Action=ValidateOTP"),
    ("GET", "/api/WebApp?Action=Encounter"),
    ("POST", f"/api/WebApp?Action={NAME}"),
    ("GET", "/api/OrganizationSummary?data=encounter_ref_code"),
    ("GET", f"/api/RemoveEncounter?encounter_ref_code={CID}"),
    ("POST", "/api/OrgEncounterSummary"),
    ("POST", "/api/UpdateAgentStatus"),
    ("POST", "/api/GetAgentComputerName"),
    ("GET", f"/api/{CID}/{NAME}"),
    ("PUT", paths.UPDATE_PHR),
]
WHOLE = json.dumps(PERSONAL, ensure_ascii=False).encode()
BODIES = {
    "whole": WHOLE,
    "cut off": WHOLE[:-40],
    "not UTF-8": WHOLE + b"\xff\xfe",
    "a text": json.dumps(f"{NAME} {CID}").encode(),
    "wrong types": json.dumps({"cid": [CID], "otp": {"code": CODE}, "Patient": [NAME], "Encounter": CID}).encode(),
    "a form": f"cid={CID}&otp={CODE}&name={NAME}".encode(),
    "nested": b'{"' + CID.encode() + b'":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
}
TOKENS = {
    "none": "",
    "of another": f"Bearer {CID}",
    "broken": "Bearer eyJhbGciOiJSUzUxMiJ9.eyJzdWIiOiIxOTkwMCJ9.c2lnbmF0dXJl",
    "upload": f"Bearer 10670:{'x' * 43}",
}


@pytest.fixture
async def services(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[Services]:
    await two_hospitals(database, ring)
    await agent_of(database, KHON_KAEN, may_read=True)
    async with services_on(database_url, ring, Time()) as opened:
        yield opened


@pytest.fixture
async def caller(services: Services) -> Caller:
    caller = Caller(services)
    await caller.sign_in()
    return caller


async def call_everything(caller: Caller, bodies: list[bytes]) -> set[int]:
    """Every call with every body; what none of their replies may say, none says. The statuses there were."""
    statuses: set[int] = set()
    for method, path in CALLS:
        for body in bodies:
            reply = await caller.http.request(
                method, path, content=body, params={"cid": CID, "name": NAME} if method == "GET" else None
            )
            statuses.add(reply.status_code)
            message = reply.json()["Message"] if reply.text.startswith("{") else ""
            assert found_in(message) == [], f"{method} {path}: {message}"
            if reply.status_code >= 400:
                told = json.dumps({**reply.json(), "processing_issue": []}, ensure_ascii=False)
                assert found_in(told) == [], f"{method} {path}: {told}"
            assert found_in(str(reply.headers.multi_items())) == []
    return statuses


@pytest.mark.parametrize("token", TOKENS)
async def test_who_comes_without_a_good_token(caller: Caller, token: str) -> None:
    caller.http.headers["authorization"] = TOKENS[token]
    assert await call_everything(caller, [WHOLE]) <= {400, 401, 404, 405}


@pytest.mark.parametrize("body", BODIES)
async def test_bodies_that_cannot_be_read(caller: Caller, body: str) -> None:
    statuses = await call_everything(caller, [BODIES[body]])
    assert statuses and max(statuses) < 500


async def test_a_body_that_is_not_what_its_encoding_says(caller: Caller) -> None:
    for encoding in ("gzip", "br", NAME.encode().decode("latin-1")):
        caller.http.headers["content-encoding"] = encoding.encode("latin-1").decode("latin-1")
        assert await call_everything(caller, [WHOLE]) <= {400, 404, 405, 429} | {401}


async def test_a_database_that_is_gone(caller: Caller, services: Services, logged: list[str]) -> None:
    for pool in (services.intake, services.reader, services.identity, services.oversight):
        pool.terminate()
    assert 503 in await call_everything(caller, [WHOLE])
    assert any("storage_unavailable" in line for line in logged)


@pytest.mark.parametrize("table", ["person", "person_identifier", "history", "account", "ledger", "otp_grant"])
async def test_a_database_that_is_not_as_it_should_be(
    caller: Caller, database: Database, logged: list[str], table: str
) -> None:
    async with database.transaction() as tx:
        await tx.execute(f"alter table {table} rename to another")
    await call_everything(caller, [WHOLE])
    assert any("UndefinedTableError" in line for line in logged)


async def test_the_log_of_the_database_holds_no_values(postgres: EmbeddedPostgres, database: Database) -> None:
    """Statements that fail with personal data in parameters, in literals, in rows, in casts and in PL/pgSQL."""
    before = postgres.log.stat().st_size
    for statement, *values in (
        ("select $1::text::int", CID + NAME),
        (f"select '{NAME} {CID}'::int",),
        (f"selekt '{NAME} {CID}'",),
        ("select * from nothing where cid = $1", CID),
        (f"select 1 as {NAME} from nothing",),
        ("insert into unit (hcode, name) values ($1, $2)", CID, NAME),
        (f"insert into unit (hcode, name, type) values ('{CID}', '{NAME}', null)",),
        ("insert into schema_migration select * from schema_migration where number = $1", 1),
        ("select intake_write($1, $2)", CID, NAME),
        (f"do $$ begin perform '{NAME} {CID}'::date; end $$",),
        (f"do $$ begin execute 'select ''{CID}''::uuid'; end $$",),
        ("select convert_from($1, 'UTF8')", CID.encode() + b"\xff"),
    ):
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
            async with database.transaction() as tx:
                await tx.execute(statement, *values)
    text = postgres.log.read_bytes()[before:].decode("utf-8", "replace")
    assert CID not in text and not any(name in text for name in NAMES) and NAME not in text
