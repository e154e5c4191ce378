"""SQL of notes."""

from datetime import timedelta

from morprom.storage import Tx


async def waiting(tx: Tx, hcode: str) -> int:
    """How many notes of a hospital wait."""
    return await tx.fetchval(
        "select count(*) from paste where hcode = $1 and expires_at > clock_timestamp()", hcode
    )  # fmt: skip


async def insert(tx: Tx, code_hash: bytes, hcode: str, life: timedelta, sealed: bytes) -> None:
    """A new note."""
    await tx.execute(
        "insert into paste (code_hash, hcode, expires_at, sealed) values ($1, $2, clock_timestamp() + $3, $4)",
        code_hash, hcode, life, sealed,
    )  # fmt: skip


async def take(tx: Tx, code_hash: bytes, hcode: str) -> bytes | None:
    """The hospital's note, which is gone with this. Of two at once one gets it: a row is deleted once."""
    return await tx.fetchval(
        "delete from paste where code_hash = $1 and hcode = $2 and expires_at > clock_timestamp() returning sealed",
        code_hash,
        hcode,
    )


async def purge(tx: Tx) -> int:
    """Delete what nobody took in time; how many."""
    status = await tx.execute("delete from paste where expires_at <= clock_timestamp()")
    return int(status.rpartition(" ")[2])
