"""Showing what the platform does: the agent sends the month, then the lines to read one person with."""

import asyncio
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from morprom.demo.cast import AGENT, DOCTOR, READING, SENDING
from morprom.demo.prepare import export_of, folder, password_file, prepare
from morprom.kernel import Settings
from morprom.storage import open_keys
from morprom.synth import CAST


def show(settings: Settings, url: str) -> None:
    """Prepare the demo, send its month, say what happened and what to do next. Sends nothing twice."""
    console = Console(stderr=True)
    console.print(f"เตรียมหน่วยบริการและข้อมูลสาธิต / preparing {SENDING.name} …")
    asyncio.run(prepare(settings, url, open_keys(settings)))
    sent = _send(settings, export_of(settings))
    console.print(Panel(_what_happened(sent), title="ส่งข้อมูลแล้ว / what was sent", border_style="green"))
    console.rule("อ่านประวัติของหนึ่งคน / read one person's record", style="cyan")
    console.print(_how_to_read(settings), soft_wrap=True)  # lines to copy: no frame, no wrapping


def _send(settings: Settings, export: Path) -> dict[str, Any]:
    """Run the agent as a hospital would; its progress bar goes to the terminal, its result is JSON."""
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
    return msgspec.json.decode(done.stdout) if done.stdout.strip() else {"exit": done.returncode}


def _what_happened(sent: dict[str, Any]) -> Text:
    lines = Text()
    for key, value in sent.items():
        if not isinstance(value, dict | list):
            lines.append(f"{key:>14}  {value}\n")
        elif value:
            lines.append(f"{key:>14}  {msgspec.json.encode(value).decode()}\n")
    lines.right_crop(1)
    return lines


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
