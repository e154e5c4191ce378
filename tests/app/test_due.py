"""Work that falls due, done as the roles that do it."""

from datetime import date

import pytest

from morprom.accounts import open_account, sessions
from morprom.app.due import _derive  # type: ignore[reportPrivateUsage]
from morprom.assurance import Ial
from morprom.kernel import new_id, utc_now
from morprom.proofing.events import drop_photos
from morprom.proofing.left import drop_left
from morprom.storage import Database, KeyRing, Role


@pytest.mark.parametrize(
    ("table", "until"), [("etda-2564", date(2020, 1, 1)), ("a-table-of-before", None)], ids=["card", "table"]
)
async def test_a_level_that_nothing_stands_behind_any_more_is_taken_away(
    database: Database, database_url: str, ring: KeyRing, table: str, until: date | None
) -> None:
    person_id = new_id()
    async with database.transaction() as tx:
        await open_account(tx, ring, person_id, ial=Ial.CHIP_AND_FACE, table=table, now=utc_now(), until=until)
    identity = await Database.connect(database_url, Role.IDENTITY, most=1)
    await _derive(identity, ring)
    async with identity.transaction() as tx:
        await drop_photos(tx, utc_now())
        await drop_left(tx, utc_now())
        await sessions.tidy(tx, utc_now())
    await identity.close()
    async with database.transaction() as tx:
        row = await tx.fetchrow("select ial, ial_table, ial_until from person_account where person_id = $1", person_id)
    assert row and tuple(row.values()) == ("1.1", "etda-2564", None)  # type: ignore[attr-defined]
