"""`morprom unit`: the hospitals and other units that this platform knows."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from morprom.cli.say import DataOption, JsonOption, give, give_json, tell
from morprom.kernel import Category, Hcode, Problem, Words

if TYPE_CHECKING:
    from morprom.units import Unit
    from morprom.units.administration import RosterFile, UnitEntry

app = typer.Typer(help="หน่วยบริการ / Units: hospitals and others", no_args_is_help=True)


@app.command()
def add(
    hcode: Annotated[str, typer.Argument(help="รหัสหน่วยบริการ / hospital code", metavar="HCODE")],
    name: Annotated[str, typer.Argument(help="ชื่อ / name in Thai")],
    province: Annotated[str | None, typer.Option(help="รหัสหรือชื่อจังหวัด / province, code or name")] = None,
    district: Annotated[str, typer.Option(help="อำเภอ / district")] = "",
    kind: Annotated[str, typer.Option("--type", help="ประเภท / type")] = "",
    beds: Annotated[int | None, typer.Option(help="จำนวนเตียง / beds", min=0)] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """เพิ่มหรือแก้หน่วยบริการ / Add a unit, or change what is known of it."""
    from morprom.record import region_of
    from morprom.units.administration import RosterFile, UnitEntry, province_code

    code = province_code(province or "")
    if province and code is None:
        raise _incorrect("PROVINCE_UNKNOWN", "ไม่รู้จักจังหวัดนี้", "there is no such province")
    region = region_of(code) if code else None
    entry = UnitEntry(hcode_of(hcode), name, kind, code, district, region, beds)
    _enrol(data, RosterFile([entry]), as_json=as_json)


@app.command("list")
def list_(data: DataOption = None, as_json: JsonOption = False) -> None:
    """รายชื่อหน่วยบริการ / List the units by code."""
    for unit in asyncio.run(_list(data)):
        row = _row(unit)
        give_json(row) if as_json else give("\t".join("" if cell is None else str(cell) for cell in row.values()))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="Excel (.xlsx) หรือ CSV / Excel or CSV")],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """นำเข้ารายชื่อหน่วยบริการของกระทรวง / Import the ministry's list of units; again: bring it up to date.

    Rows that cannot be used are told with their number, the others are imported; the exit code is then 1.
    """
    from morprom.units.administration import read_roster

    _enrol(data, read_roster(file), as_json=as_json)


def hcode_of(text: str) -> Hcode:
    """The hospital code of an argument. Raises Problem HCODE_INVALID."""
    hcode = Hcode.parse(text)
    if hcode is None:
        raise _incorrect("HCODE_INVALID", "รหัสหน่วยบริการต้องมี 5 หลัก", "a hospital code is 5 digits, or 9 characters")
    return hcode


def _enrol(data: Path | None, listed: "RosterFile", *, as_json: bool) -> None:
    added, updated, unchanged = asyncio.run(_enrolled(data, listed.entries))
    for row in listed.faulty:
        tell(f"✗ แถว {row.number}: {row.why.th} / row {row.number}: {row.why.en}")
    tell(
        f"เพิ่ม {added} แก้ไข {updated} เหมือนเดิม {unchanged} ใช้ไม่ได้ {len(listed.faulty)}"
        f" / {added} added, {updated} updated, {unchanged} unchanged, {len(listed.faulty)} faulty"
    )
    if as_json:
        faulty = [{"row": row.number, "th": row.why.th, "en": row.why.en} for row in listed.faulty]
        give_json({"added": added, "updated": updated, "unchanged": unchanged, "faulty": faulty})
    if listed.faulty:
        raise typer.Exit(1)


async def _enrolled(data: Path | None, entries: "list[UnitEntry]") -> tuple[int, int, int]:
    from morprom.cli.instance import open_instance
    from morprom.units.administration import roster

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        done = await roster.enrol(tx, instance.ring, entries)
    return done.added, done.updated, done.unchanged


async def _list(data: Path | None) -> "list[Unit]":
    from morprom.cli.instance import open_instance
    from morprom.units.administration import roster

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return await roster.listed(tx)


def _row(unit: "Unit") -> dict[str, object]:
    entry = unit.entry
    return {
        "hcode": str(entry.hcode),
        "name": entry.name,
        "type": entry.type,
        "province": entry.province,
        "district": entry.district,
        "region": entry.region,
        "beds": entry.beds,
    }


def _incorrect(code: str, th: str, en: str) -> Problem:
    return Problem(Category.INCORRECT, code, Words(th, en))
