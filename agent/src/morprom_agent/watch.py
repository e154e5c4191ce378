"""Rounds without end: the latest days every few minutes, everything at night, nothing when nothing changed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from morprom_agent.settings import Settings


@dataclass(frozen=True, slots=True)
class Round:
    """How far one round goes: back to `since` (None: all days), until `until` (None: to the end)."""

    since: date | None
    until: datetime | None


def round_at(now: datetime, settings: Settings) -> Round:
    """By night all days until morning, by day the latest ones. `now` is Bangkok wall clock."""
    if not settings.night.covers(now.time()):
        return Round(now.date() - timedelta(days=settings.recent_days), None)
    morning = datetime.combine(now.date(), settings.night.end)
    return Round(None, morning if morning > now else morning + timedelta(days=1))


@dataclass(slots=True)
class Watch:
    """Goes round until it is interrupted.

    `look` tells the source's fingerprint. `go` does one round and says whether it left nothing to come back for; the
    same source is then let be.
    """

    settings: Settings
    look: Callable[[], object]
    go: Callable[[Round], bool]
    now: Callable[[], datetime]
    _done: tuple[object, bool] | None = None

    def turn(self) -> bool:
        """One round if there is anything to do; whether there was."""
        what = self.look()
        plan = round_at(self.now(), self.settings)
        is_full = plan.since is None
        if self._done is not None and self._done[0] == what and (self._done[1] or not is_full):
            return False
        if self.go(plan):
            self._done = (what, is_full)
        return True

    def forever(self) -> None:
        """Turn after turn."""
        while True:
            self.turn()
            time.sleep(self.settings.every_minutes * 60)
