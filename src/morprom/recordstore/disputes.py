"""Visits that their owner hid or reported as wrong: told to the hospital that sent them, and to nobody else.

The hospital is told which visit and in which words, sealed under its own key. Its reconciliation goes on counting the
visit, or its agent would send it again for ever.
"""

import hmac
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from morprom.audit import Basis, Content, Entry, Outcome, record
from morprom.kernel import Secret
from morprom.people import get
from morprom.recordstore import dispute_store as store
from morprom.recordstore.refs import UnitRefs, keyed
from morprom.storage import KeyRing, Tx, open_small, seal_small

SUBKEY: Final = b"disputed visits"
ACTION: Final = "OrganizationSummary disputed"


@dataclass(frozen=True, slots=True)
class VisitName:
    """A visit as its hospital calls it; `ref` without the hospital in front."""

    hcode: str
    ref: str = field(repr=False)
    ref_key: Secret[bytes] = field(repr=False)

    @property
    def text(self) -> str:
        """`hcode:ref`."""
        return f"{self.hcode}:{self.ref}"

    @property
    def sealed(self) -> bytes:
        """The ledger's form."""
        return UnitRefs(self.ref_key).sealed(self.ref)

    @property
    def document_ref(self) -> bytes:
        """The ref of its document."""
        return keyed(self.sealed)


@dataclass(frozen=True, slots=True)
class Disputed:
    """A disputed visit as its hospital sees it; one of the two times is there."""

    ref: str
    masked_at: datetime | None
    reported_at: datetime | None
    reason: str = field(repr=False)


async def is_visit_of(tx: Tx, person_id: UUID, visit: VisitName) -> bool:
    """Whether the record of a person has this visit."""
    return await store.has_visit(tx, person_id, visit.hcode, visit.document_ref)


async def tell_masked(tx: Tx, person_id: UUID, visit: VisitName, *, masked: bool) -> None:
    """Put a hidden visit on its hospital's list, or take it off."""
    change = store.mask if masked else store.unmask
    await change(tx, person_id, visit.hcode, visit.sealed)


async def tell_reported(tx: Tx, person_id: UUID, visit: VisitName, reason: str | None) -> None:
    """Put a visit on its hospital's list with the owner's words; None takes it off."""
    sealed = visit.sealed
    if reason is None:
        await store.withdraw(tx, person_id, visit.hcode, sealed)
        return
    words = seal_small(reason.encode(), _key(visit.ref_key), person_id.bytes + sealed)
    await store.report(tx, person_id, visit.hcode, sealed, words)


async def disputed_visits(
    tx: Tx, ring: KeyRing, hcode: str, ref_key: Secret[bytes], *, account_id: UUID
) -> list[Disputed]:
    """A hospital's list, the newest last. The owner's history says when the hospital first saw theirs."""
    rows = await store.of_unit(tx, hcode)
    await _record_seen(tx, ring, hcode, rows, account_id)
    refs = UnitRefs(ref_key)
    disputed = [
        Disputed(f"{hcode}:{refs.opened(row.ref)}", row.masked_at, row.reported_at, _words(row, ref_key))
        for row in rows
    ]
    return sorted(disputed, key=lambda one: max(filter(None, (one.masked_at, one.reported_at))))


async def _record_seen(tx: Tx, ring: KeyRing, hcode: str, rows: list[store.DisputeRow], account_id: UUID) -> None:
    new: defaultdict[UUID, list[bytes]] = defaultdict(list)
    for row in rows:
        if row.is_new:
            new[row.person_id].append(keyed(row.ref))
    for person_id, refs in new.items():
        person = await get(tx, ring, person_id)
        if person:
            content = Content(action=ACTION, refs=tuple(refs))
            entry = Entry(Basis.UNIT, Outcome.PERMITTED, content, person_id, account_id, hcode)
            await record(tx, entry, person.data_key)


def _words(row: store.DisputeRow, ref_key: Secret[bytes]) -> str:
    if row.reason is None:
        return ""
    return open_small(row.reason, _key(ref_key), row.person_id.bytes + row.ref).decode()


def _key(ref_key: Secret[bytes]) -> bytes:
    return hmac.digest(ref_key.reveal(), SUBKEY, "sha256")
