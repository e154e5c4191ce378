"""A unit's upload of visits becomes one submission, is written, and visits that a whole history leaves out go."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from morprom.intake import store
from morprom.intake.model import Ledgered, Part, Receipt, RemovalState, Submission
from morprom.intake.remove import Removed, remove
from morprom.intake.writer import Writer
from morprom.kernel import Secret
from morprom.mophphr.model import PersonNumber, Upload
from morprom.people import Identifier, Scheme, find
from morprom.record import Kind
from morprom.recordstore import UnitRefs, keyed
from morprom.storage import Database, KeyRing, Tx

ACTION = "UpdatePHRv1"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who hands an upload in: the account, or None for an upload token, which cannot remove."""

    account_id: UUID | None
    may_remove: bool


@dataclass(frozen=True, slots=True)
class Received:
    """What came of an upload. `removed` is there when a whole history or list may leave something out.

    `unverified`: the places of items that came with a proof which does not hold.
    """

    receipt: Receipt
    removed: Removed | None = None
    unverified: tuple[int, ...] = ()


def identifier_of(upload: Upload) -> Identifier:
    """The number that keys the person of an upload."""
    return identifier_at(upload.hcode, upload.identifiers[0])


def identifier_at(hcode: str, number: PersonNumber) -> Identifier:
    """What a hospital's number keys: the state's, or one that means something at this hospital alone."""
    if number.scheme == "cid":
        return Identifier(Scheme.CID, number.value)
    return Identifier(Scheme.LOCAL, number.value, hcode)


def submission_of(upload: Upload, refs: UnitRefs, sender: Sender) -> Submission:
    """The documents of an upload. An empty or absent allergy list leaves the stored one alone: it is not a denial."""
    parts = [Part(Kind.PATIENT, refs.only(Kind.PATIENT), upload.patient)]
    if upload.allergies is not None:
        parts.append(Part(Kind.ALLERGY, refs.only(Kind.ALLERGY), upload.allergies))
    for visit in upload.visits:
        sealed = refs.sealed(bare_ref(visit.ref))
        parts.append(Part(Kind.VISIT, keyed(sealed), visit.content, Ledgered(sealed, visit.day, visit.is_inpatient)))
    return Submission(identifier_of(upload), upload.hcode, tuple(parts), ACTION, sender.account_id, upload.agent)


def bare_ref(ref: str) -> str:
    """The hospital's own number of a visit, without the `hcode:` in front."""
    return ref.partition(":")[2]


async def receive(
    upload: Upload, sender: Sender, ref_key: Secret[bytes], *, writer: Writer, database: Database, ring: KeyRing
) -> Received:
    """Store an upload. It holds no transaction: the writer commits many uploads at once."""
    refs = UnitRefs(ref_key)
    receipt = await writer.write(submission_of(upload, refs, sender))
    if not upload.is_whole_history:
        return Received(receipt)
    if not sender.may_remove:
        return Received(receipt, Removed(RemovalState.REFUSED, 0))
    kept = {refs.sealed(bare_ref(visit.ref)) for visit in upload.visits}
    async with database.transaction() as tx:
        return Received(receipt, await keep_only(tx, ring, _whole(upload, sender, kept)))


@dataclass(frozen=True, slots=True)
class Whole:
    """All that a hospital says there is of one kind of a person: the sealed refs that stay."""

    identifier: Identifier
    unit: str
    kind: Kind
    kept: Collection[bytes]
    account_id: UUID | None
    reason: str


def _whole(upload: Upload, sender: Sender, kept: Collection[bytes]) -> Whole:
    return Whole(
        identifier_of(upload), upload.hcode, Kind.VISIT, kept, sender.account_id, f"{ACTION} scope ALL"
    )  # fmt: skip


async def keep_only(tx: Tx, ring: KeyRing, whole: Whole) -> Removed:
    """Take back what a whole list leaves out, within the guard."""
    person = await find(tx, ring, whole.identifier)
    if person is None:
        return Removed(RemovalState.DONE, 0)
    stored = await store.refs_of(tx, whole.unit, whole.kind, person.person_id)
    gone = [ref for ref in stored if ref not in whole.kept]
    return await remove(
        tx, ring, whole.unit, gone, kind=whole.kind, account_id=whole.account_id, reason=whole.reason
    )  # fmt: skip
