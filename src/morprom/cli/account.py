"""`morprom account`: what software and staff of a unit sign in with at the Account Center."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from morprom.cli.say import DataOption, JsonOption, give, give_json, tell
from morprom.cli.unit import hcode_of
from morprom.kernel import Category, Hcode, Problem, Secret, Words, utc_now

if TYPE_CHECKING:
    from morprom.units import Account, Permission
    from morprom.units.administration.accounts import NewAccount

app = typer.Typer(help="บัญชีของหน่วยบริการ / Accounts of units", no_args_is_help=True)
User = Annotated[str, typer.Argument(help="ชื่อผู้ใช้ / user name", metavar="USER")]
UnitOption = Annotated[str, typer.Option("--unit", help="รหัสหน่วยบริการ / hospital code")]
MaybeUnitOption = Annotated[str | None, typer.Option("--unit", help="รหัสหน่วยบริการ / hospital code", show_default=False)]
PasswordOption = Annotated[
    bool, typer.Option("--password-stdin", help="อ่านรหัสผ่านจาก stdin / read the password on standard input")
]


@app.command()
def add(
    user: User,
    unit: UnitOption,
    permission: Annotated[list[str], typer.Option(help="สิทธิ / permission, may be given again")],
    may: Annotated[str, typer.Option(help="send, read หรือทั้งสอง / send, read or both: send,read")] = "send",
    name: Annotated[str, typer.Option(help="ใครหรือโปรแกรมใดใช้ / who or what uses it")] = "",
    password_stdin: PasswordOption = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """เพิ่มบัญชี / Add an account. Without --password-stdin a password is made and shown this once."""
    from morprom.units.administration.accounts import NewAccount

    allowed = {word.strip() for word in may.split(",")} - {""}
    if not allowed <= {"send", "read"}:
        raise typer.BadParameter("send, read or send,read", param_hint="--may")
    wanted = NewAccount(hcode_of(unit), user, _permissions(permission), "send" in allowed, "read" in allowed, name)
    secret = _password(from_stdin=password_stdin)
    account = asyncio.run(_add(data, wanted, secret))
    tell(f"เพิ่มบัญชี {account.login} ของ {account.hcode} แล้ว / added {account.login} of {account.hcode}")
    _give(account, None if password_stdin else secret, as_json=as_json)


@app.command()
def password(
    user: User,
    unit: MaybeUnitOption = None,
    password_stdin: PasswordOption = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """ตั้งรหัสผ่านใหม่และเปิดบัญชี / Give a new password; opens a disabled or shut account and ends its tokens."""
    secret = _password(from_stdin=password_stdin)
    account = asyncio.run(_renew(data, user, hcode_of(unit) if unit else None, secret))
    tell(f"ตั้งรหัสผ่านใหม่ของ {account.login} แล้ว / {account.login} has a new password")
    _give(account, None if password_stdin else secret, as_json=as_json)


@app.command("list")
def list_(unit: MaybeUnitOption = None, data: DataOption = None, as_json: JsonOption = False) -> None:
    """รายชื่อบัญชี / List accounts by unit and user."""
    for account in asyncio.run(_list(data, hcode_of(unit) if unit else None)):
        give_json(_row(account)) if as_json else give(_line(account))


@app.command()
def disable(user: User, unit: MaybeUnitOption = None, data: DataOption = None, as_json: JsonOption = False) -> None:
    """ปิดบัญชี มีผลภายในหนึ่งนาที / Disable an account; its tokens end within a minute."""
    account = asyncio.run(_disable(data, user, hcode_of(unit) if unit else None))
    tell(f"ปิดบัญชี {account.login} ของ {account.hcode} แล้ว / disabled {account.login} of {account.hcode}")
    if as_json:
        give_json({"user": account.login, "unit": str(account.hcode), "disabled": True})


def _permissions(named: list[str]) -> "list[Permission]":
    from morprom.units import Permission

    known = ", ".join(Permission)
    if not set(named) <= set(Permission):
        raise typer.BadParameter(known, param_hint="--permission")
    return [Permission(name) for name in named]


def _password(*, from_stdin: bool) -> Secret[str]:
    """The password on standard input, or one made here, which then has to be shown."""
    from morprom.units.administration.accounts import make_password

    if not from_stdin:
        return make_password()
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise Problem(
            Category.INCORRECT, "PASSWORD_MISSING", Words("ไม่มีรหัสผ่านใน stdin", "no password on standard input")
        )
    return Secret(line)


def _give(account: "Account", made: Secret[str] | None, *, as_json: bool) -> None:
    shown = {"password": made.reveal()} if made else {}
    if as_json:
        give_json({"user": account.login, "unit": str(account.hcode), **shown})
    elif made:
        tell("รหัสผ่าน (แสดงครั้งเดียว) / the password, shown this once:")
        give(made.reveal())


def _row(account: "Account") -> dict[str, object]:
    return {
        "unit": str(account.hcode),
        "user": account.login,
        "name": account.name,
        "permissions": sorted(account.permissions),
        "may": _may(account),
        "disabled_at": account.disabled_at.isoformat(timespec="seconds") if account.disabled_at else None,
    }


def _line(account: "Account") -> str:
    state = f"disabled {account.disabled_at:%Y-%m-%d}" if account.disabled_at else ""
    permissions = ",".join(sorted(account.permissions))
    return "\t".join([account.hcode, account.login, account.name, permissions, ",".join(_may(account)), state])


def _may(account: "Account") -> list[str]:
    return [word for word, is_so in (("send", account.may_send), ("read", account.may_read)) if is_so]


async def _add(data: Path | None, wanted: "NewAccount", password: Secret[str]) -> "Account":
    from morprom.cli.instance import open_instance
    from morprom.units.administration import accounts

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return await accounts.add(tx, wanted, password, instance.settings.password_hash_key)


async def _renew(data: Path | None, user: str, hcode: Hcode | None, password: Secret[str]) -> "Account":
    from morprom.cli.instance import open_instance
    from morprom.units.administration import accounts

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return await accounts.renew_password(tx, user, hcode, password, instance.settings.password_hash_key)


async def _list(data: Path | None, hcode: Hcode | None) -> "list[Account]":
    from morprom.cli.instance import open_instance
    from morprom.units.administration import accounts

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return await accounts.listed(tx, hcode)


async def _disable(data: Path | None, user: str, hcode: Hcode | None) -> "Account":
    from morprom.cli.instance import open_instance
    from morprom.units.administration import accounts

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return await accounts.disable(tx, user, hcode, utc_now())
