"""Every SQL statement about accounts, authenticators, contacts, sessions and what happened to them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from morprom.accounts.sealing import Sealed
from morprom.storage import Row, Tx


async def account(tx: Tx, person_id: UUID) -> Row | None:
    """A person's account."""
    return await tx.fetchrow(
        "select person_id, ial, ial_until, opened_at, t4_opens_at, frozen_at from person_account where person_id = $1",
        person_id,
    )


async def standing(tx: Tx, person_id: UUID) -> Row | None:
    """What the reader may know of a person's account, and of which kinds their authenticators are."""
    return await tx.fetchrow(
        "select ial, ial_until, t4_opens_at, frozen_at, array(select distinct kind from authenticator k"
        "  where k.person_id = a.person_id and k.ended_at is null) as kinds from person_account a where person_id = $1",
        person_id,
    )


async def put_account(
    tx: Tx, person_id: UUID, ial: str, ial_table: str, ial_until: date | None, now: datetime, t4_opens_at: datetime
) -> None:
    """Open an account, or note what a later redemption made of it."""
    await tx.execute(
        "insert into person_account (person_id, opened_at, t4_opens_at, ial, ial_table, ial_until)"
        " values ($1, $2, $3, $4, $5, $6)"
        " on conflict (person_id) do update set t4_opens_at = $3, ial = $4, ial_table = $5, ial_until = $6",
        person_id, now, t4_opens_at, ial, ial_table, ial_until,
    )  # fmt: skip


async def set_ial(tx: Tx, person_id: UUID, ial: str, ial_table: str, ial_until: date | None) -> None:
    """Note a derived level."""
    await tx.execute(
        "update person_account set ial = $2, ial_table = $3, ial_until = $4 where person_id = $1",
        person_id, ial, ial_table, ial_until,
    )  # fmt: skip


async def people_to_derive(tx: Tx, on: date, table: str, most: int) -> list[UUID]:
    """Whose level was of a card that is over by that day, or was derived by another table."""
    ended = await tx.fetch("select person_id from person_account where ial_until < $1 limit $2", on, most)
    other = await tx.fetch(
        "select person_id from person_account where ial_table < $1 or ial_table > $1 limit $2", table, most
    )
    return list(dict.fromkeys(row[0] for row in (*ended, *other)))[:most]


async def set_frozen(tx: Tx, person_id: UUID, frozen_at: datetime | None) -> None:
    """Stop an account, or let it work again."""
    await tx.execute("update person_account set frozen_at = $2 where person_id = $1", person_id, frozen_at)


async def set_t4(tx: Tx, person_id: UUID, opens_at: datetime) -> None:
    """When tier 4 opens."""
    await tx.execute("update person_account set t4_opens_at = $2 where person_id = $1", person_id, opens_at)


async def end_bound_before(tx: Tx, person_id: UUID, before: datetime, now: datetime) -> None:
    """Take away every authenticator and contact that was bound before."""
    await tx.execute(
        "update authenticator set ended_at = $3 where person_id = $1 and created_at <= $2 and ended_at is null",
        person_id, before, now,
    )  # fmt: skip
    await tx.execute(
        "update contact set ended_at = $3 where person_id = $1 and verified_at <= $2 and ended_at is null",
        person_id, before, now,
    )  # fmt: skip


async def add_authenticator(
    tx: Tx, authenticator_id: UUID, person_id: UUID, kind: int, now: datetime, inside: Sealed,
    *, credential_id: bytes | None = None, rp_id: str | None = None, counter: int = 0,
) -> None:  # fmt: skip
    """Keep a new authenticator."""
    await tx.execute(
        "insert into authenticator (authenticator_id, person_id, created_at, kind, counter, credential_id, rp_id,"
        " key_id, sealed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        authenticator_id, person_id, now, kind, counter, credential_id, rp_id, *inside,
    )  # fmt: skip


