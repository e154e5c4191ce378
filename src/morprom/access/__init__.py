"""Who may read what: one decision in one place, and the ways in: one-time codes, Health ID, referrals.

`decide` answers Permit or Refusal from the policy tables (policies/*.toml). Reading functions demand a Permit.
Refusals and wrong codes are values: the transaction that holds their line of history commits. `controls` is where an
owner sets what others see, `health_id` how they read.
"""

from morprom.access import controls, health_id, referral
from morprom.access.ask import ask_for_code
from morprom.access.issue import issue_code
from morprom.access.model import Actor, Ground, Permit, Refusal, Throttled, Tier
from morprom.access.policy import current_policy
from morprom.access.use import read_with_code, validate_code

__all__ = [
    "Actor",
    "Ground",
    "Permit",
    "Refusal",
    "Throttled",
    "Tier",
    "ask_for_code",
    "controls",
    "current_policy",
    "health_id",
    "issue_code",
    "read_with_code",
    "referral",
    "validate_code",
]
