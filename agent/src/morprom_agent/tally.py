"""What a run did, in numbers: the result on stdout."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from morprom_agent.stop import Exit


@dataclass(slots=True)
class Tally:
    """Counts of one run. `visits_seen` = sent + same + failed + skipped; `warned` are among `sent`."""

    visits_seen: int = 0
    sent: int = 0
    same: int = 0
    warned: int = 0
    failed: int = 0
    skipped: Counter[str] = field(default_factory=Counter[str])
    removed: int = 0
    held: int = 0
    bad_lines: int = 0
    days: int = 0
    days_counted: int = 0
    began: float = field(default_factory=time.monotonic)

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        seconds = time.monotonic() - self.began
        return {
            "visits_seen": self.visits_seen,
            "sent": self.sent,
            "same": self.same,
            "warned": self.warned,
            "failed": self.failed,
            "skipped": dict(sorted(self.skipped.items())),
            "removed": self.removed,
            "held": self.held,
            "bad_lines": self.bad_lines,
            "days": self.days,
            "days_counted": self.days_counted,
            "seconds": round(seconds, 1),
            "visits_per_second": round(self.sent / seconds, 1) if seconds > 0 else 0.0,
        }

    @property
    def exit(self) -> Exit:
        """0, or 1 when a visit could not be sent."""
        return Exit.SOME_FAILED if self.failed else Exit.OK