AUTHENTICATOR = (
    "authenticator_id, person_id, kind, created_at, last_used_at, ended_at, counter, key_id, sealed, credential_id"
)


async def authenticators(tx: Tx, person_id: UUID, kind: int | None = None, *, lock: bool = False) -> Sequence[Row]:
    """A person's authenticators that work, oldest first; of one kind, locked where they are about to change."""
    statement = (
        f"select {AUTHENTICATOR} from authenticator"  # noqa: S608 (a constant)
        " where person_id = $1 and ended_at is null and ($2::smallint is null or kind = $2) order by created_at"
    )
    return await tx.fetch(statement + (" for update" if lock else ""), person_id, kind)


async def passkey(tx: Tx, credential_id: bytes) -> Row | None:
    """The passkey of a credential id, locked; one that was taken away too."""
    return await tx.fetchrow(
        f"select {AUTHENTICATOR} from authenticator where credential_id = $1 for update",  # noqa: S608 (a constant)
        credential_id,
    )


async def used(tx: Tx, authenticator_id: UUID, counter: int, now: datetime) -> None:
    """An authenticator signed somebody in."""
    await tx.execute(
        "update authenticator set last_used_at = $3, counter = $2 where authenticator_id = $1",
        authenticator_id, counter, now,
    )  # fmt: skip


async def set_inside(tx: Tx, authenticator_id: UUID, inside: Sealed) -> None:
    """Replace the sealed part."""
    await tx.execute(
        "update authenticator set key_id = $2, sealed = $3 where authenticator_id = $1", authenticator_id, *inside
    )


async def end_authenticator(tx: Tx, person_id: UUID, authenticator_id: UUID, now: datetime) -> bool:
    """Take one away; False when it is not that person's or is gone."""
    row = await tx.fetchrow(
        "update authenticator set ended_at = $3 where authenticator_id = $2 and person_id = $1 and ended_at is null"
        " returning authenticator_id",
        person_id, authenticator_id, now,
    )  # fmt: skip
    return row is not None


async def end_authenticators(tx: Tx, person_id: UUID, kind: int, now: datetime) -> None:
    """Take all of one kind away."""
    await tx.execute(
        "update authenticator set ended_at = $3 where person_id = $1 and kind = $2 and ended_at is null",
        person_id, kind, now,
    )  # fmt: skip


async def add_challenge(tx: Tx, challenge_hash: bytes, person_id: UUID | None, purpose: int, now: datetime) -> None:
    """Remember that a challenge was given out."""
    await tx.execute(
        "insert into passkey_challenge (challenge_hash, person_id, made_at, purpose) values ($1, $2, $3, $4)",
        challenge_hash, person_id, now, purpose,
    )  # fmt: skip


async def use_challenge(tx: Tx, challenge_hash: bytes, purpose: int, now: datetime) -> bool:
    """Whether a challenge that says itself when it was made is used for the first time; of two at once, one is."""
    row = await tx.fetchrow(
        "insert into passkey_challenge (challenge_hash, made_at, purpose) values ($1, $2, $3)"
        " on conflict do nothing returning purpose",
        challenge_hash, now, purpose,
    )  # fmt: skip
    return row is not None


async def take_challenge(tx: Tx, challenge_hash: bytes, purpose: int, since: datetime) -> Row | None:
    """Use a challenge up: for whom it was made, when it is there and young enough."""
    return await tx.fetchrow(
        "delete from passkey_challenge where challenge_hash = $1 and purpose = $2 and made_at >= $3"
        " returning person_id",
        challenge_hash, purpose, since,
    )  # fmt: skip


async def drop_challenges(tx: Tx, before: datetime) -> None:
    """Forget what nobody answered, and what was used and is too old to be used again."""
    await tx.execute("delete from passkey_challenge where made_at < $1", before)


