"""How a line of history becomes a row, and a row a leaf. Pure apart from the random nonce and id."""

import struct
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from morprom.audit.merkle import leaf_hash
from morprom.audit.model import Basis, Content, Entry, HistoryRow, Line, Outcome, StoredRow
from morprom.kernel import time_ordered_id
from morprom.storage import DataKey, KeyKind, KeyRing, open_small, seal_small

SUBKEY = b"history"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NOBODY = bytes(16)
_FIXED = struct.Struct(">16s16s16sqqhhhH")
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Content).decode


def prepare(entry: Entry, key: DataKey | KeyRing) -> HistoryRow:
    """The row of `entry`, sealed under the person's data key, or under the ring when it belongs to no person."""
    entry_id = time_ordered_id()
    key_id, secret = _sealing_key(entry, key)
    sealed = seal_small(_encode(entry.content), secret, entry_id.bytes)
    return HistoryRow(
        entry_id, entry.person_id, entry.actor, entry.basis, entry.outcome, key_id, entry.unit, sealed
    )  # fmt: skip


def opened(stored: StoredRow, key: DataKey | KeyRing) -> Line:
    """The line that a row holds. Raises cryptography's InvalidTag when it was not sealed so."""
    row = stored.row
    secret = key.subkey(SUBKEY) if isinstance(key, DataKey) else key.get(KeyKind.HISTORY, row.key_id).reveal()
    content = _decode(open_small(row.sealed, secret, row.id.bytes))
    return Line(
        row.id, stored.at, Entry(Basis(row.basis), Outcome(row.outcome), content, row.person_id, row.actor, row.unit)
    )


def canonical(stored: StoredRow) -> bytes:
    """The bytes of a row that its leaf commits to, every column among them.

    The nonce in front of `sealed` is 96 random bits that go when the row is erased, so a leaf that stays behind
    cannot be tried against guesses of its row.
    """
    row = stored.row
    unit = row.unit.encode()
    fixed = _FIXED.pack(
        row.id.bytes, _bytes(row.person_id), _bytes(row.actor), (stored.at - _EPOCH) // _MICROSECOND, stored.txid,
        row.basis, row.outcome, row.key_id, len(unit),
    )  # fmt: skip
    return fixed + unit + row.sealed


def leaf(stored: StoredRow) -> bytes:
    """The leaf of a row."""
    return leaf_hash(canonical(stored))


def _sealing_key(entry: Entry, key: DataKey | KeyRing) -> tuple[int, bytes]:
    if isinstance(key, DataKey) != (entry.person_id is not None):
        raise ValueError("a person's line is sealed under that person's key, and no other line is")
    if isinstance(key, DataKey):
        return key.key_id, key.subkey(SUBKEY)
    key_id, secret = key.current(KeyKind.HISTORY)
    return key_id, secret.reveal()


def _bytes(value: UUID | None) -> bytes:
    return value.bytes if value else _NOBODY
