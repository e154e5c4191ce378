"""Looks at one day after the other: what the platform has, what the hospital has, and what follows. Sends nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from morprom_agent.export import Export
from morprom_agent.filters import Filters
from morprom_agent.ledger import Ledger
from morprom_agent.payload import Hospital, Parcel, build
from morprom_agent.platform import Platform
from morprom_agent.reconcile import Absent, Verdict, absent, verdict

BANGKOK = timezone(timedelta(hours=7))
"""No daylight saving since 1920; Windows has no zone database of its own."""


def bangkok_now() -> datetime:
    """The wall clock in Thailand, naive like the times in the files."""
    return datetime.now(UTC).astimezone(BANGKOK).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A visit that a rule keeps back; `why` is a key of filters.REASONS."""

    ref: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """A visit that may be sent."""

    parcel: Parcel
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Survey:
    """One hospital's export held against a platform and the ledger."""

    export: Export
    ledger: Ledger
    platform: Platform
    filters: Filters
    hospital: Hospital
    force: bool = False

    def days(self, since: date | None = None) -> list[tuple[date, int]]:
        """(day, visits), newest first, back to `since`."""
        return [(on, visits) for on, visits in self.export.days() if since is None or on >= since]

    def present(self, on: date) -> set[str] | None:
        """What the platform has of a day; None when it cannot be asked."""
        return self.platform.refs_on(on) if self.platform.can_reconcile else None

    def visits(self, on: date, present: set[str] | None) -> Iterator[Found | Skipped]:
        """Every visit of a day with what is to be done about it."""
        now = bangkok_now()
        for visit in self.export.visits(on):
            if why := self.filters.why_not(visit, now):
                yield Skipped(visit.ref, why)
                continue
            parcel = build(visit, self.hospital)
            is_present = None if present is None else visit.ref in present
            yield Found(parcel, verdict(parcel.hash, self.ledger.entry(visit.ref), is_present))

    def absent(self, on: date, present: set[str] | None) -> Absent:
        """What the hospital no longer has of a day. Days without outpatients are not covered by the export."""
        if present is None or not self.covers(on):
            return Absent()
        return absent(
            present,
            {ref for ref in present if self.export.has(ref)},
            self.ledger.entry,
            may_lack_stays=self.export.may_lack_stays(on),
            force=self.force,
        )

    def covers(self, on: date) -> bool:
        """Whether the export was meant to hold this day: a stay is exported by its discharge, its day may not be."""
        return self.export.count(on).outpatients > 0
