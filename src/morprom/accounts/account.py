"""Opening, freezing and thawing a person's account; what level its owner was proofed at."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from morprom.accounts import store
from morprom.accounts.events import note
from morprom.accounts.model import Account, AuthenticatorKind, Event, Standing
from morprom.assurance import Aal, Ial
from morprom.kernel import BANGKOK, Category, Problem, Words
from morprom.storage import KeyRing, Row, Tx

T4_WAITS: Final = timedelta(hours=24)  # after a redemption, so that a thief of a slip meets its owner first


async def account_of(tx: Tx, person_id: UUID, now: datetime) -> Account | None:
    """A person's account, a frozen one too, with the level that it has at this moment."""
    row = await store.account(tx, person_id)
    if row is None:
        return None
    return Account(row["person_id"], _ial(row, now), row["opened_at"], row["t4_opens_at"], row["frozen_at"])


async def standing_of(tx: Tx, person_id: UUID, now: datetime) -> Standing | None:
    """What a person's account is worth at this moment, for whoever lets read; None for none."""
    row = await store.standing(tx, person_id)
    if row is None:
        return None
    return Standing(_ial(row, now), _reachable(set(row["kinds"])), row["t4_opens_at"], row["frozen_at"])


async def open_account(
    tx: Tx, ring: KeyRing, person_id: UUID, *, ial: Ial, table: str, now: datetime, until: date | None = None
) -> Account:
    """The account after a proofing was redeemed: new, or with the level that it now has. Tier 4 opens a day later.

    `until` is the last day of the card that the level comes from.
    """
    known = await store.account(tx, person_id)
    await store.put_account(tx, person_id, ial, table, until, now, now + T4_WAITS)
    th, en = ("เปิดบัญชีแล้ว", "account opened") if known is None else ("ยืนยันตัวตนใหม่แล้ว", "identity proofed again")
    await note(tx, ring, person_id, Event(what="redeemed", th=f"{th} (IAL {ial})", en=f"{en} (IAL {ial})"))
    account = await account_of(tx, person_id, now)
    if account is None:
        raise RuntimeError("an account that was just written is not there")
    return account


async def set_ial(tx: Tx, person_id: UUID, *, ial: Ial, table: str, until: date | None) -> None:
    """Note a level that was derived anew: another table, a card that has expired, a proofing that was withdrawn."""
    await store.set_ial(tx, person_id, ial, table, until)


async def people_to_derive(tx: Tx, on: date, table: str, most: int) -> list[UUID]:
    """Whose level was of a card that is over by that day (until it is derived anew it counts for nothing), or was
    derived by another table.
    """
    return await store.people_to_derive(tx, on, table, most)


async def freeze(tx: Tx, ring: KeyRing, person_id: UUID, *, why: Words, now: datetime) -> None:
    """Stop everything at once: no sign-in, every session ended. A counter opens it again."""
    await store.set_frozen(tx, person_id, now)
    await store.end_sessions(tx, person_id, now)
    await note(tx, ring, person_id, Event(what="frozen", th=why.th, en=why.en))


async def thaw(tx: Tx, ring: KeyRing, person_id: UUID) -> None:
    """Let a frozen account work again."""
    await store.set_frozen(tx, person_id, None)
    await note(tx, ring, person_id, Event(what="thawed", th="เปิดใช้บัญชีอีกครั้ง", en="the account works again"))


async def reopen(tx: Tx, ring: KeyRing, person_id: UUID, frozen_at: datetime, now: datetime) -> None:
    """A counter proofed the owner of a frozen account: it works again, with nothing that was bound before.

    Whoever made it necessary to freeze the account may have bound some of it.
    """
    await store.end_bound_before(tx, person_id, frozen_at, now)
    await thaw(tx, ring, person_id)


async def close_t4(tx: Tx, person_id: UUID, now: datetime) -> None:
    """Tier 4 waits a day: who came back without what they had bound, or bound more than they had signed in with."""
    await store.set_t4(tx, person_id, now + T4_WAITS)


async def demand_working(tx: Tx, person_id: UUID, now: datetime) -> Account:
    """The account of somebody who may sign in. Raises Problem ACCOUNT_CLOSED, alike for none and for a frozen one."""
    account = await account_of(tx, person_id, now)
    if account is None or account.frozen_at is not None:
        words = Words("บัญชีนี้ยังใช้ไม่ได้ โปรดติดต่อจุดยืนยันตัวตน", "this account does not work; ask at a proofing counter")
        raise Problem(Category.FORBIDDEN, "ACCOUNT_CLOSED", words)
    return account


def _ial(row: Row, now: datetime) -> Ial:
    """The level, while the card behind it is good: who derives levels anew may be late."""
    until: date | None = row["ial_until"]
    is_over = until is not None and now.astimezone(BANGKOK).date() > until
    return Ial.SELF_ASSERTED if is_over else Ial(row["ial"])


def _reachable(kinds: set[int]) -> Aal:
    if AuthenticatorKind.PASSKEY in kinds:
        return Aal.CRYPTOGRAPHIC
    if {AuthenticatorKind.PIN, AuthenticatorKind.CODE_GENERATOR} <= kinds:
        return Aal.TWO_FACTORS
    return Aal.ONE_FACTOR
