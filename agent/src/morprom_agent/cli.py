"""`morprom-agent plan | send | status | watch | report | card`. Results go to stdout alone, talk to stderr."""

import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from morprom_agent import __version__
from morprom_agent.card import app as card
from morprom_agent.ending import ending
from morprom_agent.given import gather, pairs
from morprom_agent.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="ส่ง 43 แฟ้มไปแพลตฟอร์ม และอ่านบัตรที่เคาน์เตอร์ / Send the 43 files to a platform, read cards at a counter.",
)
app.add_typer(card, name="card")

SourceOption = Annotated[str | None, typer.Option("--source", help="ไฟล์ zip หรือโฟลเดอร์ 43 แฟ้ม / zip or folder")]
ToOption = Annotated[str | None, typer.Option("--to", help="ที่อยู่แพลตฟอร์ม / the platform's address")]
HcodeOption = Annotated[str | None, typer.Option("--hcode", help="รหัสหน่วยบริการ / hospital code")]
UserOption = Annotated[str | None, typer.Option("--user", help="ผู้ใช้ Account Center / user")]
PasswordOption = Annotated[str | None, typer.Option("--password-file", help="ไฟล์รหัสผ่าน / file with the password")]
TokenOption = Annotated[str | None, typer.Option("--token-file", help="ไฟล์ upload token / file with the token")]
StateOption = Annotated[str | None, typer.Option("--state", help="โฟลเดอร์สถานะ / state folder")]
ConnectionsOption = Annotated[str | None, typer.Option("--connections", help="จำนวนการเชื่อมต่อ / connections")]
CaOption = Annotated[str | None, typer.Option("--ca-file", help="ใบรับรอง CA ภายใน / certificates of a private CA")]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="ไฟล์ .toml หรือ .env / settings file")]
SetOption = Annotated[list[str] | None, typer.Option("--set", help="ค่าตั้งอื่น key=value / any other setting")]
YesOption = Annotated[bool, typer.Option("--yes", help="ถอนออกโดยไม่ถาม / remove without asking")]
ForceOption = Annotated[bool, typer.Option("--force", help="ถอนออกได้เกิน 5 % ของวัน / remove more than 5 % of a day")]
JsonOption = Annotated[bool, typer.Option("--json", help="ผลลัพธ์เป็น JSON / result as JSON")]


@app.command()
def send(
    ctx: typer.Context,
    source: SourceOption = None,
    to: ToOption = None,
    hcode: HcodeOption = None,
    user: UserOption = None,
    password_file: PasswordOption = None,
    token_file: TokenOption = None,
    state: StateOption = None,
    connections: ConnectionsOption = None,
    ca_file: CaOption = None,
    config: ConfigOption = None,
    extra: SetOption = None,
    yes: YesOption = False,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """ส่ง visit ที่ขาดหรือเปลี่ยน ถอนที่ลบแล้ว / send what is missing or changed, remove what was deleted."""
    from morprom_agent.commands import send_once

    with ending():
        settings = _settings(ctx.params)
        tally = send_once(settings, yes=yes, force=force)
        _print(tally.as_json(), as_json)
        raise typer.Exit(tally.exit)


@app.command()
def plan(
    ctx: typer.Context,
    source: SourceOption = None,
    to: ToOption = None,
    hcode: HcodeOption = None,
    user: UserOption = None,
    password_file: PasswordOption = None,
    token_file: TokenOption = None,
    state: StateOption = None,
    connections: ConnectionsOption = None,
    ca_file: CaOption = None,
    config: ConfigOption = None,
    extra: SetOption = None,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """แสดงสิ่งที่จะส่งและถอนของแต่ละวัน โดยไม่ส่ง / show what would be sent and removed, day by day."""
    from morprom_agent.commands import plan_days

    with ending():
        days = plan_days(_settings(ctx.params), force=force)
        if as_json:
            _print({"days": days}, as_json)
        else:
            for day in days:
                typer.echo("  ".join(f"{name}={value}" for name, value in day.items() if value))


@app.command()
def watch(
    ctx: typer.Context,
    source: SourceOption = None,
    to: ToOption = None,
    hcode: HcodeOption = None,
    user: UserOption = None,
    password_file: PasswordOption = None,
    token_file: TokenOption = None,
    state: StateOption = None,
    connections: ConnectionsOption = None,
    ca_file: CaOption = None,
    config: ConfigOption = None,
    extra: SetOption = None,
    yes: YesOption = False,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """ส่งซ้ำทุก N นาที และส่งย้อนหลังเวลากลางคืน / send every N minutes, back-fill at night."""
    from morprom_agent.commands import watch_source

    with ending():
        watch_source(_settings(ctx.params), yes=yes, force=force, tell=lambda result: _print(result, as_json))


@app.command()
def status(
    ctx: typer.Context,
    to: ToOption = None,
    hcode: HcodeOption = None,
    state: StateOption = None,
    config: ConfigOption = None,
    extra: SetOption = None,
    only: Annotated[
        str | None,
        typer.Option("--list", help="pending | sent | warned | failed | removed: แสดงทีละ visit / visit by visit"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """แสดงสถานะการส่ง / show how far each visit is."""
    from morprom_agent.commands import ledger_status

    with ending():
        counts, entries = ledger_status(_settings(ctx.params), only)
        if as_json:
            _print(counts | ({"visits": entries} if only else {}), as_json)
            return
        _print(counts, as_json)
        for entry in entries:
            typer.echo("  ".join(str(value) for value in entry.values() if value != ""))


@app.command()
def report(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="ไฟล์ .xlsx / Excel file")],
    source: SourceOption = None,
    to: ToOption = None,
    hcode: HcodeOption = None,
    state: StateOption = None,
    config: ConfigOption = None,
    extra: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """เขียนรายการที่ต้องแก้ไขเป็น Excel / write what is to be mended as an Excel workbook."""
    from morprom_agent.commands import write_workbook

    with ending():
        rows = write_workbook(_settings(ctx.params), out)
        _print(rows | {"out": str(out)}, as_json)


@app.command()
def version() -> None:
    """แสดงรุ่น / print the version."""
    typer.echo(__version__)


NOT_SETTINGS = ("config", "extra", "yes", "force", "as_json", "only", "out")


def _settings(given: Mapping[str, Any]) -> Settings:
    """Settings from a command's own parameters."""
    flags = {name: value for name, value in given.items() if name not in NOT_SETTINGS}
    return gather(flags | pairs(given["extra"] or ()), os.environ, given["config"])


def _print(result: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
        return
    for name, value in result.items():
        typer.echo(f"{name:<18} {_shown(value):<12} {WORDS.get(name, '')}".rstrip())


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {count:,}" for key, count in cast("dict[str, int]", value).items()) or "0"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


WORDS = {
    "visits_seen": "พบ",
    "sent": "ส่งสำเร็จ",
    "same": "ไม่เปลี่ยน",
    "warned": "ส่งแล้ว มีข้อสังเกต",
    "failed": "ไม่สำเร็จ",
    "skipped": "ไม่ส่ง",
    "removed": "ถอนออก",
    "held": "ค้างไว้ ยังไม่ถอน",
    "bad_lines": "บรรทัดที่อ่านไม่ได้",
    "days": "วัน",
    "days_counted": "วันที่แจ้งยอด",
    "seconds": "วินาที",
    "visits_per_second": "ต่อวินาที",
    "pending": "รอผล",
    "to_mend": "ต้องแก้ไข",
    "not_sent": "ไม่ได้ส่ง",
}


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """The program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console of code page 874 cannot print every letter
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, _interrupt)
    app()
