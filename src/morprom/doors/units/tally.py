"""Counting on the hottest path: in memory, handed to the shared counters once a second.

A counter that several processes share is a write into a mapped file with a check of the process id before it; five of
them cost more than hashing a visit.
"""

import asyncio
from collections import Counter as Counts
from typing import Final

from prometheus_client import Counter

EVERY_SECONDS: Final = 1.0


class Tally:
    """One counter with its labels."""

    def __init__(self, name: str, what: str, *labels: str) -> None:
        self._counter = Counter(name, what, labels)
        self._waiting: Counts[tuple[str, ...]] = Counts()

    def add(self, *values: str, count: int = 1) -> None:
        """Count, one value a label; needs a running loop."""
        if not self._waiting:
            asyncio.get_running_loop().call_later(EVERY_SECONDS, self._hand_over)
        self._waiting[values] += count

    def _hand_over(self) -> None:
        for values, count in self._waiting.items():
            self._counter.labels(*values).inc(count)
        self._waiting.clear()
