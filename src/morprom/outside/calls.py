"""One call to a service of somebody else: a time limit, a few tries, and a pause after repeated failure."""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any, Final

import httpx
import structlog

SECONDS: Final = 8.0  # for one try, to the last byte of the answer
LONGEST: Final = 15.0  # for all of them: somebody stands at a counter and waits
TRIES: Final = 3
FAILURES: Final = 5  # in a row, after which nobody is asked for PAUSE seconds
PAUSE: Final = 30.0
LARGEST: Final = 1_000_000
DECODED: Final = ("content-encoding", "content-length", "transfer-encoding")

log = structlog.get_logger()


class Service:
    """A service at one address. `repeats` says that asking twice does no harm, so that a lost answer is asked again."""

    def __init__(
        self,
        name: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        repeats: bool = True,
        clock: Callable[[], float] = time.monotonic,
        seconds: float = SECONDS,
        longest: float = LONGEST,
        **options: Any,
    ) -> None:
        self._name = name
        self._client = httpx.AsyncClient(timeout=seconds, transport=transport, follow_redirects=False, **options)
        self._tries = TRIES if repeats else 1
        self._clock = clock
        self._seconds, self._longest = seconds, longest
        self._failures = 0
        self._closed_until = 0.0

    async def get(self, url: str) -> httpx.Response | None:
        """As `post`, asking for what is there."""
        return await self._asked("GET", url, {})

    async def post(self, url: str, **content: Any) -> httpx.Response | None:
        """The answer, whatever its status below 500; None when there is none, or nobody is asked at the moment."""
        return await self._asked("POST", url, content)

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def _asked(self, method: str, url: str, content: dict[str, Any]) -> httpx.Response | None:
        if self._clock() < self._closed_until:
            return None
        try:
            async with asyncio.timeout(self._longest):
                answer = await self._tried(method, url, content)
        except TimeoutError:
            answer = None
        if answer is None:
            self._failed()
        else:
            self._failures = 0
        return answer

    async def _tried(self, method: str, url: str, content: dict[str, Any]) -> httpx.Response | None:
        for attempt in range(self._tries):
            if attempt:
                await asyncio.sleep(random.uniform(0.1, 0.4) * attempt)  # noqa: S311 (spreads callers, hides nothing)
            answer = await self._once(method, url, content)
            if answer is not None:
                return answer
        return None

    async def _once(self, method: str, url: str, content: dict[str, Any]) -> httpx.Response | None:
        try:
            async with asyncio.timeout(self._seconds), self._client.stream(method, url, **content) as streamed:
                answer = await _whole(streamed)
        except (httpx.HTTPError, TimeoutError) as error:
            log.warning("outside_unreachable", service=self._name, error=type(error).__name__)
            return None
        if answer is None or answer.status_code >= 500:
            log.warning("outside_failed", service=self._name, status=answer.status_code if answer else 0)
            return None
        return answer

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES:
            self._closed_until = self._clock() + PAUSE
            log.warning("outside_paused", service=self._name, seconds=PAUSE)


async def _whole(streamed: httpx.Response) -> httpx.Response | None:
    """The answer with its body; None when that is larger than any of these services says."""
    body = bytearray()
    async for part in streamed.aiter_bytes():
        body += part
        if len(body) > LARGEST:
            return None
    headers = [(name, value) for name, value in streamed.headers.items() if name not in DECODED]
    return httpx.Response(streamed.status_code, headers=headers, content=bytes(body), request=streamed.request)
