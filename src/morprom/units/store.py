"""Every SQL statement about units, accounts and upload tokens."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from morprom.kernel import Hcode
from morprom.storage import Row, Tx
from morprom.units.model import Account, Permission, Unit, UnitEntry, UploadToken


class WrappedKey(NamedTuple):
    """A unit's ref key as it is stored."""

    hcode: str
    wrap_id: int
    wrapped: bytes


async def units(tx: Tx, since: datetime | None = None) -> list[Unit]:
    """All units by hcode, or those changed since an instant."""
    rows = await tx.fetch(
        "select hcode, name, type, province, district, region, beds, is_test, changed_at from unit"
        " where $1::timestamptz is null or changed_at >= $1 order by hcode",
        since,
    )
    return [_unit(row) for row in rows]


async def unit(tx: Tx, hcode: str) -> Unit | None:
    """One unit."""
    row = await tx.fetchrow(
        "select hcode, name, type, province, district, region, beds, is_test, changed_at from unit where hcode = $1",
        hcode,
    )
    return _unit(row) if row else None


async def insert_unit(tx: Tx, entry: UnitEntry, is_test: bool, key: WrappedKey) -> None:
    """A new unit with its wrapped ref key."""
    await tx.execute(
        "insert into unit (hcode, name, type, province, district, region, beds, is_test, ref_key, ref_key_wrap_id)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        entry.hcode, entry.name, entry.type, entry.province, entry.district, entry.region, entry.beds,
        is_test, key.wrapped, key.wrap_id,
    )  # fmt: skip


async def update_unit(tx: Tx, entry: UnitEntry) -> None:
    """What the list now says of a unit."""
    await tx.execute(
        "update unit set name = $2, type = $3, province = $4, district = $5, region = $6, beds = $7,"
        " changed_at = clock_timestamp() where hcode = $1",
        entry.hcode, entry.name, entry.type, entry.province, entry.district, entry.region, entry.beds,
    )  # fmt: skip


async def wrapped_key(tx: Tx, hcode: str) -> WrappedKey | None:
    """A unit's wrapped ref key."""
    row = await tx.fetchrow("select hcode, ref_key_wrap_id, ref_key from unit where hcode = $1", hcode)
    return WrappedKey(row["hcode"], row["ref_key_wrap_id"], row["ref_key"]) if row else None


async def keys_wrapped_otherwise(tx: Tx, wrap_id: int) -> list[WrappedKey]:
    """The ref keys that are not wrapped under `wrap_id`."""
    rows = await tx.fetch(
        "select hcode, ref_key_wrap_id, ref_key from unit where ref_key_wrap_id <> $1 order by hcode", wrap_id
    )
    return [WrappedKey(row["hcode"], row["ref_key_wrap_id"], row["ref_key"]) for row in rows]


async def rewrap_key(tx: Tx, key: WrappedKey) -> None:
    """The same ref key under another wrapping key."""
    await tx.execute(
        "update unit set ref_key = $2, ref_key_wrap_id = $3 where hcode = $1", key.hcode, key.wrapped, key.wrap_id
    )


async def insert_account(tx: Tx, account: Account, verifier: str) -> bool:
    """A new account; False when its unit has one of that login already."""
    inserted = await tx.fetchval(
        "insert into account (account_id, hcode, login, name, permissions, may_send, may_read, verifier)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (hcode, login) do nothing returning true",
        account.account_id, account.hcode, account.login, account.name, sorted(account.permissions),
        account.may_send, account.may_read, verifier,
    )  # fmt: skip
    return inserted is not None


async def accounts(tx: Tx, hcode: str | None, login: str | None) -> list[Account]:
    """Accounts by unit and login; None: of any."""
    rows = await tx.fetch(
        "select account_id, hcode, login, name, permissions, may_send, may_read, generation, disabled_at,"
        " is_personal from account"
        " where ($1::text is null or hcode = $1) and ($2::text is null or login = $2) order by hcode, login",
        hcode,
        login,
    )
    return [_account(row) for row in rows]


async def account(tx: Tx, account_id: UUID) -> Account | None:
    """One account."""
    row = await tx.fetchrow(
        "select account_id, hcode, login, name, permissions, may_send, may_read, generation, disabled_at,"
        " is_personal from account"
        " where account_id = $1",
        account_id,
    )
    return _account(row) if row else None


async def account_and_verifier(tx: Tx, hcode: str, login: str) -> tuple[Account, str] | None:
    """One account by unit and login, with the Argon2id string its password is checked against."""
    row = await tx.fetchrow(
        "select account_id, hcode, login, name, permissions, may_send, may_read, generation, disabled_at,"
        " is_personal, verifier from account where hcode = $1 and login = $2",
        hcode,
        login,
    )
    return (_account(row), row["verifier"]) if row else None


async def disable_account(tx: Tx, account_id: UUID, now: datetime) -> None:
    """The account may not sign in, and its tokens end."""
    await tx.execute(
        "update account set disabled_at = coalesce(disabled_at, $2), generation = generation + 1 where account_id = $1",
        account_id,
        now,
    )


async def renew_verifier(tx: Tx, account_id: UUID, verifier: str) -> None:
    """A new password: the account may sign in again, tokens of the old one end."""
    await tx.execute(
        "update account set verifier = $2, disabled_at = null, generation = generation + 1 where account_id = $1",
        account_id,
        verifier,
    )


async def revoke_upload_tokens(tx: Tx, hcode: str, now: datetime) -> int:
    """Revoke a unit's live token; how many there were (0 or 1)."""
    status = await tx.execute(
        "update upload_token set revoked_at = $2 where hcode = $1 and revoked_at is null", hcode, now
    )
    return int(status.rpartition(" ")[2])


async def insert_upload_token(tx: Tx, token: UploadToken, token_hash: bytes, expires_at: datetime) -> None:
    """A unit's new token."""
    await tx.execute(
        "insert into upload_token (token_id, hcode, token_hash, expires_at) values ($1, $2, $3, $4)",
        token.token_id, token.hcode, token_hash, expires_at,
    )  # fmt: skip


async def upload_token(tx: Tx, hcode: str, token_hash: bytes, now: datetime) -> UploadToken | None:
    """The live token of a unit with that hash."""
    row = await tx.fetchrow(
        "select token_id, hcode from upload_token"
        " where token_hash = $2 and hcode = $1 and revoked_at is null and expires_at > $3",
        hcode,
        token_hash,
        now,
    )
    return UploadToken(row["token_id"], Hcode(row["hcode"])) if row else None


def _unit(row: Row) -> Unit:
    entry = UnitEntry(
        Hcode(row["hcode"]), row["name"], row["type"], row["province"], row["district"], row["region"], row["beds"]
    )
    return Unit(entry, row["is_test"], row["changed_at"])


def _account(row: Row) -> Account:
    return Account(
        row["account_id"],
        Hcode(row["hcode"]),
        row["login"],
        row["name"],
        frozenset(Permission(name) for name in row["permissions"]),
        row["may_send"],
        row["may_read"],
        row["generation"],
        row["disabled_at"],
        row["is_personal"],
    )
