"""The one place where a read is permitted or refused. Pure: values and `now` in, Permit or Refusal out."""

from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from morprom.access.model import Missing, Permit, Refusal, Request, Tier
from morprom.access.policy import GroundRow, Policy, TierRow
from morprom.assurance import Levels
from morprom.kernel import Words
from morprom.record import Seeing

SHARING_OFF: Final = Words("เจ้าของข้อมูลปิดการเปิดเผยข้อมูล", "the owner does not share this record")
GRANT_ENDED: Final = Words("สิทธิการเข้าถึงหมดเวลาแล้ว", "the permission has ended")
T4_WAITS: Final = Words(
    "ข้อมูลส่วนนี้เปิดได้เมื่อครบ 24 ชั่วโมงหลังยืนยันตัวตนหรือกู้บัญชีครั้งล่าสุด",
    "this opens 24 hours after the latest proofing or recovery",
)
NOT_OFFERED: Final = Words("ยังไม่เปิดให้เข้าถึงด้วยเหตุนี้", "nobody may read on this basis yet")
FROZEN: Final = Words(
    "บัญชีของเจ้าของข้อมูลถูกระงับ โปรดติดต่อจุดยืนยันตัวตน", "the owner's account is frozen; ask at a proofing counter"
)


def decide(policy: Policy, request: Request, now: datetime) -> Permit | Refusal:
    """Whether `request` may read, by the tables of `policy`. A refusal says what is missing."""
    row = policy.ground_row(request.ground)

    def refused(code: str, words: Words, missing: Missing | None = None) -> Refusal:
        return Refusal(code, words, code, missing, request.tier, policy.version, row.audited_as)

    if not row.offered:
        return refused("NOT_OFFERED", NOT_OFFERED)
    if row.closed_by_freeze and request.is_frozen:
        return refused("ACCOUNT_FROZEN", FROZEN)
    if row.closed_by_owner and not request.sharing.share_phr:
        return refused("SHARING_OFF", SHARING_OFF)
    if request.until is not None and now >= request.until:
        return refused("GRANT_ENDED", GRANT_ENDED)
    if not row.lowest_tier <= request.tier <= row.tier or (row.referral_only and request.actor is None):
        return refused("ABOVE_CEILING", row.words)
    missing = _missing(row, policy.tier_row(request.tier), request.levels, now)
    if missing:
        is_proofed = "ial" in missing.lacks and (request.proofed or "") >= (missing.ial or "")
        missing = replace(missing, is_proofed=is_proofed)
        return refused("LEVELS_TOO_LOW", missing.words, missing)
    if request.tier is Tier.T4 and not _is_t4_open(request, now):
        return refused("T4_WAITS", T4_WAITS)
    return Permit(
        request.person, request.actor, row.audited_as, request.tier, _seeing(policy, row, request, now),
        policy.version, request.grant_id, request.until,
    )  # fmt: skip


def _seeing(policy: Policy, row: GroundRow, request: Request, now: datetime) -> Seeing:
    """Sensitive and masked visits are seen only by whoever could read T4 now, whatever tier was asked for."""
    reaches_t4 = row.by_levels and _missing(row, policy.tier_row(Tier.T4), request.levels, now) is None
    is_at_t4 = reaches_t4 and _is_t4_open(request, now)
    return Seeing(
        sensitive=row.sensitive and is_at_t4,
        masked=row.masked and is_at_t4,
        free_text=row.free_text,
        recipient=request.actor.unit if row.referral_only and request.actor else "",
    )


def _is_t4_open(request: Request, now: datetime) -> bool:
    return request.t4_opens_at is None or now >= request.t4_opens_at


def _missing(row: GroundRow, tier: TierRow, levels: Levels | None, now: datetime) -> Missing | None:
    """What `levels` lack; None when nothing. A ground that does not go by levels asks for its own AAL at most."""
    if row.by_levels or (row.by_known_levels and levels):
        needed = Missing(tier.ial, tier.aal, tier.max_age)
    else:
        needed = Missing(aal=row.aal)
    lacks = _lacks(needed, levels, now)
    return replace(needed, lacks=lacks) if lacks else None


def _lacks(needed: Missing, levels: Levels | None, now: datetime) -> tuple[Literal["ial", "aal", "max_age"], ...]:
    lacks: list[Literal["ial", "aal", "max_age"]] = []
    if needed.ial and (levels is None or levels.ial < needed.ial):
        lacks.append("ial")
    if needed.aal and (levels is None or levels.aal < needed.aal):
        lacks.append("aal")
    if needed.max_age is not None and (levels is None or _age(levels, now) > needed.max_age):
        lacks.append("max_age")
    return tuple(lacks)


def _age(levels: Levels, now: datetime) -> float:
    return (now - levels.authenticated_at).total_seconds()
