"""Staff, their licences and where they work. Names hide from repr."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from morprom.units import Permission


class Names(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The sealed part of a provider."""

    title_th: str = ""
    first_th: str = ""
    last_th: str = ""
    title_en: str = ""
    first_en: str = ""
    last_en: str = ""
    email: str = ""
    birth_on: date | None = None

    @property
    def full_th(self) -> str:
        """As one says it."""
        return f"{self.title_th}{self.first_th} {self.last_th}".strip()

    def __repr__(self) -> str:
        return "Names(…)"


class Licence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A professional licence. `council`: 01 medical, 02 nursing, 03 pharmacy, 04 dental, 05 physio, 06 med-tech."""

    council: str = ""
    number: str = ""
    expires_on: date | None = None
    is_verified: bool = False

    def holds(self, on: date) -> bool:
        """Whether there is one and it has not ended."""
        return bool(self.number) and (self.expires_on is None or on <= self.expires_on)

    def __repr__(self) -> str:
        return f"Licence({self.council}, …)"


class Work(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The sealed part of a position."""

    title: str
    type: str = ""
    licence: Licence = Licence()
    may_proof: bool = False
    is_hr_admin: bool = False
    is_director: bool = False
    business_id: str = ""
    code: str = ""  # position_id of the ministry's list
    affiliation: str = ""
    level: str = ""
    expertise: str = ""
    expertise_code: str = ""
    station_ref: str = ""  # moph_station_ref_code
    is_private: bool = False
    special_title: str = ""
    tax_id: str = ""

    def __repr__(self) -> str:
        return "Work(…)"


@dataclass(frozen=True, slots=True)
class Provider:
    """Somebody with a Provider ID."""

    person_id: UUID
    provider_id: str = field(repr=False)
    listed_at: datetime
    names: Names


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do at the Account Center in a position: the operator's decision, nobody else's."""

    permissions: frozenset[Permission] = frozenset()
    may_send: bool = False
    may_read: bool = False


class Administers(StrEnum):
    """Whose clients somebody looks after in a position: the operator's decision, nobody else's."""

    NOTHING = ""
    UNIT = "unit"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Position:
    """What somebody is at one unit."""

    position_id: UUID
    person_id: UUID
    unit: str
    since: datetime
    work: Work
    rights: Rights = Rights()
    administers: Administers = Administers.NOTHING

    def looks_after(self, unit: str) -> bool:
        """Whether a unit's clients are theirs to change."""
        return self.administers is Administers.PLATFORM or (self.administers is Administers.UNIT and self.unit == unit)
