"""Accounts of people, what they sign in with, and where they are signed in."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from uuid import UUID

import msgspec

from morprom.assurance import Aal, Ial, Levels


class AuthenticatorKind(IntEnum):
    """What somebody may sign in with."""

    PASSKEY = 1
    CODE_GENERATOR = 2  # TOTP, RFC 6238
    PIN = 3
    RECOVERY_CODES = 4


class ContactKind(IntEnum):
    """How somebody is told."""

    MOBILE = 1
    LINE = 2


class Purpose(IntEnum):
    """What a code to a contact is for."""

    ADD_CONTACT = 1
    RECOVER = 2


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account. It exists since a proofing was redeemed."""

    person_id: UUID
    ial: Ial
    opened_at: datetime
    t4_opens_at: datetime
    frozen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account is worth at a moment. `aal` is the highest that its owner can sign in at."""

    ial: Ial
    aal: Aal
    t4_opens_at: datetime
    frozen_at: datetime | None


class Inside(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The sealed part of an authenticator; each kind has its own members."""

    name: str = ""
    public_key: bytes = b""
    is_hardware: bool = False
    is_synced: bool = False
    secret: bytes = b""
    verifiers: tuple[str, ...] = ()
    is_confirmed: bool = True
    proposed_by: str = ""
    """Before it is confirmed: which slip, recovery or session proposed it. No other sees it or lets it work."""

    def __repr__(self) -> str:
        return "Inside(…)"


@dataclass(frozen=True, slots=True)
class Authenticator:
    """One thing that somebody signs in with."""

    authenticator_id: UUID
    person_id: UUID
    kind: AuthenticatorKind
    created_at: datetime
    last_used_at: datetime | None
    ended_at: datetime | None
    counter: int
    inside: Inside = field(repr=False)

    @property
    def works(self) -> bool:
        """Whether it may sign somebody in."""
        return self.ended_at is None and self.inside.is_confirmed


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody sits, as far as it can be told. `key` is a random value that the browser keeps and shows again."""

    agent: str = ""
    address: str = ""
    key: str = ""

    def __repr__(self) -> str:
        return "Device(…)"


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser."""

    session_id: UUID
    person_id: UUID
    amr: frozenset[str]
    aal: Aal
    started_at: datetime
    authenticated_at: datetime
    last_seen_at: datetime
    ends_at: datetime
    device: Device = field(repr=False)
    ial_at_most: Ial | None = None
    """What an upstream said of this sign-in; None for one with an authenticator that was bound here."""

    def levels(self, account: Account) -> Levels:
        """How sure the platform is of who sits there."""
        ial = account.ial if self.ial_at_most is None else min(account.ial, self.ial_at_most)
        return Levels(ial, self.aal, self.authenticated_at)


class Event(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Something that happened to an account, as its owner reads it. `at` is set when it is read back."""

    what: str
    th: str
    en: str
    device: Device = Device()
    at: datetime | None = None

    def __repr__(self) -> str:
        return f"Event({self.what})"
