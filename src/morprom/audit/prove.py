"""The owner's proof that a line of their history is in a tree whose head others hold."""

from collections.abc import Mapping
from uuid import UUID

from morprom.audit import store
from morprom.audit.head import read_note
from morprom.audit.merkle import inclusion_path, leaf_hash, verify_inclusion
from morprom.audit.model import Proof
from morprom.audit.rules import canonical
from morprom.storage import Tx


async def prove(tx: Tx, person_id: UUID, entry_id: UUID) -> Proof | None:
    """The proof for one line of a person, against the newest head of its day; None while it is not sealed.

    Also None for a line that is not this person's, or that is not what was sealed.
    """
    stored = await store.row_of(tx, person_id, entry_id)
    if stored is None:
        return None
    holding = await store.batch_holding(tx, (stored.txid, entry_id))
    if holding is None:
        return None
    row = canonical(stored)
    batches = await store.batches_of(tx, holding.head.day)
    leaves = [leaf for batch in batches for leaf in batch.leaves]
    if leaf_hash(row) not in holding.leaves:
        return None
    position = holding.first + holding.leaves.index(leaf_hash(row))
    return Proof(entry_id, row, position, inclusion_path(leaves, position), batches[-1].head)


def check_proof(proof: Proof, keys: Mapping[int, bytes]) -> bool:
    """Whether a proof holds: the head is signed by one of `keys` (public, by key id) and the path leads to it."""
    signed = read_note(proof.head.note, keys)
    return signed is not None and verify_inclusion(
        leaf_hash(proof.row), proof.position, signed.size, proof.path, signed.root
    )  # fmt: skip
