"""SQL of the inbox."""

from uuid import UUID

from morprom.storage import Row, Tx


async def insert(tx: Tx, notice_id: UUID, person_id: UUID, sealed: bytes) -> None:
    """Keep a sealed notice; the database says when."""
    await tx.execute(
        "insert into inbox_notice (notice_id, person_id, sealed) values ($1, $2, $3)", notice_id, person_id, sealed
    )


async def of_person(tx: Tx, person_id: UUID) -> list[Row]:
    """(notice_id, at, sealed) of a person's notices, newest last."""
    rows = await tx.fetch(
        "select notice_id, at, sealed from inbox_notice where person_id = $1 order by at, notice_id", person_id
    )
    return list(rows)
