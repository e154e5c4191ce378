"""The Thai ID card, and what a card station says of one: chip commands, what they answer, the bytes that are signed.

ISO 7816 over PC/SC; the applet's files are read by offset, each followed by GET RESPONSE. Text is TIS-620 in fields of
fixed length, with "#" between the parts of a name or an address; dates are yyyymmdd of the Buddhist era.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal, NamedTuple, TypedDict
from uuid import UUID

from morprom_wire.cid import is_cid

# The chip

SELECT: Final = bytes.fromhex("00A4040008A000000054480001")
LIFELONG: Final = "99999999"
PHOTO_AT: Final = 0x017B
PHOTO_BLOCK: Final = 255
PHOTO_BLOCKS: Final = 20
BUDDHIST_YEARS: Final = 543


class ChipField(NamedTuple):
    """Where the applet keeps something."""

    name: str
    offset: int
    length: int


FIELDS: Final = (
    ChipField("cid", 0x0004, 13),
    ChipField("name_th", 0x0011, 100),
    ChipField("name_en", 0x0075, 100),
    ChipField("birth_on", 0x00D9, 8),
    ChipField("gender", 0x00E1, 1),
    ChipField("issuer", 0x00F6, 100),
    ChipField("issued_on", 0x0167, 8),
    ChipField("expires_on", 0x016F, 8),
    ChipField("address", 0x1579, 100),
)

REQUEST_NO: Final = ChipField("request_no", 0x1619, 14)
SELECT_ISSUER: Final = bytes.fromhex("00A4040008A000000003000000")
GET_CHIP_NO: Final = bytes.fromhex("80CA9F7F2D")
"""The number under the photo, and the chip's serial number (GlobalPlatform's CPLC) of the card's issuer domain. From
what others published, not from DOPA: read only where a site asks for it."""


def read_command(offset: int, length: int) -> bytes:
    """The command that makes `length` bytes from `offset` ready."""
    return bytes((0x80, 0xB0, *offset.to_bytes(2), 0x02, 0x00, length))


def get_response(length: int, atr: bytes) -> bytes:
    """The command that fetches them. Cards whose ATR starts with 3B 67 want a 1 in P2."""
    return bytes((0x00, 0xC0, 0x00, 0x01 if atr[:2] == b"\x3b\x67" else 0x00, length))


def photo_offset(block: int) -> int:
    """Where a block of the photo starts, counted from 0."""
    return PHOTO_AT + block * PHOTO_BLOCK


# What it says

Known = Literal["day", "month", "year"]
GENDERS: Final[Mapping[str, str]] = {"1": "M", "2": "F"}


class CardSays(TypedDict):
    """The members of a reading's `fields`: dates of the common era as yyyy-mm-dd, or null; "" is not said."""

    cid: str
    name_th: str  # title, first, middle and last name between "#"
    name_en: str
    birth_on: str | None  # the first day of what is known (Civil and Commercial Code, section 16)
    birth_known: Known
    gender: str  # M, F or ""
    address: str
    issuer: str
    issued_on: str | None
    expires_on: str | None  # null: for life
    chip_no: str
    request_no: str


def card_says(raw: Mapping[str, bytes]) -> CardSays | None:
    """What the bytes of FIELDS say; None when they hold no citizen number, no Thai name or no date of birth."""
    cid, name, birth = text(raw["cid"]), text(raw["name_th"]), born(text(raw["birth_on"]))
    if not is_cid(cid) or not name.strip("# ") or birth is None:
        return None
    return CardSays(
        cid=cid, name_th=name, name_en=text(raw["name_en"]), birth_on=birth[0].isoformat(), birth_known=birth[1],
        gender=GENDERS.get(text(raw["gender"]), ""), address=parts(raw["address"]), issuer=parts(raw["issuer"]),
        issued_on=_iso(raw["issued_on"]), expires_on=_iso(raw["expires_on"]),
        chip_no=text(raw.get("chip_no", b"")), request_no=_digits(raw.get("request_no", b"")),
    )  # fmt: skip


