"""Making an instance ready: its own keys, or nothing is stored."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from accounts.virtual_key import VirtualKey
from intake.test_writer import somebody, submission, visit
from morprom.accounts import open_account, passkeys
from morprom.app.instance import make_ready
from morprom.assurance import Ial
from morprom.intake import Writer
from morprom.kernel import Problem, Settings, new_id
from morprom.storage import Database

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


async def test_keys_of_another_database_are_refused_before_anything_is_stored(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    own = Settings(data=str(tmp_path / "own"))
    ring = await make_ready(own, database_url)
    await Writer(database, ring, timedelta(days=90)).write(submission(somebody(1), visit(1)))
    await make_ready(own, database_url)
    with pytest.raises(Problem, match="KEYS_OF_ANOTHER"):
        await make_ready(Settings(data=str(tmp_path / "empty")), database_url)


async def test_a_host_that_passkeys_are_not_bound_to_is_refused_at_the_start(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    here = Settings(data=str(tmp_path), public_url="https://phr.example.go.th")
    ring = await make_ready(here, database_url)
    async with database.transaction() as tx:
        person_id = new_id()
        await open_account(tx, ring, person_id, ial=Ial.CHIP_AND_FACE, table="etda-2564", now=NOW)
        options = await passkeys.binding_options(tx, ring, here, person_id, name="มาลี", now=NOW)
        made = VirtualKey(here.public_url).make(options)
        await passkeys.bind(tx, ring, here, person_id, made, name="โทรศัพท์", now=NOW)
    await make_ready(here, database_url)
    with pytest.raises(Problem, match="PUBLIC_URL_OF_ANOTHER"):
        await make_ready(Settings(data=str(tmp_path), public_url="https://other.example.go.th"), database_url)
