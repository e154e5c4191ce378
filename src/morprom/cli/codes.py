"""`morprom codes`: the code systems that anybody may read at `/api/CodingSystem`."""

import asyncio
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
import typer

from morprom.cli.say import DataOption, JsonOption, give, give_json, tell
from morprom.kernel import BANGKOK, Category, Problem, Words, utc_now

if TYPE_CHECKING:
    from morprom.codes import CodeFile, CodeSystem, Named, Published

app = typer.Typer(help="ระบบรหัสมาตรฐาน / Code systems", no_args_is_help=True)
System = Annotated[str, typer.Argument(help="ชื่อระบบรหัส / name of the system", metavar="NAME")]
TOLD_FAULTS = 50


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV หรือ FHIR CodeSystem (JSON) / CSV, or a FHIR CodeSystem")],
    system: Annotated[str, typer.Option("--system", help="ชื่อระบบรหัส / name of the system")],
    version: Annotated[str | None, typer.Option(help="รุ่น / version, else what the file says")] = None,
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="วันที่ของรุ่น ค.ศ. / day of that version")
    ] = None,
    title: Annotated[str | None, typer.Option(help="ชื่อภาษาไทย / title in Thai")] = None,
    title_en: Annotated[str | None, typer.Option(help="ชื่อภาษาอังกฤษ / title in English")] = None,
    check: Annotated[bool, typer.Option("--check", help="ตรวจเท่านั้น ไม่บันทึก / only check the file")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """นำเข้ารหัสจากแฟ้ม แทนรุ่นเดิมทั้งชุด / Import a system, in place of its version before.

    A row that cannot be used is told with its line; then nothing is stored and the exit code is 1.
    """
    from morprom.codes import Named, read_codes

    read = read_codes(file, lambda count: tell(f"อ่านแล้ว {count:,} แถว / {count:,} rows read"))
    _tell_faults(read)
    named = Named(system, version, day.date() if day else None, title, title_en)
    about = asyncio.run(_publish(data, named, read, store_it=not check))
    th, en = ("ตรวจแล้ว ไม่ได้บันทึก", "checked, nothing stored") if check else ("นำเข้าแล้ว", "imported")
    tell(f"{th} {about.count:,} รหัส / {en}: {about.count:,} codes of {about.system} {about.version}")
    if as_json:
        give_json({**_row(about), "stored": not check})


@app.command("list")
def list_(
    former: Annotated[bool, typer.Option("--former", help="รุ่นที่เคยใช้ / versions of before")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """รายชื่อระบบรหัส / List the systems in use, or the versions of before."""
    for row in asyncio.run(_former(data) if former else _list(data)):
        give_json(row) if as_json else give("\t".join(str(value) for value in row.values()))


@app.command()
def remove(system: System, data: DataOption = None, as_json: JsonOption = False) -> None:
    """เลิกใช้รหัสที่นำเข้า / Take an imported system back; a hand-written one of that name is in use again."""
    removed = asyncio.run(_remove(data, system))
    tell("เลิกใช้แล้ว / removed" if removed else "ไม่มีรหัสที่นำเข้าในชื่อนี้ / nothing was imported under that name")
    if as_json:
        give_json({"removed": removed})


@app.command()
def export(
    system: System,
    form: Annotated[Literal["csv", "fhir"], typer.Option("--format", help="csv หรือ fhir / csv or fhir")] = "csv",
    data: DataOption = None,
) -> None:
    """ส่งออกรหัสเป็น CSV หรือ FHIR CodeSystem / Give a system as CSV or as a FHIR CodeSystem."""
    from morprom.codes import as_csv, as_fhir

    found, public_url = asyncio.run(_find(data, system))
    give((as_csv(found) if form == "csv" else as_fhir(found, public_url)).rstrip("\n"))


def _tell_faults(read: "CodeFile") -> None:
    for row in read.faulty[:TOLD_FAULTS]:
        tell(f"✗ {row.place}: {row.why}")
    if more := len(read.faulty) - TOLD_FAULTS:
        tell(f"✗ และอีก {more:,} แถว / and {more:,} more rows") if more > 0 else None


def _row(about: "CodeSystem") -> dict[str, Any]:
    return msgspec.to_builtins(about)


def _today() -> date:
    return utc_now().astimezone(BANGKOK).date()


async def _publish(data: Path | None, named: "Named", read: "CodeFile", *, store_it: bool) -> "CodeSystem":
    from morprom.cli.instance import open_instance
    from morprom.codes import publish

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return await publish(tx, named, read, _today(), store_it=store_it)


async def _list(data: Path | None) -> list[dict[str, Any]]:
    from morprom.cli.instance import open_instance
    from morprom.codes import listing

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return [_row(about) for about in await listing(tx)]


async def _former(data: Path | None) -> list[dict[str, Any]]:
    from morprom.cli.instance import open_instance
    from morprom.codes import former

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return [
            {
                **_row(each.about),
                "imported_at": each.imported_at.isoformat(timespec="seconds"),
                "replaced_at": each.replaced_at.isoformat(timespec="seconds"),
            }
            for each in await former(tx)
        ]


async def _remove(data: Path | None, system: str) -> bool:
    from morprom.cli.instance import open_instance
    from morprom.codes import withdraw

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return await withdraw(tx, system)


async def _find(data: Path | None, system: str) -> "tuple[Published, str]":
    from morprom.cli.instance import open_instance
    from morprom.codes import find

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        found = await find(tx, system)
        public_url = instance.settings.public_url
    if found is None:
        words = Words("ไม่มีระบบรหัสชื่อนี้", "there is no code system of that name")
        raise Problem(Category.NOT_FOUND, "SYSTEM_UNKNOWN", words)
    return found, public_url
