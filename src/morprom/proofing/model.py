"""What a card said, what was checked, and what stands on a slip. Personal values hide from repr."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

import msgspec

from morprom.assurance import Checks, Derived
from morprom.kernel import Secret

Path = Literal["card", "card-unreadable", "name-changed", "no-card", "child", "home-visit", "thaid", "first-officer"]
"""How a case goes: the usual one, or an exception with rules of its own. `thaid`: no counter was there at all;
`first-officer`: there was none yet.
"""


class ChipName(NamedTuple):
    """A name, divided as the chip of a card divides it."""

    title: str
    first: str
    middle: str
    last: str

    @property
    def said(self) -> str:
        """As one says it: Thai titles stand close to the first name, English ones do not."""
        joint = " " if self.title.isascii() else ""
        return " ".join(filter(None, ((self.title + joint + self.first).strip(), self.middle, self.last)))

    @property
    def masked(self) -> str:
        """`นาย สมชาย ใ•••`: enough for the person to know a slip as theirs, too little for a finder."""
        last = self.last or self.middle
        return " ".join(filter(None, (self.title, self.first, f"{last[:1]}•••" if last else "")))


def chip_name(text: str) -> ChipName:
    """The parts of `title#first#middle#last`; of fewer, the middle name goes first and then the title."""
    parts = [part.strip() for part in text.split("#")]
    match len(parts):
        case 1:
            return ChipName("", parts[0], "", "")
        case 2:
            return ChipName("", parts[0], "", parts[1])
        case 3:
            return ChipName(parts[0], parts[1], "", parts[2])
        case _:
            return ChipName(parts[0], parts[1], parts[2], " ".join(filter(None, parts[3:])))


class CardFields(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an ID card says, from its chip or typed from its face. Dates are of the common era; "" is not said."""

    cid: str
    name_th: str = ""  # as `chip_name` reads it
    name_en: str = ""
    birth_on: date | None = None  # the first day of what is known
    birth_known: Literal["day", "month", "year"] = "day"
    gender: Literal["", "M", "F"] = ""
    address: str = ""
    issuer: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    chip_no: str = ""
    request_no: str = ""
    laser_code: str = ""

    def __repr__(self) -> str:
        return "CardFields(…)"


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A case that an officer has open."""

    path: Path
    checks: Checks
    card: CardFields | None = None
    photo: bytes = b""
    station_id: UUID | None = None
    read_at: datetime | None = None
    contact: str = ""
    contact_mac: bytes = b""
    contact_key_id: int = 0
    contact_tries: int = 0
    contact_asked_at: datetime | None = None
    documents: str = ""  # what was shown instead of a card, or why
    guardian_cid: str = ""
    face_score: float | None = None
    face_threshold: float | None = None
    status_code: str = ""
    is_simulated: bool = False

    def __repr__(self) -> str:
        return f"Case({self.path})"


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case and who works on it."""

    case_id: UUID
    unit: str
    officer: UUID
    second_officer: UUID | None
    started_at: datetime
    case: Case = field(repr=False)


class Inside(msgspec.Struct, frozen=True, kw_only=True):
    """The sealed part of an event. `licence` is the officer's, as it was then."""

    path: Path
    checks: Checks
    card: CardFields
    licence: str
    station_id: UUID | None
    documents: str
    guardian_cid: str
    face_score: float | None
    face_threshold: float | None
    status_code: str
    contact: str
    is_simulated: bool

    def __repr__(self) -> str:
        return f"Inside({self.path})"


@dataclass(frozen=True, slots=True)
class ProofingEvent:
    """One proofing, sealed. It counts once its slip was redeemed, until it is withdrawn or the card expires."""

    event_id: UUID
    person_id: UUID
    unit: str
    officer: UUID
    second_officer: UUID | None
    at: datetime
    redeemed_at: datetime | None
    withdrawn_at: datetime | None
    counts_until: date | None
    inside: Inside = field(repr=False)

    def counts(self, on: date) -> bool:
        """Whether it says anything about its person on that day."""
        is_in_time = self.counts_until is None or on <= self.counts_until
        return self.redeemed_at is not None and self.withdrawn_at is None and is_in_time


class SealedEvent(NamedTuple):
    """An event with the level that it comes to, and why."""

    event: ProofingEvent
    derived: Derived


@dataclass(frozen=True, slots=True)
class Maker:
    """Where a slip was made: it may not be redeemed from there."""

    session: str
    device: str
    network: str


NOWHERE: Final = Maker("", "", "")
"""A slip of a command was made at no browser."""


class Slip(NamedTuple):
    """What is printed, this once."""

    slip_id: UUID
    qr: Secret[str]
    digits: Secret[str]
    ends_at: datetime
    masked_name: str
    masked_cid: str


class Shown(NamedTuple):
    """A slip was shown on a phone: the cookie that goes on with it, the code for the verified contact, where to."""

    cookie: Secret[str]
    code: Secret[str]
    contact: Secret[str]


class NotRedeemed(NamedTuple):
    """Why a slip was not taken. `event`: whose slip was tried where it was made; its person and unit are told."""

    code: Literal["SLIP_REFUSED", "SAME_PLACE", "SHOWN_OFTEN", "CODE_WRONG"]
    event: ProofingEvent | None = None
