"""A running station without a command line, and counter pages that speak to it."""

import asyncio
import json
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from websockets.asyncio.client import ClientConnection, connect

from morprom_agent.card.desk import Desk
from morprom_agent.card.enrolled import Enrolled, enrol, enrolled
from morprom_agent.card.guard import Secrets
from morprom_agent.card.keys import FileKeys
from morprom_agent.card.model import Reader
from morprom_agent.card.server import listen, serving
from platform_process import PATIENCE

SITE = "https://phr.example.go.th"
OTHER = "https://demo.example.go.th"


class Station:
    """What a test knows of a running station."""

    def __init__(self, port: int, secrets: Secrets, enrolments: dict[str, Enrolled]) -> None:
        self.port = port
        self.secrets = secrets
        self.enrolled = enrolments

    @asynccontextmanager
    async def page(self, site: str = SITE, secret: str | None = None) -> "AsyncGenerator[Wire]":
        """A counter page that is paired."""
        async with self.socket("/counter", site) as socket:
            wire = Wire(socket)
            await wire.say(type="hello", secret=self.secrets.counter if secret is None else secret)
            yield wire

    @asynccontextmanager
    async def window(self) -> "AsyncGenerator[Wire]":
        """The station's own window."""
        async with self.socket("/station", f"http://127.0.0.1:{self.port}") as socket:
            wire = Wire(socket)
            await wire.say(type="hello", secret=self.secrets.station)
            yield wire

    def socket(self, path: str, origin: str | None, **options: Any) -> connect:
        """A WebSocket from somewhere."""
        return connect(f"ws://127.0.0.1:{self.port}{path}", origin=origin, proxy=None, max_queue=None, **options)  # type: ignore[arg-type]


class Wire:
    """One end of a WebSocket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def hear(self, kind: str, **members: Any) -> dict[str, Any]:
        """The next message of that kind; others are passed over."""
        async with asyncio.timeout(PATIENCE):
            while True:
                said: dict[str, Any] = json.loads(await self.socket.recv())
                if said["type"] == kind and said | members == said:
                    return said

    async def is_silent(self, *kinds: str) -> bool:
        """Whether nothing of those kinds comes for a while."""
        try:
            async with asyncio.timeout(0.4):
                while True:
                    if json.loads(await self.socket.recv())["type"] in kinds:
                        return False
        except TimeoutError:
            return True

    async def reading(self, window: "Wire", station_id: UUID, nonce: str) -> dict[str, Any]:
        """Ask, press, answer, and get the reading."""
        await self.hear("state", state="card")
        await self.say(type="ask")
        await window.hear("asked", phase="waiting")
        await window.say(type="press")
        await self.hear("go")
        await self.say(type="nonce", nonce=nonce, station_id=str(station_id))
        return (await self.hear("reading"))["reading"]


@asynccontextmanager
async def running(reader: Reader, folder: Path, *sites: str) -> AsyncGenerator[Station]:
    """A station that is enrolled with SITE and others."""
    keys = FileKeys(folder)
    for site in sites or (SITE,):
        enrol(folder, keys, address=site, name="เคาน์เตอร์ 1", anew=False)
    stations, secrets, stop = enrolled(folder, keys), Secrets(), threading.Event()
    with listen(0) as listening:
        port = listening.getsockname()[1]
        desk = Desk(reader, stations, lambda origin: f"{origin}/counter#card={port}.{secrets.counter}")
        loop = asyncio.get_running_loop()
        watching = threading.Thread(
            target=reader.watch, args=(lambda seen: loop.call_soon_threadsafe(desk.saw, seen), stop), daemon=True
        )
        async with serving(desk, secrets, listening):
            watching.start()
            yield Station(port, secrets, stations)
            stop.set()
            await asyncio.to_thread(watching.join, 5)
