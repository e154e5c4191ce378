"""One-time codes as values: what they look like, how they are kept, when one counts, how many may be asked for."""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final
from uuid import UUID

from morprom.access.model import Actor, Ground
from morprom.access.policy import Limit, OtpRules
from morprom.assurance import Levels
from morprom.kernel import Mode, Secret

LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which are read as 1 and 0
DIGITS: Final = "0123456789"


@dataclass(frozen=True, slots=True)
class Grant:
    """A code as it is kept, and what became of it.

    What it opens follows from `ground`, where it came from, and from `levels`, those of the sign-in behind it at issue.
    """

    grant_id: UUID
    key_id: int
    mac: bytes
    issued_at: datetime
    first_used_at: datetime | None = None
    ground: Ground = Ground.OTP
    levels: Levels | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """An earlier request for a code of the same person."""

    unit: str
    account_id: UUID
    issued_at: datetime


def new_code() -> str:
    """`AA999999`, all 8 characters random: 576 million codes."""
    return "".join(secrets.choice(LETTERS) for _ in range(2)) + "".join(secrets.choice(DIGITS) for _ in range(6))


def mac(key: Secret[bytes], grant_id: UUID, code: str) -> bytes:
    """What is kept of a code: HMAC-SHA256, bound to its grant. Written in any case, with spaces or hyphens."""
    plain = code.upper().replace("-", "").replace(" ", "")
    return hmac.digest(key.reveal(), grant_id.bytes + plain.encode(), "sha256")


def matching(grants: Sequence[Grant], code: str, keys: Mapping[int, Secret[bytes]]) -> Grant | None:
    """The grant that `code` belongs to. Takes as long for a wrong code as for a right one."""
    found = None
    for grant in grants:
        key = keys.get(grant.key_id)
        if key and hmac.compare_digest(mac(key, grant.grant_id, code), grant.mac):
            found = grant
    return found


def is_usable(grant: Grant, rules: OtpRules, now: datetime) -> bool:
    """Whether a code whose characters are right still counts: first used in time, and not past its life."""
    first_use = grant.first_used_at or now
    in_time = first_use < grant.issued_at + timedelta(seconds=rules.first_use_seconds)
    return in_time and now < ends_at(grant.issued_at, rules)


def ends_at(issued_at: datetime, rules: OtpRules) -> datetime:
    """When a grant ends by itself."""
    return issued_at + timedelta(seconds=rules.life_seconds)


def wait_for(limits: Sequence[Limit], earlier: Sequence[Asking], actor: Actor, now: datetime) -> int:
    """Seconds until `actor` may ask for this person's code again; 0 for now."""
    return max((_wait(limit, earlier, actor, now) for limit in limits), default=0)


def is_released(mode: Mode, *, is_proofed: bool) -> bool:
    """Whether a code may be shown to the person: in production only to one who was proofed for T3."""
    return is_proofed or mode is not Mode.PRODUCTION


def _wait(limit: Limit, earlier: Sequence[Asking], actor: Actor, now: datetime) -> int:
    window = timedelta(seconds=limit.seconds)
    counted = sorted(
        asking.issued_at
        for asking in earlier
        if now - asking.issued_at < window
        and (limit.scope == "person" or asking.unit == actor.unit)
        and (limit.scope != "user" or asking.account_id == actor.account_id)
    )
    if len(counted) < limit.most:
        return 0
    return ceil((counted[-limit.most] + window - now).total_seconds())
