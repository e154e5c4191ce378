"""Leave a note."""

from uuid import UUID

from morprom.audit import Basis, Content, Entry, Outcome, record
from morprom.kernel import Category, Problem, Words, new_id
from morprom.pasteboard import store
from morprom.pasteboard.rules import LIFE, MOST_OF_A_UNIT, RETRY_SECONDS, code_hash, key_of
from morprom.storage import KeyRing, Tx, seal_small

ACTION = "PasteJSON"


async def leave(tx: Tx, ring: KeyRing, note: bytes, *, hcode: str, account_id: UUID) -> UUID:
    """Keep `note` for whoever of the same hospital brings the code. Raises Problem PASTES_TOO_MANY."""
    if await store.waiting(tx, hcode) >= MOST_OF_A_UNIT:
        words = Words("มีข้อความที่ยังไม่ถูกอ่านมากเกินไป", "too many notes of this hospital wait to be read")
        raise Problem(Category.TOO_MANY, "PASTES_TOO_MANY", words, retry_after=RETRY_SECONDS)
    code = new_id()
    kept = code_hash(code)
    await store.insert(tx, kept, hcode, LIFE, seal_small(note, key_of(code), kept + hcode.encode()))
    entry = Entry(Basis.UNIT, Outcome.WRITTEN, Content(action=ACTION), actor=account_id, unit=hcode)
    await record(tx, entry, ring)
    return code
