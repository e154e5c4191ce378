"""Signed-in browsers: a random cookie each, whose level says how long it lasts (ETDA 20-2564; NIST SP 800-63B 7).

The cookie changes at every sign-in and step-up, so that one that was planted or seen before is worth nothing after.
"""

import secrets
from collections.abc import Set
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from morprom.accounts import store
from morprom.accounts.account import account_of
from morprom.accounts.events import note
from morprom.accounts.model import Account, Device, Event, Session
from morprom.accounts.sealing import Sealed, opened, sealed
from morprom.accounts.words import way_of
from morprom.assurance import Aal, Amr, Ial, derive_aal, table
from morprom.kernel import Category, Problem, Secret, Words, new_id
from morprom.storage import KeyRing, Row, Tx

TABLE: Final = b"person_session"
COOKIE_BYTES: Final = 32
SEEN_EVERY: Final = timedelta(seconds=60)  # a session's last use is written no more often than this
FORGOTTEN: Final = timedelta(days=31)


class Started(NamedTuple):
    """A session and the cookie that opens it, told this once."""

    session: Session
    cookie: Secret[str]


async def start_session(
    tx: Tx, ring: KeyRing, person_id: UUID, *, amr: Set[Amr], device: Device, now: datetime,
    ial_at_most: Ial | None = None,
) -> Started:  # fmt: skip
    """Sign somebody in. Raises Problem NOT_SIGNED_IN when what was done comes to no level."""
    session_id, cookie = new_id(), _new_cookie()
    aal = _level(amr)
    where = sealed(ring, TABLE, session_id, device)
    await store.add_session(tx, session_id, person_id, cookie.digest(), sorted(amr), aal, now, where, ial_at_most)
    session = Session(
        session_id, person_id, frozenset(amr), aal, now, now, now, ends_at(aal, now), device, ial_at_most
    )  # fmt: skip
    by = way_of(session)
    signed_in = Words(f"เข้าสู่ระบบด้วย {by.th}", f"signed in with {by.en}")
    await _tell(tx, ring, person_id, "signed-in", signed_in, device)
    return Started(session, cookie)


async def step_up(
    tx: Tx, ring: KeyRing, session: Session, *, amr: Set[Amr], now: datetime, ial_at_most: Ial | None = None
) -> Started:
    """The person showed an authenticator again, in place: another cookie, the level of what was just done.

    A step-up never lowers what the session has, but its age counts from the sign-in that made the level.
    """
    aal = _level(amr)
    if aal < session.aal:
        raise _not_signed_in()
    cookie = _new_cookie()
    await store.raise_session(tx, session.session_id, cookie.digest(), sorted(amr), aal, ial_at_most, now)
    raised = Session(
        session.session_id, session.person_id, frozenset(amr), aal, session.started_at, now, now,
        ends_at(aal, session.started_at), session.device, ial_at_most,
    )  # fmt: skip
    by = way_of(raised)
    confirmed = Words(f"ยืนยันอีกครั้งด้วย {by.th}", f"confirmed again with {by.en}")
    await _tell(tx, ring, session.person_id, "stepped-up", confirmed, session.device)
    return Started(raised, cookie)


async def session_of(
    tx: Tx, ring: KeyRing, cookie: Secret[str] | None, now: datetime
) -> tuple[Session, Account] | None:
    """Who sits there, when the cookie's session still holds and the account works."""
    if cookie is None or not cookie.reveal():
        return None
    row = await store.session(tx, cookie.digest())
    if row is None:
        return None
    session = _session(ring, row)
    if not is_live(session, now):
        await store.end_sessions(tx, session.person_id, now, only=session.session_id)
        return None
    account = await account_of(tx, session.person_id, now)
    if account is None or account.frozen_at is not None:
        return None
    if now - session.last_seen_at > SEEN_EVERY:
        await store.seen(tx, session.session_id, now)
    return session, account


