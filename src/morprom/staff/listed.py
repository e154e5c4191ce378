"""Listing staff and their positions, and finding who may do what where."""

import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

from morprom.accounts.sealing import Sealed, opened, sealed
from morprom.audit import Basis, Content, Entry, Outcome, record
from morprom.kernel import BANGKOK, Category, Problem, Words, new_id
from morprom.people import Person
from morprom.staff import store
from morprom.staff.model import Administers, Names, Position, Provider, Rights, Work
from morprom.storage import KeyRing, Row, Tx
from morprom.units import Permission

PROVIDER: Final = b"provider"
POSITION: Final = b"staff_position"
LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


async def list_provider(tx: Tx, ring: KeyRing, person_id: UUID, names: Names, now: datetime) -> Provider:
    """List somebody as staff, with a new Provider ID unless they have one."""
    known = await store.provider(tx, person_id)
    provider_id = known["provider_id"] if known else "P" + "".join(secrets.choice(LETTERS) for _ in range(11))
    await store.put_provider(tx, person_id, provider_id, now, *sealed(ring, PROVIDER, person_id, names))
    return Provider(person_id, provider_id, known["listed_at"] if known else now, names)


async def provider_of(tx: Tx, ring: KeyRing, person_id: UUID) -> Provider | None:
    """Somebody's Provider ID, when they are staff."""
    row = await store.provider(tx, person_id)
    if row is None:
        return None
    names = opened(ring, PROVIDER, person_id, Sealed(row["key_id"], row["sealed"]), Names)
    return Provider(person_id, row["provider_id"], row["listed_at"], names)


async def provider_at(tx: Tx, ring: KeyRing, position_id: UUID) -> Provider | None:
    """Who is in a position, or was; None for one who is not staff any more."""
    person_id = await store.person_at(tx, position_id)
    return await provider_of(tx, ring, person_id) if person_id else None


async def add_position(tx: Tx, ring: KeyRing, person_id: UUID, unit: str, work: Work, now: datetime) -> UUID:
    """Say that somebody works at a unit. Raises Problem NOT_STAFF for one who is not listed."""
    if await store.provider(tx, person_id) is None:
        raise Problem(Category.NOT_FOUND, "NOT_STAFF", Words("บุคคลนี้ยังไม่อยู่ในรายชื่อเจ้าหน้าที่", "this person is not listed"))
    position_id = new_id()
    await store.add_position(tx, position_id, person_id, unit, now, *sealed(ring, POSITION, position_id, work))
    return position_id


async def end_position(tx: Tx, *, unit: str, position_id: UUID, now: datetime) -> bool:
    """Somebody stopped working there; False when the position is not that unit's."""
    return await store.end_position(tx, unit, position_id, now)


async def remove_staff(tx: Tx, ring: KeyRing, person_id: UUID, unit: str | None, now: datetime) -> int:
    """End somebody's positions at a unit, or all of them and the Provider ID itself; how many positions."""
    ended = [one for one in await positions_of(tx, ring, person_id) if unit in (None, one.unit)]
    for one in ended:
        await store.end_position(tx, one.unit, one.position_id, now)
    if unit is None:
        await store.end_provider(tx, person_id, now)
    return len(ended)


async def demand_unit(tx: Tx, unit: str) -> None:
    """Raise Problem UNIT_UNKNOWN for a unit that was not added."""
    if not await store.has_unit(tx, unit):
        raise Problem(Category.INCORRECT, "UNIT_UNKNOWN", Words("ไม่รู้จักหน่วยบริการนี้", "no unit has that code"))


async def note_listed(tx: Tx, person: Person, unit: str, action: str) -> None:
    """Write into somebody's history that the operator made them staff of a unit, or ended that."""
    entry = Entry(Basis.OPERATOR, Outcome.WRITTEN, Content(action=action), person.person_id, unit=unit)
    await record(tx, entry, person.data_key)


async def grant_rights(tx: Tx, position_id: UUID, rights: Rights) -> bool:
    """Decide what somebody may do in a position; their tokens of before end. False when it is not there any more.

    The role that signs people in may not: whoever took it over could let anybody read.
    """
    return await store.set_rights(
        tx, position_id, sorted(rights.permissions), may_send=rights.may_send, may_read=rights.may_read
    )


async def name_administrator(tx: Tx, position_id: UUID, what: Administers) -> bool:
    """Decide whose clients somebody looks after in a position, nobody's included. False when it is not there any more.

    As with rights, the role that signs people in may not.
    """
    return await store.set_administers(tx, position_id, what)


async def is_of_platform(tx: Tx, position_id: UUID | None) -> bool:
    """Whether who acted in a position looks after every unit's clients, or did; the operator (None) always does."""
    return position_id is None or await store.administers(tx, position_id) == Administers.PLATFORM


async def account_of_position(tx: Tx, position_id: UUID) -> UUID | None:
    """By which Account Center account somebody acts in a position; None where they may do nothing there."""
    return await store.account_of(tx, position_id)


async def positions_of(tx: Tx, ring: KeyRing, person_id: UUID) -> list[Position]:
    """Where somebody works; nothing for one whose Provider ID has ended."""
    if await store.provider(tx, person_id) is None:
        return []
    return [_position(ring, row) for row in await store.positions(tx, person_id)]


async def staff_of(tx: Tx, ring: KeyRing, unit: str) -> list[tuple[Provider, Position]]:
    """Who works at a unit."""
    found = [_position(ring, row) for row in await store.positions_at(tx, unit)]
    providers = {one.person_id: await provider_of(tx, ring, one.person_id) for one in found}
    return [(provider, one) for one in found if (provider := providers[one.person_id])]


async def officers(tx: Tx, ring: KeyRing) -> set[UUID]:
    """Who is appointed to proof people, anywhere."""
    return {
        one.person_id for one in (_position(ring, row) for row in await store.all_positions(tx)) if one.work.may_proof
    }


async def demand_officer(tx: Tx, ring: KeyRing, person_id: UUID, unit: str, now: datetime) -> Position:
    """In which position somebody may proof people at a unit: appointed, licensed. Raises Problem NOT_AN_OFFICER."""
    today = now.astimezone(BANGKOK).date()
    for position in await positions_of(tx, ring, person_id):
        if position.unit == unit and position.work.may_proof and position.work.licence.holds(today):
            return position
    words = Words(
        "คุณไม่ได้รับมอบหมายให้พิสูจน์ตัวตนที่หน่วยบริการนี้ หรือใบอนุญาตหมดอายุ",
        "you are not appointed to proof people at this unit, or your licence has ended",
    )
    raise Problem(Category.FORBIDDEN, "NOT_AN_OFFICER", words)


def _position(ring: KeyRing, row: Row) -> Position:
    work = opened(ring, POSITION, row["position_id"], Sealed(row["key_id"], row["sealed"]), Work)
    rights = Rights(frozenset(map(Permission, row["permissions"])), row["may_send"], row["may_read"])
    administers = Administers(row["administers"])
    return Position(row["position_id"], row["person_id"], row["unit"], row["since"], work, rights, administers)
