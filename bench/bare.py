"""Floor (a): a bare ASGI handler on the same server and settings, which parses the JSON and answers. Nothing is kept.

As a program it is one worker: `python -m bench.bare DESCRIPTOR`.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
import uvloop

from bench.instance import free_port
from bench.processors import seconds
from morprom.app.server import listen, server_for
from morprom.kernel import Settings

ANSWER = b'{"result":{"new":1,"same":0,"changed":0,"moved":0},"MessageCode":200,"Message":"OK"}'
HEAD = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(ANSWER)).encode())],
}
Message = dict[str, Any]


async def answer(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """The least that an upload can be."""
    message = await receive()
    body = message["body"]
    while message.get("more_body"):
        message = await receive()
        body += message["body"]
    msgspec.json.decode(body)
    await send(HEAD)
    await send({"type": "http.response.body", "body": ANSWER})


@dataclass(frozen=True, slots=True)
class Bare:
    """The floor while it serves."""

    port: int
    workers: tuple[int, ...]

    def processor_seconds(self) -> tuple[float, float]:
        """(server, PostgreSQL) so far; it has none."""
        return sum(map(seconds, self.workers)), 0.0


@contextmanager
def serving(workers: int) -> Iterator[Bare]:
    """Serve the floor until the block ends."""
    port = free_port()
    shared = listen(Settings(port=port))
    running = [
        subprocess.Popen([sys.executable, "-m", "bench.bare", str(shared.fileno())], pass_fds=[shared.fileno()])
        for _ in range(workers)
    ]
    time.sleep(1.5)
    if any(one.poll() is not None for one in running):
        raise SystemExit("the bare floor did not start")
    try:
        yield Bare(port, tuple(one.pid for one in running))
    finally:
        for one in running:
            one.send_signal(signal.SIGTERM)
            one.wait(20)
        shared.close()


def main() -> None:
    """Be one worker."""
    server = server_for(answer, Settings())
    uvloop.run(server.serve(sockets=[socket.socket(fileno=int(sys.argv[1]))]))
    os._exit(0)


if __name__ == "__main__":
    main()
