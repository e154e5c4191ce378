"""One HTTP exchange with patience: three tries with growing pauses, Retry-After honoured by all connections."""

import random
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, cast

import httpx

from morprom_agent import __version__
from morprom_agent.stop import Exit, Stop

TRIES = 3
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0
NO_REPLY = 0
"""Stands for the status of a call that was never answered."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `body` is the JSON object, {} for none; `tries` is how often it was asked."""

    status: int
    body: Mapping[str, Any] = field(repr=False)
    tries: int = 1
    text: str = field(default="", repr=False)

    @property
    def result(self) -> Any:
        """The envelope's result."""
        return self.body.get("result")


class Interrupted(Exception):  # noqa: N818 (the run is ending; nobody reports it)
    """The run ends while a call waits for its next try."""


class Link:
    """A pool of connections to one platform."""

    def __init__(
        self,
        base_url: str,
        *,
        connections: int = 4,
        timeout: float = 60,
        ca_file: Path | None = None,
    ) -> None:
        limits = httpx.Limits(max_connections=connections + 1, max_keepalive_connections=connections + 1)
        self._client = httpx.Client(
            base_url=base_url,
            timeout=timeout,
            limits=limits,
            verify=_trust(ca_file),
            headers={"User-Agent": f"morprom-agent/{__version__}"},
        )
        self._not_before = 0.0
        self._ending = threading.Event()

    def end(self) -> None:
        """Calls that wait for their next try end with Interrupted."""
        self._ending.set()

    def close(self) -> None:
        """End, and let go of every connection."""
        self.end()
        self._client.close()

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        content: bytes | None = None,
        bearer: str = "",
        tries: int = TRIES,
    ) -> Reply:
        """Ask until there is an answer that another try would not change, `tries` times at most."""
        headers = {"Content-Type": "application/json"} if content is not None else {}
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        request = self._client.build_request(method, path, params=query, content=content, headers=headers)
        for tried in range(1, tries + 1):
            self._wait_until(self._not_before)
            reply, pause = self._once(request, tried)
            if pause is None or tried == tries:
                return reply
            if reply.status == 429:  # too many calls: every connection waits
                self._not_before = max(self._not_before, time.monotonic() + pause)
            self._wait_until(time.monotonic() + pause)
        raise AssertionError("a call is tried at least once")

    def _once(self, request: httpx.Request, tried: int) -> tuple[Reply, float | None]:
        """One try: the reply, and how long to wait for the next one (None: it would be the same)."""
        try:
            response = self._client.send(request)
        except httpx.HTTPError:
            return Reply(NO_REPLY, {}, tried), self._pause(tried)
        reply = Reply(response.status_code, _json_of(response), tried, response.text if response.is_success else "")
        if response.status_code == 429:
            return reply, retry_after(response.headers.get("Retry-After", ""), self._pause(tried))
        return reply, self._pause(tried) if response.status_code >= 500 else None

    def _pause(self, tried: int) -> float:
        """1 s, 2 s, 4 s… with up to half of it added at random, so that agents do not come back in step."""
        return FIRST_PAUSE * 2 ** (tried - 1) * random.uniform(1, 1.5)  # noqa: S311 (spreads load, hides nothing)

    def _wait_until(self, moment: float) -> None:
        wait = moment - time.monotonic()
        if (wait > 0 and self._ending.wait(wait)) or self._ending.is_set():
            raise Interrupted


def retry_after(header: str, otherwise: float, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> float:
    """Seconds that a Retry-After header asks for, as a number or a date; never more than five minutes."""
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(header) - now()).total_seconds()
        except (TypeError, ValueError):
            seconds = otherwise
    return min(max(seconds, 0.0), LONGEST_PAUSE)


def _json_of(response: httpx.Response) -> Mapping[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _trust(ca_file: Path | None) -> ssl.SSLContext | bool:
    """The usual certificates (SSL_CERT_FILE is honoured), and those of a private CA."""
    if ca_file is None:
        return True
    try:
        context = httpx.create_ssl_context()
        context.load_verify_locations(cafile=ca_file)
    except (OSError, ssl.SSLError):
        raise Stop(
            Exit.SETTINGS,
            f"อ่านใบรับรอง {ca_file} ไม่ได้ (ต้องเป็น PEM)",
            f"the certificates in {ca_file} cannot be read; they must be PEM",
        ) from None
    return context
