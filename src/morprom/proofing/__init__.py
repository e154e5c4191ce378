"""Proofing a person at a counter: cases of atomic checks, sealed into events; slips by which they reach a phone.

What was done is kept, never a level (ETDA 19-2564): `assurance` derives it, with an explanation, by a versioned table.
"""

from morprom.proofing.cases import case_of, cases_of, give_up, level_of, start_case
from morprom.proofing.events import count_redeemed, events_of, seal_case, withdraw
from morprom.proofing.slips import person_redeeming, print_slip, redeem

__all__ = [
    "case_of",
    "cases_of",
    "count_redeemed",
    "events_of",
    "give_up",
    "level_of",
    "person_redeeming",
    "print_slip",
    "redeem",
    "seal_case",
    "start_case",
    "withdraw",
]
