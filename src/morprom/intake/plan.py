"""From submissions and a look at what is stored to the columns of one write. No I/O: the writer looks and writes.

Order matters for speed: what is the same as stored is told by its keyed hash and is neither sealed nor written.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from uuid import UUID

from morprom.audit import Basis, Content, Entry, Outcome, prepare
from morprom.intake.model import Part, Receipt, Submission
from morprom.people import Person
from morprom.people.rules import IdentifierRow, PersonRow, born, known
from morprom.recordstore.content import compared, packed
from morprom.storage import KeyRing
from morprom.storage.seal import seal

HISTORY_COLUMNS = 8

Place = tuple[UUID, int, bytes]
"""Where a document is: person, kind, keyed ref."""


@dataclass(slots=True)
class Stored:
    """What the look found of a ledger row or of a document: whose, which version, what hash, whether it was removed."""

    person_id: UUID
    version: int
    content_hash: bytes
    is_removed: bool


@dataclass(slots=True)
class Look:
    """What is stored, as far as a batch of submissions needs to know; planning keeps it up to date.

    `value_hmacs` are those of the submissions, in their order.
    """

    value_hmacs: list[list[bytes]] = field(default_factory=list[list[bytes]])
    people: dict[bytes, PersonRow] = field(default_factory=dict[bytes, PersonRow])
    ledger: dict[tuple[str, bytes], Stored] = field(default_factory=dict[tuple[str, bytes], Stored])
    documents: dict[Place, Stored] = field(default_factory=dict[Place, Stored])


@dataclass(slots=True)
class Change:
    """A document to seal and write. `created_ms` is filled in from the older version when there is one."""

    person: Person
    unit: str
    part: Part
    version: int
    content_hash: bytes
    created_ms: int = 0

    @property
    def place(self) -> Place:
        """Where it goes."""
        return self.person.person_id, self.part.kind, self.part.ref


@dataclass(slots=True)
class Plan:
    """What a batch comes to."""

    changes: list[Change] = field(default_factory=list[Change])
    newborn: list[tuple[PersonRow, list[IdentifierRow]]] = field(
        default_factory=list[tuple[PersonRow, list[IdentifierRow]]]
    )
    relied_on: dict[UUID, bytes] = field(default_factory=dict[UUID, bytes])
    history: list[tuple[object, ...]] = field(default_factory=list[tuple[object, ...]])
    receipts: list[Receipt] = field(default_factory=list[Receipt])
    moving: list[bool] = field(default_factory=list[bool])

    @property
    def needs_older(self) -> list[Change]:
        """Changes whose older version knows when the document was created."""
        return [change for change in self.changes if change.version > 1]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self.changes


class People:
    """The data keys that this process has unwrapped lately, by wrapped key."""

    def __init__(self, ring: KeyRing, most: int = 20_000) -> None:
        self.ring = ring
        self._most = most
        self._known: dict[bytes, Person] = {}

    def known(self, row: PersonRow) -> Person:
        """The person of a stored row."""
        found = self._known.get(row.wrapped_key)
        if found is None:
            if len(self._known) >= self._most:
                self._known.clear()
            found = self._known[row.wrapped_key] = known(self.ring, row)
        return found


def plan(batch: Iterable[Submission], look: Look, people: People) -> Plan:
    """What to write for a batch, given what is stored."""
    made = Plan()
    for submission, value_hmacs in zip(batch, look.value_hmacs, strict=True):
        _plan_one(made, submission, _person(made, submission, value_hmacs, look, people), look)
    return made


def _plan_one(made: Plan, submission: Submission, person: Person, look: Look) -> None:
    counts = {"new": 0, "same": 0, "changed": 0}
    changes: list[Change] = []
    for part in submission.parts:
        content_hash = person.data_key.content_hash(compared(part.kind, part.content))
        stored = _stored(look, submission.unit, part, person)
        if stored and part.ledgered and stored.person_id != person.person_id:
            made.moving.append(True)
            made.receipts.append(Receipt())
            return
        outcome = "new"
        if stored and not stored.is_removed:
            outcome = "same" if stored.content_hash == content_hash else "changed"
        if outcome != "same":
            version = stored.version + 1 if stored else 1
            changes.append(Change(person, submission.unit, part, version, content_hash))
        if part.is_counted:
            counts[outcome] += 1
    for change in changes:
        _remember(look, change)
    made.moving.append(False)
    made.changes += changes
    made.receipts.append(_receipt(made, submission, person, changes, counts))


def _person(made: Plan, submission: Submission, value_hmacs: list[bytes], look: Look, people: People) -> Person:
    for value_hmac in value_hmacs:
        row = look.people.get(value_hmac)
        if row:
            person = people.known(row)
            if row.person_id not in made.relied_on and all(row is not new for new, _ in made.newborn):
                made.relied_on[row.person_id] = row.wrapped_key
            return person
    person, row, identifiers = born(people.ring, submission.identifier)
    made.newborn.append((row, identifiers))
    for value_hmac in value_hmacs:
        look.people[value_hmac] = row
    return people.known(row)


def _stored(look: Look, unit: str, part: Part, person: Person) -> Stored | None:
    if part.ledgered:
        return look.ledger.get((unit, part.ledgered.ref))
    return look.documents.get((person.person_id, part.kind, part.ref))


def _remember(look: Look, change: Change) -> None:
    now = Stored(change.person.person_id, change.version, change.content_hash, False)
    if change.part.ledgered:
        look.ledger[change.unit, change.part.ledgered.ref] = now
    else:
        look.documents[change.place] = now


def _receipt(
    made: Plan, submission: Submission, person: Person, changes: list[Change], counts: dict[str, int]
) -> Receipt:
    if not changes:
        return Receipt(None, **counts)
    content = Content(
        action=submission.action,
        client=submission.agent,
        classes=tuple(sorted({int(change.part.kind) for change in changes})),
        refs=tuple(change.part.ref for change in changes if change.part.is_counted and change.version > 1),
        new=counts["new"],
        same=counts["same"],
        changed=counts["changed"],
    )
    row = prepare(
        Entry(Basis.UPLOAD, Outcome.WRITTEN, content, person.person_id, submission.sender, submission.unit),
        person.data_key,
    )
    made.history.append(row)
    return Receipt(row.id, **counts)


def sealed(change: Change, now_ms: int | None = None) -> bytes:
    """The blob of a change."""
    created_ms = change.created_ms or now_ms or time.time_ns() // 1_000_000
    return seal(
        packed(created_ms, change.part.content),
        change.person.data_key,
        person_id=change.person.person_id,
        kind=change.part.kind,
        unit=change.unit,
        ref=change.part.ref,
        version=change.version,
    )


@dataclass(slots=True)
class Columns:
    """The arguments of `intake_write`, in its order: one list a column."""

    p_person: list[UUID] = field(default_factory=list[UUID])
    p_shard_version: list[int] = field(default_factory=list[int])
    p_key: list[int] = field(default_factory=list[int])
    p_wrapped: list[bytes] = field(default_factory=list[bytes])
    i_person: list[UUID] = field(default_factory=list[UUID])
    i_scheme: list[int] = field(default_factory=list[int])
    i_pepper: list[int] = field(default_factory=list[int])
    i_issuer: list[str] = field(default_factory=list[str])
    i_hmac: list[bytes] = field(default_factory=list[bytes])
    i_sealed: list[bytes] = field(default_factory=list[bytes])
    c_person: list[UUID] = field(default_factory=list[UUID])
    c_wrapped: list[bytes] = field(default_factory=list[bytes])
    l_person: list[UUID] = field(default_factory=list[UUID])
    l_day: list[object] = field(default_factory=list[object])
    l_version: list[int] = field(default_factory=list[int])
    l_inpatient: list[bool] = field(default_factory=list[bool])
    l_unit: list[str] = field(default_factory=list[str])
    l_ref: list[bytes] = field(default_factory=list[bytes])
    l_hash: list[bytes] = field(default_factory=list[bytes])
    l_kind: list[int] = field(default_factory=list[int])
    l_label: list[bytes | None] = field(default_factory=list[bytes | None])
    d_person: list[UUID] = field(default_factory=list[UUID])
    d_version: list[int] = field(default_factory=list[int])
    d_kind: list[int] = field(default_factory=list[int])
    d_key: list[int] = field(default_factory=list[int])
    d_unit: list[str] = field(default_factory=list[str])
    d_ref: list[bytes] = field(default_factory=list[bytes])
    d_hash: list[bytes] = field(default_factory=list[bytes])
    d_sealed: list[bytes] = field(default_factory=list[bytes])
    history: list[tuple[object, ...]] = field(default_factory=list[tuple[object, ...]])

    def arguments(self) -> list[object]:
        """One list a column, history rows turned into columns."""
        lists: list[object] = [getattr(self, f.name) for f in fields(self)[:-1]]
        turned: list[object] = [[row[column] for row in self.history] for column in range(HISTORY_COLUMNS)]
        return lists + turned


def columns(made: Plan) -> Columns:
    """A plan as columns; this is where documents are sealed."""
    out = Columns(history=made.history)
    for row, identifiers in made.newborn:
        out.p_person.append(row.person_id)
        out.p_shard_version.append(row.shard_version)
        out.p_key.append(row.key_id)
        out.p_wrapped.append(row.wrapped_key)
        for identifier in identifiers:
            out.i_person.append(identifier.person_id)
            out.i_scheme.append(identifier.scheme)
            out.i_pepper.append(identifier.pepper_id)
            out.i_issuer.append(identifier.issuer)
            out.i_hmac.append(identifier.value_hmac)
            out.i_sealed.append(identifier.value_sealed)
    out.c_person.extend(made.relied_on)
    out.c_wrapped.extend(made.relied_on.values())
    now_ms = time.time_ns() // 1_000_000
    for change in made.changes:
        _add_change(out, change, now_ms)
    return out


def _add_change(out: Columns, change: Change, now_ms: int) -> None:
    person_id, ledgered = change.person.person_id, change.part.ledgered
    out.d_person.append(person_id)
    out.d_version.append(change.version)
    out.d_kind.append(change.part.kind)
    out.d_key.append(change.person.data_key.key_id)
    out.d_unit.append(change.unit)
    out.d_ref.append(change.part.ref)
    out.d_hash.append(change.content_hash)
    out.d_sealed.append(sealed(change, now_ms))
    if ledgered:
        out.l_person.append(person_id)
        out.l_day.append(ledgered.day)
        out.l_version.append(change.version)
        out.l_inpatient.append(ledgered.is_inpatient)
        out.l_unit.append(change.unit)
        out.l_ref.append(ledgered.ref)
        out.l_hash.append(change.content_hash)
        out.l_kind.append(change.part.kind)
        out.l_label.append(ledgered.label)
