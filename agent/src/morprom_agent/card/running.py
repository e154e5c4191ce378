"""The station while it runs: the reader is watched, the window and the console show who asks, the button is pressed."""

import asyncio
import socket
import sys
import threading
import webbrowser
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import typer

from morprom_agent.card.commands import folder_of
from morprom_agent.card.desk import Desk, Message
from morprom_agent.card.enrolled import Enrolled, enrolled
from morprom_agent.card.guard import Secrets
from morprom_agent.card.keys import keys_of, write_private
from morprom_agent.card.model import Reader, Seen
from morprom_agent.card.pcsc import PcscReader
from morprom_agent.card.server import listen, serving
from morprom_agent.card.simulator import SimulatedReader
from morprom_agent.home import alone
from morprom_agent.stop import Exit, Stop
from morprom_wire.card import PAIRING

WINDOW: Final = "station.html"
SEEN_SECONDS: Final = 0.5  # by then the reader was looked at
SIMULATED: Final = (
    "บัตรจำลอง: ทุกข้อความบอกว่าเป็นการจำลอง แพลตฟอร์มจริงไม่รับ\n"
    "SIMULATED CARDS: every message says so, and no platform but a demo takes them"
)


def run(*, reader: str, port: int, virtual: Path | None, browser: bool, chip_numbers: bool, state: Path | None) -> None:
    """Until it is interrupted. Raises Stop."""
    folder = folder_of(state)
    keys = keys_of(folder)
    stations = enrolled(folder, keys)
    if not stations:
        raise Stop(
            Exit.SETTINGS,
            "เครื่องนี้ยังไม่ได้ลงทะเบียน สั่ง: morprom-agent card enrol --to https://phr.example.go.th",
            "this station is not enrolled: morprom-agent card enrol --to https://phr.example.go.th",
        )
    cards: Reader = SimulatedReader(virtual) if virtual else PcscReader(reader, with_numbers=chip_numbers)
    if keys.warning:
        _say(f"{keys.warning.th}\n{keys.warning.en}")
    if cards.is_simulated:
        _say(SIMULATED)
    window = folder / WINDOW
    with alone(folder), _listening(port) as listening:
        try:
            asyncio.run(_serve(cards, stations, listening, window, browser=browser))
        finally:
            window.unlink(missing_ok=True)


async def _serve(
    cards: Reader, stations: dict[str, Enrolled], listening: socket.socket, window: Path, *, browser: bool
) -> None:
    secrets, port = Secrets(), listening.getsockname()[1]
    desk = Desk(cards, stations, lambda origin: f"{origin}/counter#{PAIRING}={port}.{secrets.counter}")
    stop = threading.Event()
    try:
        async with serving(desk, secrets, listening):
            write_private(window, _redirect(port, secrets.station))
            _watch(cards, desk, stop)
            _attend(desk)
            _say(f"เปิดหน้าต่างเครื่องอ่าน / the station's window: {window.as_uri()}")
            if browser:
                webbrowser.open(window.as_uri())
            await asyncio.Event().wait()
    finally:
        stop.set()


@contextmanager
def _listening(port: int) -> Generator[socket.socket]:
    try:
        listening = listen(port)
    except OSError:
        raise Stop(
            Exit.SETTINGS,
            f"พอร์ต {port} ถูกใช้อยู่ ไม่ต้องระบุ --port",
            f"port {port} is taken; leave --port out",
        ) from None
    with listening:
        yield listening


def _watch(cards: Reader, desk: Desk, stop: threading.Event) -> None:
    loop = asyncio.get_running_loop()

    def tell(seen: Seen) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(desk.saw, seen)

    threading.Thread(target=cards.watch, args=(tell, stop), name="reader", daemon=True).start()


def _attend(desk: Desk) -> None:
    """The console is a window, too: it shows who asks, and Enter is the button."""
    loop = asyncio.get_running_loop()
    loop.call_later(SEEN_SECONDS, desk.open_window, _tell)
    if not sys.stdin.isatty():
        return

    def follow() -> None:
        for _ in sys.stdin:
            if loop.is_closed():
                return
            loop.call_soon_threadsafe(desk.press)

    threading.Thread(target=follow, name="console", daemon=True).start()


def _tell(message: Message) -> None:
    match message:
        case {"type": "asked", "phase": "waiting", "by": by}:
            _say(f"{by} ขออ่านบัตร กด Enter หรือปุ่มในหน้าต่าง / asks to read the card: Enter, or the window's button")
        case {"type": "state" | "failed", "th": th, "en": en}:
            _say(f"{th} / {en}")
        case {"type": "done"}:
            _say("อ่านแล้ว / read")
        case _:
            return


def _redirect(port: int, secret: str) -> bytes:
    """A page that leads to the window. The secret stands in this file, not in a command line that others can list."""
    address = f"http://127.0.0.1:{port}/#{secret}"
    return (
        '<!doctype html><meta charset="utf-8"><title>morprom card</title>'
        f'<meta http-equiv="refresh" content="0;url={address}"><a href="{address}">เปิด / open</a>'
    ).encode()


def _say(line: str) -> None:
    typer.echo(line, err=True)
