"""One run: day by day, newest first, what is missing or changed goes out, what was deleted is taken back."""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import date, datetime

from morprom_agent.export import Day
from morprom_agent.lanes import Lanes
from morprom_agent.ledger import State
from morprom_agent.payload import Parcel
from morprom_agent.platform import Delivery, Platform, Removal
from morprom_agent.progress import Teller
from morprom_agent.reconcile import Verdict
from morprom_agent.stop import Exit, Stop
from morprom_agent.survey import Found, Skipped, Survey, bangkok_now
from morprom_agent.tally import Tally

STATUS_SECONDS = 10.0
"""The platform wants at least 5 s between reports and forgets an agent after 2 minutes."""
FAILURES_IN_A_ROW = 5
DAYS_AT_ONCE = 31
log = logging.getLogger(__name__)


class Heartbeat:
    """Tells the platform what this agent is doing, now and then."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._last = float("-inf")
        self.doing = "starting"

    def beat(self) -> None:
        """Report when it is time."""
        if self._platform.can_reconcile and time.monotonic() - self._last >= STATUS_SECONDS:
            self._last = time.monotonic()
            self._platform.tell_status(self.doing)


class Sending:
    """One run over the days of an export. `agrees` is asked once before visits are removed."""

    def __init__(
        self, survey: Survey, tally: Tally, teller: Teller, heartbeat: Heartbeat, agrees: Callable[[int, int], bool]
    ) -> None:
        self._survey = survey
        self._ledger = survey.ledger
        self._platform = survey.platform
        self._tally = tally
        self._teller = teller
        self._heartbeat = heartbeat
        self._agrees = agrees
        self._failures_in_a_row = 0
        self._to_count: list[Day] = []
        self._to_remove: dict[date, tuple[str, ...]] = {}

    def run(self, *, connections: int, since: date | None = None, until: datetime | None = None) -> bool:
        """Go through the days back to `since`; whether all were done by `until` (Bangkok wall clock).

        The day in hand at `until` is finished.
        """
        days = self._survey.days(since)
        self._teller.begin("ส่งข้อมูล / sending", sum(visits for _, visits in days))
        lanes: Lanes[Parcel, Delivery] = Lanes(self._platform.deliver, connections, self._heartbeat.beat)
        try:
            for on, _ in days:
                if until is not None and bangkok_now() >= until:
                    break
                self._day(on, lanes)
            self._settle(lanes.drain())
        except BaseException:
            self._platform.end()  # lanes that wait for their next try need not
            raise
        finally:
            lanes.close()
        self._tell_counts()
        self._remove()
        self._conclude()
        return self._tally.days == len(days)

    def _day(self, on: date, lanes: Lanes[Parcel, Delivery]) -> None:
        self._heartbeat.doing = f"sending {on.isoformat()}"
        present = self._survey.present(on)
        for found in self._survey.visits(on, present):
            self._tally.visits_seen += 1
            self._heartbeat.beat()
            self._one(found, lanes)
        self._tally.days += 1
        absent = self._survey.absent(on, present)
        self._tally.held += len(absent.held)
        if absent.held:
            log.info("%s held_refs=%d is_partial=%s", on, len(absent.held), absent.is_partial)
        if absent.removable:
            self._to_remove[on] = absent.removable
        if present is not None and self._survey.covers(on) and not absent.is_partial:
            self._to_count.append(self._survey.export.count(on, sorted(self._survey.filters.typeouts)))
        if len(self._to_count) == DAYS_AT_ONCE:
            self._tell_counts()

    def _one(self, found: Found | Skipped, lanes: Lanes[Parcel, Delivery]) -> None:
        match found:
            case Skipped(why=why):
                self._tally.skipped[why] += 1
                self._teller.advance()
            case Found(verdict=Verdict.SAME):
                self._tally.same += 1
                self._teller.advance()
            case Found(parcel=parcel):
                self._ledger.pending(parcel.ref, parcel.is_stay, parcel.hash)
                self._settle(lanes.put(parcel))

    def _settle(self, results: Iterable[tuple[Parcel, Delivery]]) -> None:
        for parcel, delivery in results:
            self._teller.advance()
            if delivery.arrived:
                self._arrived(parcel, delivery)
            else:
                self._failed(parcel, delivery)

    def _arrived(self, parcel: Parcel, delivery: Delivery) -> None:
        self._failures_in_a_row = 0
        state = State.WARNED if delivery.notes else State.SENT
        self._ledger.settle(parcel.ref, state, delivery.status, delivery.tries, delivery.notes)
        self._tally.sent += 1
        self._tally.warned += state is State.WARNED

    def _failed(self, parcel: Parcel, delivery: Delivery) -> None:
        self._ledger.settle(parcel.ref, State.FAILED, delivery.status, delivery.tries, delivery.notes)
        self._tally.failed += 1
        code = delivery.notes[0].code if delivery.notes else ""
        log.warning("failed ref=%s status=%d code=%s tries=%d", parcel.ref, delivery.status, code, delivery.tries)
        self._failures_in_a_row = self._failures_in_a_row + 1 if delivery.is_platforms_fault else 0
        if self._failures_in_a_row >= FAILURES_IN_A_ROW:
            raise Stop(
                Exit.UNREACHABLE,
                f"แพลตฟอร์มไม่รับข้อมูล {FAILURES_IN_A_ROW} ครั้งติดกัน (HTTP {delivery.status}) สั่งใหม่ภายหลัง ระบบส่งต่อจากเดิม",
                f"the platform took none of {FAILURES_IN_A_ROW} visits in a row (HTTP {delivery.status}); "
                "start again later: it goes on from here",
            )

    def _tell_counts(self) -> None:
        if self._to_count and self._platform.tell_counts(self._to_count):
            self._tally.days_counted += len(self._to_count)
        self._to_count.clear()

    def _remove(self) -> None:
        refs = [ref for day_refs in self._to_remove.values() for ref in day_refs]
        if not refs:
            return
        if not self._agrees(len(refs), len(self._to_remove)):
            self._tally.held += len(refs)
            return
        for ref in refs:
            self._heartbeat.beat()
            if self._platform.remove(ref) is Removal.HELD:
                self._tally.held += 1
                continue
            self._ledger.removed([ref])
            self._tally.removed += 1
            log.info("removed ref=%s", ref)

    def _conclude(self) -> None:
        numbers = self._tally.as_json()
        log.info("run %s", numbers)
        if self._tally.failed and self._platform.can_reconcile:
            self._platform.tell_error(f"failed={self._tally.failed} sent={self._tally.sent}")
