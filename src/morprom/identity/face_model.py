"""The faces that real clients know, as values: what their clients may have, what is told of a person, refusals."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from morprom.identity.card_model import Client
from morprom.kernel import Secret, Words

HEALTH_ID: Final = "health-id"
PROVIDER_ID: Final = "provider-id"
THAID: Final = "thaid"
FACES: Final = (HEALTH_ID, PROVIDER_ID, THAID)
"""What the setting `faces` may name; the first two are dialects of the registry of clients too."""

CODE_SECONDS: Final = 60

CID: Final = "cid"
MOBILE: Final = "mobile"
BIRTH: Final = "birthdate"
PROFILE: Final = "profile"

SCOPES: Final[dict[str, Words]] = {
    PROFILE: Words("ชื่อ นามสกุล และระดับการยืนยันตัวตน", "your name, and how well you were proofed"),
    BIRTH: Words("วันเกิด", "your date of birth"),
    MOBILE: Words("หมายเลขโทรศัพท์", "your mobile number"),
    CID: Words("เลขประจำตัวประชาชน", "your citizen number"),
    "phr.read": Words(
        "อ่านประวัติสุขภาพของคุณ ยกเว้นรายการที่อ่อนไหวหรือที่คุณปกปิด และตั้งค่าการเปิดเผยแทนคุณ",
        "read your health record, but for what is sensitive or hidden, and change its settings for you",
    ),
}
"""What a client may be registered for, and in which words its person is asked."""

OF_STAFF: Final = Words(
    "Provider ID ของคุณ ตำแหน่ง ใบอนุญาต และหน่วยงานที่คุณปฏิบัติงาน",
    "your Provider ID, positions, licences and the units that you work at",
)


STAFF_SCOPE: Final = "staff"
"""What staff allow a client of Provider ID beside the rest; no client asks for it by name."""


def face_words(scopes: Sequence[str]) -> tuple[Words, ...]:
    """What is allowed, in words."""
    known = SCOPES | {STAFF_SCOPE: OF_STAFF}
    return tuple(known[scope] for scope in scopes if scope in known)


class FaceTerms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the registry knows of a client of a face.

    `encryption_key` is the client's public RSA key (JWK), to which a citizen number is encrypted. `has_staff_token`:
    it is told Account Center tokens of the staff who sign in there.
    """

    scopes: tuple[str, ...] = (PROFILE,)
    encryption_key: dict[str, Any] | None = None
    has_staff_token: bool = False


@dataclass(frozen=True, slots=True)
class FaceClient:
    """A client of a face. Hashes of numbers that it is told are made under `hash_key`, which it does not have."""

    client: Client
    terms: FaceTerms
    hash_key: Secret[bytes] = field(repr=False)

    @property
    def client_id(self) -> str:
        """Its name in the protocol."""
        return self.client.client_id

    def scopes_asked(self, text: str) -> tuple[str, ...]:
        """Of what it asks for what it may have; all of that when it asks for nothing (clients mostly do not)."""
        asked = text.replace(",", " ").split()
        known = tuple(scope for scope in SCOPES if scope in self.terms.scopes)
        return tuple(scope for scope in known if scope in asked) if set(asked) & set(SCOPES) else known


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a person from the best proofing that counts. `mobile` is as the person gave it."""

    cid: str = field(default="", repr=False)
    title_th: str = field(default="", repr=False)
    first_th: str = field(default="", repr=False)
    middle_th: str = field(default="", repr=False)
    last_th: str = field(default="", repr=False)
    title_en: str = field(default="", repr=False)
    first_en: str = field(default="", repr=False)
    middle_en: str = field(default="", repr=False)
    last_en: str = field(default="", repr=False)
    birth_on: date | None = field(default=None, repr=False)
    mobile: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class FaceCode:
    """A code that came back. `presented_at` is when it came before; `jti` the session that it became."""

    client_id: str
    person_id: UUID
    account_session: UUID
    redirect_uri: str
    challenge: str | None
    scopes: tuple[str, ...]
    issued_at: datetime
    presented_at: datetime | None
    jti: UUID | None

    def is_old(self, now: datetime) -> bool:
        """Whether its minute is over."""
        return now - self.issued_at > timedelta(seconds=CODE_SECONDS)


@dataclass(frozen=True, slots=True)
class FaceRefused:
    """A code or a token that is of no use. `words` are those that real clients know; `status` 401 or 422."""

    words: str
    status: int = 422
    person_id: UUID | None = None
    """Whose code it was, where that is known."""


@dataclass(frozen=True, slots=True)
class ProviderSession:
    """Staff signed in at a client."""

    jti: UUID
    person_id: UUID
    account_session: UUID
    client_id: str
    scopes: frozenset[str]
    ends_at: datetime
