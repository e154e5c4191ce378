"""Reads of people with 100 visits through the reader's door, with a code that each of them gave: small and large
databases, warm and cold. Every answer has its line of history committed before.
"""

import asyncio
import json
import os
import tempfile
import time
import urllib.request
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import instance
from bench.corpus import HOSPITALS, invented_cid
from bench.fill import fill, keys_of
from bench.load import Load, Outcome
from bench.tables import heading, middle, say, table, verdict
from morprom.people import Identifier, Inbox, Scheme, find
from morprom.storage import Database, EmbeddedPostgres, Role

ACTIONS = ("PatientSummary", "Observation", "Medication", "Condition")
VISITS = 100
BUSY = 8
SCATTER = (
    "create table scattered as select * from document order by ref",
    "truncate document",
    "insert into document select * from scattered",
    "drop table scattered",
    "vacuum analyze",
    "checkpoint",
)
"""A person's visits come over years and lie far from each other; keyed refs are as good as random."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How many visits there are in all, of people with 100 and of people with 10; how long each action is read."""

    sizes: tuple[int, ...] = (10_000, 1_000_000)
    readers: int = 60
    seconds: float = 1.5
    rounds: int = 3
    cold: tuple[str, ...] = ACTIONS


QUICK = Plan((4_000, 20_000), 20, 0.8, 1, ACTIONS[:1])


@dataclass(slots=True)
class Reading:
    """One action at one size: alone, busy, and after everything was forgotten."""

    alone: list[Outcome]
    busy: list[tuple[Outcome, float]]
    cold: Outcome | None = None

    @property
    def p50(self) -> float:
        return middle(self.alone, lambda one: one.milliseconds(0.5))

    @property
    def cost(self) -> float:
        """Processor milliseconds of server and PostgreSQL a read."""
        return middle(self.busy, lambda one: one[1])


