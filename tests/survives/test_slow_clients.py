"""Clients that are slow on purpose or by their line: they are cut in the end, and nobody else waits for them."""

import contextlib
import copy
import itertools
import json
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from payloads import invented_cid, visit_body, visit_upload
from platform_process import PATIENCE, Platform, until

HCODE = "10670"
ON = date(2026, 10, 1)
LISTENING, TIME_WAIT = "0A", "06"
DEAF = 10
CROWD = 150  # slow connections of each kind at once

pytestmark = pytest.mark.survives


@pytest.fixture(scope="module")
def client(server: Platform) -> httpx.Client:
    server.hospital(HCODE)
    return server.client(HCODE)


class Slow:
    """A connection that says its opening at once and then one byte a second, until it is cut."""

    def __init__(self, platform: Platform, opening: bytes, drip: bytes) -> None:
        self._drip = drip
        self._socket = socket.create_connection(("127.0.0.1", platform.port), timeout=PATIENCE)
        self._socket.sendall(opening)
        self.is_cut = False

    def drip(self) -> None:
        """One more byte; the end of it is noticed."""
        if self.is_cut:
            return
        try:
            self._socket.setblocking(False)
            while True:
                if not self._socket.recv(65536):
                    self.is_cut = True
                    return
        except BlockingIOError:
            pass
        except OSError:
            self.is_cut = True
            return
        with contextlib.suppress(BlockingIOError):
            try:
                self._socket.sendall(self._drip)
            except (BrokenPipeError, ConnectionResetError):
                self.is_cut = True

    def close(self) -> None:
        self._socket.close()


@contextlib.contextmanager
def crowd(make: Callable[[], Slow]) -> Iterator[list[Slow]]:
    """Many slow connections that go on in the background."""
    slow = [make() for _ in range(CROWD)]
    ended = threading.Event()

    def go_on() -> None:
        while not ended.wait(1):
            for connection in slow:
                connection.drip()

    dripping = threading.Thread(target=go_on, daemon=True)
    dripping.start()
    try:
        yield slow
    finally:
        ended.set()
        dripping.join(PATIENCE)
        for connection in slow:
            connection.close()


def serves_others(client: httpx.Client, number: int) -> None:
    """Somebody else's visit is stored while the slow ones are there."""
    body = visit_body("agent", Random(number), hcode=HCODE, cid=invented_cid(number), ref=f"s{number}", on=ON)
    assert client.post("/api/UpdatePHRv1", content=body).status_code == 200


@pytest.mark.xdist_group("slow readers")
def test_headers_that_never_end_are_cut_and_others_are_served(server: Platform, client: httpx.Client) -> None:
    opening = b"POST /api/UpdatePHRv1 HTTP/1.1\r\nHost: x\r\nX-Slow: "
    with crowd(lambda: Slow(server, opening, b"a")) as slow:
        for number in range(20):
            serves_others(client, number)
        until(lambda: all(connection.is_cut for connection in slow))
    serves_others(client, 20)


@pytest.mark.xdist_group("slow readers")
def test_connections_that_say_nothing_are_cut(server: Platform, client: httpx.Client) -> None:
    with crowd(lambda: Slow(server, b"", b"")) as slow:
        serves_others(client, 30)
        until(lambda: all(connection.is_cut for connection in slow))


@pytest.mark.xdist_group("slow bodies")
def test_bodies_that_never_end_are_cut_and_others_are_served(server: Platform, client: httpx.Client) -> None:
    paths = itertools.cycle(["/api/UpdatePHRv1", "/api/WebApp?Action=PatientSummary", "/api/OrgEncounterSummary"])
    with crowd(lambda: Slow(server, head(client, next(paths), 1_000_000) + b'{"cid":', b" ")) as slow:
        for number in range(20):
            serves_others(client, 40 + number)
        until(lambda: all(connection.is_cut for connection in slow), 2 * PATIENCE)
    serves_others(client, 60)


@pytest.mark.xdist_group("slow readers")
def test_readers_who_do_not_read_are_cut_and_others_are_served(server: Platform, client: httpx.Client) -> None:
    cid = invented_cid(900)
    long_record(client, cid)
    content = json.dumps({"cid": cid, "otp": server.ask_for_code(client, cid)}).encode()
    call = head(client, "/api/WebApp?Action=Encounter", len(content)) + content
    deaf = [deaf_reader(server, call) for _ in range(DEAF)]
    for number in range(20):
        serves_others(client, 100 + number)
    client.close()
    until(lambda: connections_of(server) == 0, 2 * PATIENCE)
    for connection in deaf:
        connection.close()


def head(client: httpx.Client, path: str, length: int) -> bytes:
    """The head of a POST with a token."""
    token = client.headers["authorization"]
    return f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Length: {length}\r\n\r\n".encode()


def long_record(client: httpx.Client, cid: str) -> None:
    """So many visits that a list of them fits into no buffer on the way."""
    for batch in range(8):
        upload = visit_upload("agent", Random(batch), hcode=HCODE, cid=cid, ref="r", on=ON)
        (visit,) = upload["Encounter"]
        visits = (copy.deepcopy(visit) for _ in range(400))
        upload["Encounter"] = [_numbered(one, f"{HCODE}:r{batch}-{n}") for n, one in enumerate(visits)]
        reply = client.post("/api/UpdatePHRv1", content=json.dumps(upload, ensure_ascii=False).encode())
        assert reply.status_code == 200, reply.text[:500]


def _numbered(visit: dict[str, Any], ref: str) -> dict[str, Any]:
    visit["identifier"][0]["value"] = ref
    visit["Observation"] = visit["Medication"] = []
    return visit


def deaf_reader(server: Platform, call: bytes) -> socket.socket:
    """Someone who asks and never reads the answer."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", server.port))
    connection.sendall(call)
    return connection


def connections_of(server: Platform) -> int:
    """What the server's side of the port still holds, closing connections too."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{server.port:04X}") and row[3] not in (LISTENING, TIME_WAIT) for row in rows)
