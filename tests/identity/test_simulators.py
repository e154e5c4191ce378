"""The commands that simulate a sign-in, as vendors call them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from morprom_wire.cid import check_digit

MALEE = "199000000001" + str(check_digit("199000000001"))


@pytest.fixture(autouse=True)
def instance(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An instance on a database of this test's own."""
    monkeypatch.setenv("MORPROM_DATABASE_URL", database_url)
    monkeypatch.setenv("MORPROM_DATA", str(tmp_path))


def run(*arguments: str) -> Result:
    from morprom.cli.root import app

    return CliRunner().invoke(app, ["token", *arguments])


def test_a_health_id_is_simulated_for_anybody_and_says_so() -> None:
    for _ in range(2):
        made = run("health-id", MALEE, "--ial", "2.1", "--aal", "2.1")
        assert made.exit_code == 0 and made.stdout.count(".") == 2
        assert "จำลอง" in made.stderr and "SIMULATED" in made.stderr
    told = json.loads(run("health-id", MALEE, "--json").stdout)
    assert told["simulated"] is True and MALEE not in json.dumps(told)


def test_a_provider_is_simulated_and_says_so() -> None:
    made = run("provider", "10670", "--provider-id", "P-7")
    assert made.exit_code == 0 and made.stdout.count(".") == 2 and "SIMULATED" in made.stderr


@pytest.mark.parametrize("wrong", [["health-id", "123"], ["health-id", MALEE, "--ial", "9"], ["provider", "x"]])
def test_what_is_no_person_no_level_and_no_hospital_is_refused(wrong: list[str]) -> None:
    assert run(*wrong).exit_code != 0
