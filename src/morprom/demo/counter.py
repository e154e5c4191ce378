"""The demo's counter: two officers, a station whose cards are made up, and the lines that say how to open it.

Nothing here is real: cards, DOPA's answers and messages are simulated, and every screen says so.
"""

import json
import subprocess
import sys
from base64 import b64decode
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from morprom.accounts import account_of
from morprom.demo.cast import NURSES, READING, DemoNurse
from morprom.demo.prepare import folder
from morprom.kernel import Secret, Settings, utc_now
from morprom.people import Identifier, Scheme, ensure
from morprom.proofing.model import CardFields
from morprom.proofing.simulated import simulated_slip
from morprom.proofing.stations import enrol, stations_of
from morprom.staff import Licence, Names, Work, add_position, list_provider, positions_of
from morprom.storage import Database, KeyRing, Tx
from morprom.synth import CAST
from morprom_wire.cid import check_digit

FACES: Final = 4
MOBILE: Final = "0800000000"
ODD: Final = (
    ("404", "นาย#บัตรเสีย##สมมุติ", "Mr.#Cancelled##Card"),
    ("503", "นาง#ถามไม่ได้##สมมุติ", "Mrs.#Nobody##Answers"),
)
"""Cards that DOPA's simulator refuses, and about which it does not answer: the 10th to 12th digits say so."""


class Opening(NamedTuple):
    """How to open the counter. `officers`: (name, address that makes an account or signs in)."""

    officers: tuple[tuple[str, str], ...]
    station: str  # the command; "" when the agent lacks its card part


async def prepare_counter(settings: Settings, url: str, ring: KeyRing) -> Opening:
    """Make what is not there; whoever has no account yet gets a slip, which is good for a day."""
    made = _station(settings)
    database = await Database.connect(url, most=1)
    try:
        async with database.transaction() as tx:
            officers = [(nurse.name, await _officer(tx, ring, settings, nurse)) for nurse in NURSES]
            if made:
                await _enrolled(tx, ring, b64decode(made["public_key"]))
    finally:
        await database.close()
    command = [_agent(), "card", "serve", "--virtual", str(_cards(settings)), "--state", str(_state(settings))]
    return Opening(tuple(officers), " ".join(command) if made else "")


async def _officer(tx: Tx, ring: KeyRing, settings: Settings, nurse: DemoNurse) -> str:
    now = utc_now()
    person = await ensure(tx, ring, Identifier(Scheme.CID, nurse.cid))
    if not await positions_of(tx, ring, person.person_id):
        names = Names(title_th=nurse.title, first_th=nurse.first, last_th=nurse.last)
        await list_provider(tx, ring, person.person_id, names, now)
        licence = Licence(council="02", number=nurse.licence, expires_on=date(now.year + 5, 12, 31))
        work = Work(title="พยาบาลวิชาชีพ", licence=licence, may_proof=True)
        await add_position(tx, ring, person.person_id, READING.hcode, work, now)
    if await account_of(tx, person.person_id, now):
        return f"{settings.public_url}/id/sign-in?aal=2.1&next=/counter"
    card = CardFields(cid=nurse.cid, name_th=f"{nurse.title}#{nurse.first}##{nurse.last}", birth_on=date(1990, 1, 1))
    slip = await simulated_slip(
        tx, ring, settings, person.person_id, card=card, contact=Secret(MOBILE), unit=READING.hcode, now=now
    )
    return f"{settings.public_url}/id/redeem#{slip.qr.reveal()}"


async def _enrolled(tx: Tx, ring: KeyRing, key: bytes) -> None:
    if key in [one.public_key for one in await stations_of(tx, READING.hcode)]:
        return
    officer = await ensure(tx, ring, Identifier(Scheme.CID, NURSES[0].cid))
    await enrol(tx, unit=READING.hcode, name="เคาน์เตอร์สาธิต", public_key=key, officer=officer.person_id, now=utc_now())


def _station(settings: Settings) -> dict[str, Any] | None:
    """The agent's key for this platform, as `morprom-agent card enrol` tells it; None without its card part."""
    done = subprocess.run(
        [
            sys.executable, "-m", "morprom_agent", "card", "enrol", "--to", settings.public_url,
            "--name", "เคาน์เตอร์สาธิต", "--state", str(_state(settings)), "--json",
        ],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    return json.loads(done.stdout) if done.returncode == 0 else None


def _state(settings: Settings) -> Path:
    return folder(settings) / "station"


def _agent() -> str:
    return str(Path(sys.executable).with_name("morprom-agent"))


def _cards(settings: Settings) -> Path:
    """The file of made-up cards, with their photos beside it."""
    path = folder(settings) / "cards.json"
    for number in range(1, FACES + 1):
        photo = files("morprom.demo").joinpath("faces", f"{number}.jpg").read_bytes()
        (path.parent / f"{number}.jpg").write_bytes(photo)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(list(made_up_cards(utc_now()))), indent=1))
    return path


def made_up_cards(now: datetime) -> list[dict[str, str]]:
    """Cards of the cast, then the two odd ones, as the agent's `--virtual` reads them."""
    year = now.astimezone(UTC).year
    cards: list[dict[str, str]] = []
    for one in CAST:
        born = date(year - one.turns, *one.birthday)
        if (now.date() - born).days < 7 * 366:
            continue  # a card is first issued at seven
        title, english = ("นาย", "Mr.") if one.sex == "1" else ("นางสาว", "Miss")
        cards.append(
            _card(one.cid, f"{title}#{one.given}##{one.surname}", f"{english}#{'##'.join(one.english)}", born)
            | {"gender": "M" if one.sex == "1" else "F", "photo": _face(one.sex, one.turns)}
        )
    for digits, name_th, name_en in ODD:
        twelve = f"199009900{digits}"
        cards.append(_card(twelve + str(check_digit(twelve)), name_th, name_en, date(1980, 5, 5)) | {"photo": "2.jpg"})
    return cards


def _face(sex: str, age: int) -> str:
    """Four drawn faces: old and young women are 1 and 3, men 4 and 2."""
    return {("2", True): "1.jpg", ("1", False): "2.jpg", ("2", False): "3.jpg"}.get((sex, age >= 50), "4.jpg")


def _card(cid: str, name_th: str, name_en: str, born: date) -> dict[str, str]:
    return {
        "cid": cid, "name_th": name_th, "name_en": name_en, "birth_on": born.isoformat(),
        "address": "99/9 หมู่ที่ 9 ตำบลสมมุติ อำเภอสมมุติ จังหวัดสมมุติ", "issuer": "อำเภอสมมุติ",
        "issued_on": "2024-01-02", "expires_on": "2032-12-31", "chip_no": "0123456789",
        "request_no": "9901-01-01234567",
    }  # fmt: skip
