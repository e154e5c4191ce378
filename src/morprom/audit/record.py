"""Write and read lines of the history."""

from collections.abc import Sequence
from uuid import UUID

from morprom.audit import store
from morprom.audit.model import Entry, HistoryRow, Line, StoredRow
from morprom.audit.rules import opened, prepare
from morprom.storage import DataKey, KeyRing, Tx


async def record(tx: Tx, entry: Entry, key: DataKey | KeyRing) -> HistoryRow:
    """Write one line with the transaction that it tells of, under the person's key or, without a person, the ring's."""
    row = prepare(entry, key)
    await store.insert(tx, row)
    return row


async def read_history(tx: Tx, person_id: UUID, key: DataKey) -> list[Line]:
    """A person's history, oldest first."""
    return [opened(stored, key) for stored in await store.rows_of(tx, person_id)]


async def latest_sealed(tx: Tx, person_id: UUID, most: int) -> list[StoredRow]:
    """A person's latest lines, newest first and still sealed: who may ask for them holds no key of the person."""
    return await store.latest_of(tx, person_id, most)


def open_lines(rows: Sequence[StoredRow], key: DataKey) -> list[Line]:
    """Lines that `latest_sealed` gave, opened with the person's key."""
    return [opened(stored, key) for stored in rows]
