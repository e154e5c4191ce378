"""43-file exports are read whatever their version, encoding, order and dirt."""

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morprom_agent.export import Export, RefRule, Visit, opened
from morprom_agent.export.rows import Row, day, moment, number, positive
from morprom_agent.stop import Exit, Stop

DAYS = [date(2026, 1, 6), date(2026, 1, 5)]


def read(source: Path, workspace: Path, refs: RefRule | None = None) -> tuple[Export, dict[str, Visit]]:
    with opened(source, "10670", workspace=workspace, refs=refs or RefRule()) as export:
        visits = {visit.ref: visit for on, _ in export.days() for visit in export.visits(on)}
        return export, visits


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874"])
@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize(
    "dialect",
    [
        {"header": True},
        {"header": True, "order": lambda names: [names[0], *reversed(names[1:])]},
        {"header": True, "appended": False},
        {"header": False},
        {"header": False, "appended": False},
        {"header": False, "extra": "|later|columns"},
        {"header": True, "extra": "|LATER"},
    ],
    ids=["header", "reordered", "header 2.1", "no header", "no header 2.1", "extra columns", "unknown column"],
)
def test_every_dialect_tells_the_same_visits(hospital, tmp_path, encoding, newline, dialect) -> None:
    source = hospital.folder(tmp_path / "in", encoding=encoding, newline=newline, **dialect)
    export, visits = read(source, tmp_path)
    assert export.faults.total == 0
    assert set(visits) == {"1001", "1002", "1003", "690000001"}
    first = visits["1001"]
    assert first.row["CHIEFCOMP"] == "ไข้ ไอ 2 วัน"
    assert first.person.row is not None
    assert first.person.row["NAME"] == "มานะ1"
    assert first.rows["DIAGNOSIS_OPD"][0]["DIAGCODE"] == "J00"
    assert first.start == datetime.fromisoformat("2026-01-05T08:15")
    assert visits["1002"].start == datetime.fromisoformat("2026-01-05T09:30")
    assert visits["690000001"].is_stay
    assert export.officers["D1"].licence == "ว.12345"


def test_a_zip_is_read_like_a_folder_and_days_come_newest_first(hospital, tmp_path) -> None:
    with opened(hospital.zip(tmp_path / "f43.zip"), "10670", workspace=tmp_path, refs=RefRule()) as export:
        assert [on for on, _ in export.days()] == DAYS
        assert [visits for _, visits in export.days()] == [1, 3]


def test_a_later_zip_of_a_folder_replaces_what_an_earlier_one_says_of_a_visit(hospital, tmp_path) -> None:
    (tmp_path / "in").mkdir()
    hospital.zip(tmp_path / "in" / "F43_10670_1.zip")
    hospital.files["DIAGNOSIS_OPD"][0]["DIAGCODE"] = "J01"
    hospital.files["SERVICE"][0]["CHIEFCOMP"] = "ไอ"
    del hospital.files["LABFU"]
    hospital.zip(tmp_path / "in" / "F43_10670_2.zip")
    for folder in (tmp_path / "in").glob("F43_10670_?"):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    _, visits = read(tmp_path / "in", tmp_path)
    assert [row["DIAGCODE"] for row in visits["1001"].rows["DIAGNOSIS_OPD"]] == ["J01"]
    assert visits["1001"].row["CHIEFCOMP"] == "ไอ"
    assert visits["1002"].rows["LABFU"][0]["LABRESULT"] == "6.50", "what the later zip does not hold stays"


def test_unreadable_lines_are_counted_with_file_line_and_reason(hospital, tmp_path) -> None:
    source = hospital.folder(tmp_path / "in", header=False)
    with (source / "service.txt").open("ab") as file:
        file.write("10670|P1|HN1|2001|00000000|0800|1|1|0100||||||ไม่มีวันที่\r\n".encode())
        file.write(b"99999|P1|HN1|2002|20260105|0800\r\n")
        file.write(b"10670||HN1||20260105|0800\r\n\r\n\x1a")
    export, visits = read(source, tmp_path)
    assert dict(export.faults.counts) == {
        ("SERVICE", "no_date"): 1,
        ("SERVICE", "other_hospital"): 1,
        ("SERVICE", "no_key"): 1,
    }
    assert [(fault.file, fault.line) for fault in export.faults.first] == [
        ("SERVICE", 4),
        ("SERVICE", 5),
        ("SERVICE", 6),
    ]
    assert "2001" not in visits


