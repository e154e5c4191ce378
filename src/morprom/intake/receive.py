"""A unit's upload of visits becomes one submission, is written, and visits that a whole history leaves out go."""

from dataclasses import dataclass
from uuid import UUID

from morprom.intake import store
from morprom.intake.model import Part, Receipt, RemovalState, Submission, Visit
from morprom.intake.remove import Removed, remove
from morprom.intake.writer import Writer
from morprom.kernel import Secret
from morprom.mophphr.model import Upload
from morprom.people import Identifier, Scheme, find
from morprom.record import Kind
from morprom.recordstore import UnitRefs, keyed
from morprom.storage import Database, KeyRing

ACTION = "UpdatePHRv1"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who hands an upload in: the account, or None for an upload token, which cannot remove."""

    account_id: UUID | None
    may_remove: bool


@dataclass(frozen=True, slots=True)
class Received:
    """What came of an upload. `removed` is there when a whole history left visits out."""

    receipt: Receipt
    removed: Removed | None = None


def identifier_of(upload: Upload) -> Identifier:
    """The number that keys the person: the state's, or one that means something at this hospital alone."""
    number = upload.identifiers[0]
    if number.scheme == "cid":
        return Identifier(Scheme.CID, number.value)
    return Identifier(Scheme.LOCAL, number.value, upload.hcode)


def submission_of(upload: Upload, refs: UnitRefs, sender: Sender) -> Submission:
    """The documents of an upload. An empty or absent allergy list leaves the stored one alone: it is not a denial."""
    parts = [Part(Kind.PATIENT, refs.only(Kind.PATIENT), upload.patient)]
    if upload.allergies is not None:
        parts.append(Part(Kind.ALLERGY, refs.only(Kind.ALLERGY), upload.allergies))
    for visit in upload.visits:
        sealed = refs.sealed(bare_ref(visit.ref))
        parts.append(Part(Kind.VISIT, keyed(sealed), visit.content, Visit(sealed, visit.day, visit.is_inpatient)))
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
    return Received(receipt, await _remove_what_is_left_out(upload, sender, refs, database, ring))


async def _remove_what_is_left_out(
    upload: Upload, sender: Sender, refs: UnitRefs, database: Database, ring: KeyRing
) -> Removed:
    async with database.transaction() as tx:
        person = await find(tx, ring, identifier_of(upload))
        if person is None:
            return Removed(RemovalState.DONE, 0)
        sent = {refs.sealed(bare_ref(visit.ref)) for visit in upload.visits}
        gone = [ref for ref in await store.visits_of(tx, upload.hcode, person.person_id) if ref not in sent]
        return await remove(tx, ring, upload.hcode, gone, account_id=sender.account_id, reason="scope ALL")