async def session_by_id(tx: Tx, ring: KeyRing, session_id: UUID, now: datetime) -> tuple[Session, Account] | None:
    """A session that still holds and whose account works, for what was made of it elsewhere. Looking is not using."""
    row = await store.session_by_id(tx, session_id)
    session = _session(ring, row) if row else None
    if session is None or not is_live(session, now):
        return None
    account = await account_of(tx, session.person_id, now)
    return (session, account) if account and account.frozen_at is None else None


def is_live(session: Session, now: datetime) -> bool:
    """Whether neither its whole life nor its idle time is over."""
    idle = table().limits(session.aal).idle
    return now < session.ends_at and (idle is None or now - session.last_seen_at <= timedelta(seconds=idle))


def seconds_left(session: Session, now: datetime) -> int:
    """How long it holds when nothing more is done, as `session_of` gave it: its use just now counts, where written."""
    idle, unused = table().limits(session.aal).idle, (now - session.last_seen_at).total_seconds()
    left = (session.ends_at - now).total_seconds()
    return int(left if idle is None else min(left, idle - (unused if unused <= SEEN_EVERY.total_seconds() else 0)))


async def sessions_of(tx: Tx, ring: KeyRing, person_id: UUID, now: datetime) -> list[Session]:
    """Where somebody is signed in, the latest used first."""
    found = [_session(ring, row) for row in await store.sessions(tx, person_id)]
    return [session for session in found if is_live(session, now)]


async def end_session(tx: Tx, ring: KeyRing, person_id: UUID, session_id: UUID, now: datetime) -> bool:
    """End one of a person's sessions; False when it is not theirs or is over."""
    ended = await store.end_sessions(tx, person_id, now, only=session_id)
    if ended:
        await note(tx, ring, person_id, Event(what="signed-out", th="ออกจากระบบ", en="signed out"))
    return bool(ended)


async def end_all(tx: Tx, person_id: UUID, now: datetime, *, but: Session | None = None) -> int:
    """End every session of a person, but for the one that asks; how many."""
    return await store.end_sessions(tx, person_id, now, but=but.session_id if but else None)


async def tidy(tx: Tx, now: datetime) -> None:
    """Forget sessions, challenges and codes to contacts that are long over."""
    await store.drop_sessions(tx, now - FORGOTTEN)
    await store.drop_challenges(tx, now - timedelta(hours=1))
    await store.drop_checks(tx, now - timedelta(hours=1))


async def _tell(tx: Tx, ring: KeyRing, person_id: UUID, what: str, words: Words, device: Device) -> None:
    await note(tx, ring, person_id, Event(what=what, th=words.th, en=words.en, device=device))


def _level(amr: Set[Amr]) -> Aal:
    derived = derive_aal(amr, table())
    if not derived.level:
        raise _not_signed_in()
    return Aal(derived.level)


def ends_at(aal: Aal, started_at: datetime) -> datetime:
    """When a session of that level is over, however much it is used."""
    return started_at + timedelta(seconds=table().limits(aal).absolute)


def _session(ring: KeyRing, row: Row) -> Session:
    device = opened(ring, TABLE, row["session_id"], Sealed(row["key_id"], row["sealed"]), Device)
    aal = Aal(row["aal"])
    return Session(
        row["session_id"], row["person_id"], frozenset(row["amr"]), aal, row["started_at"], row["authenticated_at"],
        row["last_seen_at"], ends_at(aal, row["started_at"]), device,
        Ial(row["ial_at_most"]) if row["ial_at_most"] else None,
    )  # fmt: skip


def _new_cookie() -> Secret[str]:
    return Secret(secrets.token_urlsafe(COOKIE_BYTES))


def _not_signed_in() -> Problem:
    words = Words("การยืนยันตัวตนไม่สำเร็จ", "the sign-in did not succeed")
    return Problem(Category.UNAUTHENTICATED, "NOT_SIGNED_IN", words)
