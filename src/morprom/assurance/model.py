"""Levels, what was checked of a person, and what was done to sign in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

from morprom.kernel import Words


class Ial(StrEnum):
    """Identity assurance, ETDA 19-2564. The text of a higher level sorts after that of a lower one."""

    SELF_ASSERTED = "1.1"
    CARD_SHOWN = "1.2"
    CARD_CHECKED = "1.3"
    FACE_TO_FACE = "2.1"
    FACE_SERVICE = "2.2"
    CHIP_AND_FACE = "2.3"
    SUPERVISED = "3"


class Aal(StrEnum):
    """Authenticator assurance, ETDA 20-2564. Sorts as `Ial` does."""

    ONE_FACTOR = "1"
    TWO_FACTORS = "2.1"
    CRYPTOGRAPHIC = "2.2"
    HARDWARE = "3"


class Amr(StrEnum):
    """What was done to sign in: the values of RFC 8176 that this platform can say."""

    PASSWORD = "pwd"
    PIN = "pin"
    OTP = "otp"  # TOTP, or a code to a contact
    SMS = "sms"  # a code by SMS, in addition to `otp`
    SOFTWARE_KEY = "swk"
    HARDWARE_KEY = "hwk"
    USER = "user"  # the authenticator verified its user
    RECOVERY = "rc"  # a recovery code; not in RFC 8176, which has no word for it
    MULTI_FACTOR = "mfa"
    FEDERATED = "fed"  # at ThaID, which says how; not in RFC 8176 either. No factor of ours was shown


@dataclass(frozen=True, slots=True)
class Levels:
    """How sure a live session is of who sits before it."""

    ial: Ial
    aal: Aal
    authenticated_at: datetime


class Checks(msgspec.Struct, frozen=True, kw_only=True):
    """What was done to learn who a person is: the atomic checks of one proofing event (ETDA 19-2564, 3.1).

    `chip_authenticated` is true only when DOPA confirmed the chip: the public card commands prove nothing.
    `face` says who compared; `face_with` what the face was compared with. `second_officer` saw it as well.
    `upstream` proofed the person itself, and said at which level at the sign-in that told of it.
    """

    evidence: Literal["none", "id-card", "birth-certificate", "house-registration", "passport"] = "none"
    appearance: bool = False
    chip_read: bool = False
    chip_authenticated: bool = False
    station_signed: bool = False
    dopa_status: Literal["not-asked", "valid", "not-valid", "unreachable"] = "not-asked"
    dopa_by: Literal["", "laser-code", "chip"] = ""
    face: Literal["none", "officer", "service"] = "none"
    face_with: Literal["", "printed-photo", "chip-photo", "dopa"] = ""
    face_matches: bool = False
    liveness: bool = False
    contact: Literal["none", "otp"] = "none"
    channel: Literal["counter", "home-visit", "kiosk", "app", "remote"] = "remote"
    guardian: bool = False
    second_officer: bool = False
    upstream: Literal["", "thaid"] = ""
    upstream_ial: Literal["", "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3"] = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session at a level lasts, in seconds. `idle` is None where nothing but the whole counts."""

    absolute: int
    idle: int | None


@dataclass(frozen=True, slots=True)
class Derived:
    """A level with why: what was held for it, and what the next higher level would have needed.

    `is_confirmed` is False where the table's line is not confirmed from the standard's own text. `level` is "" when
    not even the lowest is reached.
    """

    level: str
    because: tuple[Words, ...]
    next_level: str
    missing: tuple[Words, ...]
    is_confirmed: bool
    table: str
