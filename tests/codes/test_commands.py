"""`morprom codes`, as an operator uses it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from morprom.kernel import Problem

Run = Callable[..., Result]
CODES = "code,display,display_en\n010,ราชบุรี,x\n020,ชลบุรี,y\n"


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`morprom …` on a database of this test's own."""
    from morprom.cli.root import app

    monkeypatch.setenv("MORPROM_DATABASE_URL", database_url)
    monkeypatch.setenv("MORPROM_DATA", str(tmp_path))
    return lambda *arguments: CliRunner().invoke(app, arguments)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "codes.csv"
    file.write_text(CODES, "utf-8")
    return file


def listed(run: Run, *arguments: str) -> dict[str, dict[str, object]]:
    return {
        row["system"]: row for row in map(json.loads, run("codes", "list", "--json", *arguments).stdout.splitlines())
    }


def imported(run: Run, file: Path, version: str, *arguments: str) -> Result:
    return run(
        "codes", "import", str(file), "--system", "Nationality", "--version", version, "--date", "2026-04-01",
        *arguments,
    )  # fmt: skip


def test_an_import_replaces_the_version_before_and_keeps_it_listed(run: Run, file: Path) -> None:
    assert listed(run)["nationality"]["count"] == 4
    first = imported(run, file, "2568", "--title", "สัญชาติ (ทดสอบ)", "--json")
    assert (first.exit_code, json.loads(first.stdout)["count"]) == (0, 2)
    file.write_text(CODES + "030,นนทบุรี,z\n", "utf-8")
    assert imported(run, file, "2569").exit_code == 0
    now = listed(run)["nationality"]
    assert (now["version"], now["count"], now["date"], now["title_th"]) == ("2569", 3, "2026-04-01", "สัญชาติ (ทดสอบ)")
    former = listed(run, "--former")["nationality"]
    assert (former["version"], former["count"]) == ("2568", 2) and former["replaced_at"]
    assert json.loads(run("codes", "remove", "nationality", "--json").stdout) == {"removed": True}
    assert listed(run)["nationality"]["count"] == 4
    assert json.loads(run("codes", "remove", "nationality", "--json").stdout) == {"removed": False}


def test_with_a_faulty_row_nothing_is_stored(run: Run, file: Path) -> None:
    imported(run, file, "2568")
    file.write_text(CODES + ",nothing,\n010,again,\n", "utf-8")
    refused = imported(run, file, "2569")
    assert refused.exit_code == 1 and "line 4: " in refused.stderr and "line 5: " in refused.stderr
    assert isinstance(refused.exception, Problem) and refused.exception.code == "CODES_FAULTY"
    assert listed(run)["nationality"]["version"] == "2568"


def test_a_check_stores_nothing(run: Run, file: Path) -> None:
    checked = imported(run, file, "2568", "--check", "--json")
    assert (checked.exit_code, json.loads(checked.stdout)["stored"]) == (0, False)
    assert listed(run)["nationality"]["version"] == "1"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--system", "x"), "CODES_NAME"),
        (("--system", "a b", "--version", "1"), "CODES_NAME"),
        (("--system", "good"), "CODES_VERSION"),
    ],
)
def test_an_import_without_name_or_version_is_refused(
    run: Run, file: Path, arguments: tuple[str, ...], code: str
) -> None:
    refused = run("codes", "import", str(file), *arguments)
    assert isinstance(refused.exception, Problem) and refused.exception.code == code


def test_an_empty_file_does_not_replace_anything(run: Run, file: Path) -> None:
    file.write_text("code,display\n", "utf-8")
    refused = imported(run, file, "2569")
    assert isinstance(refused.exception, Problem) and refused.exception.code == "CODES_EMPTY"


def test_an_export_is_imported_again_alike(run: Run, tmp_path: Path) -> None:
    for form in ("csv", "fhir"):
        out = run("codes", "export", "vaccine_code", "--format", form)
        file = tmp_path / f"again.{form}"
        file.write_text(out.stdout, "utf-8")
        again = run("codes", "import", str(file), "--system", "vaccines_again", "--version", "1")
        assert again.exit_code == 0, again.stderr
        assert run("codes", "export", "vaccines_again").stdout == run("codes", "export", "vaccine_code").stdout
    unknown = run("codes", "export", "nothing_such")
    assert isinstance(unknown.exception, Problem) and unknown.exception.code == "SYSTEM_UNKNOWN"


def test_a_hundred_thousand_rows_are_imported_and_progress_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    file.write_text(
        "code,display,display_en\n" + "".join(f"{n:06},สาร {n},substance {n}\n" for n in range(100_000)), "utf-8"
    )
    done = run("codes", "import", str(file), "--system", "tmt_substance", "--version", "2569-04")
    assert done.exit_code == 0
    assert "อ่านแล้ว 20,000 แถว" in done.stderr and "100,000 codes" in done.stderr
