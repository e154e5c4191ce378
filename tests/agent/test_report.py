"""The workbook, the watch, and what must never be written down."""

from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from morprom_agent.filters import NEEDS_A_PERSON, REASONS
from morprom_agent.given import gather
from morprom_agent.mending import MENDINGS, mending_of, place_of
from morprom_agent.watch import Round, Watch, round_at

ISSUES = [
    {"severity": "warning", "path": "/Patient/birthDate", "code": "MISSING_KEY"},
    {"severity": "warning", "path": "/Encounter/0/Medication/3/code", "code": "CODE_MISSING"},
]


def sheets(path: Path) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book.worksheets}


def test_the_workbook_names_visit_hn_what_where_and_how(hospital, tmp_path, platform, agent) -> None:
    platform.issues = ISSUES
    hospital.person(3, CID="1990000000012", HN="=1+1")
    hospital.visit(3, "3001", "20260106", HN="")
    source = hospital.folder(tmp_path / "in")
    with (source / "service.txt").open("ab") as file:
        file.write(b"10670||x\r\n")
    agent("send", source)
    out = tmp_path / "mend.xlsx"
    rows = agent("report", source, "--out", str(out))
    assert rows.json == {"to_mend": 8, "not_sent": 1, "bad_lines": 1, "out": str(out)}
    found = sheets(out)
    first = next(row for row in found["ต้องแก้ไข"] if row[1] == "1003" and row[7] == "MISSING_KEY")
    assert first[:7] == (
        "2026-01-06", "1003", "HN1", "ส่งแล้ว มีข้อสังเกต", "ข้อมูลไม่ครบ", "PERSON.BIRTH", MENDINGS["MISSING_KEY"].how,
    )  # fmt: skip
    assert found["ไม่ได้ส่ง"][0][:3] == ("2026-01-06", "3001", "=1+1"), "text, not a formula"
    assert found["บรรทัดที่อ่านไม่ได้"][0][:2] == ("SERVICE", 6)


def test_without_a_source_the_workbook_has_refs_alone(hospital, tmp_path, platform, agent) -> None:
    platform.issues = ISSUES[:1]
    agent("send", hospital.folder(tmp_path / "in"))
    agent("report", None, "--out", str(tmp_path / "mend.xlsx"))
    assert {(row[0], row[2]) for row in sheets(tmp_path / "mend.xlsx")["ต้องแก้ไข"]} == {(None, None)}


def test_every_warning_of_the_platform_has_words_in_the_report() -> None:
    catalogue = pytest.importorskip("morprom.mophphr.catalogue").CATALOGUE
    for code, explanation in catalogue.items():
        if explanation.severity != "information":
            mending = mending_of(code)
            assert mending.what
            assert mending.how


@pytest.mark.parametrize(
    ("path", "place"),
    [("/Patient/name/0/family", "PERSON.PRENAME, NAME, LNAME"), ("/Encounter/0/Condition/2/code", "DIAGNOSIS_OPD"),
     ("/Encounter/0/vital_signs/pulse", "SERVICE.BTEMP"), ("/unheard/of", ""), ("", "")],
)  # fmt: skip
def test_pointers_lead_to_files_and_columns(path: str, place: str) -> None:
    assert place_of(path).startswith(place)
    assert place or place_of(path) == ""


def test_reasons_that_need_a_person_are_reasons() -> None:
    assert set(REASONS) > NEEDS_A_PERSON


def test_nothing_personal_is_written_down(hospital, tmp_path, platform, agent) -> None:
    platform.issues = ISSUES
    platform.misbehave("/api/UpdatePHRv1", status=422, body={"Message": "CID 1990000000014 ของ มานะ1 ไม่ถูกต้อง"})
    hospital.person(3, CID="1990000000012")
    hospital.visit(3, "3001", "20260106")
    source = hospital.folder(tmp_path / "in")
    ran = [
        agent("send", source),
        agent("send", source),
        agent("plan", source),
        agent("status", None, "--list", "warned"),
    ]
    out = tmp_path / "state" / "mend.xlsx"
    ran.append(agent("report", source, "--out", str(out)))
    cells = " ".join(str(value) for rows in sheets(out).values() for row in rows for value in row)
    kept = b"".join(file.read_bytes() for file in (tmp_path / "state").rglob("*") if file.is_file())
    said = " ".join(f"{one.out} {one.err}" for one in ran)
    urls = " ".join(platform.urls)
    tokens = [token.encode() for token in platform.good_tokens]
    for secret in ("มานะ", "ใจดี", "19900000000", "0812345678", "correct horse"):
        assert secret not in cells + said + urls
        assert secret.encode() not in kept
    assert not any(token in kept for token in tokens)
    assert (tmp_path / "state" / "log" / "agent.log").read_text("utf-8").count("failed ref=") == 1


def at(hour: int) -> datetime:
    return datetime.fromisoformat(f"2026-01-05T{hour:02}:00")


def test_by_day_the_latest_days_go_and_by_night_all_of_them() -> None:
    settings = gather({"recent_days": "3", "night": "20:00-06:00"}, {}, None)
    assert round_at(at(12), settings) == Round(date(2026, 1, 2), None)
    assert round_at(at(22), settings) == Round(None, datetime.fromisoformat("2026-01-06T06:00"))
    assert round_at(at(3), settings) == Round(None, at(6))


def test_the_watch_lets_an_export_be_that_it_has_settled() -> None:
    hours, source, settled, rounds = [12], ["a"], [True], []

    def go(reach: Round) -> bool:
        rounds.append((hours[0], reach.since is None))
        return settled[0]

    watch = Watch(gather({}, {}, None), lambda: source[0], go, lambda: at(hours[0]))
    assert [watch.turn(), watch.turn()] == [True, False]
    hours[0] = 22
    assert [watch.turn(), watch.turn()] == [True, False], "at night everything, once"
    hours[0] = 12
    assert not watch.turn()
    source[0] = "b"
    settled[0] = False
    assert [watch.turn(), watch.turn()] == [True, True], "what failed or is too recent is tried again"
    assert rounds == [(12, False), (22, True), (12, False), (12, False)]


def test_the_watch_goes_round_until_it_is_interrupted(hospital, tmp_path, platform, agent, monkeypatch) -> None:
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("morprom_agent.watch.time", SimpleNamespace(sleep=nap))
    platform.misbehave("/token", times=3, status=503)
    result = agent("watch", hospital.folder(tmp_path / "in"), "--set", "recent_days=366", "--set", "every_minutes=1")
    assert result.code == 130
    assert naps == [60, 60]
    assert "ติดต่อแพลตฟอร์มไม่ได้" in result.err, "the first round found nobody"
