"""The owner's controls (wire protocol, section 7): sharing, hidden visits, reports of wrong ones.

They are set at the owner's own pages or through a Health ID session, sharing and masks at T4, reports at T3, also
while sharing is off. Each is one sealed document with versions; of two phones at once the second looks again before it
writes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from morprom.access import controls_store, lines, store
from morprom.access.health_id import permit_owner
from morprom.access.model import Ground, Permit, Refusal, Tier
from morprom.access.own import Owner, permit_own
from morprom.access.owner import Controls, Report
from morprom.access.policy import Policy
from morprom.access.sharing import controls_of
from morprom.audit import Outcome
from morprom.identity import HealthIdSession
from morprom.kernel import Category, Problem, Words
from morprom.people import Notice, Notifier, Person, notices
from morprom.record import Document, Kind
from morprom.recordstore import VisitName, is_visit_of, tell_masked, tell_reported
from morprom.recordstore.content import packed
from morprom.storage import KeyRing, Tx
from morprom.storage.seal import seal

TRIES: Final = 8
SETTING: Final = "PHRSetting"
MASK: Final = "MaskEncounter"
REPORT: Final = "ReportEncounter"


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who says to be the owner: the person that the call names, None for nobody known, and the session it came with."""

    person: Person | None
    session: HealthIdSession

    @property
    def client(self) -> str:
        """The program by which they come."""
        return self.session.client_id


@dataclass(frozen=True, slots=True)
class OwnClaimant:
    """The owner at their own pages. `now` is the clock that their session's age is told by."""

    owner: Owner
    now: datetime
    client: str = ""


Who = Claimant | OwnClaimant


@dataclass(frozen=True, slots=True)
class NoSuchVisit:
    """The owner has no visit of that name; they may know that."""


@dataclass(frozen=True, slots=True)
class ControlDesk:
    """Where owners set what they decide. `hold` is how long a replaced version is kept."""

    ring: KeyRing
    policy: Policy
    notifier: Notifier
    hold: timedelta

    async def read(self, tx: Tx, claimant: Who, action: str) -> tuple[Permit, Controls] | Refusal:
        """What the owner set."""
        permit = await self._permit(tx, claimant, action)
        if isinstance(permit, Refusal):
            return permit
        await lines.controlled(tx, permit, action, Outcome.PERMITTED, client=claimant.client)
        return permit, (await controls_of(tx, permit.person))[0]

    async def set_sharing(self, tx: Tx, claimant: Who, *, share: bool) -> tuple[Permit, Controls] | Refusal:
        """Turn the owner's switch."""
        permit = await self._permit(tx, claimant, SETTING)
        if isinstance(permit, Refusal):
            return permit
        before, after = await self._change(tx, permit.person, lambda controls: controls.sharing(share))
        notice = notices.sharing_changed(share=share) if before != after else None
        await self._written(tx, permit, claimant, SETTING, "SHARED" if share else "NOT_SHARED", notice=notice)
        return permit, after

    async def set_mask(self, tx: Tx, claimant: Who, visit: VisitName, *, masked: bool) -> Refusal | NoSuchVisit | None:
        """Hide a visit from every reader but the owner, or show it again; None when that is done."""
        permit = await self._permit(tx, claimant, MASK)
        if isinstance(permit, Refusal):
            return permit
        if not await self._has(tx, permit, claimant, visit, MASK):
            return NoSuchVisit()
        before, after = await self._change(tx, permit.person, lambda controls: controls.masking(visit.text, masked))
        notice = None
        if before != after:
            await tell_masked(tx, permit.person.person_id, visit, masked=masked)
            notice = notices.mask_changed(visit.hcode, masked=masked)
        await self._written(tx, permit, claimant, MASK, "MASKED" if masked else "UNMASKED", visit, notice)
        return None

    async def report(
        self, tx: Tx, claimant: Who, visit: VisitName, reason: str | None
    ) -> Controls | Refusal | NoSuchVisit:
        """Report a visit as wrong; without a reason take the report back."""
        permit = await self._permit(tx, claimant, REPORT)
        if isinstance(permit, Refusal):
            return permit
        if not await self._has(tx, permit, claimant, visit, REPORT):
            return NoSuchVisit()
        report = None if reason is None else Report(visit.text, reason, await store.now(tx))
        before, after = await self._change(tx, permit.person, lambda controls: controls.reporting(visit.text, report))
        if before != after:
            await tell_reported(tx, permit.person.person_id, visit, reason)
        await self._written(tx, permit, claimant, REPORT, "WITHDRAWN" if reason is None else "REPORTED", visit)
        return after

    async def _permit(self, tx: Tx, claimant: Who, action: str) -> Permit | Refusal:
        tier = Tier.T3 if action == REPORT else Tier.T4
        if isinstance(claimant, OwnClaimant):
            return await permit_own(
                tx, self.ring, self.policy, owner=claimant.owner, action=action, tier=tier, now=claimant.now
            )
        return await permit_owner(
            tx, self.ring, self.policy, person=claimant.person, session=claimant.session, ground=Ground.CONTROLS,
            tier=tier, action=action,
        )  # fmt: skip

    async def _has(self, tx: Tx, permit: Permit, claimant: Who, visit: VisitName, action: str) -> bool:
        """Whether the visit is the owner's, or was when they decided about it: hospitals correct whose a visit is."""
        if await is_visit_of(tx, permit.person.person_id, visit):
            return True
        controls, _ = await controls_of(tx, permit.person)
        if controls.is_about(visit.text):
            return True
        client = claimant.client
        await lines.controlled(tx, permit, action, Outcome.FAILED, client=client, reason="VISIT_UNKNOWN")
        return False

    async def _change(
        self, tx: Tx, person: Person, change: Callable[[Controls], Controls]
    ) -> tuple[Controls, Controls]:
        """(before, after). Raises Problem CONTROLS_BUSY when others change them all the time."""
        for _ in range(TRIES):
            before, stored = await controls_of(tx, person)
            after = change(before)
            if after == before or await self._write(tx, person, stored, after):
                return before, after
        words = Words("มีการแก้ไขการตั้งค่าพร้อมกัน โปรดลองใหม่", "the settings are being changed elsewhere; try again")
        raise Problem(Category.UNAVAILABLE, "CONTROLS_BUSY", words, retry_after=1)

    async def _write(self, tx: Tx, person: Person, stored: Document | None, controls: Controls) -> bool:
        content = msgspec.json.encode(controls)
        version = stored.version + 1 if stored else 1
        created = stored.created_at if stored else await store.now(tx)
        sealed = seal(
            packed(round(created.timestamp() * 1000), content), person.data_key, person_id=person.person_id,
            kind=Kind.CONTROLS, unit="", ref=b"", version=version,
        )  # fmt: skip
        return await controls_store.write(
            tx, self.hold, person_id=person.person_id, version=version, key_id=person.data_key.key_id,
            content_hash=person.data_key.content_hash(content), sealed=sealed,
        )  # fmt: skip

    async def _written(
        self, tx: Tx, permit: Permit, claimant: Who, action: str, what: str, visit: VisitName | None = None,
        notice: Notice | None = None,
    ) -> None:  # fmt: skip
        refs = (visit.document_ref,) if visit else ()
        client = claimant.client
        await lines.controlled(tx, permit, action, Outcome.WRITTEN, client=client, reason=what, refs=refs)
        if notice:
            await self.notifier.notify(tx, permit.person, notice)