def text(raw: bytes) -> str:
    """TIS-620 without what fills the field. Bytes that are no letter are left out."""
    said = raw.decode("tis-620", errors="ignore")
    return re.sub(r"[\x00-\x1f\x7f]", " ", said).strip()


def parts(raw: bytes) -> str:
    """The parts of an address or an office on one line: empty ones and doubled spaces are left out."""
    return " ".join(part for part in re.split(r"[#\s]+", text(raw)) if part)


def born(yyyymmdd: str) -> tuple[date, Known] | None:
    """A date of birth and how much of it is known: month or day may be 00. None when it is no date."""
    if not re.fullmatch(r"[0-9]{8}", yyyymmdd):
        return None
    year, month, day = int(yyyymmdd[:4]) - BUDDHIST_YEARS, int(yyyymmdd[4:6]), int(yyyymmdd[6:])
    known: Known = "year" if month == 0 else "month" if day == 0 else "day"
    try:
        return date(year, month or 1, (day or 1) if month else 1), known
    except ValueError:
        return None


def _iso(raw: bytes) -> str | None:
    said = text(raw)
    found = None if said == LIFELONG else born(said)
    return found[0].isoformat() if found else None


def _digits(raw: bytes) -> str:
    said = re.sub(r"[-\s]", "", text(raw))
    return said if said.isascii() and said.isdigit() else ""


def jpeg_of(blocks: bytes) -> bytes:
    """The photo without what fills its last block; empty when it is no JPEG."""
    end = blocks.rfind(b"\xff\xd9")
    return blocks[: end + 2] if blocks[:2] == b"\xff\xd8" and end > 0 else b""


# What a station signs

CONTEXT: Final = b"morprom card reading v1\0"
SIMULATED_CONTEXT: Final = b"morprom simulated card reading v1\0"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class ReadingJson(TypedDict):
    """One reading on its way from a station over the page to the platform. Bytes are base64 (RFC 4648, section 4)."""

    station_id: str
    nonce: str
    read_at: str  # RFC 3339, UTC, milliseconds
    fields: str  # the bytes of a JSON object as `CardSays` describes it
    photo: str  # JPEG
    signature: str  # ECDSA with SHA-256, DER, over `signed_bytes`
    is_simulated: bool


def signed_bytes(
    station_id: UUID, nonce: str, read_at: datetime, fields: bytes, photo: bytes, *, is_simulated: bool = False
) -> bytes:
    """What a station signs: context, station, nonce, time in milliseconds, digests of fields and photo."""
    moment = ((read_at - _EPOCH) // timedelta(milliseconds=1)).to_bytes(8)
    digests = hashlib.sha256(fields).digest() + hashlib.sha256(photo).digest()
    context = SIMULATED_CONTEXT if is_simulated else CONTEXT
    return context + station_id.bytes + hashlib.sha256(nonce.encode()).digest() + moment + digests


def fields_json(said: CardSays) -> bytes:
    """The bytes of `fields`."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def fingerprint(public_key: bytes) -> str:
    """What two people compare of a station's key (SubjectPublicKeyInfo): 80 bits, as XXXX-XXXX-XXXX-XXXX."""
    letters = base64.b32encode(hashlib.sha256(public_key).digest()[:10]).decode()
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


# What page and station say to each other over the WebSocket ws://127.0.0.1:<port>/counter, each one JSON object

PAIRING: Final = "card"
"""A counter page is opened as `<origin>/counter#card=<port>.<secret>`."""

PAGE_SAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "hello": ("secret",),  # first, within five seconds
    "ask": (),  # may a card be read? Answered by `waiting`, and by `go` once somebody pressed the station's button
    "nonce": ("nonce", "station_id"),  # answers `go`, within fifteen seconds
    "cancel": (),
}
STATION_SAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "hello": ("public_key", "fingerprint", "name", "version"),
    "state": ("state", "reader", "insertion", "th", "en"),  # of reader and card, whenever it changes
    "waiting": ("th", "en"),
    "go": (),
    "progress": ("done", "of"),
    "reading": ("reading", "insertion"),  # ReadingJson, and of which card: the insertion that `state` told
    "failed": ("code", "th", "en"),
}
"""Beside `type`. Everything that a station says has `is_simulated`, too."""
