"""Calls to a real server that answers late, never, without end, or not at all."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from morprom.outside.calls import FAILURES, PAUSE, Service

Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
FINE = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
BROKEN = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n"


class Server:
    """Answers each connection by the next of its answers; the last again and again."""

    def __init__(self) -> None:
        self.answers: list[bytes | Answering] = [FINE]
        self.asked = 0
        self.url = ""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            answer = self.answers[min(self.asked, len(self.answers) - 1)]
            self.asked += 1
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    listening = await asyncio.start_server(made.talk, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
    yield made
    listening.close()


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    made = Service("stand-in", seconds=0.3, longest=1.5, trust_env=False)
    yield made
    await made.close()


async def silence(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


async def drops(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A byte now and then: no single wait is long."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n")
    for _n in range(100):
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.05)


async def flood(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def test_an_answer_that_was_lost_is_asked_for_again(server: Server, service: Service) -> None:
    server.answers = [hang_up, BROKEN, FINE]
    answer = await service.post(server.url, content=b"?")
    assert answer and answer.text == "ok" and server.asked == 3


async def test_what_must_not_happen_twice_is_asked_once(server: Server) -> None:
    server.answers = [hang_up, FINE]
    once = Service("stand-in", repeats=False, trust_env=False)
    assert await once.post(server.url, content=b"?") is None and server.asked == 1
    await once.close()


@pytest.mark.parametrize("answer", [silence, drops])
async def test_a_slow_service_keeps_nobody_waiting(server: Server, service: Service, answer: Answering) -> None:
    server.answers = [answer]
    async with asyncio.timeout(60):  # it would hold for ever
        assert await service.post(server.url, content=b"?") is None


async def test_an_answer_without_end_is_cut_off(server: Server, service: Service) -> None:
    server.answers = [flood]
    assert await service.post(server.url, content=b"?") is None


async def test_an_answer_that_unpacks_to_more_than_that_is_cut_off(server: Server, service: Service) -> None:
    packed = gzip.compress(b"0" * 50_000_000)
    server.answers = [b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(packed) + packed]
    assert await service.post(server.url, content=b"?") is None


async def test_a_packed_answer_is_read(server: Server, service: Service) -> None:
    packed = gzip.compress("บัตรใช้ได้".encode())
    server.answers = [b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(packed) + packed]
    answer = await service.get(server.url)
    assert answer and answer.text == "บัตรใช้ได้"


async def test_a_service_that_keeps_failing_is_left_alone_and_then_asked_again(server: Server) -> None:
    now = [0.0]
    service = Service("stand-in", repeats=False, clock=lambda: now[0], trust_env=False)
    server.answers = [BROKEN]
    for _ in range(FAILURES):
        assert await service.post(server.url, content=b"?") is None
    assert server.asked == FAILURES
    server.answers = [FINE]
    assert await service.post(server.url, content=b"?") is None and server.asked == FAILURES
    now[0] = PAUSE + 1
    answer = await service.post(server.url, content=b"?")
    assert answer and answer.text == "ok"
    await service.close()


async def test_nobody_there_is_no_answer(service: Service) -> None:
    assert await service.post("http://127.0.0.1:9/", content=b"?") is None
