"""`morprom up`: one instance on this machine with its own PostgreSQL; with --demo it shows itself."""

import asyncio
import os
import signal
import time
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from morprom.cli.say import tell

READY_SECONDS = 60.0


def up(
    data: Annotated[Path | None, typer.Option(help="โฟลเดอร์ข้อมูล / folder of the instance", show_default=False)] = None,
    port: Annotated[int | None, typer.Option(help="พอร์ต / port", show_default=False)] = None,
    demo: Annotated[bool, typer.Option("--demo", help="ตัวละครและข้อมูลสาธิต / the cast, a month of visits")] = False,
    workers: Annotated[int | None, typer.Option(help="จำนวน process / worker processes", show_default=False)] = None,
) -> None:
    """เปิดทั้งระบบบนเครื่องนี้ / Start everything on this machine: sandbox, or the demo. Ctrl-C stops it."""
    import msgspec

    from morprom import demo as showing
    from morprom.app.asgi import doors_of
    from morprom.app.instance import held_instance, remember
    from morprom.app.supervisor import Supervisor
    from morprom.app.test_units import ensure_test_units
    from morprom.kernel import Mode, Settings, load_settings
    from morprom.kernel.log import configure
    from morprom.storage import open_keys

    mode = Mode.DEMO if demo else Mode.SANDBOX
    talk = "warning" if demo and "MORPROM_LOG_LEVEL" not in os.environ else None  # the demo is for reading
    settings = load_settings(
        data=str(data) if data else None,
        port=port,
        workers=workers,
        mode=mode,
        database_url="",
        keys="",
        log_level=talk,
    )
    if settings.public_url == Settings().public_url:  # passkeys know no addresses, only names
        settings = msgspec.structs.replace(settings, public_url=f"http://localhost:{settings.port}")
    configure(settings.log_level)
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        tell(f"กำลังเปิด morprom ({mode}) ข้อมูลอยู่ที่ {settings.data} / starting morprom ({mode}) on {settings.data} …")
        with Supervisor.listening(settings) as supervisor, held_instance(settings) as held:
            remember(settings)
            asyncio.run(ensure_test_units(held.url, open_keys(settings)))
            supervisor.start(held.url, doors_of(settings))
            try:
                _wait_until_ready(settings.port, settings.host)
                tell(f"พร้อมแล้ว / ready at http://{settings.host}:{settings.port}  (Ctrl-C = หยุด / stop)")
                tell(f"ประชาชน / people at {settings.public_url}/id")
                tell(f"ลองข้อมูล / try payloads at http://{settings.host}:{settings.port}/sandbox")
                if demo:
                    showing.show(settings, held.url)
                supervisor.run(held.mend)
            finally:
                supervisor.stop()
    except KeyboardInterrupt:
        pass
    tell("หยุดแล้ว / stopped")


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _wait_until_ready(port: int, host: str) -> None:
    import httpx

    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"http://{host}:{port}/readyz", timeout=2, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    tell("ยังไม่ตอบ โปรดดูข้อความด้านบน / not ready yet; see the messages above")
