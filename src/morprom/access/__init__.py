"""Who may read what: one decision in one place, and the one-time codes by which a person lets a unit in.

`decide` answers Permit or Refusal from the policy tables (policies/*.toml). Reading functions demand a Permit.
Refusals and wrong codes are values: the transaction that holds their line of history commits.
"""

from morprom.access.ask import ask_for_code
from morprom.access.end import end_grant
from morprom.access.model import Actor, CodeAsked, Permit, Refusal, Throttled, Tier
from morprom.access.policy import current_policy
from morprom.access.rules import decide
from morprom.access.use import read_with_code, validate_code

__all__ = [
    "Actor",
    "CodeAsked",
    "Permit",
    "Refusal",
    "Throttled",
    "Tier",
    "ask_for_code",
    "current_policy",
    "decide",
    "end_grant",
    "read_with_code",
    "validate_code",
]
