"""The load: keep-alive connections in processes of their own, each sending its next request when it has the answer.

A closed loop on raw sockets, no HTTP library: an answer's status and length are all that is read of it.
"""

from __future__ import annotations

import asyncio
import mmap
import resource
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import uvloop

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Job:
    """What one process sends: bodies of `path`, each after the head (up to `content-length: `) of its kind.

    `start_at` and `end_at` are of the monotonic clock; what is answered between them counts. `only_once`: stop when
    every body was sent, else begin again.
    """

    port: int
    connections: int
    path: Path
    rows: array[int]
    heads: list[bytes]
    begin_at: float
    start_at: float
    end_at: float
    only_once: bool = True


@dataclass(slots=True)
class Outcome:
    """What came of it. `micros` are the latencies of the counted answers."""

    micros: array[int] = field(default_factory=lambda: array("L"))
    statuses: Counter[int] = field(default_factory=Counter[int])
    sent: int = 0
    seconds: float = 0
    processor: float = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.micros) / self.seconds

    def milliseconds(self, share: float) -> float:
        """The latency below which `share` of the answers were."""
        ordered = sorted(self.micros)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] / 1000 if ordered else 0

    @property
    def all_good(self) -> bool:
        """Whether every answer was 200."""
        return set(self.statuses) <= {200}


@dataclass(slots=True)
class _Shared:
    job: Job
    requests: Iterator[bytes]
    outcome: Outcome
    unfinished: int
    done: asyncio.Event
    last_at: float = 0


class _Connection(asyncio.Protocol):
    def __init__(self, shared: _Shared) -> None:
        self._shared = shared
        self._buffer = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        asyncio.get_running_loop().call_later(self._shared.job.begin_at - time.monotonic(), self._send)

    def _send(self) -> None:
        request = next(self._shared.requests, None)
        now = time.monotonic()
        if request is None or now >= self._shared.job.end_at:
            self._transport.close()
            return
        self._sent_at = now
        self._shared.outcome.sent += 1
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        end = data.find(b"\r\n\r\n")
        if end < 0 or len(data) < end + 4 + _length(data[:end]):
            self._buffer = data
            return
        self._buffer = b""
        shared, now = self._shared, time.monotonic()
        shared.outcome.statuses[int(data[9:12])] += 1
        if shared.job.start_at <= now < shared.job.end_at:
            shared.outcome.micros.append(int((now - self._sent_at) * 1e6))
            shared.last_at = now
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        self._shared.unfinished -= 1
        if not self._shared.unfinished:
            self._shared.done.set()


def _length(head: bytes) -> int:
    low = head.lower()
    start = low.index(b"content-length:") + 15
    end = low.find(b"\r\n", start)
    return int(low[start : end if end > 0 else None])


def _requests(job: Job) -> Iterator[bytes]:
    with job.path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as bodies:
        while True:
            for place in range(0, len(job.rows), 3):
                offset, length, kind = job.rows[place : place + 3]
                yield b"%b%d\r\n\r\n%b" % (job.heads[kind], length, bodies[offset : offset + length])
            if job.only_once:
                return


async def _drive(job: Job) -> Outcome:
    shared = _Shared(job, _requests(job), Outcome(), job.connections, asyncio.Event())
    loop = asyncio.get_running_loop()
    for _ in range(job.connections):
        await loop.create_connection(lambda: _Connection(shared), "127.0.0.1", job.port)
    async with asyncio.timeout_at(loop.time() + job.end_at - time.monotonic() + ANSWER_SECONDS):
        await shared.done.wait()
    shared.outcome.seconds = min(shared.last_at, job.end_at) - job.start_at
    usage = resource.getrusage(resource.RUSAGE_SELF)
    shared.outcome.processor = usage.ru_utime + usage.ru_stime
    return shared.outcome


def drive(job: Job) -> Outcome:
    """Run one process's share of a load."""
    return uvloop.run(_drive(job))


class Load:
    """Processes that send; started once, used for every measurement."""

    def __init__(self, processes: int = 2) -> None:
        self._processes = processes
        self._pool = ProcessPoolExecutor(processes, get_context("spawn"))
        list(self._pool.map(time.sleep, [0.3] * processes))

    def run(
        self,
        port: int,
        connections: int,
        path: Path,
        rows: array[int],
        heads: list[bytes],
        *,
        seconds: float,
        warm: float = 0.5,
        only_once: bool = True,
        watch: Callable[[], Callable[[], None]] | None = None,
    ) -> Outcome:
        """Send for `seconds` after `warm` seconds that do not count; `watch` is called when counting begins, what it
        gives when it ends."""
        processes = min(self._processes, connections)
        begin_at = time.monotonic() + CONNECT_SECONDS
        start_at = begin_at + warm
        running: list[Future[Outcome]] = []
        for number in range(processes):
            share = array("q")
            for place in range(3 * number, len(rows), 3 * processes):
                share.extend(rows[place : place + 3])
            mine = connections // processes + (number < connections % processes)
            job = Job(port, mine, path, share, heads, begin_at, start_at, start_at + seconds, only_once)
            running.append(self._pool.submit(drive, job))
        time.sleep(max(0, start_at - time.monotonic()))
        stop = watch() if watch else None
        while time.monotonic() < start_at + seconds and not all(job.done() for job in running):
            time.sleep(0.01)
        if stop:
            stop()
        return _together([job.result() for job in running])

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown()


def _together(outcomes: list[Outcome]) -> Outcome:
    whole = Outcome(seconds=max(outcome.seconds for outcome in outcomes))
    for outcome in outcomes:
        whole.micros.extend(outcome.micros)
        whole.statuses += outcome.statuses
        whole.sent += outcome.sent
        whole.processor += outcome.processor
    return whole
