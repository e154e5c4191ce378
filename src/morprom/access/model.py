"""Who asks for what on which ground, and the two answers there are."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final, Literal
from uuid import UUID

from morprom.assurance import Aal, Ial, Levels
from morprom.audit import Basis
from morprom.kernel import Words
from morprom.people import Person
from morprom.record import Seeing


class Tier(IntEnum):
    """How much a datum asks of who reads it; the policy's table says what each holds."""

    T0 = 0
    T1 = 1
    T2 = 2
    T3 = 3
    T4 = 4


class Ground(StrEnum):
    """What somebody comes with. The room that establishes a ground has checked what makes it one."""

    SELF = "self"
    OTP = "otp"
    CARD = "card"
    CARD_REPORTED = "card-reported"
    HEALTH_ID = "health-id"
    HEALTH_ID_CODE = "health-id-code"
    CONTROLS = "controls"
    REFERRAL = "referral"
    CAREGIVER = "caregiver"
    CAREGIVER_GRANTED = "caregiver-granted"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who reads. A unit's account is shared: it names a unit and a desk, not a human being."""

    account_id: UUID
    unit: str
    name: str = field(repr=False)
    is_shared: bool = True


@dataclass(frozen=True, slots=True)
class Sharing:
    """What the owner set."""

    share_phr: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """One wish to read a person's record. `actor` is None for the owner, `levels` when no session stands behind it.

    `t4_opens_at` is a day after the owner was last proofed or came back without their phone: tier 4 waits for it.
    `is_frozen`: fraud was reported, or a death. `proofed` is the level of the owner's account, below which a sign-in
    elsewhere may be.
    """

    person: Person
    actor: Actor | None
    ground: Ground
    tier: Tier
    sharing: Sharing
    levels: Levels | None = None
    grant_id: UUID | None = None
    until: datetime | None = None
    t4_opens_at: datetime | None = None
    is_frozen: bool = False
    proofed: Ial | None = None


@dataclass(frozen=True, slots=True)
class Permit:
    """May read `person`'s record up to `tier` and as `seeing` says. Reading functions demand one."""

    person: Person
    actor: Actor | None
    basis: Basis
    tier: Tier
    seeing: Seeing
    policy: int
    grant_id: UUID | None
    until: datetime | None

    def row_key(self, name: bytes) -> str:
        """An opaque identifier for what `name` names in this person's record: the same at every read, no one else's."""
        return hmac.digest(self.person.data_key.subkey(b"rows"), name, "sha256")[:16].hex()


@dataclass(frozen=True, slots=True)
class Missing:
    """What would turn a refusal into a permit: levels to sign in at, and the most seconds since (RFC 9470).

    `lacks` says which of the three was not met; the others were. `is_proofed`: the account has the IAL, this sign-in
    was elsewhere and is worth less.
    """

    ial: Ial | None = None
    aal: Aal | None = None
    max_age: int | None = None
    lacks: tuple[Literal["ial", "aal", "max_age"], ...] = ()
    is_proofed: bool = False

    @property
    def acr_values(self) -> str:
        """Value of RFC 9470's acr_values: what lacks, and never a sign-in that is lower than what is needed."""
        is_again = "aal" in self.lacks or "max_age" in self.lacks or self.is_proofed
        parts = (
            f"ial{self.ial}" if "ial" in self.lacks and not self.is_proofed else "",
            f"aal{self.aal}" if is_again and self.aal else "",
        )
        return " ".join(part for part in parts if part)

    @property
    def words(self) -> Words:
        """What lacks, and how to come by it."""
        said = [SAID[lack](self) for lack in self.lacks]
        return Words(" ".join(one.th for one in said), "; ".join(one.en for one in said))


BOUND_HERE: Final = Words(
    "ต้องเข้าสู่ระบบด้วยวิธีที่ผูกไว้กับบัญชีนี้ เช่น พาสคีย์", "sign in with what is bound to this account, such as a passkey"
)
SAID: Final[Mapping[str, Callable[[Missing], Words]]] = {
    "ial": lambda it: (
        BOUND_HERE
        if it.is_proofed
        else Words(
            f"ต้องพิสูจน์ตัวตนถึงระดับ IAL {it.ial} โปรดนำบัตรประชาชนไปที่จุดยืนยันตัวตน",
            f"be proofed at IAL {it.ial}, at a proofing counter with the ID card",
        )
    ),
    "aal": lambda it: Words(
        f"ต้องเข้าสู่ระบบด้วย{'พาสคีย์' if (it.aal or '') >= Aal.CRYPTOGRAPHIC else 'สองปัจจัย'} (AAL {it.aal})",
        f"sign in with {'a passkey' if (it.aal or '') >= Aal.CRYPTOGRAPHIC else 'two factors'} (AAL {it.aal})",
    ),
    "max_age": lambda it: Words(
        f"ต้องยืนยันอีกครั้งว่าเป็นคุณ เปิดได้ภายใน {(it.max_age or 0) // 60} นาทีหลังยืนยัน",
        f"confirm again that it is you: this opens for {(it.max_age or 0) // 60} minutes",
    ),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """May not read. `reason` goes into the history only: it says more than the caller may know."""

    code: str
    words: Words
    reason: str = ""
    missing: Missing | None = None
    tier: Tier = Tier.T0
    policy: int = 0
    basis: Basis = Basis.OTP


@dataclass(frozen=True, slots=True)
class CodeAsked:
    """A request for a code was taken; whether anybody received one is not told."""

    grant_id: UUID


@dataclass(frozen=True, slots=True)
class Throttled:
    """Too many requests for a code; `wait` is in seconds."""

    wait: int
