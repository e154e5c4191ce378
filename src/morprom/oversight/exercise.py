"""Noting what a test hospital's software tried, and telling how far its vendor has come."""

from datetime import datetime

from morprom.oversight import exercise_store as store
from morprom.oversight.checklist import CHECKLIST, MENDED, done_by, is_upload, refusal_of, since
from morprom.oversight.model import ChecklistRow, Tried
from morprom.storage import Tx


def items_of(tried: Tried) -> tuple[str, ...]:
    """What a call is noted as; () for most calls that fail."""
    if tried.status == 422 and is_upload(tried.path):
        return (refusal_of(tried.path),)
    return tuple(done_by(tried))


async def note_tried(tx: Tx, hcode: str, tried: Tried, now: datetime) -> None:
    """Note a call of a test hospital. One that succeeds after it was refused is an error that was understood."""
    items = items_of(tried)
    if tried.status == 200 and is_upload(tried.path):
        known = await store.of_unit(tx, hcode, since(now))
        if refusal_of(tried.path) in known:
            items = (*items, MENDED)
    if items:
        await store.put(tx, hcode, items, now)


async def checklist_of(tx: Tx, hcode: str, now: datetime) -> list[ChecklistRow]:
    """Every item of the checklist, with when it was done in the last day."""
    known = await store.of_unit(tx, hcode, since(now))
    return [ChecklistRow(item, known.get(item.id)) for item in CHECKLIST]


async def purge_tried(tx: Tx, now: datetime) -> int:
    """Forget what was tried longer ago than a day; how many items."""
    return await store.purge(tx, since(now))


__all__ = ["checklist_of", "items_of", "note_tried", "purge_tried", "since"]
