"""Every SQL statement about stations, cases, proofing events, slips and redemptions."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from morprom.storage import Row, Tx


async def add_station(
    tx: Tx, station_id: UUID, unit: str, name: str, public_key: bytes, enrolled_by: UUID, now: datetime
) -> None:
    """Enrol a station."""
    await tx.execute(
        "insert into card_station (station_id, unit, name, public_key, enrolled_by, enrolled_at)"
        " values ($1, $2, $3, $4, $5, $6)",
        station_id, unit, name, public_key, enrolled_by, now,
    )  # fmt: skip


async def station(tx: Tx, station_id: UUID) -> Row | None:
    """A station that has not been taken away."""
    return await tx.fetchrow(
        "select station_id, unit, name, public_key from card_station where station_id = $1 and ended_at is null",
        station_id,
    )


async def stations(tx: Tx, unit: str) -> Sequence[Row]:
    """A unit's stations, newest first."""
    return await tx.fetch(
        "select station_id, name, enrolled_at, public_key from card_station where unit = $1 and ended_at is null"
        " order by enrolled_at desc",
        unit,
    )


async def end_station(tx: Tx, unit: str, station_id: UUID, now: datetime) -> bool:
    """Take a station away; False when it is not that unit's or is gone."""
    row = await tx.fetchrow(
        "update card_station set ended_at = $3 where station_id = $2 and unit = $1 and ended_at is null"
        " returning station_id",
        unit, station_id, now,
    )  # fmt: skip
    return row is not None


async def add_nonce(tx: Tx, nonce_hash: bytes, station_id: UUID, now: datetime) -> None:
    """Remember a nonce that was given out."""
    await tx.execute("insert into card_nonce values ($1, $2, $3)", nonce_hash, station_id, now)


async def take_nonce(tx: Tx, nonce_hash: bytes, station_id: UUID, since: datetime) -> bool:
    """Use a nonce up; False when it is not there, too old, or another station's."""
    row = await tx.fetchrow(
        "delete from card_nonce where nonce_hash = $1 and station_id = $2 and made_at >= $3 returning station_id",
        nonce_hash, station_id, since,
    )  # fmt: skip
    return row is not None


async def add_case(tx: Tx, case_id: UUID, unit: str, officer: UUID, now: datetime, key_id: int, sealed: bytes) -> None:
    """Open a case."""
    await tx.execute(
        "insert into proofing_case (case_id, unit, officer, started_at, key_id, sealed)"
        " values ($1, $2, $3, $4, $5, $6)",
        case_id, unit, officer, now, key_id, sealed,
    )  # fmt: skip


CASE = "case_id, unit, officer, second_officer, started_at, key_id, sealed"


async def case(tx: Tx, case_id: UUID, unit: str) -> Row | None:
    """A case of a unit, locked."""
    return await tx.fetchrow(
        f"select {CASE} from proofing_case where case_id = $1 and unit = $2 for update",  # noqa: S608 (a constant)
        case_id, unit,
    )  # fmt: skip


async def cases(tx: Tx, unit: str) -> Sequence[Row]:
    """A unit's open cases, oldest first."""
    return await tx.fetch(
        f"select {CASE} from proofing_case where unit = $1 order by started_at",  # noqa: S608 (a constant)
        unit,
    )


async def set_case(tx: Tx, case_id: UUID, key_id: int, sealed: bytes) -> None:
    """Replace what is known of a case."""
    await tx.execute("update proofing_case set key_id = $2, sealed = $3 where case_id = $1", case_id, key_id, sealed)


async def set_second_officer(tx: Tx, case_id: UUID, second_officer: UUID) -> None:
    """Somebody else confirmed what is seen."""
    await tx.execute("update proofing_case set second_officer = $2 where case_id = $1", case_id, second_officer)


async def drop_case(tx: Tx, case_id: UUID) -> None:
    """Drop a case."""
    await tx.execute("delete from proofing_case where case_id = $1", case_id)


async def add_event(
    tx: Tx, event_id: UUID, person_id: UUID, unit: str, officer: UUID, second_officer: UUID | None, now: datetime,
    counts_until: date | None, key_id: int, sealed: bytes, photo: bytes | None, photo_until: datetime | None,
) -> None:  # fmt: skip
    """Keep an event."""
    await tx.execute(
        "insert into proofing_event (event_id, person_id, unit, officer, second_officer, at, counts_until, key_id,"
        " sealed, photo, photo_until) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        event_id, person_id, unit, officer, second_officer, now, counts_until, key_id, sealed, photo, photo_until,
    )  # fmt: skip


EVENT = (
    "event_id, person_id, unit, officer, second_officer, at, redeemed_at, withdrawn_at, counts_until, key_id, sealed"
)


async def events(tx: Tx, person_id: UUID) -> Sequence[Row]:
    """A person's events, newest first."""
    return await tx.fetch(
        f"select {EVENT} from proofing_event where person_id = $1 order by at desc",  # noqa: S608 (a constant)
        person_id,
    )


async def events_by(tx: Tx, unit: str, officer: UUID, since: datetime) -> Sequence[Row]:
    """What an officer sealed at a unit since then, newest first."""
    return await tx.fetch(
        f"select {EVENT} from proofing_event"  # noqa: S608 (a constant)
        " where officer = $2 and at >= $3 and unit = $1 order by at desc",
        unit, officer, since,
    )  # fmt: skip


async def event(tx: Tx, event_id: UUID) -> Row | None:
    """One event."""
    return await tx.fetchrow(f"select {EVENT} from proofing_event where event_id = $1", event_id)  # noqa: S608 (a constant)