async def any_rp_id(tx: Tx) -> str | None:
    """The host that some passkey which works was made for; all are for the same."""
    return await tx.fetchval("select rp_id from authenticator where rp_id is not null and ended_at is null limit 1")


async def add_session(
    tx: Tx, session_id: UUID, person_id: UUID, cookie_hash: bytes, amr: Sequence[str], aal: str, now: datetime,
    device: Sealed, ial_at_most: str | None,
) -> None:  # fmt: skip
    """Keep a new session."""
    await tx.execute(
        "insert into person_session (session_id, person_id, cookie_hash, amr, aal, started_at, authenticated_at,"
        " last_seen_at, key_id, sealed, ial_at_most) values ($1, $2, $3, $4, $5, $6, $6, $6, $7, $8, $9)",
        session_id, person_id, cookie_hash, list(amr), aal, now, *device, ial_at_most,
    )  # fmt: skip


SESSION = "session_id, person_id, amr, aal, started_at, authenticated_at, last_seen_at, key_id, sealed, ial_at_most"


async def session(tx: Tx, cookie_hash: bytes) -> Row | None:
    """The session of a cookie that has not been ended."""
    return await tx.fetchrow(
        f"select {SESSION} from person_session where cookie_hash = $1 and ended_at is null",  # noqa: S608 (a constant)
        cookie_hash,
    )


async def session_by_id(tx: Tx, session_id: UUID) -> Row | None:
    """A session that has not been ended."""
    return await tx.fetchrow(
        f"select {SESSION} from person_session where session_id = $1 and ended_at is null",  # noqa: S608 (a constant)
        session_id,
    )


async def sessions(tx: Tx, person_id: UUID) -> Sequence[Row]:
    """A person's sessions that have not been ended, the latest used first."""
    return await tx.fetch(
        f"select {SESSION} from person_session where person_id = $1 and ended_at is null"  # noqa: S608 (a constant)
        " order by last_seen_at desc",
        person_id,
    )


async def seen(tx: Tx, session_id: UUID, now: datetime) -> None:
    """A session was used."""
    await tx.execute("update person_session set last_seen_at = $2 where session_id = $1", session_id, now)


async def raise_session(
    tx: Tx, session_id: UUID, cookie_hash: bytes, amr: Sequence[str], aal: str, ial_at_most: str | None, now: datetime
) -> None:
    """The person showed an authenticator again: a new cookie, what was done, when."""
    await tx.execute(
        "update person_session set cookie_hash = $2, amr = $3, aal = $4, authenticated_at = $5, last_seen_at = $5,"
        " ial_at_most = $6 where session_id = $1 and ended_at is null",
        session_id, cookie_hash, list(amr), aal, now, ial_at_most,
    )  # fmt: skip


async def end_sessions(
    tx: Tx, person_id: UUID, now: datetime, *, only: UUID | None = None, but: UUID | None = None
) -> int:
    """End a person's sessions: all, one, or all but one; how many."""
    rows = await tx.fetch(
        "update person_session set ended_at = $2 where person_id = $1 and ended_at is null"
        " and ($3::uuid is null or session_id = $3) and ($4::uuid is null or session_id <> $4) returning session_id",
        person_id, now, only, but,
    )  # fmt: skip
    return len(rows)


async def drop_sessions(tx: Tx, before: datetime) -> None:
    """Forget sessions that nobody used since."""
    await tx.execute("delete from person_session where last_seen_at < $1", before)


async def add_contact(tx: Tx, contact_id: UUID, person_id: UUID, kind: int, now: datetime, value: Sealed) -> None:
    """Keep a verified contact."""
    await tx.execute(
        "insert into contact (contact_id, person_id, kind, verified_at, key_id, sealed)"
        " values ($1, $2, $3, $4, $5, $6)",
        contact_id, person_id, kind, now, *value,
    )  # fmt: skip


