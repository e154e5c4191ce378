"""Leaving a note and taking it once, as two programmes of a hospital do."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doors.calling import Caller, checked, services_on
from morprom import pasteboard
from morprom.pasteboard.rules import MOST_OF_A_UNIT
from morprom.storage import Database, KeyRing
from units.cast import SIRIRAJ, Time, agent_of, two_hospitals

PATH = "/api/PasteJSON"
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)


@pytest.fixture
async def hospitals(database: Database, ring: KeyRing) -> None:
    await two_hospitals(database, ring)
    await agent_of(database)
    await agent_of(database, login="another")
    await agent_of(database, SIRIRAJ)


@pytest.fixture
async def caller(hospitals: None, database_url: str, ring: KeyRing) -> AsyncIterator[Caller]:
    async with services_on(database_url, ring, Time()) as services:
        caller = Caller(services)
        await caller.sign_in()
        yield caller


async def left(caller: Caller, body: bytes, action: str = "POST") -> httpx.Response:
    return await caller.http.post(PATH, params={"Action": action}, content=body)


async def taken(caller: Caller, code: str, action: str = "GET") -> httpx.Response:
    return await caller.http.get(PATH, params={"Action": action, "code": code})


def result_as_sent(reply: httpx.Response) -> bytes:
    """The bytes of the result, before anybody read them as numbers."""
    start = reply.content.index(b'"result":') + len(b'"result":')
    return reply.content[start : reply.content.rindex(b',"MessageCode"')]


async def test_a_note_is_taken_once_by_any_account_of_its_hospital(caller: Caller) -> None:
    code = checked(await left(caller, b'{"hn": "1"}', action="post"))["result"]
    assert str(UUID(code)) == code
    await caller.sign_in("another")
    assert checked(await taken(caller, code, action="get"))["result"] == {"hn": "1"}
    again = checked(await taken(caller, code))
    assert (again["MessageCode"], again["result"]) == (404, None)


async def test_a_code_may_come_in_braces_and_capitals(caller: Caller) -> None:
    code = checked(await left(caller, b"[]"))["result"]
    assert checked(await taken(caller, f"{{{code.upper()}}}"))["result"] == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":2}', b"1e400", b"-0.0000", b"123456789012345678901234567890.10", b'"\\ud800"', b'"\\u0000"',
        b"null", b'""', b"false", '"ก\u200b😀"'.encode(), b"[" * 500 + b"]" * 500, b'"' + b"a" * 65_534 + b'"',
    ],
)  # fmt: skip
async def test_json_comes_out_as_it_was_sent(caller: Caller, body: bytes) -> None:
    code = (await left(caller, body)).json()["result"]
    reply = await taken(caller, code)
    assert (reply.status_code, result_as_sent(reply)) == (200, body)


async def test_a_byte_order_mark_and_the_space_around_are_not_part_of_it(caller: Caller) -> None:
    code = (await left(caller, b"\xef\xbb\xbf [1, 2]\r\n")).json()["result"]
    assert result_as_sent(await taken(caller, code)) == b"[1, 2]"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON)
async def test_any_json_means_the_same_afterwards(caller: Caller, value: object) -> None:
    code = (await caller.post(PATH, value, Action="POST"))["result"]
    assert (await caller.get(PATH, Action="GET", code=code))["result"] == value


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"{", 400), (b"NaN", 400), (b"[Infinity]", 400), (b'"\xff"', 400), ("ก".encode("cp874"), 400),
        (b"[" * 30_000 + b"]" * 30_000, 400), (b"01", 400), (b"'a'", 400), (b"1 2", 400), (b'"\n"', 400),
        (b'"' + b"a" * 65_536 + b'"', 413), (b"1" * 100_000, 413),
    ],
)  # fmt: skip
async def test_what_is_not_json_or_too_long_is_refused(caller: Caller, body: bytes, status: int) -> None:
    assert checked(await left(caller, body))["MessageCode"] == status


async def test_another_hospital_has_the_same_404_and_takes_nothing(caller: Caller) -> None:
    code = checked(await left(caller, b"[1]"))["result"]
    await caller.sign_in(hcode=SIRIRAJ)
    refused = checked(await taken(caller, code))
    unknown = checked(await taken(caller, str(uuid4())))
    nonsense = checked(await taken(caller, "ก" * 99))
    assert {(each["MessageCode"], each["Message"]) for each in (refused, unknown, nonsense)} == {
        (404, refused["Message"])
    }
    await caller.sign_in()
    assert checked(await taken(caller, code))["result"] == [1]


async def test_of_ten_who_come_at_once_one_has_the_note(caller: Caller) -> None:
    code = checked(await left(caller, b"[1]"))["result"]
    replies = await asyncio.gather(*(taken(caller, code) for _ in range(10)))
    assert sorted(reply.status_code for reply in replies) == [200] + [404] * 9


async def test_a_note_is_gone_after_an_hour_and_purged(caller: Caller, database: Database) -> None:
    code = checked(await left(caller, b"[1]"))["result"]
    async with database.transaction() as tx:
        assert await pasteboard.purge(tx) == 0
        await tx.execute("update paste set expires_at = expires_at - interval '3601 seconds'")
    assert (await taken(caller, code)).status_code == 404
    async with database.transaction() as tx:
        assert await pasteboard.purge(tx) == 1
        assert await tx.fetchval("select count(*) from paste") == 0


async def test_nothing_of_a_note_or_its_code_is_kept_in_clear(caller: Caller, database: Database) -> None:
    code = checked(await left(caller, b'"a very secret note"'))["result"]
    async with database.transaction() as tx:
        kept = bytes(await tx.fetchval("select code_hash || sealed from paste"))
    assert b"secret" not in kept and UUID(code).bytes not in kept and code.encode() not in kept


async def test_a_hospital_does_not_fill_the_board(caller: Caller, database: Database) -> None:
    await left(caller, b"1")
    async with database.transaction() as tx:
        await tx.execute(
            "insert into paste select sha256(n::text::bytea), hcode, expires_at, sealed"
            " from paste, generate_series(2, $1::int) n",
            MOST_OF_A_UNIT,
        )
    reply = await left(caller, b"1")
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "600")
    await caller.sign_in(hcode=SIRIRAJ)
    assert (await left(caller, b"1")).status_code == 200


async def test_the_action_is_the_method(caller: Caller) -> None:
    assert (await left(caller, b"1", action="GET")).status_code == 400
    assert (await left(caller, b"1", action="")).status_code == 400
    assert (await taken(caller, "", action="POST")).status_code == 400
    assert (await caller.http.delete(PATH)).status_code == 405


async def test_a_head_takes_nothing(caller: Caller) -> None:
    code = checked(await left(caller, b"1"))["result"]
    head = await caller.http.head(PATH, params={"Action": "GET", "code": code})
    assert head.status_code == 405
    assert (await taken(caller, code)).status_code == 200


async def test_without_a_token_nothing_is_left_or_taken(caller: Caller) -> None:
    code = checked(await left(caller, b"1"))["result"]
    del caller.http.headers["authorization"]
    assert (await left(caller, b"1")).status_code == 401
    assert (await taken(caller, code)).status_code == 401


async def test_leaving_taking_and_missing_a_note_each_leave_a_line(caller: Caller, database: Database) -> None:
    code = checked(await left(caller, b"1"))["result"]
    await taken(caller, code)
    await taken(caller, code)
    async with database.transaction() as tx:
        rows = await tx.fetch("select outcome, unit, person_id from history where basis = 9 order by at, id")
    assert [tuple(row) for row in rows] == [(3, "10670", None), (1, "10670", None), (2, "10670", None)]  # type: ignore[call-overload]
