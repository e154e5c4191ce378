"""The sealed record: a person's documents opened for who may read them, and each hospital's ledger of what it sent."""

from morprom.recordstore.disputes import VisitName, disputed_visits, is_visit_of, tell_masked, tell_reported
from morprom.recordstore.ledger import counts_of_days, refs_of_day, register
from morprom.recordstore.load import Permission, load
from morprom.recordstore.refs import UnitRefs, keyed
from morprom.recordstore.store import DayRow

__all__ = [
    "DayRow",
    "Permission",
    "UnitRefs",
    "VisitName",
    "counts_of_days",
    "disputed_visits",
    "is_visit_of",
    "keyed",
    "load",
    "refs_of_day",
    "register",
    "tell_masked",
    "tell_reported",
]