async def contacts(tx: Tx, person_id: UUID) -> Sequence[Row]:
    """A person's contacts, newest first."""
    return await tx.fetch(
        "select contact_id, kind, verified_at, key_id, sealed from contact"
        " where person_id = $1 and ended_at is null order by verified_at desc",
        person_id,
    )


async def end_contact(tx: Tx, person_id: UUID, contact_id: UUID, now: datetime) -> bool:
    """Take a contact away; False when it is not that person's or is gone."""
    row = await tx.fetchrow(
        "update contact set ended_at = $3 where contact_id = $2 and person_id = $1 and ended_at is null"
        " returning contact_id",
        person_id, contact_id, now,
    )  # fmt: skip
    return row is not None


async def add_event(tx: Tx, event_id: UUID, person_id: UUID, what: Sealed) -> None:
    """Keep what happened."""
    await tx.execute(
        "insert into sign_in_event (event_id, person_id, key_id, sealed) values ($1, $2, $3, $4)",
        event_id, person_id, *what,
    )  # fmt: skip


async def add_event_once(tx: Tx, event_id: UUID, person_id: UUID, what: Sealed) -> None:
    """Keep what happened to somebody who has an account, unless it is there."""
    await tx.execute(
        "insert into sign_in_event (event_id, person_id, key_id, sealed) select $1, person_id, $3, $4"
        " from person_account where person_id = $2 on conflict do nothing",
        event_id, person_id, *what,
    )  # fmt: skip


async def events(tx: Tx, person_id: UUID, most: int) -> Sequence[Row]:
    """What happened to a person's account, newest first."""
    return await tx.fetch(
        "select event_id, at, key_id, sealed from sign_in_event where person_id = $1 order by at desc, event_id desc"
        " limit $2",
        person_id, most,
    )  # fmt: skip


async def drop_events(tx: Tx, kept: timedelta) -> None:
    """Forget what is older than that."""
    await tx.execute("delete from sign_in_event where at < now() - $1::interval", kept)


async def add_check(
    tx: Tx, check_id: UUID, person_id: UUID, purpose: int, cookie_hash: bytes, now: datetime, inside: Sealed
) -> None:
    """Keep that a code was sent."""
    await tx.execute(
        "insert into contact_check (check_id, person_id, started_at, purpose, cookie_hash, key_id, sealed)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        check_id, person_id, now, purpose, cookie_hash, *inside,
    )  # fmt: skip


CHECK = "check_id, person_id, key_id, sealed"


async def count_check_try(tx: Tx, cookie_hash: bytes, purpose: int, since: datetime, tries: int) -> Row | None:
    """Count a try, before anything is compared; None when there is no check that bears it."""
    return await tx.fetchrow(
        "update contact_check set tries = tries + 1"  # noqa: S608 (constants)
        " where cookie_hash = $1 and purpose = $2 and started_at >= $3 and tries < $4 and confirmed_at is null"
        f" returning {CHECK}",
        cookie_hash, purpose, since, tries,
    )  # fmt: skip


async def confirm_check(tx: Tx, check_id: UUID, now: datetime) -> None:
    """The code came back."""
    await tx.execute("update contact_check set confirmed_at = $2 where check_id = $1", check_id, now)


async def confirmed_check(tx: Tx, cookie_hash: bytes, purpose: int, since: datetime) -> Row | None:
    """A check whose code came back, locked."""
    return await tx.fetchrow(
        f"select {CHECK} from contact_check where cookie_hash = $1 and purpose = $2"  # noqa: S608 (constants)
        " and started_at >= $3 and confirmed_at is not null for update",
        cookie_hash, purpose, since,
    )  # fmt: skip


async def drop_check(tx: Tx, check_id: UUID) -> None:
    """A check is over."""
    await tx.execute("delete from contact_check where check_id = $1", check_id)


async def drop_checks(tx: Tx, before: datetime) -> None:
    """Forget old checks."""
    await tx.execute("delete from contact_check where started_at < $1", before)
