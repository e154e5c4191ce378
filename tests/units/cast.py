"""Units and accounts that several tests need."""

from datetime import UTC, datetime

from morprom.kernel import Hcode, Secret, Settings
from morprom.storage import Database, KeyRing
from morprom.units import Account, Attempt, Permission
from morprom.units.administration import UnitEntry, accounts, roster
from morprom_wire.sign_in import password_hash

KHON_KAEN = Hcode("10670")
SIRIRAJ = Hcode("13814")
PASSWORD = Secret("a long enough password")
MORNING = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)


class Time:
    """A clock that stands still until a test moves it; `seconds` and `now` agree."""

    def __init__(self, at: datetime = MORNING) -> None:
        self.unix = at.timestamp()

    def seconds(self) -> float:
        return self.unix

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.unix, UTC)


async def two_hospitals(database: Database, ring: KeyRing) -> None:
    """Khon Kaen and Siriraj."""
    async with database.transaction() as tx:
        await roster.enrol(
            tx,
            ring,
            [
                UnitEntry(KHON_KAEN, "โรงพยาบาลขอนแก่น", province="40", region=7),
                UnitEntry(SIRIRAJ, "โรงพยาบาลศิริราช", province="10", region=13),
            ],
        )


async def agent_of(
    database: Database,
    hcode: Hcode = KHON_KAEN,
    *permissions: Permission,
    login: str = "agent",
    may_send: bool = True,
    may_read: bool = False,
) -> Account:
    """An account of a hospital, permission HIE unless others are named."""
    wanted = accounts.NewAccount(hcode, login, permissions or (Permission.HIE,), may_send, may_read)
    async with database.transaction() as tx:
        return await accounts.add(tx, wanted, PASSWORD, Settings().password_hash_key)


def attempt(
    password: str = PASSWORD.reveal(), *, login: str = "agent", hcode: str = KHON_KAEN, address: str = "203.0.113.7"
) -> Attempt:
    """An attempt to sign in."""
    return Attempt(login, Secret(password_hash(password)), hcode, address)
