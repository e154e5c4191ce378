"""Ten thousand broken uploads: each is answered, none with a 5xx, and each is stored whole or not at all."""

import asyncio
import json
import queue
import socket
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from morprom.storage import EmbeddedPostgres
from payloads import VENDORS, invented_cid, visit_upload
from platform_process import PATIENCE, READINGS, Platform, refs_of, web_app
from privacy import bad_words
from survives.mutations import mutated, packed, places, text_of

HCODE = "10670"
FIRST_DAY = date(2026, 10, 1)
DAYS = 4
PEOPLE = 50
MUTATIONS = 8500
EXAMPLES = 1500
SENDERS = 4
REFUSALS = {400, 403, 413, 422}

pytestmark = [pytest.mark.survives, pytest.mark.xdist_group("mutations")]


@pytest.fixture(scope="module")
def client(server: Platform) -> httpx.Client:
    server.hospital(HCODE)
    server.operator("unit", "add", "99999", "โรงพยาบาลอื่น")
    return server.client(HCODE)


@dataclass
class Outcome:
    """What was sent, what was said, which visits it was about."""

    name: str
    status: int
    refs: frozenset[str]
    whole: frozenset[str]
    """Those of `refs` that came through the mutation in one piece."""
    stored: int = 0
    new: int = 0


@dataclass
class Case:
    """A broken upload. `seed` makes it again."""

    seed: int
    body: bytes = field(repr=False)
    refs: frozenset[str]
    headers: dict[str, str]

    @classmethod
    def of(cls, seed: int) -> "Case":
        rng = Random(seed)
        upload, refs = whole_upload(rng, seed)
        body = mutated(rng, upload)
        if rng.random() < 0.03:
            return cls(
                seed, packed(rng, body), refs, {"content-encoding": rng.choice(["gzip", "GZIP", "x-gzip", "br"])}
            )
        return cls(seed, body, refs, {})


def whole_upload(rng: Random, number: int) -> tuple[Any, frozenset[str]]:
    """One person's upload of one to three visits, in any vendor's shape; its refs are found nowhere else."""
    vendor, cid = rng.choice(VENDORS), invented_cid(rng.randrange(PEOPLE))
    uploads = [
        visit_upload(
            vendor, rng, hcode=HCODE, cid=cid, ref=f"m{number}x{n}", on=FIRST_DAY + timedelta(days=rng.randrange(DAYS)),
            labs=2, medicines=1,
        )
        for n in range(rng.choice((1, 1, 2, 3)))
    ]  # fmt: skip
    uploads[0]["Encounter"] = [upload["Encounter"][0] for upload in uploads]
    return uploads[0], frozenset(f"{HCODE}:m{number}x{n}" for n in range(len(uploads)))


def send(client: httpx.Client, case: Case) -> Outcome:
    reply = client.post("/api/UpdatePHRv1", content=case.body, headers=case.headers)
    name = f"seed {case.seed}"
    said = reply.json()
    assert said["MessageCode"] == reply.status_code, name
    if reply.status_code != 200:
        assert said["result"] is None, name
        assert said["Message"], name
        return Outcome(name, reply.status_code, case.refs, frozenset())
    counts = {what: said["result"][what] for what in ("new", "same", "changed", "moved")}
    return Outcome(name, 200, case.refs, whole_visits(case), sum(counts.values()), counts["new"])


def whole_visits(case: Case) -> frozenset[str]:
    """The visits of a body whose ref and day are as they were; none where the body can be read in two ways."""
    try:
        read = json.loads(case.body.decode("utf-8-sig"), object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError):
        return frozenset()
    visits = read.get("Encounter") if isinstance(read, dict) else None
    found = [ref for visit in visits if (ref := _ref(visit))] if isinstance(visits, list) else []
    return frozenset(ref for ref in found if ref in case.refs)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a key comes twice")
    return dict(pairs)


def _ref(visit: Any) -> str | None:
    try:
        value = visit["identifier"][0]["value"]
        start = date.fromisoformat(visit["period"]["start"][:10])
    except (TypeError, KeyError, IndexError, ValueError):
        return None
    is_in_reach = isinstance(value, str) and FIRST_DAY <= start < FIRST_DAY + timedelta(days=DAYS)
    return f"{HCODE}:{value.removeprefix(f'{HCODE}:')}" if is_in_reach else None


def there(client: httpx.Client) -> set[str]:
    return {ref for n in range(DAYS) for ref in refs_of(client, HCODE, str(FIRST_DAY + timedelta(days=n)))}


