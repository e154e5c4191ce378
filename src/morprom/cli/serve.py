"""`morprom serve`: the doors of an instance, several workers, against a PostgreSQL of its own."""

import asyncio
from typing import Annotated

import typer

from morprom.cli.say import DataOption, tell


def serve(
    doors: Annotated[
        str, typer.Option(help="ประตู เช่น units,reader / doors to serve; all of the mode", show_default=False)
    ] = "",
    data: DataOption = None,
    host: Annotated[str | None, typer.Option(help="ที่อยู่ / address to listen on", show_default=False)] = None,
    port: Annotated[int | None, typer.Option(help="พอร์ต / port", show_default=False)] = None,
    workers: Annotated[int | None, typer.Option(help="จำนวน process / worker processes", show_default=False)] = None,
) -> None:
    """เปิดบริการ / Serve the platform until stopped."""
    from morprom.app.asgi import doors_of
    from morprom.app.instance import held_instance
    from morprom.app.supervisor import Supervisor
    from morprom.app.test_units import ensure_test_units
    from morprom.kernel import Mode, load_settings
    from morprom.kernel.log import configure
    from morprom.storage import open_keys

    settings = load_settings(data=str(data) if data else None, host=host, port=port, workers=workers)
    configure(settings.log_level)
    chosen = doors_of(settings, doors)
    with Supervisor.listening(settings) as supervisor, held_instance(settings) as held:
        if settings.mode is not Mode.PRODUCTION:
            asyncio.run(ensure_test_units(held.url, open_keys(settings)))
        supervisor.start(held.url, chosen)
        try:
            tell(f"เปิดแล้ว / serving {', '.join(chosen)} at http://{settings.host}:{settings.port} ({settings.mode})")
            supervisor.run(held.mend)
        finally:
            supervisor.stop()
