"""Units, the accounts of their software and staff, and what is learned of a caller who holds a token."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from morprom.kernel import Category, Hcode, Problem, Words

TEST_UNITS: Final = frozenset({"00000", "99999"})
"""The ministry's test hospitals."""


class Permission(StrEnum):
    """The ministry's permissions that this platform knows (wire protocol, section 2.1)."""

    HIE = "MOPH_PHR_HIE"  # send visits, ask for and use one-time codes
    IDP = "MOPH_IDP_API"  # ask whether a person is proofed
    REPORT = "MOPH_PHR_DASHBOARD_REPORT"  # see counts


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """What a list of units says of one of them. `province` is the DOPA code; `region` follows from it."""

    hcode: Hcode
    name: str
    type: str = ""
    province: str | None = None
    district: str = ""
    region: int | None = None
    beds: int | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A hospital or other unit that the platform knows."""

    entry: UnitEntry
    is_test: bool
    changed_at: datetime

    @property
    def hcode(self) -> Hcode:
        """Its hospital code."""
        return self.entry.hcode

    @property
    def name(self) -> str:
        """Its name in Thai."""
        return self.entry.name

    @property
    def region(self) -> int | None:
        """Its health region."""
        return self.entry.region


@dataclass(frozen=True, slots=True)
class Account:
    """What software or staff of one unit sign in with. `login` is unique within the unit."""

    account_id: UUID
    hcode: Hcode
    login: str = field(repr=False)
    name: str = field(repr=False)
    permissions: frozenset[Permission]
    may_send: bool
    may_read: bool
    generation: int
    disabled_at: datetime | None
    is_personal: bool = False
    """Whether it is one member of staff who signed in as themselves, not a programme or a desk."""

    def demand(self, *enough: Permission) -> None:
        """Raise Problem PERMISSION_MISSING unless one of `enough` is held."""
        if self.permissions.isdisjoint(enough):
            raise _forbidden("PERMISSION_MISSING", "บัญชีนี้ไม่มีสิทธิใช้บริการนี้", "this account lacks the permission")

    def demand_sending(self) -> None:
        """Raise Problem SENDING_NOT_ALLOWED unless the account may upload and remove its own unit's visits."""
        self.demand(Permission.HIE)
        if not self.may_send:
            raise _forbidden("SENDING_NOT_ALLOWED", "บัญชีนี้ไม่มีสิทธิส่งข้อมูล", "this account may not send")

    def demand_reading(self) -> None:
        """Raise Problem READING_NOT_ALLOWED unless the account may ask for codes and read with them."""
        self.demand(Permission.HIE)
        if not self.may_read:
            raise _forbidden("READING_NOT_ALLOWED", "บัญชีนี้ไม่มีสิทธิอ่านข้อมูล", "this account may not read")

    def demand_unit(self, hcode: str | None) -> None:
        """Raise Problem OTHER_HOSPITAL unless `hcode` is the account's own unit."""
        if hcode != self.hcode:
            raise _forbidden("OTHER_HOSPITAL", "รหัสหน่วยบริการไม่ตรงกับบัญชีที่ใช้", "the hospital is not that of the token")


@dataclass(frozen=True, slots=True)
class UploadToken:
    """A unit known by its upload token. It is no Account: nothing that removes or reads accepts it."""

    token_id: UUID
    hcode: Hcode


Sender = Account | UploadToken
"""Whoever may upload visits of `hcode`."""


@dataclass(frozen=True, slots=True)
class NotSignedIn:
    """A failed sign-in. `wait` is in seconds when no attempt may be made before it; None: the sign-in was wrong."""

    wait: int | None = None


def _forbidden(code: str, th: str, en: str) -> Problem:
    return Problem(Category.FORBIDDEN, code, Words(th, en))