def test_a_row_that_a_line_break_cut_in_two_is_read_as_one(hospital, tmp_path) -> None:
    source = hospital.folder(tmp_path / "in")
    service = source / "service.txt"
    hospital.files["SERVICE"][1]["PAT_INSTRUCTION"] = "พักผ่อน"
    hospital.folder(tmp_path / "in")
    content = service.read_bytes().replace("ไข้ ไอ 2 วัน".encode(), "ไข้\r\nไอ 2 วัน".encode(), 1)
    service.write_bytes(content.replace("พักผ่อน".encode(), "พัก\nผ่อน".encode()))
    export, visits = read(source, tmp_path)
    assert export.faults.total == 0
    assert visits["1001"].row["CHIEFCOMP"] == "ไข้ ไอ 2 วัน"
    assert visits["1001"].row["PRICE"] == "350.00"
    assert visits["1002"].row["PAT_INSTRUCTION"] == "พัก ผ่อน", "in the last column too"


@pytest.mark.parametrize("header", [True, False])
def test_a_bar_inside_a_text_moves_no_columns(hospital, tmp_path, header) -> None:
    for row in hospital.files["SERVICE"] + hospital.files["DRUG_OPD"] + hospital.files["PERSON"]:
        row["D_UPDATE"] = "20260105120000"
    hospital.files["SERVICE"][1]["CHIEFCOMP"] = "ไข้|ไอ"
    hospital.files["SERVICE"][2]["PAT_INSTRUCTION"] = "พัก|ดื่มน้ำ"
    hospital.files["DRUG_OPD"].append(hospital.files["DRUG_OPD"][0] | {"INSTRUCTION": "ครั้งละ 1 เม็ด|วันละ 3 ครั้ง"})
    hospital.files["PERSON"].append(hospital.files["PERSON"][0] | {"PID": "P3", "NAME": "มา|นะ"})
    export, visits = read(hospital.folder(tmp_path / "in", header=header), tmp_path)
    assert visits["1002"].row["CHIEFCOMP"] == "ไข้ ไอ"
    assert visits["1002"].row["BTEMP"] == "37.5"
    assert visits["1003"].row["PAT_INSTRUCTION"] == "พัก ดื่มน้ำ"
    assert visits["1001"].rows["DRUG_OPD"][1]["INSTRUCTION"] == "ครั้งละ 1 เม็ด วันละ 3 ครั้ง"
    assert dict(export.faults.counts) == {("PERSON", "long"): 1}, "which of its texts was it?"


def test_a_name_cut_in_the_middle_of_a_letter_does_not_turn_the_file_to_cp874(hospital, tmp_path) -> None:
    source = hospital.folder(tmp_path / "in")
    person = source / "person.txt"
    content = person.read_bytes()
    at = content.index("มานะ1".encode()) + len("มานะ".encode()) - 1
    person.write_bytes(content[:at] + content[at + 1 :])
    _, visits = read(source, tmp_path)
    assert visits["1002"].person.row["NAME"] == "มานะ2"


def test_a_ref_that_two_visits_claim_is_known_as_shared(hospital, tmp_path) -> None:
    hospital.visit(2, "1001", "20260105")
    _, visits = read(hospital.folder(tmp_path / "in"), tmp_path)
    assert visits["1001"].is_ref_shared
    _, apart = read(hospital.folder(tmp_path / "in"), tmp_path, RefRule("pid-seq"))
    assert {"P1-1001", "P2-1001"} <= set(apart)
    assert not apart["P1-1001"].is_ref_shared


def test_an_admission_number_that_is_also_a_visit_number_is_shared_until_it_gets_a_prefix(hospital, tmp_path) -> None:
    hospital.visit(1, "690000001", "20260105")
    source = hospital.folder(tmp_path / "in")
    assert read(source, tmp_path)[1]["690000001"].is_ref_shared
    assert not read(source, tmp_path, RefRule(an_prefix="AN"))[1]["AN690000001"].is_ref_shared


def test_rows_that_name_no_visit_go_to_the_persons_first_visit_of_that_day(hospital, tmp_path) -> None:
    hospital.visit(1, "1004", "20260105")
    hospital.add("EPI", PID="P1", DATE_SERV="20260105", VACCINETYPE="815")
    hospital.add("NCDSCREEN", PID="P1", DATE_SERV="20260105", SMOKE="1")
    _, visits = read(hospital.folder(tmp_path / "in"), tmp_path)
    assert visits["1001"].rows["EPI"][0]["VACCINETYPE"] == "815"
    assert visits["1001"].rows["NCDSCREEN"]
    assert "EPI" not in visits["1004"].rows


