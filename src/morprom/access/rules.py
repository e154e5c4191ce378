"""The one place where a read is permitted or refused. Pure: values and `now` in, Permit or Refusal out."""

from datetime import datetime
from typing import Final

from morprom.access.model import Missing, Permit, Refusal, Request, Tier
from morprom.access.policy import GroundRow, Policy, TierRow
from morprom.assurance import Aal, Levels
from morprom.kernel import Words
from morprom.record import Seeing

SHARING_OFF: Final = Words("เจ้าของข้อมูลปิดการเปิดเผยข้อมูล", "the owner does not share this record")
GRANT_ENDED: Final = Words("สิทธิการเข้าถึงหมดเวลาแล้ว", "the permission has ended")
T4_WAITS: Final = Words(
    "ข้อมูลส่วนนี้เปิดได้เมื่อครบ 24 ชั่วโมงหลังยืนยันตัวตนหรือกู้บัญชีครั้งล่าสุด",
    "this opens 24 hours after the latest proofing or recovery",
)
SIGN_IN_HIGHER: Final = Words("ต้องยืนยันตัวตนในระดับที่สูงกว่านี้หรือใหม่กว่านี้", "sign in at a higher level, or again")


def decide(policy: Policy, request: Request, now: datetime) -> Permit | Refusal:
    """Whether `request` may read, by the tables of `policy`. A refusal says what is missing."""
    row = policy.ground_row(request.ground)

    def refused(code: str, words: Words, missing: Missing | None = None) -> Refusal:
        return Refusal(code, words, code, missing, request.tier, policy.version, row.audited_as)

    if row.closed_by_owner and not request.sharing.share_phr:
        return refused("SHARING_OFF", SHARING_OFF)
    if request.until is not None and now >= request.until:
        return refused("GRANT_ENDED", GRANT_ENDED)
    if not row.lowest_tier <= request.tier <= row.tier or (row.referral_only and request.actor is None):
        return refused("ABOVE_CEILING", row.words)
    missing = _missing(row, policy.tier_row(request.tier), request.levels, now)
    if missing:
        return refused("LEVELS_TOO_LOW", SIGN_IN_HIGHER, missing)
    if request.tier is Tier.T4 and not _is_t4_open(request, now):
        return refused("T4_WAITS", T4_WAITS)
    return Permit(
        request.person, request.actor, row.audited_as, request.tier, _seeing(policy, row, request, now),
        policy.version, request.grant_id, request.until, row.referral_only,
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
    ial, max_age = (tier.ial, tier.max_age) if row.by_levels else (None, None)
    aal = tier.aal if row.by_levels else row.aal
    if ial is None and aal is None:
        return None
    if levels and (not ial or levels.ial >= ial) and _is_enough(levels, aal, max_age, now):
        return None
    return Missing(ial, aal, max_age)


def _is_enough(levels: Levels, aal: Aal | None, max_age: int | None, now: datetime) -> bool:
    age = (now - levels.authenticated_at).total_seconds()
    return (not aal or levels.aal >= aal) and (max_age is None or age <= max_age)
