"""Relying parties, what they ask, what people allowed them, and what they hold. Personal values hide from repr."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

import msgspec

from morprom.accounts import Account, Session
from morprom.identity import Client
from morprom.kernel import Secret, Words

OPENID: Final = "openid"
"""The dialect of this room, as the registry of clients names it."""

Auth = Literal["client_secret_basic", "client_secret_post", "private_key_jwt"]
Profile = Literal["old", "fapi2"]
ResponseMode = Literal["query", "form_post"]


class Terms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the registry knows of a relying party. `tier` is the highest tier of data that its tokens may open.

    Its Thai name stands with the client; `purpose` is for what it asks, as the person who is asked reads it.

    Two profiles: `fapi2` holds to the FAPI 2.0 security profile (pushed requests, a key of its own, DPoP); `old` may
    use a secret and bearer tokens. Clients of one `sector` know people by the same names; "" is a sector of one.
    """

    profile: Profile
    auth: Auth
    scopes: tuple[str, ...]
    jwks: dict[str, Any] | None = None
    tier: int = 1
    sector: str = ""
    id_token_alg: Literal["ES256", "RS256"] = "ES256"
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str = ""
    is_resource_server: bool = False
    name_en: str = ""
    purpose: str = ""
    purpose_en: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A relying party: a client of the registry that speaks OpenID Connect."""

    client: Client
    terms: Terms

    @property
    def client_id(self) -> str:
        """Its name in the protocol."""
        return self.client.client_id

    @property
    def sector(self) -> str:
        """The group within which people have one name."""
        return self.terms.sector or self.client_id

    @property
    def is_fapi(self) -> bool:
        """Whether it holds to the FAPI 2.0 security profile."""
        return self.terms.profile == "fapi2"

    def still(self, scopes: Iterable[str]) -> tuple[str, ...]:
        """Of scopes that were allowed once those that it may have now: its registration may have changed since."""
        return tuple(scope for scope in scopes if scope in self.terms.scopes)


class Refused(NamedTuple):
    """An error of OAuth, told to the client; the transaction commits, for a use too many may have ended something."""

    error: str
    words: Words


class Request(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request for authorization, checked against its relying party."""

    redirect_uri: str
    response_mode: ResponseMode = "query"
    scopes: tuple[str, ...]
    state: str | None = None
    nonce: str | None = None
    challenge: str
    prompt: tuple[str, ...] = ()
    max_age: int | None = None
    acr_values: tuple[str, ...] = ()
    claims: dict[str, Any] = {}
    id_token_hint: str = ""
    login_hint: str = ""
    claims_locales: tuple[str, ...] = ()
    dpop_jkt: str = ""

    def __repr__(self) -> str:
        return "Request(…)"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that was pushed, or that waits for its person."""

    request_hash: bytes
    pushed_hash: bytes | None
    client_id: str
    made_at: datetime
    request: Request


@dataclass(frozen=True, slots=True)
class Allowed:
    """What somebody allows a client, and the words in which that was asked."""

    scopes: tuple[str, ...]
    claims: tuple[str, ...]

    def covers(self, other: "Allowed") -> bool:
        """Whether it holds all of `other`."""
        return set(self.scopes) >= set(other.scopes) and set(self.claims) >= set(other.claims)


@dataclass(frozen=True, slots=True)
class Grant:
    """A consent with its receipt."""

    grant_id: UUID
    client: Client
    unit_name: str
    allowed: Allowed
    granted_at: datetime
    ends_at: datetime
    last_used_at: datetime | None
    text_hash: bytes
    language: str
    ial: str
    aal: str


class Details(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The sealed part of a sign-in at a client: what was asked and allowed, and how the person had signed in then."""

    redirect_uri: str
    challenge: str
    scopes: tuple[str, ...]
    nonce: str | None = None
    claims: dict[str, Any] = {}
    claims_locales: tuple[str, ...] = ()
    dpop_jkt: str = ""
    acr: str
    aal: str
    ial: str
    amr: tuple[str, ...]
    authenticated_at: datetime

    def __repr__(self) -> str:
        return "Details(…)"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody signed in at a client: its tokens are one family."""

    sign_in_id: UUID
    person_id: UUID
    client_id: str
    session_id: UUID
    made_at: datetime
    ended_at: datetime | None
    sid: str
    details: Details = field(repr=False)


@dataclass(frozen=True, slots=True)
class LiveToken:
    """A token that works, and who is behind it."""

    sign_in: SignIn
    party: Party
    session: Session
    account: Account
    kind: int
    scopes: tuple[str, ...]
    made_at: datetime
    ends_at: datetime
    jkt: str | None


@dataclass(frozen=True, slots=True)
class Issued:
    """What a client has for a code or a refresh token."""

    access: Secret[str] = field(repr=False)
    seconds: int
    scopes: tuple[str, ...]
    is_bound: bool
    refresh: Secret[str] | None = field(repr=False)
    id_token: Secret[str] | None = field(repr=False)
