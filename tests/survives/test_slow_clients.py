"""Headers that never end, silence, readers who do not read: they are cut, and nobody else waits for them."""

import copy
import json
import socket
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from payloads import invented_cid, visit_upload
from platform_process import PATIENCE, Platform, until
from survives.slow import HCODE, ON, Slow, crowd, head, serves_others

LISTENING, TIME_WAIT = "0A", "06"
DEAF = 10

pytestmark = [pytest.mark.survives, pytest.mark.xdist_group("slow clients")]


@pytest.fixture(scope="module")
def client(server: Platform) -> httpx.Client:
    server.hospital(HCODE)
    return server.client(HCODE)


def test_headers_that_never_end_are_cut_and_others_are_served(server: Platform, client: httpx.Client) -> None:
    opening = b"POST /api/UpdatePHRv1 HTTP/1.1\r\nHost: x\r\nX-Slow: "
    with crowd(lambda: Slow(server, opening, b"a")) as slow:
        for number in range(20):
            serves_others(client, number)
        until(lambda: all(connection.is_cut for connection in slow))
    serves_others(client, 20)


def test_connections_that_say_nothing_are_cut(server: Platform, client: httpx.Client) -> None:
    with crowd(lambda: Slow(server, b"", b"")) as slow:
        serves_others(client, 30)
        until(lambda: all(connection.is_cut for connection in slow))


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
