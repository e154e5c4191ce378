"""The demo's people at their own pages: who they are, as their cards say it, and the lines to begin with."""

import sys
from datetime import date
from pathlib import Path
from typing import NamedTuple

from rich.text import Text

from morprom.kernel import Settings
from morprom.synth import CAST


class DemoPerson(NamedTuple):
    """One of the cast as an ID card says it; the parts of the name are divided by `#`."""

    name: str
    born: date


def known_person(cid: str, today: date) -> DemoPerson | None:
    """Who has that number among those whose visits the demo sends."""
    for one in CAST:
        if one.cid == cid:
            return DemoPerson(f"{'นาย' if one.sex == '1' else 'นาง'}#{one.given}##{one.surname}", one.born(today))
    return None


def how_to_begin(settings: Settings) -> Text:
    """From a slip to one's own record. Passkeys know no addresses, only names: so it is `public_url` here."""
    morprom = Path(sys.executable).with_name("morprom")
    return Text(
        "1. พิมพ์ใบยืนยันตัวตนของคุณยายสมศรี / a slip for Grandmother Somsri\n"
        f"   {morprom} person slip {CAST[0].cid} --data {settings.data}\n"
        "2. เปิดลิงก์ที่ได้ รหัส SMS จำลองแสดงบนหน้า แล้วตั้งพาสคีย์"
        " / open the link that it prints; the simulated SMS stands on the page; make a passkey\n"
        f"3. ข้อมูลของตนเอง ใครดู และความปลอดภัย / the record, who read it, security    {settings.public_url}/id"
    )
