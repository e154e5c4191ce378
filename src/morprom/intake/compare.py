"""What an upload would change against what its hospital has stored: a look, and the hospital's own documents opened.

Nothing is written but one line in the history of a person who is known: their documents were opened. What is another
person's so far is told as a move, and not opened.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal
from uuid import UUID

from morprom.audit import Basis, Content, Entry, Outcome, record
from morprom.intake import store
from morprom.intake.difference import differing_paths
from morprom.intake.look import look
from morprom.intake.model import Part, Submission
from morprom.intake.plan import Look, Stored
from morprom.intake.receive import Sender, submission_of
from morprom.intake.receive_items import submission_of_items
from morprom.kernel import Secret
from morprom.mophphr.model import ItemsUpload, Upload
from morprom.people import Person
from morprom.people.rules import known
from morprom.record import Kind
from morprom.recordstore import UnitRefs
from morprom.recordstore.content import compared, unpacked
from morprom.storage import KeyRing, Tx
from morprom.storage.seal import unseal

ACTION: Final = "Explain"


@dataclass(frozen=True, slots=True)
class Difference:
    """What would become of one document.

    `ref` is the item's as the reader of the upload gives it, the hospital's code for what comes alongside visits.
    `paths` are JSON pointers into the item as it is stored (the Encounter, or the upload cut down to the item), of a
    change alone.
    """

    ref: str
    kind: Kind
    outcome: Literal["new", "same", "changed", "moved"]
    paths: tuple[str, ...] = ()


async def compare(
    tx: Tx, ring: KeyRing, upload: Upload | ItemsUpload, unit_ref_key: Secret[bytes], *, account_id: UUID
) -> tuple[Difference, ...]:
    """The differences that storing `upload` would make, part by part. An ItemsUpload is one whose hospital is known."""
    refs = UnitRefs(unit_ref_key)
    submission, names = _submission(upload, refs, Sender(account_id, may_remove=False))
    seen = await look(tx, ring, [submission])
    person = _person(ring, seen)
    found = [
        await _difference(tx, seen, person, submission, part, name)
        for part, name in zip(submission.parts, names, strict=True)
    ]
    if person is not None:
        await _tell(tx, submission, person)
    return tuple(found)


def _submission(upload: Upload | ItemsUpload, refs: UnitRefs, sender: Sender) -> tuple[Submission, list[str]]:
    """The parts that storing would write, and what each is called."""
    if isinstance(upload, Upload):
        submission = submission_of(upload, refs, sender)
        alongside = [str(upload.hcode)] * (len(submission.parts) - len(upload.visits))
        return submission, [*alongside, *[visit.ref for visit in upload.visits]]
    if upload.hcode is None:
        raise ValueError("of which hospital? see ItemsUpload.at")
    return submission_of_items(upload, upload.hcode, refs, sender), [item.ref for item in upload.items]


def _person(ring: KeyRing, seen: Look) -> Person | None:
    row = next((seen.people[value] for value in seen.value_hmacs[0] if value in seen.people), None)
    return known(ring, row) if row else None


async def _difference(
    tx: Tx, seen: Look, person: Person | None, submission: Submission, part: Part, name: str
) -> Difference:
    difference = Difference(name, part.kind, "new")
    stored = _stored(seen, person, submission.unit, part)
    if stored is None or (stored.is_removed and person and stored.person_id == person.person_id):
        return difference
    if person is None or stored.person_id != person.person_id:
        return replace(difference, outcome="moved")
    given = compared(part.kind, part.content)
    if stored.content_hash == person.data_key.content_hash(given):
        return replace(difference, outcome="same")
    return replace(difference, outcome="changed", paths=await _paths(tx, person, part, stored.version, given))


def _stored(seen: Look, person: Person | None, unit: str, part: Part) -> Stored | None:
    if part.ledgered:
        return seen.ledger.get((unit, part.ledgered.ref))
    return seen.documents.get((person.person_id, part.kind, part.ref)) if person else None


async def _paths(tx: Tx, person: Person, part: Part, version: int, given: bytes) -> tuple[str, ...]:
    """Where the stored version and what is given differ."""
    for row in await store.versions(tx, [((person.person_id, part.kind, part.ref), version)]):
        plain = unseal(
            row.sealed, person.data_key, person_id=person.person_id, kind=row.kind, unit=row.unit, ref=row.ref,
            version=row.version,
        )  # fmt: skip
        return differing_paths(compared(row.kind, unpacked(plain)[1]), given)
    return ()  # it was removed and purged since the look


async def _tell(tx: Tx, submission: Submission, person: Person) -> None:
    content = Content(
        action=ACTION, client=submission.agent, refs=tuple(part.ref for part in submission.parts if part.is_counted),
        classes=tuple(sorted({int(part.kind) for part in submission.parts})),
    )  # fmt: skip
    entry = Entry(Basis.UNIT, Outcome.PERMITTED, content, person.person_id, submission.sender, submission.unit)
    await record(tx, entry, person.data_key)
