"""Accounts as their administrator sees them: add, list, disable, a new password."""

import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from morprom import throttle
from morprom.kernel import Category, Hcode, Problem, Secret, Words, new_id
from morprom.storage import Tx
from morprom.units import store
from morprom.units.model import Account, Permission
from morprom.units.passwords import make_verifier
from morprom.units.ref_keys import unknown_unit
from morprom_wire.sign_in import password_hash

LOGIN: Final = re.compile(r"[\w.@+-]{1,100}")
SHORTEST_PASSWORD: Final = 8  # NIST SP 800-63B, section 5.1.1.2; no composition rules


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an administrator decides of an account."""

    hcode: Hcode
    login: str = field(repr=False)
    permissions: Collection[Permission]
    may_send: bool = True
    may_read: bool = False
    name: str = field(default="", repr=False)


async def add(tx: Tx, wanted: NewAccount, password: Secret[str], hash_key: str) -> Account:
    """Make an account; `hash_key` is the setting password_hash_key.

    Raises Problem UNIT_UNKNOWN, ACCOUNT_EXISTS, LOGIN_INVALID or PASSWORD_SHORT.
    """
    if not LOGIN.fullmatch(wanted.login):
        raise _incorrect("LOGIN_INVALID", "ชื่อผู้ใช้มีอักขระที่ใช้ไม่ได้", "a login is letters, digits and . @ + - _, 100 at most")
    verifier = _verifier(password, hash_key)
    if await store.unit(tx, wanted.hcode) is None:
        raise unknown_unit(wanted.hcode)
    account = Account(
        new_id(), wanted.hcode, wanted.login, wanted.name or wanted.login, frozenset(wanted.permissions),
        wanted.may_send, wanted.may_read, 1, None,
    )  # fmt: skip
    if not await store.insert_account(tx, account, verifier):
        words = Words("หน่วยบริการนี้มีบัญชีชื่อนี้แล้ว", "that unit has an account of that login")
        raise Problem(Category.CONFLICT, "ACCOUNT_EXISTS", words)
    return account


async def listed(tx: Tx, hcode: str | None = None) -> list[Account]:
    """The accounts of a unit, or all, by hcode and login."""
    return await store.accounts(tx, hcode, None)


async def disable(tx: Tx, login: str, hcode: str | None, now: datetime) -> Account:
    """End an account and its tokens, everywhere within a minute. Raises as `_the_one`."""
    account = _the_one(await store.accounts(tx, hcode, login))
    await store.disable_account(tx, account.account_id, now)
    return account


async def renew_password(tx: Tx, login: str, hcode: str | None, password: Secret[str], hash_key: str) -> Account:
    """A new password, which also opens a disabled or shut account and ends its old tokens. Raises as `_the_one`."""
    account = _the_one(await store.accounts(tx, hcode, login))
    await store.renew_verifier(tx, account.account_id, _verifier(password, hash_key))
    await throttle.forget(tx, "account", account.hcode, account.login)
    return account


def make_password() -> Secret[str]:
    """A password of 144 random bits, for software."""
    return Secret(secrets.token_urlsafe(18))


def _verifier(password: Secret[str], hash_key: str) -> str:
    if len(password.reveal()) < SHORTEST_PASSWORD:
        raise _incorrect(
            "PASSWORD_SHORT",
            f"รหัสผ่านต้องยาวอย่างน้อย {SHORTEST_PASSWORD} ตัว",
            f"a password has at least {SHORTEST_PASSWORD} characters",
        )
    return make_verifier(Secret(password_hash(password.reveal(), hash_key)))


def _the_one(found: Sequence[Account]) -> Account:
    """The only account found. Raises Problem ACCOUNT_UNKNOWN or ACCOUNT_AMBIGUOUS."""
    if not found:
        raise Problem(Category.NOT_FOUND, "ACCOUNT_UNKNOWN", Words("ไม่มีบัญชีนี้", "there is no such account"))
    if len(found) > 1:
        raise _incorrect(
            "ACCOUNT_AMBIGUOUS",
            "มีหลายหน่วยบริการใช้ชื่อผู้ใช้นี้ โปรดระบุ --unit",
            "several units have that login; say which --unit",
        )
    return found[0]


def _incorrect(code: str, th: str, en: str) -> Problem:
    return Problem(Category.INCORRECT, code, Words(th, en))
