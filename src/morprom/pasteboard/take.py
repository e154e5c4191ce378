"""Take a note: read it, and it is gone."""

from uuid import UUID

from morprom.audit import Basis, Content, Entry, Outcome, record
from morprom.pasteboard import store
from morprom.pasteboard.leave import ACTION
from morprom.pasteboard.rules import code_hash, key_of
from morprom.storage import KeyRing, Tx, open_small


async def take(tx: Tx, ring: KeyRing, code: UUID | None, *, hcode: str, account_id: UUID) -> bytes | None:
    """The note of `code` as it was left; None when there is none for this hospital, whatever the reason."""
    kept = code_hash(code) if code else b""
    sealed = await store.take(tx, kept, hcode) if code else None
    outcome = Outcome.REFUSED if sealed is None else Outcome.PERMITTED
    content = Content(action=ACTION, reason="" if sealed else "NO_NOTE")
    await record(tx, Entry(Basis.UNIT, outcome, content, actor=account_id, unit=hcode), ring)
    return open_small(sealed, key_of(code), kept + hcode.encode()) if sealed and code else None
