"""SQL of the registry of clients."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from morprom.identity.card_model import Client
from morprom.kernel import Hcode
from morprom.storage import Row, Tx

CLIENT: Final = "client_id, hcode, name, redirect_uris, registered_at, revoked_at, kind, terms"


async def insert(
    tx: Tx, client_id: str, hcode: str, name: str, redirect_uris: Sequence[str], secret_hash: bytes | None, kind: str,
    terms: str | None,
) -> datetime | None:  # fmt: skip
    """A new client, and when it came; None when no unit has that code."""
    return await tx.fetchval(
        "insert into client (client_id, hcode, name, redirect_uris, secret_hash, kind, terms)"
        " select $1, hcode, $3, $4, $5, $6, $7 from unit where hcode = $2 returning registered_at",
        client_id, hcode, name, redirect_uris, secret_hash, kind, terms,
    )  # fmt: skip


async def clients(tx: Tx, hcode: str | None) -> list[Client]:
    """Every client, or those of one unit."""
    rows = await tx.fetch(
        f"select {CLIENT} from client"  # noqa: S608 (a constant)
        " where $1::text is null or hcode = $1 order by hcode, name, registered_at",
        hcode,
    )
    return [_client(row) for row in rows]


async def client(tx: Tx, client_id: str) -> Client | None:
    """One client."""
    row = await tx.fetchrow(f"select {CLIENT} from client where client_id = $1", client_id)  # noqa: S608 (a constant)
    return _client(row) if row else None


async def client_and_secret(tx: Tx, client_id: str) -> tuple[Client, bytes | None] | None:
    """One client with the hash of its secret."""
    row = await tx.fetchrow(
        f"select {CLIENT}, secret_hash from client where client_id = $1",  # noqa: S608 (a constant)
        client_id,
    )
    return (_client(row), row["secret_hash"]) if row else None


async def revoke(tx: Tx, client_id: str) -> bool:
    """The client may ask for nothing from now; False when that was so, or there is none."""
    row = await tx.fetchrow(
        "update client set revoked_at = clock_timestamp()"
        " where client_id = $1 and revoked_at is null returning client_id",
        client_id,
    )
    return row is not None


def _client(row: Row) -> Client:
    return Client(
        row["client_id"], Hcode(row["hcode"]), row["name"], tuple(row["redirect_uris"]), row["registered_at"],
        row["revoked_at"], row["kind"], row["terms"] or "",
    )  # fmt: skip
