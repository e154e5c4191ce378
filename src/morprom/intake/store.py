"""SQL of intake: the look before a batch, the write of a batch, moves, removals and their restoring."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from morprom.intake.model import Removal, RemovalState
from morprom.intake.plan import Columns, Look, Place, Stored
from morprom.people.rules import PersonRow
from morprom.record import Kind
from morprom.storage import Row, Tx

PEOPLE, LEDGER, DOCUMENTS = 1, 2, 3


class Asked(NamedTuple):
    """What a batch needs to know: hashes of people; (unit, ref) of ledger rows; (hash, kind, ref) of others."""

    people: list[bytes]
    units: list[str]
    refs: list[bytes]
    single_hashes: list[bytes]
    single_kinds: list[int]
    single_refs: list[bytes]


class VersionRow(NamedTuple):
    """One stored version of a document."""

    person_id: UUID
    kind: int
    ref: bytes
    version: int
    key_id: int
    unit: str
    received_at: datetime
    held_until: datetime | None
    sealed: bytes


class LedgerRow(NamedTuple):
    """A visit or other item of the ledger."""

    ref: bytes
    kind: int
    person_id: UUID
    version: int
    day: date | None
    is_removed: bool


async def look(tx: Tx, asked: Asked) -> Look:
    """What is stored, in one round trip."""
    found = Look()
    rows = await tx.fetch("select * from intake_look($1, $2, $3, $4, $5, $6)", *asked)
    for tag, key, unit, person_id, version, key_id, value, flag in rows:  # type: ignore[misc]
        if tag == PEOPLE:
            found.people[key] = PersonRow(person_id, version, key_id, value)
        elif tag == LEDGER:
            found.ledger[unit, key] = Stored(person_id, version, value, flag)
        else:
            found.documents[person_id, key_id, key] = Stored(person_id, version, value, flag)
    return found


async def write(tx: Tx, hold: timedelta, columns: Columns) -> None:
    """Write a batch in one call: all of it, or an exception and nothing."""
    await tx.execute(WRITE, hold, *columns.arguments())


WRITE = f"select intake_write({', '.join(f'${n}' for n in range(1, 39))})"


async def versions(tx: Tx, places: Sequence[tuple[Place, int]]) -> list[VersionRow]:
    """The given versions of documents."""
    rows = await tx.fetch(
        "select d.person_id, d.kind, d.ref, d.version, d.key_id, d.unit, d.received_at, d.held_until, d.sealed"
        " from unnest($1::uuid[], $2::smallint[], $3::bytea[], $4::int[]) as asked(person_id, kind, ref, version)"
        " join document d using (person_id, kind, ref, version)",
        [place[0] for place, _ in places],
        [place[1] for place, _ in places],
        [place[2] for place, _ in places],
        [version for _, version in places],
    )
    return [VersionRow(*row) for row in rows]  # type: ignore[misc]


async def take_versions(tx: Tx, person_id: UUID, kind: int, ref: bytes) -> list[VersionRow]:
    """Take every version of a document out, to be sealed for somebody else."""
    rows = await tx.fetch(
        "delete from document where person_id = $1 and kind = $2 and ref = $3"
        " returning person_id, kind, ref, version, key_id, unit, received_at, held_until, sealed",
        person_id, kind, ref,
    )  # fmt: skip
    return sorted((VersionRow(*row) for row in rows), key=lambda row: row.version)  # type: ignore[misc]


async def put_version(tx: Tx, row: VersionRow, content_hash: bytes) -> None:
    """Store one version of a document as it is given."""
    await tx.execute(
        "insert into document"
        " (person_id, kind, ref, version, key_id, unit, received_at, held_until, content_hash, sealed)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        row.person_id, row.kind, row.ref, row.version, row.key_id, row.unit, row.received_at, row.held_until,
        content_hash, row.sealed,
    )  # fmt: skip


async def has_visits(tx: Tx, unit: str, person_id: UUID) -> bool:
    """Whether a hospital has any visit of a person, removed ones that could be restored too."""
    return await tx.fetchval(
        "select exists (select from document where person_id = $1 and unit = $2 and kind = $3)",
        person_id, unit, Kind.VISIT,
    )  # fmt: skip


async def came_with_visits(tx: Tx, unit: str, person_id: UUID) -> list[tuple[int, bytes]]:
    """Kind and ref of a hospital's patient document and allergy list of a person."""
    rows = await tx.fetch(
        "select distinct kind, ref from document where person_id = $1 and unit = $2 and kind = any($3::int[])",
        person_id, unit, [Kind.PATIENT, Kind.ALLERGY],
    )  # fmt: skip
    return [(row[0], row[1]) for row in rows]


async def give_to(tx: Tx, unit: str, ref: bytes, person_id: UUID, content_hash: bytes) -> None:
    """Let the ledger say that an item is another person's."""
    await tx.execute(
        "update ledger set person_id = $3, content_hash = $4 where unit = $1 and ref = $2",
        unit, ref, person_id, content_hash,
    )  # fmt: skip


async def lock_ledger(tx: Tx, unit: str, refs: Sequence[bytes]) -> list[LedgerRow]:
    """The rows of `refs`, removed ones too, locked until the transaction ends."""
    rows = await tx.fetch(
        "select ref, kind, person_id, version, day, removed_at is not null from ledger"
        " where unit = $1 and ref = any($2::bytea[]) order by ref for update",
        unit, refs,
    )  # fmt: skip
    return [LedgerRow(*row) for row in rows]  # type: ignore[misc]


