"""Instants are UTC with a zone; hospital wall clocks are Bangkok's, which has no daylight saving."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

BANGKOK = timezone(timedelta(hours=7), "Asia/Bangkok")

Clock = Callable[[], datetime]
"""Where a rule needs the time it is given one of these; tests give their own."""


def utc_now() -> datetime:
    """The clock of this machine. What orders history is the database's clock, not this one."""
    return datetime.now(UTC)
