"""The first officer of a deployment: an operator stands in for the counter that there is not yet, once."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from morprom_wire.cid import check_digit

Run = Callable[..., Result]
WIPA = "199000000072" + str(check_digit("199000000072"))
UNKNOWN_TO_DOPA = "199000000404" + str(check_digit("199000000404"))  # to the simulator
CARD = ("นาง#วิภา##ทดลอง", "1980-05-06", "JC1-2345678-90", "2031-12-31")
MOBILE = "0800000072"


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`morprom …` on a database of this test's own."""
    from morprom.cli.root import app

    monkeypatch.setenv("MORPROM_DATABASE_URL", database_url)
    monkeypatch.setenv("MORPROM_DATA", str(tmp_path))
    monkeypatch.setenv("MORPROM_MODE", "demo")

    def invoked(*arguments: str) -> Result:
        return CliRunner().invoke(app, arguments)

    assert invoked("unit", "add", "10670", "โรงพยาบาลขอนแก่น", "--province", "40").exit_code == 0
    return invoked


def list_her(run: Run, *more: str, cid: str = WIPA) -> None:
    named = ("--name", "นาง#วิภา#ทดลอง", "--position", "พยาบาล", "--licence", "02:6500000001", *more)
    assert run("staff", "add", cid, "--unit", "10670", *named).exit_code == 0


def first(run: Run, monkeypatch: pytest.MonkeyPatch, *typed: str, cid: str = WIPA) -> Result:
    """The command, its simulated message read as the officer would."""
    sent: list[str] = []
    from morprom.cli import first_officer

    monkeypatch.setattr(first_officer, "tell", sent.append)
    answers = iter((*typed,))

    def typing(_: str, **__: object) -> str:
        answer = next(answers)
        found = re.findall(r"SIMULATED: (\d{6})", " ".join(sent)) if answer == "sms" else None
        return found[-1] if found else answer

    monkeypatch.setattr("typer.prompt", typing)
    return run("staff", "first-officer", cid, "--unit", "10670")


def code(refused: Result) -> str:
    return getattr(refused.exception, "code", "")


def test_the_first_officer_gets_a_slip_when_card_and_mobile_were_checked(
    run: Run, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    list_her(run, "--may-proof")
    made = first(run, monkeypatch, *CARD, MOBILE, "000000", "sms")
    assert made.exit_code == 0, made.output
    digits, url = made.stdout.strip().splitlines()
    assert re.fullmatch(r"\d{8}", digits) and "/id/redeem#" in url and WIPA not in made.output
    assert facts(database_url, "select count(*) from proofing_event where unit = '10670' and officer = person_id") == 1
    assert facts(database_url, "select count(*) from proofing_slip") == 1
    assert facts(database_url, "select count(*) from proofing_case") == 0


def test_nobody_is_first_who_is_not_an_appointed_officer_with_a_licence(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert code(first(run, monkeypatch, *CARD)) == "NOT_STAFF"
    list_her(run)
    assert code(first(run, monkeypatch, *CARD)) == "NOT_AN_OFFICER"
    run("staff", "remove", WIPA)
    list_her(run, "--may-proof", "--licence-until", "2020-01-01")
    assert code(first(run, monkeypatch, *CARD)) == "NOT_AN_OFFICER"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ((*CARD[:2], "JC12", CARD[3]), "CARD_UNREADABLE"),
        ((*CARD[:3], "2020-01-01"), "CARD_EXPIRED"),
        ((CARD[0], "06/05/2523", *CARD[2:]), "DATE_INVALID"),
        ((*CARD, "02 123 4567"), "MOBILE_INVALID"),
        ((*CARD, MOBILE, "1", "2", "3", "4", "5"), "CODE_WRONG"),
    ],
)
def test_what_is_wrong_leaves_nothing_behind(
    run: Run, monkeypatch: pytest.MonkeyPatch, database_url: str, typed: tuple[str, ...], said: str
) -> None:
    list_her(run, "--may-proof")
    assert code(first(run, monkeypatch, *typed)) == said
    for table in ("proofing_case", "proofing_event", "proofing_slip"):
        assert facts(database_url, f"select count(*) from {table}") == 0


def test_dopa_has_to_confirm_the_card(run: Run, monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    list_her(run, "--may-proof", cid=UNKNOWN_TO_DOPA)
    assert code(first(run, monkeypatch, *CARD, cid=UNKNOWN_TO_DOPA)) == "CARD_NOT_VALID"
    assert facts(database_url, "select count(*) from proofing_case") == 0


def facts(database_url: str, question: str) -> object:
    async def asked() -> object:
        connection = await asyncpg.connect(database_url)
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    return asyncio.run(asked())
