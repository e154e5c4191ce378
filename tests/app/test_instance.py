"""Making an instance ready: its own keys, or nothing is stored."""

from datetime import timedelta
from pathlib import Path

import pytest

from intake.test_writer import somebody, submission, visit
from morprom.app.instance import make_ready
from morprom.intake import Writer
from morprom.kernel import Problem, Settings
from morprom.storage import Database


async def test_keys_of_another_database_are_refused_before_anything_is_stored(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    own = Settings(data=str(tmp_path / "own"))
    ring = await make_ready(own, database_url)
    await Writer(database, ring, timedelta(days=90)).write(submission(somebody(1), visit(1)))
    await make_ready(own, database_url)
    with pytest.raises(Problem, match="KEYS_OF_ANOTHER"):
        await make_ready(Settings(data=str(tmp_path / "empty")), database_url)
