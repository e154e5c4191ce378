"""Several deliveries at once, a few waiting: work goes in on one thread and results come out on the same."""

import queue
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Work = TypeVar("Work")
Result = TypeVar("Result")


class Lanes(Generic[Work, Result]):
    """`lanes` threads doing `deliver`. `idle` is called every second while the caller waits for them."""

    def __init__(self, deliver: Callable[[Work], Result], lanes: int, idle: Callable[[], None]) -> None:
        self._deliver = deliver
        self._idle = idle
        self._most = 2 * lanes
        self._pool = ThreadPoolExecutor(lanes, "lane")
        self._done: queue.SimpleQueue[tuple[Work, Future[Result]]] = queue.SimpleQueue()
        self._out = 0

    def put(self, work: Work) -> Iterator[tuple[Work, Result]]:
        """Hand in one; what has ended meanwhile comes back. Waits while all lanes and places are taken."""
        while self._out >= self._most:
            yield self._take()
        self._out += 1
        self._pool.submit(self._deliver, work).add_done_callback(lambda future: self._done.put((work, future)))
        while not self._done.empty():
            yield self._take()

    def drain(self) -> Iterator[tuple[Work, Result]]:
        """Wait for all that are out."""
        while self._out:
            yield self._take()

    def close(self) -> None:
        """Begin no more; what waits is dropped."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _take(self) -> tuple[Work, Result]:
        while True:
            try:
                work, future = self._done.get(timeout=1)
            except queue.Empty:  # wakes up for Ctrl-C on Windows too
                self._idle()
                continue
            self._out -= 1
            return work, future.result()
