"""The demo's units, accounts and export, made once and kept in the data folder."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from morprom.demo.cast import ACCOUNTS, SENDING, UNITS, DemoAccount, DemoUnit
from morprom.kernel import BANGKOK, Problem, Secret, Settings
from morprom.record.regions import region_of
from morprom.storage import Database, KeyRing, Tx
from morprom.synth import write_export
from morprom.units import Permission
from morprom.units.administration import UnitEntry, accounts, roster

PEOPLE: Final = 600
SEED: Final = 2569


def folder(settings: Settings) -> Path:
    """Where the demo keeps its export, its passwords and the agent's state."""
    made = Path(settings.data) / "demo"
    made.mkdir(parents=True, exist_ok=True, mode=0o700)
    return made


def export_of(settings: Settings) -> Path:
    """The month of the demo hospital as a 43-file zip, written on the first call."""
    path = folder(settings) / f"F43_{SENDING.hcode}.zip"
    if not path.exists():
        unfinished = path.with_suffix(".new")
        yesterday = datetime.now(BANGKOK).date() - timedelta(days=1)
        write_export(unfinished, people=PEOPLE, months=1, seed=SEED, hcode=SENDING.hcode, end=yesterday, with_cast=True)
        unfinished.rename(path)
    return path


def password_file(settings: Settings, account: DemoAccount) -> Path:
    """The file with an account's generated password."""
    return folder(settings) / f"{account.login}.password"


async def prepare(settings: Settings, url: str, ring: KeyRing) -> None:
    """Make the units and accounts that are not there."""
    database = await Database.connect(url, most=1)
    try:
        async with database.transaction() as tx:
            await roster.enrol(tx, ring, [_entry(unit) for unit in UNITS])
        for account in ACCOUNTS:
            async with database.transaction() as tx:
                await _ensure_account(tx, settings, account)
    finally:
        await database.close()


def _entry(unit: DemoUnit) -> UnitEntry:
    region = region_of(unit.province)
    return UnitEntry(unit.hcode, unit.name, "โรงพยาบาลสาธิต", unit.province, region=region, beds=unit.beds)


async def _ensure_account(tx: Tx, settings: Settings, account: DemoAccount) -> None:
    file = password_file(settings, account)
    if file.exists():
        return
    password = accounts.make_password()
    wanted = accounts.NewAccount(
        account.hcode,
        account.login,
        [Permission.HIE],
        may_send="send" in account.may,
        may_read="read" in account.may,
        name=account.name,
    )
    try:
        await accounts.add(tx, wanted, password, settings.password_hash_key)
    except Problem as problem:
        if problem.code != "ACCOUNT_EXISTS":
            raise
        await accounts.renew_password(tx, account.login, account.hcode, password, settings.password_hash_key)
    _keep(file, password)


def _keep(file: Path, password: Secret[str]) -> None:
    file.touch(mode=0o600)
    file.write_text(password.reveal(), "utf-8")
