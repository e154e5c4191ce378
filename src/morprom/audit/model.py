"""What a line of the history says: in clear who, where, when, on what ground, with what outcome; the rest is sealed."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from morprom.kernel import Words


class Basis(IntEnum):
    """On what ground somebody acted on a person's record."""

    UPLOAD = 1  # a unit sends what it wrote; the history row is the receipt of the submission
    SELF = 2
    OTP = 3
    CARD = 4
    HEALTH_ID = 5
    REFERRAL = 6
    CAREGIVER = 7
    EMERGENCY = 8
    UNIT = 9  # a unit keeps its own data in order: reconciliation, removal
    OPERATOR = 10


class Outcome(IntEnum):
    """What came of it."""

    PERMITTED = 1
    REFUSED = 2
    WRITTEN = 3
    REMOVED = 4
    MOVED = 5
    FAILED = 6


class Purpose(IntEnum):
    """Why personal data is used; LEGAL_BASIS says by what right."""

    CARE = 1
    OWN_ACCESS = 2
    KEEPING = 3
    VITAL_INTEREST = 4


LEGAL_BASIS: dict[Purpose, Words] = {
    Purpose.CARE: Words(
        "การวินิจฉัยและให้บริการสุขภาพ พ.ร.บ.คุ้มครองข้อมูลส่วนบุคคล มาตรา 26 (5) (ก)", "care and treatment, PDPA s.26(5)(a)"
    ),
    Purpose.OWN_ACCESS: Words("สิทธิของเจ้าของข้อมูล มาตรา 30", "the owner's right of access, PDPA s.30"),
    Purpose.KEEPING: Words("ภารกิจเพื่อประโยชน์สาธารณะ มาตรา 24 (4)", "task in the public interest, PDPA s.24(4)"),
    Purpose.VITAL_INTEREST: Words("ป้องกันอันตรายต่อชีวิต มาตรา 26 (1)", "vital interest, PDPA s.26(1)"),
}


class Content(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The sealed part of a line. Names on disk are one letter: a line is written for every visit of the country."""

    action: str = msgspec.field(name="a")
    purpose: Purpose = msgspec.field(name="p", default=Purpose.CARE)
    classes: tuple[int, ...] = msgspec.field(name="c", default=())
    """Classes of data that were read or written: values of record.Kind."""
    who: str = msgspec.field(name="w", default="")
    """The account as people know it; set on reads."""
    is_shared_account: bool = msgspec.field(name="s", default=False)
    """Whether several people may act through that account."""
    client: str = msgspec.field(name="k", default="")
    """The sending program or the reading client, as it names itself."""
    reason: str = msgspec.field(name="y", default="")
    """Code of the refusal or failure, or the reason that was given."""
    tier: int = msgspec.field(name="t", default=0)
    policy: int = msgspec.field(name="v", default=0)
    """Version of the access policy that decided."""
    grant_id: UUID | None = msgspec.field(name="g", default=None)
    new: int = msgspec.field(name="n", default=0)
    same: int = msgspec.field(name="e", default=0)
    changed: int = msgspec.field(name="h", default=0)
    moved: int = msgspec.field(name="m", default=0)
    removed: int = msgspec.field(name="r", default=0)
    refs: tuple[bytes, ...] = msgspec.field(name="f", default=())
    """Keyed refs of the visits that this line is about, when they are not simply new."""

    def __repr__(self) -> str:
        return f"Content({self.action})"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line to be written. `actor` is an account; `person_id` and `actor` are None when not known or not there."""

    basis: Basis
    outcome: Outcome
    content: Content
    person_id: UUID | None = None
    actor: UUID | None = None
    unit: str = ""


class HistoryRow(NamedTuple):
    """The columns of `history` that are given, in this order; `at` and `txid` are the database's."""

    id: UUID
    person_id: UUID | None
    actor: UUID | None
    basis: int
    outcome: int
    key_id: int
    unit: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row of `history` as it stands."""

    row: HistoryRow
    at: datetime
    txid: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the history, opened."""

    id: UUID
    at: datetime
    entry: Entry

    def shown(self) -> dict[str, Any]:
        """All of it, every name spelled out."""
        entry = self.entry
        return {
            "id": self.id, "at": self.at, "basis": entry.basis.name.lower(), "outcome": entry.outcome.name.lower(),
            "unit": entry.unit, "actor": entry.actor,
        } | msgspec.structs.asdict(entry.content)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a day's tree: its size, and the note that signs size and root (audit.head reads it)."""

    day: date
    size: int
    note: str
    key_id: int


@dataclass(frozen=True, slots=True)
class Signed:
    """What a note was found to sign, and with which key of the ring."""

    day: date
    size: int
    root: bytes
    key_id: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive leaves of a day's tree, sealed together; `upto` is the (txid, id) of the last one."""

    first: int
    leaves: tuple[bytes, ...]
    upto: tuple[int, UUID]
    peaks: tuple[bytes, ...]
    head: Head


class BatchMark(NamedTuple):
    """Where a batch begins in its day's tree, and the (txid, id) of its last row."""

    day: date
    first: int
    upto: tuple[int, UUID]


@dataclass(frozen=True, slots=True)
class Proof:
    """That a row is a leaf of a signed tree (RFC 9162, section 2.1.3): hash `row`, follow `path`, compare the head."""

    entry_id: UUID
    row: bytes
    position: int
    path: tuple[bytes, ...]
    head: Head
