"""SQL of the registry of clients."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from morprom.identity.card_model import Change, Client
from morprom.kernel import Hcode
from morprom.storage import Row, Tx

CLIENT: Final = "client_id, hcode, name, redirect_uris, registered_at, revoked_at, kind, terms, disabled_at"


async def insert(
    tx: Tx, client_id: str, hcode: str, name: str, redirect_uris: Sequence[str], secret_hash: bytes | None, kind: str,
    terms: str | None, by: UUID | None,
) -> datetime | None:  # fmt: skip
    """A new client, and when it came; None when no unit has that code."""
    return await tx.fetchval(
        "select client_write($1, 'added', $2, $3, $4, $5, $6, $7, $8)",
        by, client_id, hcode, name, redirect_uris, kind, terms, secret_hash,
    )  # fmt: skip


async def change(
    tx: Tx, client_id: str, by: UUID | None, name: str, redirect_uris: Sequence[str], terms: str | None
) -> bool:
    """Other words, addresses and terms; False when there is no such client."""
    at = await tx.fetchval(
        "select client_write($1, 'changed', $2, null, $3, $4, null, $5, null)",
        by, client_id, name, redirect_uris, terms,
    )  # fmt: skip
    return at is not None


async def act(tx: Tx, client_id: str, by: UUID | None, what: str, secret_hash: bytes | None = None) -> bool:
    """Disable, enable or remove a client, or give it another secret; False when there is no such client."""
    at = await tx.fetchval(
        "select client_write($1, $2, $3, null, null, null, null, null, $4)", by, what, client_id, secret_hash
    )
    return at is not None


async def changes(tx: Tx, client_id: str) -> list[Change]:
    """What was done to a client, newest first."""
    rows = await tx.fetch(
        "select at, what, position_id, after from client_change where client_id = $1 order by at desc", client_id
    )
    return [Change(row["at"], row["what"], row["position_id"], row["after"]) for row in rows]


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


def _client(row: Row) -> Client:
    return Client(
        row["client_id"], Hcode(row["hcode"]), row["name"], tuple(row["redirect_uris"]), row["registered_at"],
        row["revoked_at"], row["kind"], row["terms"] or "", row["disabled_at"],
    )  # fmt: skip
