"""`morprom station`: card stations of a unit. An officer enrols one at the counter; here they are seen and ended."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from morprom.cli.say import DataOption, JsonOption, give, give_json, tell
from morprom.cli.unit import hcode_of
from morprom.kernel import Category, Hcode, Problem, Words, utc_now

if TYPE_CHECKING:
    from morprom.proofing.stations import Station

app = typer.Typer(help="เครื่องอ่านบัตรของหน่วยบริการ / Card stations of a unit", no_args_is_help=True)
UnitOption = Annotated[str, typer.Option("--unit", help="รหัสหน่วยบริการ / hospital code")]


@app.command("list")
def list_(unit: UnitOption, data: DataOption = None, as_json: JsonOption = False) -> None:
    """รายการเครื่องอ่านบัตร / List a unit's stations."""
    for one in asyncio.run(_list(data, hcode_of(unit))):
        row = {
            "station_id": str(one.station_id), "name": one.name, "fingerprint": one.fingerprint,
            "enrolled_at": one.enrolled_at.isoformat(timespec="seconds"),
        }  # fmt: skip
        give_json(row) if as_json else give("\t".join(row.values()))


@app.command()
def end(
    station: Annotated[UUID, typer.Argument(help="เครื่อง / the station", metavar="STATION")],
    unit: UnitOption,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """เลิกใช้เครื่องอ่านบัตร / Take a station away: what it signs from now on does not count."""
    if not asyncio.run(_end(data, hcode_of(unit), station)):
        words = Words("ไม่พบเครื่องนี้ของหน่วยบริการนี้", "that unit has no such station")
        raise Problem(Category.NOT_FOUND, "STATION_UNKNOWN", words)
    tell("เลิกใช้แล้ว มีผลทันที / ended, at once")
    if as_json:
        give_json({"ended": str(station)})


async def _list(data: Path | None, unit: Hcode) -> "list[Station]":
    from morprom.cli.instance import open_instance
    from morprom.proofing.stations import stations_of

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return await stations_of(tx, unit)


async def _end(data: Path | None, unit: Hcode, station: UUID) -> bool:
    from morprom.audit import Basis, Content, Entry, Outcome, Purpose, record
    from morprom.cli.instance import open_instance
    from morprom.proofing.stations import end_station

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        is_ended = await end_station(tx, unit=unit, station_id=station, now=utc_now())
        content = Content(action="StationEnded", purpose=Purpose.KEEPING, client="operator", reason=str(station))
        outcome = Outcome.REMOVED if is_ended else Outcome.REFUSED
        await record(tx, Entry(Basis.OPERATOR, outcome, content, unit=unit), instance.ring)
        return is_ended
