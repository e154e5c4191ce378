"""What a unit hands in, and what came of it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from uuid import UUID

from morprom.people import Identifier
from morprom.record import Kind


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as the ledger knows it: `ref` sealed under the unit's key, the local day on which it began."""

    ref: bytes
    day: date
    is_inpatient: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One document of a submission. `ref` is the keyed ref (16 bytes); `visit` is there for a visit alone."""

    kind: Kind
    ref: bytes
    content: bytes = field(repr=False)
    visit: Visit | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """All that one upload says of one person; stored whole or not at all.

    `sender` is the account, or None for an upload token; `action` and `agent` go into the receipt.
    """

    identifier: Identifier
    unit: str
    parts: tuple[Part, ...]
    action: str
    sender: UUID | None = None
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a submission changed, in visits. `receipt_id` is the history row; None when nothing changed."""

    receipt_id: UUID | None = None
    new: int = 0
    same: int = 0
    changed: int = 0
    moved: int = 0


class RemovalState(IntEnum):
    """Where a removal stands."""

    DONE = 1
    HELD = 2
    REFUSED = 3
    RESTORED = 4


@dataclass(frozen=True, slots=True)
class Removal:
    """A request to take visits back; `refs` are sealed refs."""

    removal_id: UUID
    unit: str
    requested_at: datetime
    state: RemovalState
    reason: str
    refs: tuple[bytes, ...]
