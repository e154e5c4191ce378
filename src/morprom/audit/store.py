"""SQL of the history."""

from datetime import date
from uuid import UUID

from morprom.audit.merkle import HASH_BYTES
from morprom.audit.model import Batch, BatchMark, Head, HistoryRow, StoredRow
from morprom.storage import Row, Tx

SEALER_LOCK = 0x6D6F7270_61756469  # "morpaudi"


async def insert(tx: Tx, row: HistoryRow) -> None:
    """Write a line; the database adds when."""
    await tx.execute(
        "insert into history (id, person_id, actor, basis, outcome, key_id, unit, sealed)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        *row,
    )


async def rows_of(tx: Tx, person_id: UUID) -> list[StoredRow]:
    """A person's lines, oldest first."""
    rows = await tx.fetch("select * from history where person_id = $1 order by at, id", person_id)
    return [_stored(row) for row in rows]


async def latest_of(tx: Tx, person_id: UUID, most: int) -> list[StoredRow]:
    """A person's latest lines, newest first, for the role that signs people in."""
    rows = await tx.fetch("select * from history_of($1, $2)", person_id, most)
    return [_stored(row) for row in rows]


async def row_of(tx: Tx, person_id: UUID, entry_id: UUID) -> StoredRow | None:
    """One line of a person."""
    row = await tx.fetchrow(
        "select * from history where person_id = $1 and id = $2", person_id, entry_id
    )  # fmt: skip
    return _stored(row) if row else None


async def try_sealer_lock(tx: Tx) -> bool:
    """Whether this transaction is now the one that seals."""
    return await tx.fetchval("select pg_try_advisory_xact_lock($1)", SEALER_LOCK)


async def settled_rows(tx: Tx, after: tuple[int, UUID], most: int) -> list[StoredRow]:
    """Rows after `after` that no running transaction can still come before, in order, at most `most`."""
    rows = await tx.fetch(
        """
        select * from history
        where txid >= $1 and (txid, id) > ($1, $2)
          and txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        order by txid, id limit $3
        """,
        *after, most,
    )  # fmt: skip
    return [_stored(row) for row in rows]


async def rows_between(tx: Tx, after: tuple[int, UUID], upto: tuple[int, UUID]) -> list[StoredRow]:
    """Rows after `after` up to and with `upto`, in order."""
    rows = await tx.fetch(
        """
        select * from history
        where txid between $1 and $3 and (txid, id) > ($1, $2) and (txid, id) <= ($3, $4)
        order by txid, id
        """,
        *after, *upto,
    )  # fmt: skip
    return [_stored(row) for row in rows]


async def unsealed(tx: Tx, after: tuple[int, UUID]) -> int:
    """How many rows no tree holds yet."""
    return await tx.fetchval("select count(*) from history where txid >= $1 and (txid, id) > ($1, $2)", *after)


async def seconds_unsealed(tx: Tx) -> float:
    """How long the oldest row that no tree holds has waited; 0 when none waits."""
    return await tx.fetchval(
        "select coalesce(extract(epoch from clock_timestamp() - min(at)), 0)::float8 from history"
        " where txid > coalesce((select max(upto_txid) from history_batch), 0)"
    )


async def today(tx: Tx) -> date:
    """The day in Bangkok by the database's clock."""
    return await tx.fetchval("select (clock_timestamp() at time zone 'Asia/Bangkok')::date")


async def last_batch(tx: Tx) -> Batch | None:
    """The latest batch."""
    row = await tx.fetchrow("select * from history_batch order by upto_txid desc, upto_id desc limit 1")
    return _batch(row) if row else None


async def insert_batch(tx: Tx, batch: Batch) -> None:
    """Keep a sealed batch."""
    await tx.execute(
        "insert into history_batch (day, first_position, count, upto_txid, upto_id, key_id, leaves, peaks, head)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        batch.head.day, batch.first, len(batch.leaves), *batch.upto, batch.head.key_id,
        b"".join(batch.leaves), b"".join(batch.peaks), batch.head.note,
    )  # fmt: skip


async def batch_marks(tx: Tx) -> list[BatchMark]:
    """Where every batch begins and ends, in the order they were sealed."""
    rows = await tx.fetch(
        "select day, first_position, upto_txid, upto_id from history_batch order by upto_txid, upto_id"
    )
    return [BatchMark(row["day"], row["first_position"], (row["upto_txid"], row["upto_id"])) for row in rows]


async def batch(tx: Tx, day: date, first: int) -> Batch:
    """One batch, which there must be: batches are never deleted."""
    rows = await tx.fetch("select * from history_batch where day = $1 and first_position = $2", day, first)
    return _batch(rows[0])


async def batch_holding(tx: Tx, place: tuple[int, UUID]) -> Batch | None:
    """The batch whose range a row's (txid, id) falls in; None when it is not sealed yet."""
    row = await tx.fetchrow(
        "select * from history_batch where (upto_txid, upto_id) >= ($1, $2) order by upto_txid, upto_id limit 1",
        *place,
    )
    return _batch(row) if row else None


async def batches_of(tx: Tx, day: date) -> list[Batch]:
    """A day's batches in order."""
    rows = await tx.fetch("select * from history_batch where day = $1 order by first_position", day)
    return [_batch(row) for row in rows]


async def latest_heads(tx: Tx, days: int) -> list[Head]:
    """The newest head of each of the last `days` days that have one, oldest first."""
    rows = await tx.fetch(
        """
        select * from (
            select distinct on (day) * from history_batch order by day desc, first_position desc limit $1
        ) newest order by day
        """,
        days,
    )
    return [_batch(row).head for row in rows]


def _stored(row: Row) -> StoredRow:
    given = HistoryRow(
        row["id"], row["person_id"], row["actor"], row["basis"], row["outcome"], row["key_id"], row["unit"],
        row["sealed"],
    )  # fmt: skip
    return StoredRow(given, row["at"], row["txid"])


def _batch(row: Row) -> Batch:
    leaves, peaks = _hashes(row["leaves"]), _hashes(row["peaks"])
    size = row["first_position"] + len(leaves)
    head = Head(row["day"], size, row["head"], row["key_id"])
    return Batch(row["first_position"], leaves, (row["upto_txid"], row["upto_id"]), peaks, head)


def _hashes(packed: bytes) -> tuple[bytes, ...]:
    return tuple(packed[start : start + HASH_BYTES] for start in range(0, len(packed), HASH_BYTES))
