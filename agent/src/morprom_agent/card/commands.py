"""What the card commands do, without the command line around them."""

import asyncio
import base64
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

from morprom_agent.card.model import CardFault, Fault, Seen, Step
from morprom_agent.card.words import FAULTS, STATES
from morprom_agent.stop import Exit, Stop

HOME: Final = Path(".morprom-agent") / "card"
EXTRA: Final = ("smartcard", "websockets", "cryptography")
HIDDEN: Final = ("cid", "name_th", "name_en", "birth_on", "address", "chip_no", "request_no")


class Check(NamedTuple):
    """One thing that has to be there."""

    what: str
    ok: bool
    th: str
    en: str


def demand_extra(*needed: str) -> None:
    """Raise Stop unless the packages of the extra are installed; pyscard is asked for where it is used."""
    missing = [name for name in needed or EXTRA[1:] if find_spec(name) is None]
    if missing:
        raise Stop(
            Exit.CARD,
            'ยังไม่ได้ติดตั้งส่วนอ่านบัตร สั่ง: pip install "morprom-agent[card]"',
            f'the card part is not installed ({", ".join(missing)}): pip install "morprom-agent[card]"',
        )


def folder_of(state: Path | None) -> Path:
    """The station's folder, made when it is not there, closed to others."""
    folder = state or Path.home() / HOME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):
            folder.chmod(0o700)
    except OSError as error:
        raise Stop(
            Exit.SETTINGS,
            f"ใช้โฟลเดอร์ {folder} ไม่ได้ ({error.strerror}) เลือกที่อื่นด้วย --state",
            f"the folder {folder} cannot be used ({error.strerror}); choose another with --state",
        ) from None
    return folder


def enrol_station(state: Path | None, *, to: str, name: str, anew: bool) -> dict[str, Any]:
    """Make or show this station's key for one platform."""
    from morprom_agent.card.enrolled import enrol
    from morprom_agent.card.keys import keys_of

    folder = folder_of(state)
    keys = keys_of(folder)
    made = enrol(folder, keys, address=to, name=name, anew=anew)
    return {
        "origin": made.origin,
        "name": made.name,
        "public_key": base64.b64encode(made.key.public).decode(),
        "fingerprint": made.fingerprint,
        "enrol_at": f"{made.origin}/counter",
        "kept_in": keys.place,
        "warning": f"{keys.warning.th}\n{keys.warning.en}" if keys.warning else "",
    }


def reader_names() -> list[str]:
    """The readers that are plugged in. Raises Stop when there is no service or no reader."""
    from morprom_agent.card.pcsc import PcscReader

    try:
        names = PcscReader().names()
    except CardFault as fault:
        raise stop_of(fault.code) from None
    if not names:
        raise stop_of("no-reader")
    return names


def read_once(*, reader: str, show: bool, photo: Path | None, chip_numbers: bool) -> dict[str, Any]:
    """What the card in the reader says; without `show` only how long each part is."""
    from morprom_agent.card.patience import read_patiently
    from morprom_agent.card.pcsc import PcscReader

    cards = PcscReader(reader, with_numbers=chip_numbers)
    seen = cards.look()
    if seen.state != "card":
        raise stop_of(seen.state)
    try:
        contents = asyncio.run(read_patiently(cards, seen, _ignore))
    except CardFault as fault:
        raise stop_of(fault.code) from None
    said: dict[str, Any] = {**contents.fields}
    if not show:
        said |= {name: f"({len(said[name] or '')})" for name in HIDDEN}
    if photo:
        photo.write_bytes(contents.photo)
    return said | {"photo_bytes": len(contents.photo)}


def examine(*, reader: str, state: Path | None) -> list[Check]:
    """What a station needs, in the order in which it is mended."""
    checks = [Check(name, find_spec(name) is not None, "ส่วนเสริม card", "extra `card` of the package") for name in EXTRA]
    if not all(check.ok for check in checks):
        return checks
    return [*checks, *_reader_checks(reader), _enrolment(folder_of(state))]


def stop_of(code: Fault) -> Stop:
    """A failure as the end of a command."""
    return Stop(Exit.CARD, FAULTS[code].th, FAULTS[code].en)


def _reader_checks(reader: str) -> list[Check]:
    from morprom_agent.card.pcsc import PcscReader

    seen: Seen = PcscReader(reader).look()
    words = STATES[seen.state]
    is_running, has_reader = seen.state != "no-service", seen.state not in ("no-service", "no-reader")
    return [
        Check("PC/SC", is_running, "ทำงานอยู่" if is_running else words.th, "runs" if is_running else words.en),
        Check("reader", has_reader, *((seen.reader or "มี", "there") if has_reader else words)),
        Check("card", seen.state == "card", *words),
    ]


def _enrolment(folder: Path) -> Check:
    from morprom_agent.card.enrolled import enrolled
    from morprom_agent.card.keys import keys_of

    stations = enrolled(folder, keys_of(folder))
    if not stations:
        return Check("station", False, "ยังไม่ได้ลงทะเบียน สั่ง card enrol", "not enrolled: card enrol --to …")
    listed = ", ".join(f"{one.origin} {one.fingerprint}" for one in stations.values())
    return Check("station", True, listed, "enrolled")


def _ignore(_: Step) -> None:
    return None
