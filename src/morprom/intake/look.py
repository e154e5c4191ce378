"""What is stored already, as far as a batch needs to know it before it is planned and sealed."""

from collections.abc import Iterable

from morprom.intake import store
from morprom.intake.model import Submission
from morprom.intake.plan import Look, Plan
from morprom.people.rules import hashes
from morprom.recordstore.content import unpacked
from morprom.storage import KeyRing, Tx
from morprom.storage.seal import unseal


async def look(tx: Tx, ring: KeyRing, submissions: Iterable[Submission]) -> Look:
    """People, ledger rows and single documents that `submissions` touch, in one round trip."""
    asked = store.Asked([], [], [], [], [], [])
    all_hmacs: list[list[bytes]] = []
    for submission in submissions:
        value_hmacs = [value for _, value in hashes(ring, submission.identifier)]
        all_hmacs.append(value_hmacs)
        asked.people.extend(value_hmacs)
        for part in submission.parts:
            if part.ledgered:
                asked.units.append(submission.unit)
                asked.refs.append(part.ledgered.ref)
            else:
                asked.single_hashes.extend(value_hmacs)
                asked.single_kinds.extend([part.kind] * len(value_hmacs))
                asked.single_refs.extend([part.ref] * len(value_hmacs))
    found = await store.look(tx, asked)
    found.value_hmacs = all_hmacs
    return found


async def fill_in_created(tx: Tx, made: Plan) -> None:
    """A new version keeps the time at which the first one arrived; the version before knows it."""
    changes = made.needs_older
    if not changes:
        return
    rows = await store.versions(tx, [(change.place, change.version - 1) for change in changes])
    older = {(row.person_id, row.kind, row.ref, row.version): row for row in rows}
    for change in changes:
        row = older.get((*change.place, change.version - 1))
        if row:
            plain = unseal(
                row.sealed,
                change.person.data_key,
                person_id=row.person_id,
                kind=row.kind,
                unit=row.unit,
                ref=row.ref,
                version=row.version,
            )
            change.created_ms = unpacked(plain)[0]
