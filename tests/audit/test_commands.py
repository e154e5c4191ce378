"""`morprom history` and `morprom inbox` on a real instance."""

import asyncio
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from morprom.access import Actor, ask_for_code, current_policy
from morprom.audit.head import current_signer
from morprom.audit.seal import log_name, seal_all, show_heads
from morprom.audit.witness import witness_of
from morprom.cli import history, inbox
from morprom.kernel import Mode, Problem, Settings, load_settings, new_id
from morprom.people import Identifier, Inbox, Scheme, ensure
from morprom.storage import Database, open_keys
from morprom_wire.cid import check_digit

MALEE = "199000000001" + str(check_digit("199000000001"))


async def ask_twice_and_seal(settings: Settings) -> None:
    ring = open_keys(settings)
    database = await Database.connect(settings.database_url)
    for _ in range(2):
        async with database.transaction() as tx:
            person = await ensure(tx, ring, Identifier(Scheme.CID, MALEE))
            await ask_for_code(
                tx, ring, current_policy(), settings.mode, Inbox(),
                person=person, actor=Actor(new_id(), "10670", "เคาน์เตอร์"), unit_name="โรงพยาบาลขอนแก่น",
            )  # fmt: skip
    await seal_all(database, current_signer(ring, log_name(settings)))
    await show_heads(database, witness_of(settings), {})
    await database.close()


async def tamper(settings: Settings) -> None:
    database = await Database.connect(settings.database_url)
    async with database.transaction() as tx:
        await tx.execute("update history set unit = '99999' where id = (select min(id::text)::uuid from history)")
    await database.close()


@pytest.fixture
def instance(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An instance with two sealed lines of one person, chosen by the environment as an operator does."""
    monkeypatch.setenv("MORPROM_DATABASE_URL", database_url)
    monkeypatch.setenv("MORPROM_DATA", str(tmp_path))
    settings = load_settings()
    asyncio.run(ask_twice_and_seal(settings))
    return settings


def test_an_operator_verifies_the_history_and_learns_of_tampering(instance: Settings) -> None:
    good = CliRunner().invoke(history.app, ["verify", "--json"])
    assert good.exit_code == 0, good.output
    assert json.loads(good.stdout) | {"faults": []} == {
        "holds": True, "rows": 2, "heads": 1, "witnessed": 1, "unsealed": 0, "faults": []
    }  # fmt: skip
    asyncio.run(tamper(instance))
    bad = CliRunner().invoke(history.app, ["verify", "--json"])
    assert bad.exit_code == 1
    assert [fault["code"] for fault in json.loads(bad.stdout)["faults"]] == ["ROW_ALTERED"]
    assert "ROW_ALTERED" in CliRunner().invoke(history.app, ["verify"]).stdout
    assert CliRunner().invoke(history.app, ["verify", "--day", "2020-01-01"]).exit_code == 0


def test_a_persons_lines_come_with_their_proofs(instance: Settings) -> None:
    shown = CliRunner().invoke(history.app, ["prove", MALEE])
    lines = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [(line["action"], line["basis"], line["unit"]) for line in lines] == [("RequestTokenv1", "otp", "10670")] * 2
    assert [line["proof"]["position"] for line in lines] == [0, 1]


def test_the_inbox_shows_what_a_person_was_told(instance: Settings) -> None:
    command = typer.Typer()
    command.command()(inbox.inbox)
    shown = CliRunner().invoke(command, [MALEE])
    notices = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [notice["kind"] for notice in notices] == ["otp", "otp"]
    assert set(notices[0]) >= {"at", "kind", "code", "unit", "unit_name", "text_th", "text_en", "expires_at"}
    assert notices[0]["at"] < notices[1]["at"]


def test_production_has_no_such_commands() -> None:
    with pytest.raises(Problem, match="PRODUCTION_REFUSED"):
        inbox.demand_simulation(Settings(mode=Mode.PRODUCTION))
    with pytest.raises(Problem, match="CID_INVALID"):
        inbox.person_number("123")