def measure(plan: Plan, load: Load) -> None:
    """Fill, grant, read; then forget and read once more."""
    heading("Reads")
    found: dict[int, dict[str, Reading]] = {}
    with tempfile.TemporaryDirectory(prefix="morprom-bench-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        instance.prepare(folder / "run")
        stored, next_person = 0, 0
        for size in plan.sizes:
            with instance.serving(folder / "run", 1) as platform:
                started = time.monotonic()
                many = max(plan.readers, size // 1000)  # a tenth of all visits at the larger sizes
                added, next_person = _fill_to(platform.data, size - stored, many, next_person)
                stored += added
                say(
                    f"Filled to {stored:,} visits, {added / (time.monotonic() - started):,.0f} a second, 4 processes.\n"
                )
            found[stored] = _read(plan, load, folder / "run", next_person)
    _print(found)


def _fill_to(data: Path, visits: int, many: int, first: int) -> tuple[int, int]:
    """People with 10 visits first, people with 100 last: the last ones are those who are read."""
    few = max(0, (visits - many * VISITS) // 10)
    fill(data, range(first, first + few), 10, 4)
    fill(data, range(first + few, first + few + many), VISITS, 4)
    return few * 10 + many * VISITS, first + few + many


def _read(plan: Plan, load: Load, data: Path, end: int) -> dict[str, Reading]:
    asyncio.run(_analyze(data))
    with instance.serving(data, 1) as platform:
        bodies, rows = _grants(platform, range(end - plan.readers, end))
        found = {action: Reading([], []) for action in ACTIONS}
        for _ in range(plan.rounds):
            for action, reading in found.items():
                heads = _heads(platform, action)
                reading.alone.append(_run(load, platform, 1, bodies, rows, heads, plan.seconds)[0])
                reading.busy.append(_run(load, platform, BUSY, bodies, rows, heads, plan.seconds))
    for action in plan.cold:
        forget(data)
        with instance.serving(data, 1) as platform:
            found[action].cold = _run(load, platform, 1, bodies, rows, _heads(platform, action), 30, once=True)[0]
    return found


def _run(
    load: Load, platform: instance.Platform, connections: int, bodies: Path, rows: "array[int]", heads: list[bytes],
    seconds: float, *, once: bool = False,
) -> tuple[Outcome, float]:  # fmt: skip
    used = [0.0]

    def watch() -> Callable[[], None]:
        before = sum(platform.processor_seconds())
        return lambda: used.append(sum(platform.processor_seconds()) - before)

    outcome = load.run(
        platform.port, connections, bodies, rows, heads, seconds=seconds, warm=0 if once else 0.3, only_once=once,
        watch=watch,
    )  # fmt: skip
    if not outcome.all_good:
        raise SystemExit(f"answers that are not 200: {outcome.statuses}")
    return outcome, 1000 * used[-1] / len(outcome.micros)


def _grants(platform: instance.Platform, people: range) -> tuple[Path, "array[int]"]:
    """Ask for everybody's code, look into their inboxes, and write the bodies that read with it."""
    token = platform.tokens()[0]
    for person in people:
        request = urllib.request.Request(
            f"http://127.0.0.1:{platform.port}/api/RequestTokenv1", json.dumps({"cid": invented_cid(person)}).encode(),
            {"authorization": f"Bearer {token}", "content-type": "application/json"},
        )  # fmt: skip
        with instance.opener().open(request) as reply:
            reply.read()
    codes = asyncio.run(_codes(platform.data, people))
    path, rows = platform.data / "bench-reads", array("q")
    with path.open("wb") as file:
        for person, code in zip(people, codes, strict=True):
            body = json.dumps({"cid": invented_cid(person), "otp": code}).encode()
            rows.extend((file.tell(), len(body), 0))
            file.write(body)
    return path, rows


async def _codes(data: Path, people: range) -> list[str]:
    ring, codes = keys_of(data), list[str]()
    database = await Database.connect(EmbeddedPostgres(data).url_by_role, Role.OWNER, most=1)
    async with database.transaction() as tx:
        for number in people:
            person = await find(tx, ring, Identifier(Scheme.CID, invented_cid(number)))
            assert person
            codes.append((await Inbox().notices(tx, person))[-1].code)
    await database.close()
    return codes


async def _analyze(data: Path) -> None:
    """Bring an instance that rests to the state that time brings: each visit on a page of its own, vacuumed."""
    import asyncpg

    postgres = EmbeddedPostgres(data)
    postgres.start()
    connection = await asyncpg.connect(postgres.url())
    for statement in SCATTER:
        await connection.execute(statement)
    await connection.close()
    postgres.stop()


def forget(data: Path) -> None:
    """Drop an instance's files, which must rest, from the page cache."""
    for path in (data / "pg").rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def _heads(platform: instance.Platform, action: str) -> list[bytes]:
    return platform.heads(f"/api/WebApp?Action={action}")[:1] * len(HOSPITALS)


def _print(found: dict[int, dict[str, Reading]]) -> None:
    say(f"People with {VISITS} visits, read with their code through HTTP; one worker; times in ms.\n")
    names = ("visits stored", "action", "p50", "p99", "cold p50", "cold p99", f"a second, {BUSY} connections",
             "processor ms a read", "a second a core")  # fmt: skip
    rows = [
        (size, action, *_figures(reading)) for size, actions in found.items() for action, reading in actions.items()
    ]
    table(names, rows)
    table(("target", "measured", ""), list(_targets(found)))


def _figures(reading: Reading) -> tuple[object, ...]:
    cold = reading.cold
    return (
        reading.p50, middle(reading.alone, lambda one: one.milliseconds(0.99)),
        cold.milliseconds(0.5) if cold else "", cold.milliseconds(0.99) if cold else "",
        middle(reading.busy, lambda one: one[0].rate), reading.cost, 1000 / reading.cost,
    )  # fmt: skip


def _targets(found: dict[int, dict[str, Reading]]) -> Iterator[list[str]]:
    small, large = found[min(found)], found[max(found)]
    p50 = large[ACTIONS[0]].p50
    yield ["PatientSummary p50 at most 10 ms", f"{p50:.1f}", verdict(p50 <= 10)]
    for action in ACTIONS:
        rate, least = 1000 / large[action].cost, 120 if action == ACTIONS[0] else 200
        yield [f"{action} at least {least} a second a core", f"{rate:,.0f}", verdict(rate >= least)]
    worst = max(large[action].p50 / small[action].p50 for action in ACTIONS)
    yield [f"warm at {max(found):,} at most 1.3 times {min(found):,}", f"{worst:.2f}", verdict(worst <= 1.3)]
