"""Taking visits and other items back: soft, logged, restorable until the hold is over, held when it may be a mistake.

One removal is of one kind, and the guard compares it with that kind alone: a whole register is few beside the visits
of its days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from morprom.audit import Basis, Content, Entry, Outcome, record
from morprom.intake import store
from morprom.intake.model import Removal, RemovalState
from morprom.kernel import Category, Problem, Words, time_ordered_id
from morprom.people import get
from morprom.record import Kind
from morprom.recordstore import keyed
from morprom.storage import KeyRing, Tx

FREE_AN_HOUR: Final = 20  # wire protocol, section 8
FREE_SHARE: Final = 0.05
HOLD: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Removed:
    """What came of a removal: how many items went now, and the number of a request that is held."""

    state: RemovalState
    count: int
    removal_id: UUID | None = None


async def remove(
    tx: Tx,
    ring: KeyRing,
    unit: str,
    refs: Sequence[bytes],
    *,
    account_id: UUID | None,
    reason: str,
    kind: Kind = Kind.VISIT,
) -> Removed:
    """Take back the items of sealed `refs` that count; nothing happens to those that do not.

    `reason` is the call that asked, with its mode; the histories of the persons name it.
    """
    await store.one_removal_at_a_time(tx, unit)
    rows = [row for row in await store.lock_ledger(tx, unit, refs) if not row.is_removed]
    if not rows:
        return Removed(RemovalState.DONE, 0)
    removal_id = time_ordered_id()
    lately = await store.removed_lately(tx, unit, kind)
    of_those_days = await store.items_on(tx, unit, kind, {row.day for row in rows})
    state = RemovalState.HELD if is_suspicious(len(rows), lately, of_those_days) else RemovalState.DONE
    await store.add_removal(tx, removal_id, unit, account_id, state, reason, [row.ref for row in rows], kind)
    if state is RemovalState.HELD:
        return Removed(state, 0, removal_id)
    await _withdraw(tx, ring, unit, rows, account_id, reason)
    return Removed(state, len(rows), removal_id)


def is_suspicious(asked: int, removed_lately: int, items_of_those_days: int) -> bool:
    """More than 20 in an hour that are also more than 5 % of what the unit has of that kind on those days."""
    together = asked + removed_lately
    return together > FREE_AN_HOUR and together > FREE_SHARE * items_of_those_days


async def confirm(tx: Tx, ring: KeyRing, removal_id: UUID, *, account_id: UUID | None = None) -> Removed:
    """Carry out a held removal."""
    removal = await _in_state(tx, removal_id, RemovalState.HELD)
    rows = [row for row in await store.lock_ledger(tx, removal.unit, removal.refs) if not row.is_removed]
    await _withdraw(tx, ring, removal.unit, rows, account_id, removal.reason)
    await store.decide_removal(tx, removal_id, RemovalState.DONE)
    return Removed(RemovalState.DONE, len(rows), removal_id)


async def restore(tx: Tx, ring: KeyRing, removal_id: UUID, *, account_id: UUID | None = None) -> int:
    """Bring removed items back; how many were still held."""
    removal = await _in_state(tx, removal_id, RemovalState.DONE)
    rows = await store.bring_back(tx, removal.unit, removal.refs)
    await store.decide_removal(tx, removal_id, RemovalState.RESTORED)
    await _tell(tx, ring, removal.unit, rows, Outcome.WRITTEN, account_id, "restore", removal.reason)
    return len(rows)


async def removals(tx: Tx, unit: str | None, *, held: bool) -> list[Removal]:
    """Removals, newest first, of one unit or of all; at most a thousand."""
    return await store.removals(tx, unit, RemovalState.HELD if held else None)


async def _in_state(tx: Tx, removal_id: UUID, state: RemovalState) -> Removal:
    removal = await store.removal(tx, removal_id)
    if removal is None:
        raise Problem(Category.NOT_FOUND, "REMOVAL_UNKNOWN", Words("ไม่พบคำขอลบนี้", "there is no such removal"))
    if removal.state is not state:
        words = Words(
            f"คำขอลบนี้อยู่ในสถานะ {removal.state.name} แล้ว", f"this removal is {removal.state.name.lower()} already"
        )
        raise Problem(Category.CONFLICT, "REMOVAL_DECIDED", words)
    return removal


async def _withdraw(
    tx: Tx, ring: KeyRing, unit: str, rows: Sequence[store.LedgerRow], account_id: UUID | None, reason: str
) -> None:
    await store.withdraw(tx, unit, rows, HOLD)
    await _tell(tx, ring, unit, rows, Outcome.REMOVED, account_id, reason)


async def _tell(
    tx: Tx,
    ring: KeyRing,
    unit: str,
    rows: Sequence[store.LedgerRow],
    outcome: Outcome,
    account_id: UUID | None,
    action: str,
    reason: str = "",
) -> None:
    """One line in the history of each person, however many of their items it is about."""
    for person_id in sorted({row.person_id for row in rows}):
        person = await get(tx, ring, person_id)
        if person is None:
            continue
        theirs = [row for row in rows if row.person_id == person_id]
        content = Content(
            action=action, reason=reason, removed=len(theirs), refs=tuple(keyed(row.ref) for row in theirs),
            classes=tuple(sorted({row.kind for row in theirs})),
        )  # fmt: skip
        entry = Entry(Basis.UNIT, outcome, content, person_id, account_id, unit)
        await record(tx, entry, person.data_key)
