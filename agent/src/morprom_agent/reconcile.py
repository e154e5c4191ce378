"""What to do about a visit and about a day: pure decisions of what the hospital, the platform and the ledger have."""

from collections.abc import Callable, Set
from dataclasses import dataclass
from enum import Enum

from morprom_agent.ledger import Entry

MOST_REMOVED = 0.05
"""Of a day's visits on the platform: more than this are not removed without being told to."""


class Verdict(Enum):
    """Why a visit is sent, or not."""

    MISSING = "missing"
    CHANGED = "changed"
    UNKNOWN = "unknown"
    SAME = "same"


def verdict(content: str, entry: Entry | None, is_present: bool | None) -> Verdict:
    """Compare a visit's hash with what was sent. `is_present` is None when the platform cannot be asked.

    UNKNOWN: the platform has it, but this agent did not send it (another one did, or the state is new).
    """
    if is_present is False or (is_present is None and (entry is None or not entry.is_there)):
        return Verdict.MISSING
    if entry is None or not entry.hash:
        return Verdict.UNKNOWN
    return Verdict.SAME if entry.is_there and entry.hash == content else Verdict.CHANGED


@dataclass(frozen=True, slots=True)
class Absent:
    """Visits that the platform has of a day and the hospital has not.

    `held` are kept: too many for a slip (then `is_partial`: the export does not hold the whole day), or perhaps a
    stay that ended after the export was made.
    """

    removable: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    is_partial: bool = False


def absent(
    present: Set[str],
    in_source: Set[str],
    known: Callable[[str], Entry | None],
    *,
    may_lack_stays: bool,
    force: bool,
) -> Absent:
    """Divide what is absent into what may be removed and what is held. `force` removes all of it."""
    gone = sorted(present - in_source)
    if force or not gone:
        return Absent(removable=tuple(gone))
    stays = {ref for ref in gone if _may_be_stay(known(ref), may_lack_stays)}
    visits = tuple(ref for ref in gone if ref not in stays)
    if len(visits) > MOST_REMOVED * len(present):
        return Absent(held=tuple(gone), is_partial=True)
    return Absent(visits, tuple(sorted(stays)))


def _may_be_stay(entry: Entry | None, may_lack_stays: bool) -> bool:
    return may_lack_stays if entry is None else entry.is_stay
