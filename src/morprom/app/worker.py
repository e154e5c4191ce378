"""One worker process: some doors on the shared socket. Started by the supervisor, it ends when the supervisor does.

Its orders come as one line of JSON on standard input, which stays open; end of file means that the supervisor is gone.
"""

import asyncio
import os
import signal
import socket
import sys
import threading

import msgspec
import structlog
import uvloop

from morprom.app.asgi import application
from morprom.app.due import due_work
from morprom.app.server import server_for
from morprom.app.services import open_services
from morprom.kernel import Problem, Settings
from morprom.kernel.log import configure, crashed
from morprom.storage import KeyRing, open_keys

REFRESH_SECONDS = 2.0

log = structlog.get_logger(__name__)


class Orders(msgspec.Struct):
    """What a worker is to do. `socket` is an inherited descriptor, or None for the one that does due work."""

    settings: Settings
    url: str
    doors: list[str]
    socket: int | None


def main() -> None:
    """Read the orders and serve until told to stop."""
    sys.excepthook = crashed
    line = sys.stdin.readline()
    if not line:
        return  # the supervisor was killed before it said anything
    orders = msgspec.json.decode(line, type=Orders)
    threading.Thread(target=_end_with_supervisor, daemon=True).start()
    configure(orders.settings.log_level)
    try:
        uvloop.run(_serve(orders))
    except Problem as problem:
        log.error("worker_ends", code=problem.code)
        sys.exit(1)


def _end_with_supervisor() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


async def _serve(orders: Orders) -> None:
    ring = open_keys(orders.settings)
    refreshing = asyncio.create_task(_refresh(ring))
    try:
        if orders.socket is None:
            await due_work(orders.settings, orders.url, ring)
            return
        async with open_services(orders.settings, orders.url, ring) as services:
            server = server_for(application(services, orders.doors), orders.settings)
            await server.serve(sockets=[socket.socket(fileno=orders.socket)])
    finally:
        refreshing.cancel()


async def _refresh(ring: KeyRing) -> None:
    """Meet the keys that another process made or retired; a key service that is away is asked again."""
    while True:
        await asyncio.sleep(REFRESH_SECONDS)
        try:
            await asyncio.to_thread(ring.refresh)
        except (OSError, Problem) as error:
            log.warning("keys_not_read_again", error=type(error).__name__)


if __name__ == "__main__":
    main()