def test_laboratory_results_with_an_admission_number_go_to_the_stay(hospital, tmp_path) -> None:
    hospital.add("LABFU", PID="P2", SEQ="1002", AN="690000001", LABTEST="11", LABRESULT="0.9")
    hospital.add("LABFU", PID="P2", SEQ="1002", AN="690000099", LABTEST="10", LABRESULT="12")
    _, visits = read(hospital.folder(tmp_path / "in"), tmp_path)
    assert [row["LABTEST"] for row in visits["690000001"].rows["LABFU"]] == ["11"]
    assert [row["LABTEST"] for row in visits["1002"].rows["LABFU"]] == ["05", "10"], "a stay that is not there"


def test_a_line_twice_is_one_fact(hospital, tmp_path) -> None:
    hospital.files["DRUG_OPD"] *= 2
    _, visits = read(hospital.folder(tmp_path / "in"), tmp_path)
    assert len(visits["1001"].rows["DRUG_OPD"]) == 1


def test_counts_of_a_day_leave_out_who_did_not_wait(hospital, tmp_path) -> None:
    hospital.visit(1, "1009", "20260105", TYPEOUT="8")
    with opened(hospital.folder(tmp_path / "in"), "10670", workspace=tmp_path, refs=RefRule()) as export:
        counted = export.count(DAYS[1], ["7", "8"])
        assert (counted.outpatients, counted.admitted, counted.discharged) == (2, 1, 0)
        assert export.count(date(2026, 1, 8)).discharged == 1


def test_the_staging_file_is_gone_when_the_reading_ends_and_after_a_kill(hospital, tmp_path) -> None:
    (tmp_path / "staging-left-by-a-killed-run").write_text("1990000000014")
    with opened(hospital.folder(tmp_path / "in"), "10670", workspace=tmp_path, refs=RefRule()):
        for file in tmp_path.glob("staging-*"):  # Windows alone keeps the name while it is open
            assert file.stat().st_mode & 0o077 == 0
            assert "killed" not in file.name
    assert not list(tmp_path.glob("staging-*"))


@pytest.mark.parametrize("what", ["nothing there", "not a zip", "no service"])
def test_a_source_that_is_none_is_named_in_both_languages(hospital, tmp_path, what) -> None:
    source = tmp_path / "source.zip"
    if what == "not a zip":
        source.write_text("hello")
    if what == "no service":
        with zipfile.ZipFile(source, "w") as archive:
            archive.writestr("person.txt", "HOSPCODE|CID|PID\n")
    with pytest.raises(Stop) as stop, opened(source, "10670", workspace=tmp_path, refs=RefRule()):
        pass
    assert stop.value.code is Exit.SOURCE
    assert str(source) in stop.value.th


@pytest.mark.parametrize(
    ("cell", "meant"),
    [("20260105", date(2026, 1, 5)), ("2026-01-05", date(2026, 1, 5)), ("25690105", date(2026, 1, 5)),
     ("20260105081500", date(2026, 1, 5)), ("00000000", None), ("0000-00-00", None), ("20260230", None), ("", None),
     ("abc", None), ("๒๐๒๖๐๑๐๕", date(2026, 1, 5))],
)  # fmt: skip
def test_days_of_a_cell(cell: str, meant: date | None) -> None:
    assert day(cell) == meant


@pytest.mark.parametrize(
    ("time", "clock"),
    [("081500", (8, 15)), ("0815", (8, 15)), ("81500", (8, 15)), ("815", (8, 15)), ("08:15:00", (8, 15)), ("", (0, 0)),
     ("256199", (0, 0)), ("xx", (0, 0))],
)  # fmt: skip
def test_times_of_a_cell(time: str, clock: tuple[int, int]) -> None:
    meant = moment("20260105", time)
    assert meant is not None
    assert (meant.hour, meant.minute) == clock


def test_numbers_of_a_cell() -> None:
    assert [number(cell) for cell in ("6.50", "1,250", "0", "7.0", "", "ลบ", "nan", "inf")] == [
        6.5,
        1250,
        0,
        7,
        *[None] * 4,
    ]
    assert positive("0") is None


@given(st.text(), st.text())
def test_no_cell_stops_the_reading(cell: str, time: str) -> None:
    day(cell)
    moment(cell, time)
    number(cell)


def test_every_spelling_of_null_reads_as_nothing() -> None:
    row = Row({"A": 0, "B": 1, "C": 2, "D": 9}, ["NULL", " - ", " x "])
    assert (row["A"], row["B"], row["C"], row["D"], row["E"]) == ("", "", "x", "", "")
    assert row.first("A", "B", "C") == "x"
