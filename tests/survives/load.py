"""Hospital software that sends visits over several connections, and remembers what it was told."""

import itertools
import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

import httpx

from payloads import VENDORS, invented_cid, visit_upload
from platform_process import PATIENCE, Platform, until

FIRST_DAY = date(2026, 10, 1)
DAYS = 5
PAUSE = 0.01  # between visits of one connection: a hospital, not a benchmark


@dataclass(frozen=True)
class Sent:
    """One visit. `number` is its financeTotalAmount too, by which it is known again."""

    number: int
    person: int

    @property
    def cid(self) -> str:
        return invented_cid(self.person)

    @property
    def day(self) -> date:
        return FIRST_DAY + timedelta(days=self.number % DAYS)

    def body(self, hcode: str) -> bytes:
        """The upload; a person's hospital software is always the same."""
        vendor = VENDORS[self.person % len(VENDORS)]
        upload = visit_upload(
            vendor, Random(self.number), hcode=hcode, cid=self.cid, ref=f"v{self.number}", on=self.day
        )  # fmt: skip
        upload["Encounter"][0]["financeTotalAmount"] = self.number
        return json.dumps(upload, ensure_ascii=False).encode()


@dataclass
class Load:
    """Connections that send until `stop`; each sends a visit again until it is acknowledged, but the last one gives up.

    What was `given_up` may or may not be stored: nobody was told.
    """

    platform: Platform
    hcode: str
    people: int
    connections: int = 4
    acknowledged: dict[str, Sent] = field(default_factory=dict)
    given_up: dict[str, Sent] = field(default_factory=dict)
    unexpected: list[str] = field(default_factory=list)
    refused: int = 0  # answered with 503

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._stopping = threading.Event()
        self._headers = dict(self.platform.client(self.hcode).headers)
        self._threads = [
            threading.Thread(target=self._send, args=(place == self.connections - 1,), daemon=True)
            for place in range(self.connections)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Begin no new visit; wait until every one that was begun is acknowledged or given up."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "a connection hangs"

    def wait_for(self, more: int) -> None:
        """Wait until `more` visits are acknowledged."""
        target = len(self.acknowledged) + more
        until(lambda: len(self.acknowledged) >= target)

    def _send(self, gives_up: bool) -> None:
        with httpx.Client(base_url=self.platform.url, timeout=60, trust_env=False, headers=self._headers) as client:
            while not self._stopping.is_set():
                number = next(self._numbers)
                visit = Sent(number, number % self.people)
                body = visit.body(self.hcode)
                while not self._is_settled(visit, self._answer(client, body), gives_up):
                    time.sleep(0.1)
                time.sleep(PAUSE)

    def _answer(self, client: httpx.Client, body: bytes) -> httpx.Response | None:
        with suppress(httpx.HTTPError):
            return client.post("/api/UpdatePHRv1", content=body)
        return None

    def _is_settled(self, visit: Sent, reply: httpx.Response | None, gives_up: bool) -> bool:
        ref = f"{self.hcode}:v{visit.number}"
        if reply is not None and reply.status_code == 200:
            self.acknowledged[ref] = visit
            return True
        if reply is not None and is_told_to_come_again(reply):
            self.refused += 1
        elif reply is not None:
            self.unexpected.append(f"{ref}: {reply.status_code} {reply.text[:300]}")
            return True
        if gives_up:
            self.given_up[ref] = visit
        return gives_up


def is_told_to_come_again(reply: httpx.Response) -> bool:
    """503 as section 10 of the wire protocol wants it: in the envelope, nothing stored, and when to come again."""
    if reply.status_code != 503:
        return False
    said = reply.json()
    return said["MessageCode"] == 503 and said["result"] is None and int(reply.headers["retry-after"]) > 0
