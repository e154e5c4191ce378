"""A visit, or other item, that comes under another person than before was a mistake about who it is: all of it moves.

Old versions included, the content is opened with the former person's key and sealed for the right one. The former
person's history keeps that an item of that hospital was moved away, and who had read it; nothing else.
"""

from datetime import timedelta

from morprom.audit import Basis, Content, Entry, Outcome, record
from morprom.intake import plan as planning
from morprom.intake import store
from morprom.intake.look import fill_in_created, look
from morprom.intake.model import Part, Receipt, Submission
from morprom.kernel import Category, Problem, Words
from morprom.people import Person, ensure, get
from morprom.record import Kind
from morprom.recordstore.content import compared, unpacked
from morprom.storage import KeyRing, Tx
from morprom.storage.seal import seal, unseal


async def move(tx: Tx, ring: KeyRing, submission: Submission, hold: timedelta) -> Receipt:
    """Store a submission of which some items are another person's so far."""
    right = await ensure(tx, ring, submission.identifier)
    numbered = [(part, part.ledgered.ref) for part in submission.parts if part.ledgered]
    rows = await store.lock_ledger(tx, submission.unit, [ref for _, ref in numbered])
    owners = {row.ref: row.person_id for row in rows if row.person_id != right.person_id}
    moved = [(part, ref) for part, ref in numbered if ref in owners]
    for part, ref in moved:
        former = await get(tx, ring, owners[ref])
        if former is None:
            raise _owner_gone()
        current_hash = await _reseal(tx, part.kind, part.ref, former, right)
        await store.give_to(tx, submission.unit, ref, right.person_id, current_hash)
        await _tell(tx, submission, part, former)
        if part.kind is Kind.VISIT:
            await _take_along(tx, submission.unit, former, right)
    receipt = await _store_rest(tx, ring, submission, hold)
    return Receipt(receipt.receipt_id, receipt.new, receipt.same, receipt.changed, len(moved))


async def _take_along(tx: Tx, unit: str, former: Person, right: Person) -> None:
    """With the last visit goes what came with the visits: it describes the right person.

    What the hospital says of the right person already stays as it is.
    """
    if await store.has_visits(tx, unit, former.person_id):
        return
    known = await store.came_with_visits(tx, unit, right.person_id)
    for kind, ref in await store.came_with_visits(tx, unit, former.person_id):
        if (kind, ref) in known:
            await store.take_versions(tx, former.person_id, kind, ref)
        else:
            await _reseal(tx, kind, ref, former, right)


async def _reseal(tx: Tx, kind: int, ref: bytes, former: Person, right: Person) -> bytes:
    """Every version of a document under the right person's key; the hash of the newest."""
    current_hash = b""
    for row in await store.take_versions(tx, former.person_id, kind, ref):
        plain = unseal(
            row.sealed, former.data_key, person_id=former.person_id, kind=row.kind, unit=row.unit, ref=row.ref,
            version=row.version,
        )  # fmt: skip
        current_hash = right.data_key.content_hash(compared(row.kind, unpacked(plain)[1]))
        blob = seal(
            plain, right.data_key, person_id=right.person_id, kind=row.kind, unit=row.unit, ref=row.ref,
            version=row.version,
        )  # fmt: skip
        moved = row._replace(person_id=right.person_id, key_id=right.data_key.key_id, sealed=blob)
        await store.put_version(tx, moved, current_hash)
    return current_hash


async def _tell(tx: Tx, submission: Submission, part: Part, former: Person) -> None:
    content = Content(action=submission.action, client=submission.agent, moved=1, refs=(part.ref,))
    entry = Entry(Basis.UPLOAD, Outcome.MOVED, content, former.person_id, submission.sender, submission.unit)
    await record(tx, entry, former.data_key)


async def _store_rest(tx: Tx, ring: KeyRing, submission: Submission, hold: timedelta) -> Receipt:
    """With the items moved, the submission is an ordinary one."""
    people = planning.People(ring)
    made = planning.plan([submission], await look(tx, ring, [submission]), people)
    if not made.is_empty:
        await fill_in_created(tx, made)
        await store.write(tx, hold, planning.columns(made))
    return made.receipts[0]


def _owner_gone() -> Problem:
    return Problem(
        Category.CONFLICT,
        "FORMER_PERSON_GONE",
        Words("ไม่พบเจ้าของเดิมของรายการนี้", "the person this item belonged to is no longer here"),
    )
