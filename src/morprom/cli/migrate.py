"""`morprom migrate`: bring the database up to date."""

import asyncio

from morprom.cli.say import DataOption, JsonOption, give, give_json, tell


def migrate(data: DataOption = None, as_json: JsonOption = False) -> None:
    """ปรับโครงสร้างฐานข้อมูล / Apply the migrations that are not applied yet."""
    from morprom.app.instance import running_database
    from morprom.kernel import load_settings
    from morprom.storage import migrate as apply

    settings = load_settings(data=str(data) if data else None)
    with running_database(settings) as url:
        applied = asyncio.run(apply(url))
    if as_json:
        give_json({"applied": applied})
        return
    tell("เป็นปัจจุบันแล้ว / up to date" if not applied else f"ปรับแล้ว / applied {len(applied)}")
    for name in applied:
        give(name)
