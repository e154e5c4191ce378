"""A person's authenticators: read, listed, taken away."""

from collections.abc import Set
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from morprom.accounts import store
from morprom.accounts.events import note
from morprom.accounts.model import Authenticator, AuthenticatorKind, Event, Inside
from morprom.accounts.sealing import Sealed, opened, sealed
from morprom.kernel import Category, Problem, Words, new_id
from morprom.storage import KeyRing, Row, Tx

TABLE: Final = b"authenticator"
STRONG: Final = (AuthenticatorKind.PASSKEY, AuthenticatorKind.CODE_GENERATOR)
NAMES: Final = {
    AuthenticatorKind.PASSKEY: Words("พาสคีย์", "passkey"),
    AuthenticatorKind.CODE_GENERATOR: Words("แอปสร้างรหัส", "code generator"),
    AuthenticatorKind.PIN: Words("รหัส PIN", "PIN"),
    AuthenticatorKind.RECOVERY_CODES: Words("รหัสกู้คืน", "recovery codes"),
}


def authenticator(ring: KeyRing, row: Row) -> Authenticator:
    """A row, opened."""
    inside = opened(ring, TABLE, row["authenticator_id"], Sealed(row["key_id"], row["sealed"]), Inside)
    return Authenticator(
        row["authenticator_id"], row["person_id"], AuthenticatorKind(row["kind"]), row["created_at"],
        row["last_used_at"], row["ended_at"], row["counter"], inside,
    )  # fmt: skip


async def authenticators_of(
    tx: Tx, ring: KeyRing, person_id: UUID, kind: AuthenticatorKind | None = None, *, lock: bool = False
) -> list[Authenticator]:
    """Those that work, oldest first."""
    found = [authenticator(ring, row) for row in await store.authenticators(tx, person_id, kind, lock=lock)]
    return [one for one in found if one.works]


async def keep(
    tx: Tx, ring: KeyRing, person_id: UUID, kind: AuthenticatorKind, inside: Inside, now: datetime,
    *, credential_id: bytes | None = None, rp_id: str | None = None, counter: int = 0,
) -> UUID:  # fmt: skip
    """Bind a new one, and note it for its owner."""
    authenticator_id = new_id()
    columns = sealed(ring, TABLE, authenticator_id, inside)
    await store.add_authenticator(
        tx, authenticator_id, person_id, kind, now, columns, credential_id=credential_id, rp_id=rp_id, counter=counter
    )
    if inside.is_confirmed:
        await _tell(tx, ring, person_id, "added", kind, Words("เพิ่ม", "added"))
    return authenticator_id


async def proposals(
    tx: Tx, ring: KeyRing, person_id: UUID, kind: AuthenticatorKind, by: str, *, lock: bool = False
) -> list[Authenticator]:
    """What was proposed by that slip, recovery or session and does not work yet, oldest first."""
    found = [authenticator(ring, row) for row in await store.authenticators(tx, person_id, kind, lock=lock)]
    return [one for one in found if not one.inside.is_confirmed and one.inside.proposed_by == by]


async def confirm(tx: Tx, ring: KeyRing, one: Authenticator, now: datetime) -> None:
    """What was proposed works from now on, instead of all else of its kind, and its owner reads of it."""
    for row in await store.authenticators(tx, one.person_id, one.kind, lock=True):
        if row["authenticator_id"] != one.authenticator_id:
            await store.end_authenticator(tx, one.person_id, row["authenticator_id"], now)
    inside = msgspec.structs.replace(one.inside, is_confirmed=True, name="", proposed_by="")
    await replace_inside(tx, ring, one, inside)
    await _tell(tx, ring, one.person_id, "added", one.kind, Words("เพิ่ม", "added"))


async def replace_inside(tx: Tx, ring: KeyRing, one: Authenticator, inside: Inside) -> None:
    """Change the sealed part."""
    await store.set_inside(tx, one.authenticator_id, sealed(ring, TABLE, one.authenticator_id, inside))


async def take_away(tx: Tx, ring: KeyRing, person_id: UUID, authenticator_id: UUID, now: datetime) -> None:
    """Take one away. Raises Problem LAST_AUTHENTICATOR for the last with which the person could come back."""
    mine = await authenticators_of(tx, ring, person_id, lock=True)
    wanted = next((one for one in mine if one.authenticator_id == authenticator_id), None)
    if wanted is None:
        raise _unknown()
    if not _lets_in({one.kind for one in mine if one is not wanted}) and _lets_in({one.kind for one in mine}):
        words = Words("เป็นวิธีเข้าสู่ระบบสุดท้าย โปรดเพิ่มวิธีอื่นก่อน", "it is your last way to sign in; add another first")
        raise Problem(Category.CONFLICT, "LAST_AUTHENTICATOR", words)
    await store.end_authenticator(tx, person_id, authenticator_id, now)
    await _tell(tx, ring, person_id, "removed", wanted.kind, Words("ยกเลิก", "removed"))


async def rename(tx: Tx, ring: KeyRing, person_id: UUID, authenticator_id: UUID, name: str) -> None:
    """Give one another name. Raises Problem AUTHENTICATOR_UNKNOWN."""
    mine = await authenticators_of(tx, ring, person_id, lock=True)
    wanted = next((one for one in mine if one.authenticator_id == authenticator_id), None)
    if wanted is None:
        raise _unknown()
    await replace_inside(tx, ring, wanted, msgspec.structs.replace(wanted.inside, name=name.strip()[:60]))


def _lets_in(kinds: Set[AuthenticatorKind]) -> bool:
    """Whether somebody who has these can sign in: a generator does with a PIN alone."""
    return AuthenticatorKind.PASSKEY in kinds or {AuthenticatorKind.PIN, AuthenticatorKind.CODE_GENERATOR} <= kinds


def _unknown() -> Problem:
    words = Words("ไม่พบวิธีเข้าสู่ระบบนี้", "there is no such authenticator")
    return Problem(Category.NOT_FOUND, "AUTHENTICATOR_UNKNOWN", words)


async def _tell(tx: Tx, ring: KeyRing, person_id: UUID, what: str, kind: AuthenticatorKind, done: Words) -> None:
    name = NAMES[kind]
    event = Event(what=f"authenticator-{what}", th=f"{done.th}{name.th}", en=f"{name.en} {done.en}")
    await note(tx, ring, person_id, event)
