"""`morprom synth`: write the 43-file export of a hospital that does not exist."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from morprom.kernel import BANGKOK, Category, Hcode, Problem, Words, utc_now


def synth(
    out: Annotated[Path, typer.Option(help="แฟ้ม zip ที่จะเขียน / the zip to write")],
    people: Annotated[
        int, typer.Option(min=1, max=9_000_000, help="จำนวนคน / how many people the hospital knows")
    ] = 600,
    months: Annotated[int, typer.Option(min=1, max=600, help="จำนวนเดือน / how many months it covers")] = 1,
    seed: Annotated[int, typer.Option(help="เลขเดียวกันได้คนเดียวกัน / equal seeds, equal people")] = 1,
    hcode: Annotated[str, typer.Option(help="รหัสหน่วยบริการ / hospital code")] = "99999",
    dirty: Annotated[
        float, typer.Option(min=0, max=1, help="สัดส่วนที่ผิด 0-1 / share of rows and people with a fault")
    ] = 0,
    end: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="วันสุดท้าย / last day; else yesterday")
    ] = None,
    cast: Annotated[bool, typer.Option(help="รวมตัวละคร demo / with the people of the demo")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="ผลลัพธ์เป็น JSON / results as JSON")] = False,
) -> None:
    """เขียน 43 แฟ้มของคนสมมติ / Write a 43-file export (zip) of invented people; nobody in it exists."""
    import msgspec

    from morprom.synth import write_export

    if Hcode.parse(hcode) is None:
        raise Problem(
            Category.INCORRECT,
            "HCODE_INVALID",
            Words("รหัสหน่วยบริการต้องมี 5 หลัก เช่น 99999", "a hospital code has 5 digits, for example 99999"),
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    summary = write_export(
        out, people=people, months=months, seed=seed, hcode=hcode, dirty=dirty, with_cast=cast,
        end=end.date() if end else _yesterday(),
    )  # fmt: skip
    if as_json:
        typer.echo(msgspec.json.encode(summary).decode())
    else:
        typer.echo(
            f"{out}: {summary.people:,} people, {summary.visits:,} visits, {summary.admissions:,} stays, "
            f"{summary.start} to {summary.end}, {summary.size:,} bytes"
        )


def _yesterday() -> date:
    return utc_now().astimezone(BANGKOK).date() - timedelta(days=1)