async def refs_of(tx: Tx, unit: str, kind: Kind, person_id: UUID) -> list[bytes]:
    """Sealed refs of a person's visits, or other items of one kind, at a hospital."""
    rows = await tx.fetch(
        "select l.ref from document d join ledger l on l.unit = $1 and l.removed_at is null"
        " and l.ref > d.ref and l.ref < d.ref || '\\xffffffffffffffff'::bytea"  # d.ref begins l.ref
        " where d.person_id = $2 and d.kind = $3 and d.unit = $1 and d.held_until is null",
        unit, person_id, kind,
    )  # fmt: skip
    return [row[0] for row in rows]


async def withdraw(tx: Tx, unit: str, rows: Sequence[LedgerRow], hold: timedelta) -> None:
    """Take items back: the ledger and the documents keep them until `hold` is over."""
    await tx.execute(
        "update ledger set removed_at = now() where unit = $1 and ref = any($2::bytea[])",
        unit, [row.ref for row in rows],
    )  # fmt: skip
    await tx.execute(
        "update document d set held_until = now() + $4"
        " from unnest($1::uuid[], $2::bytea[], $3::int[], $5::smallint[]) as r(person_id, ref, version, kind)"
        " where d.person_id = r.person_id and d.kind = r.kind and d.ref = r.ref and d.version = r.version",
        [row.person_id for row in rows], [row.ref[:16] for row in rows], [row.version for row in rows], hold,
        [row.kind for row in rows],
    )  # fmt: skip


async def bring_back(tx: Tx, unit: str, refs: Sequence[bytes]) -> list[LedgerRow]:
    """Undo `withdraw` for the items that are still held."""
    rows = await tx.fetch(
        "with back as (update document d set held_until = null from ledger l"
        " where l.unit = $1 and l.ref = any($2::bytea[]) and l.removed_at is not null"
        " and d.person_id = l.person_id and d.kind = l.kind and d.ref = substr(l.ref, 1, 16) and d.version = l.version"
        " returning l.ref)"
        " update ledger l set removed_at = null from back where l.unit = $1 and l.ref = back.ref"
        " returning l.ref, l.kind, l.person_id, l.version, l.day, false",
        unit, refs,
    )  # fmt: skip
    return [LedgerRow(*row) for row in rows]  # type: ignore[misc]


async def removed_lately(tx: Tx, unit: str, kind: Kind) -> int:
    """How many visits, or other items of one kind, the unit has removed in the last hour."""
    return await tx.fetchval(
        "select coalesce(sum(cardinality(refs)), 0)::int from removal"
        " where unit = $1 and kind = $2 and state = 1 and requested_at > now() - interval '1 hour'",
        unit,
        kind,
    )


async def items_on(tx: Tx, unit: str, kind: Kind, days: Collection[date | None]) -> int:
    """How many visits, or other items of one kind, of these days count; None among them: those without a day."""
    return await tx.fetchval(
        "select count(*)::int from ledger where unit = $1 and kind = $2 and removed_at is null"
        " and (day = any($3::date[]) or $4 and day is null)",
        unit, kind, [day for day in days if day], None in days,
    )  # fmt: skip


async def one_removal_at_a_time(tx: Tx, unit: str) -> None:
    """Let removals of a unit wait for each other, so that none slips under the guard's count."""
    await tx.execute("select pg_advisory_xact_lock(7102, hashtext($1))", unit)


async def add_removal(
    tx: Tx,
    removal_id: UUID,
    unit: str,
    account_id: UUID | None,
    state: RemovalState,
    reason: str,
    refs: Sequence[bytes],
    kind: Kind,
) -> None:
    """Keep what was asked and what came of it."""
    await tx.execute(
        "insert into removal (removal_id, unit, account_id, state, reason, refs, kind)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        removal_id, unit, account_id, state, reason, refs, kind,
    )  # fmt: skip


async def removals(tx: Tx, unit: str | None, state: RemovalState | None) -> list[Removal]:
    """Removals, newest first."""
    rows = await tx.fetch(
        "select removal_id, unit, requested_at, state, reason, refs, kind from removal"
        " where ($1::text is null or unit = $1) and ($2::smallint is null or state = $2)"
        " order by requested_at desc limit 1000",
        unit, state,
    )  # fmt: skip
    return [_removal(row) for row in rows]


async def removal(tx: Tx, removal_id: UUID) -> Removal | None:
    """One removal, locked."""
    row = await tx.fetchrow(
        "select removal_id, unit, requested_at, state, reason, refs, kind from removal"
        " where removal_id = $1 for update",
        removal_id,
    )
    return _removal(row) if row else None


def _removal(row: Row) -> Removal:
    return Removal(row[0], row[1], row[2], RemovalState(row[3]), row[4], tuple(row[5]), Kind(row[6]))


async def decide_removal(tx: Tx, removal_id: UUID, state: RemovalState) -> None:
    """Say what became of a removal."""
    await tx.execute("update removal set state = $2, decided_at = now() where removal_id = $1", removal_id, state)


async def purge(tx: Tx, most: int) -> tuple[int, int]:
    """Delete what was held long enough and is not under a legal hold: (documents, ledger rows). With a visit goes what
    its owner said of it.
    """
    documents = await tx.fetchval(
        "with gone as (delete from document where ctid in (select ctid from document"
        " where held_until < now() and hold_id is null limit $1) returning 1) select count(*)::int from gone",
        most,
    )
    ledger = await tx.fetchval(
        "with gone as (delete from ledger l where l.removed_at is not null and not exists ("
        " select from document d where d.person_id = l.person_id and d.kind = l.kind and d.ref = substr(l.ref, 1, 16))"
        " returning 1) select count(*)::int from gone"
    )
    await tx.execute(
        "delete from disputed_visit d where not exists ("
        " select from ledger l where l.unit = d.unit and l.ref = d.ref and l.kind = 2)"
    )
    return documents, ledger
