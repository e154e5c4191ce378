"""A case sealed into a proofing event, and what the events of a person come to."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from morprom.accounts import Account, account_of
from morprom.accounts.account import people_to_derive, set_ial
from morprom.accounts.sealing import Sealed, opened, sealed
from morprom.assurance import CURRENT, Derived, Ial, derive_ial, table
from morprom.kernel import BANGKOK, Category, Problem, Words, time_ordered_id
from morprom.proofing import store
from morprom.proofing.cases import DUAL
from morprom.proofing.model import Inside, OpenCase, ProofingEvent, SealedEvent
from morprom.proofing.photo import sealed_photo
from morprom.storage import KeyRing, Row, Tx

TABLE: Final = b"proofing_event"
PHOTO_KEPT: Final = timedelta(days=90)
"""For disputes about who was there; then it is deleted. No template of a face is ever made."""

LOWEST: Final = Ial.CARD_CHECKED  # what a slip is printed for: less opens nothing


async def seal_case(
    tx: Tx, ring: KeyRing, open_case: OpenCase, *, person_id: UUID, licence: str, now: datetime
) -> SealedEvent:
    """Make the case an event. Raises Problem CASE_INCOMPLETE, or SECOND_OFFICER_NEEDED for exceptions.

    `person_id` is whom the card's number means. The face that did not match, the card that DOPA refuses, are sealed too
    when the officer says so: an attempt is a fact. They just come to no level that opens anything.
    """
    case = open_case.case
    if case.card is None:
        words = Words("ยังไม่ได้อ่านบัตรหรือบันทึกเอกสาร", "no card was read and no document noted")
        raise Problem(Category.CONFLICT, "CASE_INCOMPLETE", words)
    if case.path in DUAL and not case.checks.second_officer:
        words = Words("กรณียกเว้นต้องมีเจ้าหน้าที่คนที่สองยืนยัน", "an exception takes a second officer's confirmation")
        raise Problem(Category.CONFLICT, "SECOND_OFFICER_NEEDED", words)
    event_id = time_ordered_id()
    inside = Inside(
        path=case.path, checks=case.checks, card=case.card, licence=licence, station_id=case.station_id,
        documents=case.documents, guardian_cid=case.guardian_cid, face_score=case.face_score,
        face_threshold=case.face_threshold, status_code=case.status_code, contact=case.contact,
        is_simulated=case.is_simulated,
    )  # fmt: skip
    second = open_case.second_officer if case.checks.second_officer else None
    columns = sealed(ring, TABLE, event_id, inside)
    photo = sealed_photo(ring, columns.key_id, event_id, case.photo)
    await store.add_event(
        tx, event_id, person_id, open_case.unit, open_case.officer, second, now,
        case.card.expires_on, *columns, photo, now + PHOTO_KEPT if photo else None,
    )  # fmt: skip
    await store.drop_case(tx, open_case.case_id)
    event = ProofingEvent(
        event_id, person_id, open_case.unit, open_case.officer, second, now, None, None,
        case.card.expires_on, inside,
    )  # fmt: skip
    return SealedEvent(event, derive_ial(case.checks, table()))


async def event_of(tx: Tx, ring: KeyRing, event_id: UUID) -> ProofingEvent | None:
    """One event."""
    row = await store.event(tx, event_id)
    return _event(ring, row) if row else None


async def events_of(tx: Tx, ring: KeyRing, person_id: UUID) -> list[SealedEvent]:
    """A person's events with what each comes to, newest first."""
    events = [_event(ring, row) for row in await store.events(tx, person_id)]
    return [SealedEvent(event, derive_ial(event.inside.checks, table())) for event in events]


async def sealed_by(tx: Tx, ring: KeyRing, *, unit: str, officer: UUID, since: datetime) -> list[SealedEvent]:
    """What an officer sealed at a unit since then, newest first: a slip that did not print is printed anew from it."""
    events = [_event(ring, row) for row in await store.events_by(tx, unit, officer, since)]
    return [SealedEvent(event, derive_ial(event.inside.checks, table())) for event in events]


async def derive(tx: Tx, ring: KeyRing, person_id: UUID, on: date, by: str = CURRENT) -> Derived | None:
    """The best that counts on that day, by a table; None when nothing does."""
    best = await _best(tx, ring, person_id, on, by)
    return best.derived if best else None


async def level_on(tx: Tx, ring: KeyRing, person_id: UUID, on: date) -> tuple[Ial, date | None]:
    """The level that counts on that day by the current table, and its last day; self-asserted when nothing counts."""
    best = await _best(tx, ring, person_id, on, CURRENT)
    if best is None or not best.derived.level:
        return Ial.SELF_ASSERTED, None
    return Ial(best.derived.level), best.event.counts_until


async def derive_again(tx: Tx, ring: KeyRing, person_id: UUID, now: datetime) -> Account | None:
    """Let the account say what its person's events come to now; what counts no longer leaves it self-asserted."""
    level, until = await level_on(tx, ring, person_id, now.astimezone(BANGKOK).date())
    await set_ial(tx, person_id, ial=level, table=CURRENT, until=until)
    return await account_of(tx, person_id, now)


async def withdraw(tx: Tx, ring: KeyRing, person_id: UUID, now: datetime) -> None:
    """Fraud was reported, or the proofing was a mistake: nothing counts until the person is proofed again."""
    await store.withdraw(tx, person_id, now)
    await derive_again(tx, ring, person_id, now)


async def count_redeemed(tx: Tx, person_id: UUID) -> int:
    """Proofings of a person whose slip was redeemed: what check_ekyc answers."""
    return await store.count_redeemed(tx, person_id)


async def drop_photos(tx: Tx, now: datetime) -> int:
    """Photos whose time is over go; how many."""
    return await store.drop_photos(tx, now)


async def derive_due(tx: Tx, ring: KeyRing, now: datetime, most: int = 200) -> bool:
    """A step of deriving anew whose card has expired, or who was derived by another table; whether more may be due."""
    people = await people_to_derive(tx, now.astimezone(BANGKOK).date(), CURRENT, most)
    for person_id in people:
        await derive_again(tx, ring, person_id, now)
    return len(people) == most


async def _best(tx: Tx, ring: KeyRing, person_id: UUID, on: date, by: str) -> SealedEvent | None:
    """The event of the highest level; of several, the one that counts longest."""
    events = [event for event in (_event(ring, row) for row in await store.events(tx, person_id)) if event.counts(on)]
    found = [SealedEvent(event, derive_ial(event.inside.checks, table(by))) for event in events]
    return max(found, key=lambda one: (one.derived.level, one.event.counts_until or date.max), default=None)


def _event(ring: KeyRing, row: Row) -> ProofingEvent:
    inside = opened(ring, TABLE, row["event_id"], Sealed(row["key_id"], row["sealed"]), Inside)
    return ProofingEvent(
        row["event_id"], row["person_id"], row["unit"], row["officer"], row["second_officer"], row["at"],
        row["redeemed_at"], row["withdrawn_at"], row["counts_until"], inside,
    )  # fmt: skip