async def set_redeemed(tx: Tx, event_id: UUID, now: datetime) -> None:
    """An event's slip was redeemed."""
    await tx.execute("update proofing_event set redeemed_at = $2 where event_id = $1", event_id, now)


async def withdraw(tx: Tx, person_id: UUID, now: datetime) -> None:
    """None of a person's events counts any more, nor a slip of one."""
    await tx.execute(
        "update proofing_event set withdrawn_at = $2 where person_id = $1 and withdrawn_at is null", person_id, now
    )
    await tx.execute("update proofing_slip set ended_at = $2 where person_id = $1 and ended_at is null", person_id, now)


async def drop_photos(tx: Tx, now: datetime) -> int:
    """Delete the photos whose time is over; how many."""
    rows = await tx.fetch(
        "update proofing_event set photo = null, photo_until = null where photo is not null and photo_until < $1"
        " returning event_id",
        now,
    )
    return len(rows)


async def count_redeemed(tx: Tx, person_id: UUID) -> int:
    """How many of a person's events count, their cards' dates aside: those by officers, not by ThaID or an operator."""
    return await tx.fetchval(
        "select count(*)::int from proofing_event"
        " where person_id = $1 and redeemed_at is not null and withdrawn_at is null and officer <> person_id",
        person_id,
    )


async def add_slip(
    tx: Tx, slip_id: UUID, event_id: UUID, person_id: UUID, now: datetime, key_id: int, qr_hash: bytes,
    digits_mac: bytes, maker: Sequence[bytes],
) -> None:  # fmt: skip
    """Keep a new slip, which ends those before it."""
    await tx.execute("update proofing_slip set ended_at = $2 where person_id = $1 and ended_at is null", person_id, now)
    await tx.execute(
        "insert into proofing_slip (slip_id, event_id, person_id, made_at, key_id, qr_hash, digits_mac, maker)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        slip_id, event_id, person_id, now, key_id, qr_hash, digits_mac, maker,
    )  # fmt: skip


SLIP = "slip_id, event_id, person_id, key_id, digits_mac, maker"


async def slip_of_qr(tx: Tx, qr_hash: bytes, since: datetime) -> Row | None:
    """The live slip of a QR code, locked."""
    return await tx.fetchrow(
        f"select {SLIP} from proofing_slip"  # noqa: S608 (a constant)
        " where qr_hash = $1 and ended_at is null and made_at >= $2 for update",
        qr_hash, since,
    )  # fmt: skip


async def count_slip_try(tx: Tx, person_id: UUID, since: datetime, tries: int) -> Row | None:
    """Count a try against a person's live slip, before anything is compared; None when there is none that bears it."""
    return await tx.fetchrow(
        "update proofing_slip set tries = tries + 1"  # noqa: S608 (constants)
        " where person_id = $1 and ended_at is null and made_at >= $2 and tries < $3"
        f" returning {SLIP}",
        person_id, since, tries,
    )  # fmt: skip


async def end_slip(tx: Tx, slip_id: UUID, now: datetime) -> None:
    """A slip was redeemed or destroyed."""
    await tx.execute("update proofing_slip set ended_at = $2 where slip_id = $1", slip_id, now)


async def slip(tx: Tx, slip_id: UUID) -> Row | None:
    """A live slip, locked."""
    return await tx.fetchrow(
        f"select {SLIP} from proofing_slip where slip_id = $1 and ended_at is null for update",  # noqa: S608 (a constant)
        slip_id,
    )


async def add_redemption(
    tx: Tx, redemption_id: UUID, slip_id: UUID, person_id: UUID, now: datetime, key_id: int, cookie_hash: bytes,
    code_mac: bytes,
) -> None:  # fmt: skip
    """Keep that a slip was shown."""
    await tx.execute(
        "insert into redemption (redemption_id, slip_id, person_id, started_at, key_id, cookie_hash, code_mac)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        redemption_id, slip_id, person_id, now, key_id, cookie_hash, code_mac,
    )  # fmt: skip


async def count_shown(tx: Tx, slip_id: UUID, since: datetime) -> int:
    """How often a slip was shown since then."""
    return await tx.fetchval(
        "select count(*)::int from redemption where slip_id = $1 and started_at >= $2", slip_id, since
    )


REDEMPTION = "redemption_id, slip_id, person_id, confirmed_at, key_id, code_mac"


async def count_redemption_try(tx: Tx, cookie_hash: bytes, since: datetime, tries: int) -> Row | None:
    """Count a try at the code, before it is compared."""
    return await tx.fetchrow(
        "update redemption set tries = tries + 1"  # noqa: S608 (constants)
        " where cookie_hash = $1 and started_at >= $2 and tries < $3 and confirmed_at is null"
        f" returning {REDEMPTION}",
        cookie_hash, since, tries,
    )  # fmt: skip


async def confirm_redemption(tx: Tx, redemption_id: UUID, now: datetime) -> None:
    """The code came back."""
    await tx.execute("update redemption set confirmed_at = $2 where redemption_id = $1", redemption_id, now)


async def confirmed_redemption(tx: Tx, cookie_hash: bytes, since: datetime) -> Row | None:
    """A redemption whose code came back and whose slip is live, locked."""
    return await tx.fetchrow(
        f"select {REDEMPTION} from redemption r"  # noqa: S608 (a constant)
        " where cookie_hash = $1 and started_at >= $2 and confirmed_at is not null"
        " and exists (select from proofing_slip s where s.slip_id = r.slip_id and s.ended_at is null) for update of r",
        cookie_hash, since,
    )  # fmt: skip


async def drop_redemption(tx: Tx, redemption_id: UUID) -> None:
    """A redemption is over."""
    await tx.execute("delete from redemption where redemption_id = $1", redemption_id)
