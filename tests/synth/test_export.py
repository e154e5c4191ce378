"""The zip as a whole: the same for the same arguments, of the promised size, its rows hanging together."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from morprom.synth import write_export
from morprom.synth.columns import FILES
from morprom.synth.write import window_of

from .conftest import END, Writer, Written


def test_equal_arguments_give_equal_bytes(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("first.zip", "second.zip")]
    for path in paths:
        write_export(path, people=40, months=2, seed=7, hcode="99999", end=END, dirty=0.1, with_cast=True)
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("other", [{"seed": 2}, {"hcode": "99998"}, {"end": date(2026, 1, 30)}, {"dirty": 0.05}])
def test_any_other_argument_gives_other_bytes(tmp_path: Path, other: dict[str, object]) -> None:
    usual = {"people": 40, "months": 1, "seed": 1, "hcode": "99999", "end": END}
    for name, arguments in (("usual", usual), ("other", usual | other)):
        write_export(tmp_path / name, **arguments)  # pyright: ignore[reportArgumentType]
    assert (tmp_path / "usual").read_bytes() != (tmp_path / "other").read_bytes()


def test_nothing_but_the_zip_is_left_behind(tmp_path: Path) -> None:
    write_export(tmp_path / "export.zip", people=10, months=1, seed=1, end=END)
    assert [path.name for path in tmp_path.iterdir()] == ["export.zip"]


def test_every_file_has_the_header_of_version_2_4(month: Written) -> None:
    with zipfile.ZipFile(month.path) as archive:
        for name, columns in FILES.items():
            header = archive.read(f"{name.lower()}.txt").split(b"\r\n")[0].decode()
            assert header == "|".join(columns.all)
    assert all(month.files[name] for name in FILES)


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_month_of_600_people_has_about_2000_visits(write: Writer, seed: int) -> None:
    written = write(600, 1, seed=seed)
    assert 1800 <= written.summary.visits <= 2200
    assert written.summary.rows["PERSON"] == written.summary.people == 600


def test_the_summary_counts_what_was_written(month: Written) -> None:
    assert month.summary.rows == {name: len(rows) for name, rows in month.files.items()}
    assert month.summary.visits == len(month.files["SERVICE"])
    assert month.summary.admissions == len(month.files["ADMISSION"])


def test_every_row_of_a_visit_has_its_visit_and_every_visit_its_person(month: Written) -> None:
    people = {row["PID"] for row in month.files["PERSON"]}
    visits = {(row["PID"], row["SEQ"]) for row in month.files["SERVICE"]}
    stays = {(row["PID"], row["AN"]) for row in month.files["ADMISSION"]}
    assert len(visits) == len(month.files["SERVICE"])
    for name, rows in month.files.items():
        for row in rows:
            assert "PID" not in row or row["PID"] in people
            if row.get("SEQ"):
                assert (row["PID"], row["SEQ"]) in visits, name
            if row.get("AN"):
                assert (row["PID"], row["AN"]) in stays, name


def test_every_visit_is_inside_the_window_and_has_a_principal_diagnosis(month: Written) -> None:
    window = window_of(END, 1)
    principal = {row["SEQ"] for row in month.of("DIAGNOSIS_OPD", DIAGTYPE="1")}
    for row in month.files["SERVICE"]:
        assert f"{window.start:%Y%m%d}" <= row["DATE_SERV"] <= f"{window.end:%Y%m%d}"
        assert row["SEQ"] in principal


def test_no_row_is_there_twice(month: Written) -> None:
    keys = {
        "DIAGNOSIS_OPD": ("SEQ", "DIAGCODE"), "DRUG_OPD": ("SEQ", "DIDSTD"), "LABFU": ("SEQ", "LABTEST"),
        "ADMISSION": ("AN",),
        "DRUG_IPD": ("AN", "TYPEDRUG", "DIDSTD"), "APPOINTMENT": ("SEQ", "APTYPE"), "CHRONIC": ("PID", "CHRONIC"),
        "ADDRESS": ("PID", "ADDRESSTYPE"), "EPI": ("PID", "DATE_SERV", "VACCINETYPE"), "PERSON": ("PID",),
    }  # fmt: skip
    for name, columns in keys.items():
        found = [tuple(row[column] for column in columns) for row in month.files[name]]
        assert len(set(found)) == len(found), name


def test_the_bill_of_a_visit_is_the_sum_of_its_lines(month: Written) -> None:
    totals: dict[str, float] = {}
    for row in month.files["CHARGE_OPD"]:
        totals[row["SEQ"]] = totals.get(row["SEQ"], 0) + float(row["PRICE"])
    for row in month.files["SERVICE"]:
        assert float(row["PRICE"]) == pytest.approx(totals[row["SEQ"]], abs=0.05)


def test_a_stay_is_finished_and_its_visit_says_admitted(month: Written) -> None:
    admitted = {row["SEQ"] for row in month.of("SERVICE", TYPEOUT="2")}
    assert admitted == {row["SEQ"] for row in month.files["ADMISSION"]}
    for row in month.files["ADMISSION"]:
        assert row["DATETIME_ADMIT"] < row["DATETIME_DISCH"] <= f"{END:%Y%m%d}235959"


def test_chief_complaints_vary_as_people_do(month: Written) -> None:
    told = [row["CHIEFCOMP"] for row in month.files["SERVICE"]]
    assert len(set(told)) > 0.8 * len(told)
    assert not any("{" in text or "  " in text or not text for text in told)


@pytest.mark.parametrize("months", [1, 2, 12, 25])
@pytest.mark.parametrize("end", [date(2026, 1, 31), date(2024, 2, 29), date(2026, 3, 1), date(2025, 12, 31)])
def test_the_window_is_whole_months_up_to_the_last_day(months: int, end: date) -> None:
    window = window_of(end, months)
    assert months * 28 <= window.days <= months * 31
    assert window.end == end


@pytest.mark.parametrize("wrong", [{"people": 0}, {"months": 0}, {"dirty": 1.5}])
def test_numbers_out_of_range_are_refused(tmp_path: Path, wrong: dict[str, int]) -> None:
    arguments: dict[str, int | float] = {"people": 1, "months": 1, "seed": 1} | wrong
    with pytest.raises(ValueError, match="people"):
        write_export(tmp_path / "export.zip", end=END, **arguments)  # pyright: ignore[reportArgumentType]
