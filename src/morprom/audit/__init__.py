"""The access history: one sealed line per upload, read, refusal and change, and the signed tree that holds it fast.

Lines are inserted in the transaction they tell of. The sealer puts them into one Merkle tree a day; heads go to a
witness; owners get proofs. What it does not promise: that a read which nobody logged did not happen.
"""

from morprom.audit.model import Basis, Content, Entry, Outcome, Purpose
from morprom.audit.prove import prove
from morprom.audit.record import read_history, record
from morprom.audit.rules import prepare
from morprom.audit.seal import run_sealer
from morprom.audit.store import seconds_unsealed
from morprom.audit.verify import Verdict, verify

__all__ = [
    "Basis",
    "Content",
    "Entry",
    "Outcome",
    "Purpose",
    "Verdict",
    "prepare",
    "prove",
    "read_history",
    "record",
    "run_sealer",
    "seconds_unsealed",
    "verify",
]
