"""The commands of units, accounts and tokens, as operators and scripts call them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`morprom …` on a database of this test's own."""
    from morprom.cli.root import app

    monkeypatch.setenv("MORPROM_DATABASE_URL", database_url)
    monkeypatch.setenv("MORPROM_DATA", str(tmp_path))

    def invoked(*arguments: str, stdin: str = "") -> Result:
        return CliRunner().invoke(app, arguments, input=stdin)

    return invoked


def add_khon_kaen(run: Run) -> None:
    added = run("unit", "add", "10670", "โรงพยาบาลขอนแก่น", "--province", "40")
    assert (added.exit_code, added.stdout) == (0, "")


def test_a_unit_is_added_listed_and_brought_up_to_date(run: Run) -> None:
    add_khon_kaen(run)
    again = run("unit", "add", "10670", "โรงพยาบาลขอนแก่น", "--beds", "1000", "--json")
    assert json.loads(again.stdout) == {"added": 0, "updated": 1, "unchanged": 0, "faulty": []}
    listed = run("unit", "list", "--json")
    assert [json.loads(line) for line in listed.stdout.splitlines()] == [
        {
            "hcode": "10670", "name": "โรงพยาบาลขอนแก่น", "type": "", "province": "40", "district": "", "region": 7,
            "beds": 1000,
        }
    ]  # fmt: skip


def test_an_import_tells_its_faulty_rows_and_keeps_the_others(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_bytes("รหัส,ชื่อ,จังหวัด\n10670,โรงพยาบาลขอนแก่น,ขอนแก่น\n1,,\n".encode("cp874"))
    imported = run("unit", "import", str(file), "--json")
    assert imported.exit_code == 1
    told = json.loads(imported.stdout)
    assert (told["added"], [row["row"] for row in told["faulty"]]) == (1, [3])
    assert "แถว 3" in imported.stderr
    assert run("unit", "list").stdout.startswith("10670\tโรงพยาบาลขอนแก่น\t")


def test_an_account_s_password_is_made_and_shown_once_or_read(run: Run) -> None:
    add_khon_kaen(run)
    made = run("account", "add", "agent", "--unit", "10670", "--permission", "MOPH_PHR_HIE")
    assert made.exit_code == 0
    assert len(made.stdout.strip()) == 24
    given = run(
        "account", "add", "viewer", "--unit", "10670", "--permission", "MOPH_PHR_HIE", "--permission", "MOPH_IDP_API",
        "--may", "send,read", "--password-stdin", stdin="a long enough password\n",
    )  # fmt: skip
    assert (given.exit_code, given.stdout) == (0, "")
    listed = [json.loads(line) for line in run("account", "list", "--json").stdout.splitlines()]
    assert [(row["user"], row["may"], row["permissions"]) for row in listed] == [
        ("agent", ["send"], ["MOPH_PHR_HIE"]),
        ("viewer", ["send", "read"], ["MOPH_IDP_API", "MOPH_PHR_HIE"]),
    ]


def test_an_account_is_disabled_and_opened_by_a_new_password(run: Run) -> None:
    add_khon_kaen(run)
    run("account", "add", "agent", "--unit", "10670", "--permission", "MOPH_PHR_HIE")
    assert json.loads(run("account", "disable", "agent", "--json").stdout)["disabled"] is True
    assert json.loads(run("account", "list", "--json").stdout)["disabled_at"]
    assert len(run("account", "password", "agent", "--unit", "10670").stdout.strip()) == 24
    assert json.loads(run("account", "list", "--json").stdout)["disabled_at"] is None


def test_a_new_token_is_printed_and_nothing_else(run: Run) -> None:
    add_khon_kaen(run)
    made = run("token", "new", "10670")
    hcode, _, secret = made.stdout.rstrip("\n").partition(":")
    assert (hcode, len(secret), made.stdout.count("\n")) == ("10670", 43, 1)
    assert secret not in made.stderr
    assert json.loads(run("token", "revoke", "10670", "--json").stdout) == {"revoked": True}
    assert json.loads(run("token", "revoke", "10670", "--json").stdout) == {"revoked": False}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("unit", "add", "1067", "x"), "HCODE_INVALID"),
        (("unit", "add", "10670", "x", "--province", "99"), "PROVINCE_UNKNOWN"),
        (("unit", "import", "/nowhere.csv"), "ROSTER_UNREADABLE"),
        (("account", "add", "a", "--unit", "10671", "--permission", "MOPH_PHR_HIE"), "UNIT_UNKNOWN"),
        (("account", "disable", "nobody"), "ACCOUNT_UNKNOWN"),
        (
            ("account", "add", "a", "--unit", "10670", "--permission", "MOPH_PHR_HIE", "--password-stdin"),
            "PASSWORD_MISSING",
        ),
        (("token", "new", "10671"), "UNIT_UNKNOWN"),
    ],
)
def test_what_cannot_be_done_says_why(run: Run, arguments: tuple[str, ...], code: str) -> None:
    refused = run(*arguments)
    assert getattr(refused.exception, "code", None) == code
    assert refused.stdout == ""


@pytest.mark.parametrize("wrong", [("--permission", "ALL"), ("--permission", "MOPH_PHR_HIE", "--may", "delete")])
def test_wrong_usage_is_exit_code_2(run: Run, wrong: tuple[str, ...]) -> None:
    assert run("account", "add", "a", "--unit", "10670", *wrong).exit_code == 2
