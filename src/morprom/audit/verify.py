"""Recompute the whole history from its rows and say what does not hold."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from uuid import UUID

from morprom.audit import store
from morprom.audit.head import public_keys, read_note
from morprom.audit.merkle import grown, root_of_peaks
from morprom.audit.model import Batch, Head, StoredRow
from morprom.audit.rules import leaf
from morprom.audit.seal import START
from morprom.audit.witness import witness_of
from morprom.kernel import Settings, Words
from morprom.storage import KeyRing, Tx

MEANINGS: dict[str, Words] = {
    "ROW_ALTERED": Words("แถวนี้ไม่ตรงกับที่ผนึกไว้", "this row is not what was sealed"),
    "ROW_ADDED": Words("แถวนี้แทรกเข้ามาหลังการผนึก", "this row was slipped in after its time was sealed"),
    "ROW_MISSING": Words("แถวที่ผนึกไว้ในตำแหน่งนี้หายไป", "the row that was sealed at this position is gone"),
    "LEAVES_ALTERED": Words("ใบของต้นไม้ไม่ตรงกับหัวที่ลงนามไว้", "the leaves do not add up to the signed head"),
    "BATCH_MISSING": Words("ชุดที่ผนึกไว้ก่อนหน้านี้หายไป", "a batch before this one is gone"),
    "HEAD_ALTERED": Words(
        "หัวหรือลายเซ็นใช้ไม่ได้", "the head is not signed by a key of this platform, or not for this tree"
    ),
    "WITNESS_DISAGREES": Words("พยานภายนอกถือหัวที่ต่างออกไป", "the witness holds a head that this history contradicts"),
    "WITNESS_UNREADABLE": Words(
        "พยานถือหัวที่ตรวจลายเซ็นไม่ได้", "the witness holds a head that no key of this platform signed"
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `position` counts from 0 within the day's tree."""

    code: str
    day: date | None = None
    position: int | None = None
    entry_id: UUID | None = None

    @property
    def words(self) -> Words:
        """What the code means."""
        return MEANINGS[self.code]


@dataclass(slots=True)
class Verdict:
    """What a verification found; `unsealed` rows are too young for a tree and protected by nothing yet."""

    rows: int = 0
    heads: int = 0
    witnessed: int = 0
    unsealed: int = 0
    faults: list[Fault] = field(default_factory=list[Fault])


async def verify(tx: Tx, ring: KeyRing, settings: Settings, day: date | None = None) -> Verdict:
    """Check every sealed row (of `day`), every head, and the heads that the settings' witness holds."""
    notes = witness_of(settings).notes()  # first: it may be shown newer heads meanwhile
    check = _Check(public_keys(ring))
    after = START
    for mark in await store.batch_marks(tx):
        if day in (None, mark.day):
            batch = await store.batch(tx, mark.day, mark.first)
            check.batch(batch, await store.rows_between(tx, after, mark.upto))
        after = mark.upto
    check.witness(notes, day)
    check.verdict.unsealed = await store.unsealed(tx, after)
    return check.verdict


class _Check:
    """Grows each day's tree again, batch by batch."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        self.verdict = Verdict()
        self._keys = keys
        self._roots: dict[tuple[date, int], bytes] = {}
        self._day: date | None = None
        self._size = 0
        self._peaks: tuple[bytes, ...] = ()

    def batch(self, batch: Batch, rows: Sequence[StoredRow]) -> None:
        day = batch.head.day
        if day != self._day:
            self._day, self._size, self._peaks = day, 0, ()
        if batch.first != self._size:
            self._fault("BATCH_MISSING", day, self._size)
        self._peaks = grown(self._peaks, batch.first, batch.leaves)
        self._size = batch.head.size
        self._head(batch.head)
        self._rows(batch, rows)

    def _head(self, head: Head) -> None:
        self.verdict.heads += 1
        root = self._roots[head.day, head.size] = root_of_peaks(self._peaks)
        signed = read_note(head.note, self._keys)
        if signed is None or (signed.day, signed.size) != (head.day, head.size):
            self._fault("HEAD_ALTERED", head.day, head.size)
        elif signed.root != root:
            self._fault("LEAVES_ALTERED", head.day, head.size)

    def _rows(self, batch: Batch, rows: Sequence[StoredRow]) -> None:
        self.verdict.rows += len(rows)
        unmatched = Counter(batch.leaves)
        strangers: list[UUID] = []
        for row in rows:
            found = leaf(row)
            if unmatched[found]:
                unmatched[found] -= 1
            else:
                strangers.append(row.row.id)
        gone = [batch.first + index for index, expected in enumerate(batch.leaves) if unmatched[expected]]
        for position, entry_id in zip_longest(gone, strangers):
            code = "ROW_ADDED" if position is None else "ROW_MISSING" if entry_id is None else "ROW_ALTERED"
            self._fault(code, batch.head.day, position, entry_id)

    def witness(self, notes: Sequence[str], day: date | None) -> None:
        for note in notes:
            signed = read_note(note, self._keys)
            if signed is None:
                self._fault("WITNESS_UNREADABLE")
            elif day in (None, signed.day):
                self.verdict.witnessed += 1
                if self._roots.get((signed.day, signed.size)) != signed.root:
                    self._fault("WITNESS_DISAGREES", signed.day, signed.size)

    def _fault(
        self, code: str, day: date | None = None, position: int | None = None, entry_id: UUID | None = None
    ) -> None:
        self.verdict.faults.append(Fault(code, day, position, entry_id))
