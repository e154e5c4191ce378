"""What a unit hands in, and what came of it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import Final
from uuid import UUID

from morprom.people import Identifier
from morprom.record import Kind

ALONGSIDE: Final = frozenset({Kind.PATIENT, Kind.ALLERGY})
"""What comes with visits and is not counted in their receipt."""


@dataclass(frozen=True, slots=True)
class Ledgered:
    """An item as the ledger knows it: `ref` and `label` sealed under the unit's key, the local day that it is of."""

    ref: bytes
    day: date | None
    is_inpatient: bool = False
    label: bytes | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One document of a submission. `ref` is the keyed ref (16 bytes).

    `ledgered` is there for visits and items whose number the hospital gives: one number is of one person. Without it
    the document is found by person, kind and ref.
    """

    kind: Kind
    ref: bytes
    content: bytes = field(repr=False)
    ledgered: Ledgered | None = None

    @property
    def is_counted(self) -> bool:
        """Whether it is what its call is about."""
        return self.kind not in ALONGSIDE


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
    """What a submission changed, in what its call is about. `receipt_id` is the history row; None: nothing changed."""

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
    """A request to take visits, or other items of one kind, back; `refs` are sealed refs."""

    removal_id: UUID
    unit: str
    requested_at: datetime
    state: RemovalState
    reason: str
    refs: tuple[bytes, ...]
    kind: Kind
