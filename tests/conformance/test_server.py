"""Sections 1 and 10 before any call is looked for: what the HTTP server itself refuses is said in the envelope too."""

import json
import socket
from typing import Any

import pytest

from conformance.house import ENVELOPE
from platform_process import PATIENCE, Platform

pytestmark = pytest.mark.xdist_group("server")

NOT_HTTP = {
    "garbage": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "no version": b"GET /api/WebApp\r\n\r\n",
    "unknown method": b"BREW /api/WebApp HTTP/1.1\r\nHost: x\r\n\r\n",
    "lower-case method": b"get /api/WebApp HTTP/1.1\r\nHost: x\r\n\r\n",
    "bytes in the path": b"GET /api/\xe0\xb8\x81 HTTP/1.1\r\nHost: x\r\n\r\n",
    "a header without a colon": b"GET /api/WebApp HTTP/1.1\r\nHost x\r\n\r\n",
    "NUL in a header": b"GET /api/WebApp HTTP/1.1\r\nHost: \0x\r\n\r\n",
    "a folded header": b"GET /api/WebApp HTTP/1.1\r\nHost: x\r\nX\n : y\r\n\r\n",
    "two lengths": b"POST /api/WebApp HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
    "a length that is none": b"POST /api/WebApp HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n{}",
    "chunks that are none": b"POST /token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
}
LARGE = {
    "one long header": [b"GET /livez HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 400_000, b"y" * 400_000],
    "many headers": [b"GET /livez HTTP/1.1\r\nHost: x\r\n", *[b"X: yyyyyyyyyyyy\r\n" * 20_000] * 3],
    "a long path": [b"GET /" + b"y" * 400_000, b"y" * 400_000],
}


def told(server: Platform, *pieces: bytes) -> tuple[int, dict[str, Any]]:
    """Status and envelope of what the server says to these bytes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        heard = b""
        try:
            for piece in pieces:
                connection.sendall(piece)
            while more := connection.recv(65_536):
                heard += more
        except ConnectionError:  # it was closed while we were still talking
            pass
    head, _, body = heard.partition(b"\r\n\r\n")
    assert b"cache-control: no-store" in head.lower() and b"application/json" in head.lower(), heard[:300]
    return int(head.split()[1]), json.loads(body)


@pytest.mark.parametrize("kind", NOT_HTTP)
def test_what_is_no_http_is_told_so_in_the_envelope(server: Platform, kind: str) -> None:
    status, reply = told(server, NOT_HTTP[kind])
    assert (status, reply["MessageCode"], reply["result"]) == (400, 400, None)
    assert set(reply) == ENVELOPE and " / " in reply["Message"] and "uvicorn" not in reply["Message"]


@pytest.mark.parametrize("kind", LARGE)
def test_a_head_without_end_is_cut(server: Platform, kind: str) -> None:
    status, reply = told(server, *LARGE[kind])
    assert (status, reply["MessageCode"], reply["result"]) == (413, 413, None)
    assert server.is_ready()


@pytest.mark.parametrize(("size", "status"), [(60_000, 401), (100_000, 400)])
def test_a_long_query_is_answered_and_a_longer_one_refused(server: Platform, size: int, status: int) -> None:
    """An address has 65,535 bytes at most; headers have their own."""
    first = b"GET /api/WebApp?Action=Encounter&x=" + b"y" * size + b" HTTP/1.1\r\nHost: x\r\n"
    told_status, reply = told(server, first + b"Connection: close\r\nX-Long: " + b"z" * 50_000 + b"\r\n\r\n")
    assert (told_status, reply["MessageCode"]) == (status, status)


def test_a_small_call_after_another_on_the_same_connection_is_answered(server: Platform) -> None:
    one = b"GET /api/CodingSystem HTTP/1.1\r\nHost: x\r\n" + b"X-Long: " + b"y" * 60_000 + b"\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        connection.sendall(one * 20 + b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        heard = b""
        while more := connection.recv(65_536):
            heard += more
    assert heard.count(b"HTTP/1.1 200") == 21
