"""How often one address may have something explained, and how much is explained at once. In memory, one a process."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Final

from morprom.kernel import Category, Problem, Words

AT_ONCE: Final = 120
A_SECOND: Final = 2.0
"""A programmer who tries things has 120 calls at hand and two more each second."""

REMEMBERED: Final = 10_000
MOST_WAITING: Final = 16
RETRY_SECONDS: Final = 2


class Turnstile:
    """Lets callers through one by one. `seconds` is a clock that only has to move forward."""

    def __init__(
        self, seconds: Callable[[], float] = time.monotonic, at_once: int = AT_ONCE, a_second: float = A_SECOND
    ) -> None:
        self._seconds = seconds
        self._at_once = float(at_once)
        self._a_second = a_second
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()
        self._waiting = 0

    def pass_or_wait(self, caller: str) -> None:
        """Count one call of `caller`, an address or an account. Raises Problem TOO_MANY_EXPLAINED."""
        now = self._seconds()
        left, at = self._left.get(key := _network(caller), (self._at_once, now))
        left = min(self._at_once, left + (now - at) * self._a_second)
        if left < 1:
            raise _too_many(ceil((1 - left) / self._a_second))
        self._left[key] = left - 1, now
        self._left.move_to_end(key)
        while len(self._left) > REMEMBERED:
            self._left.popitem(last=False)

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """One large body at a time, so that uploads have processors left. Raises Problem TOO_MANY_EXPLAINED."""
        if self._waiting >= MOST_WAITING:
            raise _too_many(RETRY_SECONDS)
        self._waiting += 1
        try:
            async with self._one_at_a_time:
                yield
        finally:
            self._waiting -= 1


def _network(caller: str) -> str:
    """One household or office of IPv6 has a /64 to call from."""
    try:
        address = ip_address(caller)
    except ValueError:
        return caller
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else caller


def _too_many(wait: int) -> Problem:
    words = Words("ขอคำอธิบายถี่เกินไป โปรดรอ", "too many explanations asked for; wait a moment")
    return Problem(Category.TOO_MANY, "TOO_MANY_EXPLAINED", words, retry_after=max(1, wait))
