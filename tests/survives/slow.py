"""Clients that are slow on purpose or by their line, and somebody else who wants to be served meanwhile."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import date
from random import Random

import httpx

from payloads import invented_cid, visit_body
from platform_process import PATIENCE, Platform

HCODE = "10670"
ON = date(2026, 10, 1)
CROWD = 150  # slow connections at once


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


def head(client: httpx.Client, path: str, length: int) -> bytes:
    """The head of a POST with a token."""
    token = client.headers["authorization"]
    return f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Length: {length}\r\n\r\n".encode()
