"""Showing what the platform does: the agent sends the month, then the lines to read one person with."""

import asyncio
import subprocess
import sys
from importlib import resources
from pathlib import Path

import msgspec
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from morprom.demo.cast import AGENT, DOCTOR, READING, SENDING, VENDOR
from morprom.demo.counter import Opening, prepare_counter
from morprom.demo.people import how_to_begin
from morprom.demo.prepare import export_of, folder, password_file, prepare
from morprom.kernel import Settings
from morprom.storage import open_keys
from morprom.synth import CAST


def show(settings: Settings, url: str) -> None:
    """Prepare the demo, send its month, say what happened and what to do next. Sends nothing twice."""
    console = Console(stderr=True)
    console.print(f"เตรียมหน่วยบริการและข้อมูลสาธิต / preparing {SENDING.name} …")
    ring = open_keys(settings)
    asyncio.run(prepare(settings, url, ring))
    sent = _send(settings, export_of(settings))
    console.print(Panel(_what_happened(sent), title="ส่งข้อมูลแล้ว / what was sent", border_style="green"))
    console.rule("สำหรับผู้พัฒนาโปรแกรม / for vendors' programmers", style="cyan")
    console.print(_for_vendors(settings), soft_wrap=True)
    console.rule("เคาน์เตอร์พิสูจน์ตัวตน บัตรจำลอง / the proofing counter, simulated cards", style="cyan")
    console.print(_at_the_counter(asyncio.run(prepare_counter(settings, url, ring))), soft_wrap=True)
    console.rule("เป็นประชาชน / be a person", style="cyan")
    console.print(how_to_begin(settings), soft_wrap=True)
    console.rule("อ่านประวัติของหนึ่งคน / read one person's record", style="cyan")
    console.print(_how_to_read(settings), soft_wrap=True)  # lines to copy: no frame, no wrapping


class Sent(msgspec.Struct, frozen=True):
    """What the agent says that it did."""

    visits_seen: int = 0
    sent: int = 0
    same: int = 0
    warned: int = 0
    skipped: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    failed: int = 0
    seconds: float = 0
    visits_per_second: float = 0


def _send(settings: Settings, export: Path) -> Sent | int:
    """Run the agent as a hospital would: its progress goes to the terminal, its result is JSON, or an exit code."""
    done = subprocess.run(
        [
            sys.executable, "-m", "morprom_agent", "send", "--source", str(export), "--hcode", SENDING.hcode,
            "--to", f"http://{settings.host}:{settings.port}", "--user", AGENT.login,
            "--password-file", str(password_file(settings, AGENT)), "--state", str(folder(settings) / "agent"),
            "--yes", "--json",
        ],
        stdout=subprocess.PIPE,
        check=False,
    )  # fmt: skip
    return msgspec.json.decode(done.stdout, type=Sent) if done.stdout.strip() else done.returncode


def _what_happened(sent: Sent | int) -> Table:
    table = Table.grid(padding=(0, 2))
    if isinstance(sent, int):
        table.add_row("ตัวส่งหยุดด้วยรหัส / the agent ended with exit code", str(sent))
        return table
    for label, count in (
        ("การรับบริการในแฟ้ม / visits in the export", sent.visits_seen),
        ("ส่งแล้ว / sent", sent.sent),
        ("ในนั้นมีคำเตือน / of them with warnings", sent.warned),
        ("มีอยู่แล้ว ไม่ส่งซ้ำ / there already, not sent again", sent.same),
        ("ข้าม / skipped", sum(sent.skipped.values())),
        ("ส่งไม่สำเร็จ / failed", sent.failed),
        ("วินาที / seconds", sent.seconds),
        ("ครั้งต่อวินาที / visits a second", sent.visits_per_second),
    ):
        table.add_row(label, f"{count:,}")
    return table


def _for_vendors(settings: Settings) -> Text:
    base = f"http://{settings.host}:{settings.port}"
    return Text(
        f"ลองข้อมูลที่จะส่ง / try payloads      {base}/sandbox\n"
        f"รายการตรวจ / checklist            {base}/sandbox/checklist\n"
        f"ทุกบริการ / every call              {base}/docs\n"
        f"บัญชีทดสอบ / test account          {VENDOR.login} · {VENDOR.hcode} · {password_file(settings, VENDOR)}"
    )


def _at_the_counter(opening: Opening) -> Text:
    station = opening.station or 'pip install "morprom-agent[card]"  (แล้วเปิดสาธิตใหม่ / and start the demo again)'
    (nurse, first), (beside, second) = opening.officers
    return Text(
        f"1. {nurse} (เปิดแล้วตั้งพาสคีย์ / open it and set a passkey)\n   {first}\n"
        f"2. เครื่องอ่านบัตรจำลอง ในหน้าต่างคำสั่งใหม่ / the simulated station, in another terminal\n   {station}\n"
        "3. เปิดเคาน์เตอร์จากลิงก์ในหน้าต่างเครื่องอ่าน กด 1 แล้ว Enter"
        " / open the counter by the link in the station's window; 1, then Enter\n"
        f"   กรณียกเว้นต้องมีคนที่สอง ใช้เบราว์เซอร์อื่น / exceptions take a second officer, in another browser: {beside}\n"
        f"   {second}"
    )


def _how_to_read(settings: Settings) -> Text:
    person = CAST[0]
    text = (resources.files("morprom.demo") / "reading.txt").read_text("utf-8")
    for name, value in {
        "story_th": person.story_th,
        "story_en": person.story_en,
        "doctor": DOCTOR.name,
        "hospital": READING.name,
        "password_file": str(password_file(settings, DOCTOR)),
        "hash_key": settings.password_hash_key,
        "base": f"http://{settings.host}:{settings.port}",
        "login": DOCTOR.login,
        "hcode": READING.hcode,
        "cid": person.cid,
        "morprom": str(Path(sys.executable).with_name("morprom")),
        "data": settings.data,
    }.items():
        text = text.replace("{{" + name + "}}", value)
    return Text(text.rstrip())
