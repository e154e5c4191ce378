"""SQL of the card page's codes and of the access tokens that they become. The database's clock is the only one."""

from uuid import UUID

from morprom.identity.card_model import CardCode, CardToken
from morprom.storage import Row, Tx


async def insert(
    tx: Tx, code_hash: bytes, client_id: str, person_id: UUID, redirect_uri: str, challenge: str | None, sealed: bytes,
    is_vouched: bool,
) -> None:  # fmt: skip
    """A new code."""
    await tx.execute(
        "insert into card_code (code_hash, client_id, person_id, redirect_uri, challenge, cid_sealed, is_vouched)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        code_hash, client_id, person_id, redirect_uri, challenge, sealed, is_vouched,
    )  # fmt: skip


async def present(tx: Tx, code_hash: bytes) -> CardCode | None:
    """A code comes back. Of two at once the second sees that it came before: the row is locked until the commit."""
    row = await tx.fetchrow(
        "update card_code set presented_at = coalesce(presented_at, clock_timestamp()) where code_hash = $1"
        " returning client_id, person_id, redirect_uri, challenge, cid_sealed, old.presented_at, ended_at,"
        " extract(epoch from clock_timestamp() - issued_at)::float8 as age",
        code_hash,
    )
    return _code(row) if row else None


async def give_token(tx: Tx, code_hash: bytes, token_hash: bytes) -> None:
    """The code becomes an access token."""
    await tx.execute(
        "update card_code set token_hash = $2, token_at = clock_timestamp() where code_hash = $1", code_hash, token_hash
    )


async def end(tx: Tx, code_hash: bytes) -> None:
    """Code and token are of no use from now, nor is the one-time code that the token was turned into."""
    await tx.execute(
        "with ended as (update card_code set ended_at = coalesce(ended_at, clock_timestamp()) where code_hash = $1"
        "  returning grant_id)"
        " update otp_grant g set ended_at = coalesce(g.ended_at, clock_timestamp()) from ended"
        " where g.grant_id = ended.grant_id",
        code_hash,
    )


async def became(tx: Tx, code_hash: bytes, grant_id: UUID) -> None:
    """The token was turned into that one-time code."""
    await tx.execute("update card_code set grant_id = $2 where code_hash = $1", code_hash, grant_id)


async def count_try(tx: Tx, token_hash: bytes, tries: int) -> CardToken | None:
    """Count one try of a live token before anything is compared; None when no live token is that, or it is tried out.

    One atomic update: of any number at once, `tries` get through one after the other.
    """
    row = await tx.fetchrow(
        "update card_code set tries = tries + 1 from client c"
        " where token_hash = $1 and ended_at is null and tries < $2 and c.client_id = card_code.client_id"
        " returning code_hash, person_id, c.hcode, c.name,"
        " (c.revoked_at is not null or c.disabled_at is not null) as is_revoked, is_vouched,"
        " extract(epoch from clock_timestamp() - token_at)::float8 as age",
        token_hash,
        tries,
    )
    if row is None:
        return None
    return CardToken(
        row["code_hash"], row["person_id"], row["hcode"], row["name"], row["age"], row["is_revoked"],
        row["is_vouched"],
    )  # fmt: skip


async def purge(tx: Tx) -> int:
    """Delete codes of a day ago and before; how many."""
    status = await tx.execute("delete from card_code where issued_at < clock_timestamp() - interval '1 day'")
    return int(status.rpartition(" ")[2])


def _code(row: Row) -> CardCode:
    return CardCode(
        row["client_id"], row["person_id"], row["redirect_uri"], row["challenge"], row["cid_sealed"], row["age"],
        row["presented_at"], row["ended_at"],
    )  # fmt: skip
