"""The programmes of units, and what becomes of a card that is shown to one, as values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from morprom.kernel import Cid, Hcode, Secret

CODE_SECONDS: Final = 60
TOKEN_SECONDS: Final = 300
TRIES: Final = 3
CARD: Final = "card"
"""The dialect of the card page, as the registry names it."""


@dataclass(frozen=True, slots=True)
class Client:
    """A programme of one unit. Codes are sent to one of `redirect_uris`, letter for letter.

    `kind` is the dialect that it speaks, and `terms` (JSON) what that dialect needs to know of it.
    """

    client_id: str
    hcode: Hcode
    name: str
    redirect_uris: tuple[str, ...]
    registered_at: datetime
    revoked_at: datetime | None = None
    kind: str = CARD
    terms: str = field(default="", repr=False)
    disabled_at: datetime | None = None

    @property
    def works(self) -> bool:
        """Whether it may ask for anything: neither removed nor disabled for now."""
        return self.revoked_at is None and self.disabled_at is None


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to a client: added, changed, disabled, enabled, new-secret, removed. `after` is JSON."""

    at: datetime
    what: str
    position_id: UUID | None
    after: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Registered:
    """A new client with its secret, which is shown this once; None where it signs with a key of its own."""

    client: Client
    secret: Secret[str] | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who brings a token: an account of a unit, as the history names it."""

    hcode: str
    account_id: UUID
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What a programme has for its code. The token lives for `seconds`."""

    cid: Cid
    token: Secret[str] = field(repr=False)
    seconds: int = TOKEN_SECONDS


@dataclass(frozen=True, slots=True)
class CardRefused:
    """A code or a token that is of no use. `reason` goes into the history only: the caller hears one word for all."""

    reason: str


@dataclass(frozen=True, slots=True)
class CardCode:
    """A code that came back. `presented_at` is when it came before; `age` is in seconds."""

    client_id: str
    person_id: UUID
    redirect_uri: str
    challenge: str | None
    cid_sealed: bytes = field(repr=False)
    age: float
    presented_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class CardToken:
    """An access token that came. `client` is the name of its programme, `age` is in seconds."""

    code_hash: bytes = field(repr=False)
    person_id: UUID
    hcode: str
    client: str
    age: float
    is_revoked: bool
    is_vouched: bool
