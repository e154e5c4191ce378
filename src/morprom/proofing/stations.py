"""Card stations: a counter's computer, enrolled once by an officer, whose own P-256 key signs what it reads.

A reading answers one nonce of ours within 60 seconds. What is signed is bound to the station, the person and every
field, so that a page, another program, or a replay cannot put words into a card's mouth. It does not prove the chip:
the public commands prove nothing by themselves, only DOPA does.
"""

import secrets
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from morprom.kernel import Category, Problem, Secret, Words, new_id
from morprom.proofing import store
from morprom.storage import Tx
from morprom_wire.card import fingerprint, signed_bytes

LIFE: Final = timedelta(seconds=60)
CLOCK_DRIFT: Final = timedelta(minutes=5)
LONGEST: Final = {"nonce": 100, "read_at": 40, "fields": 8_000, "photo": 40_000, "signature": 200}


class Station(NamedTuple):
    """One counter computer."""

    station_id: UUID
    name: str
    enrolled_at: datetime
    public_key: bytes

    @property
    def fingerprint(self) -> str:
        """What two people compare of its key."""
        return fingerprint(self.public_key)


class Reading(msgspec.Struct, frozen=True):
    """What a station says that it read: `fields` is the JSON that it signed the digest of, `photo` a JPEG."""

    station_id: UUID
    nonce: str
    read_at: datetime
    fields: bytes
    photo: bytes
    signature: bytes  # DER, over `signed_bytes`
    is_simulated: bool = False

    def __repr__(self) -> str:
        return f"Reading({self.station_id})"


async def enrol(tx: Tx, *, unit: str, name: str, public_key: bytes, officer: UUID, now: datetime) -> UUID:
    """Enrol a station by its public key (SubjectPublicKeyInfo, P-256). Raises Problem STATION_KEY_INVALID."""
    _key(public_key)
    station_id = new_id()
    await store.add_station(tx, station_id, unit, name.strip()[:80], public_key, officer, now)
    return station_id


async def stations_of(tx: Tx, unit: str) -> list[Station]:
    """A unit's stations, newest first."""
    return [Station(*row) for row in await store.stations(tx, unit)]  # type: ignore[misc]


async def end_station(tx: Tx, *, unit: str, station_id: UUID, now: datetime) -> bool:
    """Take one away; False when it is not that unit's."""
    return await store.end_station(tx, unit, station_id, now)


async def new_nonce(tx: Tx, *, unit: str, station_id: UUID, now: datetime) -> Secret[str]:
    """A nonce for one reading of one station. Raises Problem STATION_UNKNOWN."""
    row = await store.station(tx, station_id)
    if row is None or row["unit"] != unit:
        raise Problem(Category.NOT_FOUND, "STATION_UNKNOWN", Words("ไม่รู้จักเครื่องอ่านบัตรนี้", "there is no such station"))
    nonce = secrets.token_urlsafe(32)
    await store.add_nonce(tx, Secret(nonce).digest(), station_id, now)
    return Secret(nonce)


def reading_of(said: Mapping[str, str]) -> Reading:
    """What a page handed on of a station's reading, as text. Raises Problem READING_REFUSED."""
    if any(len(said.get(name, "")) > most for name, most in LONGEST.items()):
        raise _refused()
    try:
        return Reading(
            station_id=UUID(said.get("station_id", "")),
            nonce=said.get("nonce", ""),
            read_at=datetime.fromisoformat(said.get("read_at", "")),
            fields=b64decode(said.get("fields", ""), validate=True),
            photo=b64decode(said.get("photo", ""), validate=True),
            signature=b64decode(said.get("signature", ""), validate=True),
            is_simulated=said.get("is_simulated") == "true",
        )
    except ValueError:
        raise _refused() from None


async def demand_reading(
    tx: Tx, reading: Reading, *, unit: str, now: datetime, simulated_allowed: bool = False
) -> None:
    """Raise Problem READING_REFUSED unless a station of `unit` read this just now, for a nonce of ours.

    A simulated card is refused as READING_SIMULATED; only a platform in demo mode allows it.
    """
    row = await store.station(tx, reading.station_id)
    is_ours = await store.take_nonce(tx, Secret(reading.nonce).digest(), reading.station_id, now - LIFE)
    is_recent = reading.read_at.tzinfo is not None and abs(now - reading.read_at) <= CLOCK_DRIFT
    if row is None or row["unit"] != unit or not is_ours or not is_recent:
        raise _refused()
    signed = signed_bytes(
        reading.station_id, reading.nonce, reading.read_at, reading.fields, reading.photo,
        is_simulated=reading.is_simulated,
    )  # fmt: skip
    try:
        _key(row["public_key"]).verify(reading.signature, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise _refused() from None
    if reading.is_simulated and not simulated_allowed:
        words = Words("นี่คือบัตรจำลอง ใช้ได้ในระบบสาธิตเท่านั้น", "this card is simulated; only a demo takes it")
        raise Problem(Category.FORBIDDEN, "READING_SIMULATED", words)


def _key(public_key: bytes) -> ec.EllipticCurvePublicKey:
    try:
        key = serialization.load_der_public_key(public_key)
    except ValueError:
        key = None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        words = Words("กุญแจของเครื่องอ่านบัตรไม่ถูกต้อง", "the station's key is no P-256 key")
        raise Problem(Category.INCORRECT, "STATION_KEY_INVALID", words)
    return key


def _refused() -> Problem:
    words = Words("ผลอ่านบัตรนี้ใช้ไม่ได้ โปรดอ่านใหม่", "this reading does not count; read the card again")
    return Problem(Category.FORBIDDEN, "READING_REFUSED", words)
