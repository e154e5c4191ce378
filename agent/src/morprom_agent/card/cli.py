"""อ่านบัตรประชาชนที่เคาน์เตอร์ / read Thai ID cards at a counter."""

import json
from pathlib import Path
from typing import Annotated

import typer

from morprom_agent.ending import ending

app = typer.Typer(no_args_is_help=True, help=__doc__)

CLOSED = "ปิดเครื่องอ่านแล้ว / the station is closed"
ReaderOption = Annotated[str, typer.Option("--reader", help="ส่วนหนึ่งของชื่อเครื่องอ่าน / part of a reader's name")]
StateOption = Annotated[Path | None, typer.Option("--state", help="โฟลเดอร์ของเครื่องอ่าน / the station's folder")]
JsonOption = Annotated[bool, typer.Option("--json", help="ผลลัพธ์เป็น JSON / result as JSON")]


@app.command()
def serve(
    reader: ReaderOption = "",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 = ว่างพอร์ตใดก็ได้ / any free one")] = 0,
    virtual: Annotated[Path | None, typer.Option("--virtual", help="ไฟล์บัตรจำลอง / file of made-up cards")] = None,
    browser: Annotated[bool, typer.Option(help="เปิดหน้าต่างเครื่องอ่าน / open the station's window")] = True,
    chip_numbers: Annotated[
        bool, typer.Option("--chip-numbers", help="อ่านเลขชิปและเลขใต้รูปด้วย / chip and request number, too")
    ] = False,
    state: StateOption = None,
) -> None:
    """เปิดเครื่องอ่านบัตรให้หน้าเคาน์เตอร์ / be the card station of the counter's page."""
    from morprom_agent.card.commands import demand_extra

    with ending(CLOSED):
        demand_extra()
        from morprom_agent.card.running import run

        run(reader=reader, port=port, virtual=virtual, browser=browser, chip_numbers=chip_numbers, state=state)


@app.command()
def enrol(
    to: Annotated[str, typer.Option("--to", help="ที่อยู่แพลตฟอร์ม / the platform's address")],
    name: Annotated[str, typer.Option("--name", help="ชื่อเครื่องนี้ เช่น เคาน์เตอร์ 1 / this station's name")] = "",
    anew: Annotated[bool, typer.Option("--anew", help="ทำกุญแจใหม่ / make a new key")] = False,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """ลงทะเบียนเครื่องนี้กับแพลตฟอร์ม / enrol this station with a platform."""
    from morprom_agent.card.commands import demand_extra, enrol_station

    with ending(CLOSED):
        demand_extra()
        made = enrol_station(state, to=to, name=name, anew=anew)
        if as_json:
            typer.echo(json.dumps(made, ensure_ascii=False))
            return
        typer.echo(f"กุญแจของเครื่องนี้ / this station's key:\n\n{made['public_key']}\n")
        typer.echo(f"รหัสเทียบ / fingerprint: {made['fingerprint']}\n")
        typer.echo(f"ให้เจ้าหน้าที่วางกุญแจที่ {made['enrol_at']} และตรวจว่ารหัสเทียบตรงกัน")
        typer.echo(f"an officer pastes the key at {made['enrol_at']} and checks that the fingerprint is the same")
        if made["warning"]:
            typer.echo(made["warning"], err=True)


@app.command()
def readers(as_json: JsonOption = False) -> None:
    """แสดงเครื่องอ่านที่เสียบอยู่ / list the readers that are plugged in."""
    from morprom_agent.card.commands import reader_names

    with ending(CLOSED):
        names = reader_names()
        typer.echo(json.dumps({"readers": names}, ensure_ascii=False) if as_json else "\n".join(names))


@app.command()
def read(
    reader: ReaderOption = "",
    show: Annotated[bool, typer.Option("--show", help="แสดงข้อมูลจริง / show what it says in full")] = False,
    photo: Annotated[Path | None, typer.Option("--photo", help="เขียนรูปเป็น .jpg / write the photo")] = None,
    chip_numbers: Annotated[
        bool, typer.Option("--chip-numbers", help="อ่านเลขชิปและเลขใต้รูปด้วย / chip and request number, too")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """ทดสอบอ่านบัตรในเครื่อง สำหรับช่าง / read the card in the reader, for a technician."""
    from morprom_agent.card.commands import read_once

    with ending(CLOSED):
        said = read_once(reader=reader, show=show, photo=photo, chip_numbers=chip_numbers)
        if as_json:
            typer.echo(json.dumps(said, ensure_ascii=False))
            return
        for name, value in said.items():
            typer.echo(f"{name:<12} {value}")


@app.command()
def doctor(reader: ReaderOption = "", state: StateOption = None, as_json: JsonOption = False) -> None:
    """ตรวจว่าอะไรยังไม่พร้อม / find out what is missing."""
    from morprom_agent.card.commands import examine

    with ending(CLOSED):
        found = examine(reader=reader, state=state)
        if as_json:
            typer.echo(json.dumps({"checks": [one._asdict() for one in found]}, ensure_ascii=False))
        else:
            for one in found:
                typer.echo(f"{'ok ' if one.ok else 'ไม่ / no'}  {one.what}: {one.th} / {one.en}")
        if not all(one.ok for one in found):
            raise typer.Exit(1)
