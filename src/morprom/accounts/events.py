"""What happened to an account, kept for its owner to read."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

import msgspec

from morprom.accounts import store
from morprom.accounts.model import Device, Event
from morprom.accounts.sealing import Sealed, opened, sealed
from morprom.kernel import time_ordered_id
from morprom.kernel.unique import time_ordered_id_of
from morprom.storage import KeyRing, Tx

TABLE: Final = b"sign_in_event"
SHOWN: Final = 50
LATEST: Final = 10
LOOKED_AT: Final = 300
KEPT: Final = timedelta(days=365)


async def note(tx: Tx, ring: KeyRing, person_id: UUID, event: Event) -> None:
    """Keep an event; the database says when it was."""
    event_id = time_ordered_id()
    await store.add_event(tx, event_id, person_id, sealed(ring, TABLE, event_id, event))


async def note_once(tx: Tx, ring: KeyRing, person_id: UUID, event: Event, day: date) -> None:
    """Keep an event that strangers can cause, once a day at most, and for accounts alone: the same work for anybody."""
    which = hashlib.sha256(f"{person_id}\0{event.what}\0{day}".encode()).digest()[:10]
    milliseconds = int(datetime.combine(day, time(), UTC).timestamp() * 1000)
    event_id = time_ordered_id_of(milliseconds, which)
    await store.add_event_once(tx, event_id, person_id, sealed(ring, TABLE, event_id, event))


async def events_of(tx: Tx, ring: KeyRing, person_id: UUID, most: int = SHOWN) -> list[Event]:
    """The latest events, newest first."""
    rows = await store.events(tx, person_id, most)
    return [_event(ring, row["event_id"], row["at"], Sealed(row["key_id"], row["sealed"])) for row in rows]


async def is_device_known(tx: Tx, ring: KeyRing, person_id: UUID, device: Device) -> bool:
    """Whether somebody was signed in from that browser before, as far as their events go back.

    Most sign in where they did last, so few events are opened before more are.
    """
    for most in (LATEST, LOOKED_AT):
        rows = await store.events(tx, person_id, most)
        events = (_event(ring, row["event_id"], row["at"], Sealed(row["key_id"], row["sealed"])) for row in rows)
        if any(event.device.key == device.key for event in events if event.device.key):
            return True
        if len(rows) < most:
            return False
    return False


def _event(ring: KeyRing, event_id: UUID, at: datetime, columns: Sealed) -> Event:
    return msgspec.structs.replace(opened(ring, TABLE, event_id, columns, Event), at=at)


async def tidy(tx: Tx) -> None:
    """Forget what is older than a year."""
    await store.drop_events(tx, KEPT)