async def visits_stored(server: Platform) -> int:
    connection = await asyncpg.connect(EmbeddedPostgres(server.data).url())
    try:
        return await connection.fetchval("select count(*) from ledger")
    finally:
        await connection.close()


def send_all(server: Platform, client: httpx.Client, seeds: range) -> list[Outcome]:
    """Send every case over a few connections at once."""
    waiting: queue.SimpleQueue[int | None] = queue.SimpleQueue()
    for seed in [*seeds, *[None] * SENDERS]:
        waiting.put(seed)
    outcomes: list[Outcome] = []
    faults: list[str] = []

    def sender() -> None:
        with httpx.Client(base_url=server.url, timeout=PATIENCE, trust_env=False, headers=client.headers) as own:
            while (seed := waiting.get()) is not None:
                try:
                    outcomes.append(send(own, Case.of(seed)))
                except (httpx.HTTPError, ValueError, AssertionError) as error:
                    faults.append(f"seed {seed}: {type(error).__name__}")

    threads = [threading.Thread(target=sender, daemon=True) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    return outcomes


def test_mutated_uploads_are_answered_and_stored_whole_or_not_at_all(server: Platform, client: httpx.Client) -> None:
    before = asyncio.run(visits_stored(server))
    outcomes = send_all(server, client, range(MUTATIONS))
    assert_whole_or_nothing(server, client, outcomes, before)
    counts = Counter(outcome.status for outcome in outcomes)
    assert counts[200] > MUTATIONS / 4, counts  # odd is not wrong
    assert counts[400] + counts[422] > MUTATIONS / 20, counts


def assert_whole_or_nothing(server: Platform, client: httpx.Client, outcomes: list[Outcome], before: int) -> None:
    assert not [o.name for o in outcomes if o.status not in {200, *REFUSALS}]
    found = there(client)
    assert not [o.name for o in outcomes if o.status != 200 and o.refs & found]
    assert not [o.name for o in outcomes if o.status == 200 and not o.whole <= found]
    assert not [o.name for o in outcomes if o.status == 200 and o.stored < len(o.whole)]
    assert asyncio.run(visits_stored(server)) == before + sum(o.new for o in outcomes)
    assert not bad_words(server.said())


def test_whatever_was_kept_of_broken_uploads_can_be_read(server: Platform, client: httpx.Client) -> None:
    for number in range(400_000, 401_000):
        send(client, Case.of(number))
    for cid in map(invented_cid, range(0, PEOPLE, 7)):
        otp = server.ask_for_code(client, cid)
        for action, mode in READINGS:
            web_app(client, cid, otp, action, mode=mode)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(seed=st.integers(100_000, 199_999), values=st.lists(junk, min_size=1, max_size=3))
def test_uploads_with_anything_anywhere_are_answered(
    server: Platform, client: httpx.Client, seed: int, values: list[Any]
) -> None:
    rng = Random(seed)
    upload, refs = whole_upload(rng, seed)
    for value in values:
        container, key = rng.choice(places(upload))
        container[key] = value
    outcome = send(client, Case(seed, text_of(upload), refs, {}))
    assert outcome.status in {200, *REFUSALS}


@given(body=st.binary(max_size=300))
@settings(max_examples=200, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
def test_any_bytes_are_answered_at_every_call(server: Platform, client: httpx.Client, body: bytes) -> None:
    for path in ("/api/UpdatePHRv1", "/api/OrgEncounterSummary", "/api/RequestTokenv1", "/api/WebApp?Action=Encounter"):
        reply = client.post(path, content=body)
        assert reply.status_code in {400, 401, 422}
        assert reply.json()["MessageCode"] == reply.status_code


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 5\r\n",  # shorter than the body: the rest looks like a call
        b"Content-Length: -1\r\n",
        b"Content-Length: 99999999999999999999\r\n",
        b"Content-Length: 12345678\r\n",
        b"Content-Length: ten\r\n",
        b"Content-Length: 10\r\nContent-Length: 20\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
    ],
)
def test_a_wrong_length_is_refused_or_cut_and_stores_nothing(
    server: Platform, client: httpx.Client, head: bytes
) -> None:
    upload, refs = whole_upload(Random(1), 300_000)
    token = client.headers["authorization"].encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        connection.sendall(
            b"POST /api/UpdatePHRv1 HTTP/1.1\r\nHost: x\r\nAuthorization: " + token + b"\r\n" + head + b"\r\n"
        )
        try:
            connection.sendall(text_of(upload))
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(65_536)
        except OSError:  # it was cut before we had said it all
            answer = b""
    assert answer == b"" or answer.split()[1] in (b"400", b"413", b"422")
    assert not refs & there(client)
    assert server.is_ready()
