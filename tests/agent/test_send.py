"""A hospital's export reaches a platform once, whatever happens on the way."""

import json
import sqlite3
import time

import pytest

from morprom_agent.ledger import Ledger
from morprom_agent.stop import Exit

UPDATE = "/api/UpdatePHRv1"
SUMMARY = "/api/OrganizationSummary"


def test_everything_arrives_and_the_second_run_sends_nothing(hospital, tmp_path, platform, agent) -> None:
    source = hospital.zip(tmp_path / "f43.zip")
    first = agent("send", source)
    assert (first.code, first.json["sent"], first.json["failed"]) == (0, 4, 0), first.err
    assert set(platform.visits) == {"1001", "1002", "1003", "690000001"}
    second = agent("send", source)
    assert (second.json["sent"], second.json["same"]) == (0, 4)
    assert set(platform.uploads.values()) == {1}


def test_newest_days_go_first(hospital, tmp_path, platform, agent) -> None:
    agent("send", hospital.zip(tmp_path / "f43.zip"), "--connections", "1")
    days = [json.loads(body)["Encounter"][0]["period"]["start"][:10] for body in platform.bodies]
    assert days == sorted(days, reverse=True)


def test_only_what_changed_is_sent_again(hospital, tmp_path, platform, agent) -> None:
    agent("send", hospital.folder(tmp_path / "in"))
    hospital.files["DIAGNOSIS_OPD"][0]["DIAGCODE"] = "J01"
    result = agent("send", hospital.folder(tmp_path / "in"))
    assert (result.json["sent"], result.json["same"]) == (1, 3)
    assert platform.uploads["1001"] == 2


def test_what_the_platform_lost_is_sent_again(hospital, tmp_path, platform, agent) -> None:
    source = hospital.folder(tmp_path / "in")
    agent("send", source)
    platform.days["2026-01-06"].clear()
    assert agent("send", source).json["sent"] == 1
    assert platform.uploads["1003"] == 2


def test_a_new_state_folder_sends_what_it_cannot_vouch_for(hospital, tmp_path, platform, agent) -> None:
    source = hospital.folder(tmp_path / "in")
    agent("send", source)
    result = agent("send", source, "--state", str(tmp_path / "another"))
    assert result.json["sent"] == 4


def test_the_same_state_and_another_platform_starts_over(hospital, tmp_path, platform, agent) -> None:
    source = hospital.folder(tmp_path / "in")
    agent("send", source)
    ledger = Ledger(tmp_path / "state")
    assert ledger.belong("https://another.example", "10670") is False
    ledger.close()
    assert agent("send", source).json["sent"] == 4
    refused = agent("send", source, "--hcode", "10671")
    assert refused.code == Exit.SETTINGS
    assert "10670" in refused.err


def test_warned_visits_are_kept_with_code_and_path(hospital, tmp_path, platform, agent) -> None:
    platform.issues = [
        {"severity": "information", "path": "/x", "code": "FALSE_ZONE", "text_th": "", "text_en": ""},
        {"severity": "warning", "path": "/Patient/birthDate", "code": "MISSING_KEY", "text_th": "", "text_en": ""},
    ]
    result = agent("send", hospital.folder(tmp_path / "in"))
    assert (result.code, result.json["sent"], result.json["warned"]) == (0, 4, 4)
    status = agent("status", None, "--list", "warned").json
    assert (status["warned"], status["sent"]) == (4, 0)
    assert {(visit["code"], visit["path"]) for visit in status["visits"]} == {("MISSING_KEY", "/Patient/birthDate")}


def test_remarks_that_are_information_alone_are_no_warning(hospital, tmp_path, platform, agent) -> None:
    platform.issues = [{"severity": "information", "path": "", "code": "BYTE_ORDER_MARK"}]
    assert agent("send", hospital.folder(tmp_path / "in")).json["warned"] == 0


def test_a_refused_visit_fails_alone_and_is_tried_again_next_time(hospital, tmp_path, platform, agent) -> None:
    issue = {"severity": "error", "path": "/Patient/identifier", "code": "CID_INVALID"}
    platform.misbehave(UPDATE, status=422, body={"result": None, "processing_issue": [issue]})
    source = hospital.folder(tmp_path / "in")
    result = agent("send", source)
    assert (result.code, result.json["sent"], result.json["failed"]) == (Exit.SOME_FAILED, 3, 1)
    [failed] = agent("status", None, "--list", "failed").json["visits"]
    assert (failed["status"], failed["code"]) == (422, "CID_INVALID")
    again = agent("send", source)
    assert (again.code, again.json["sent"], again.json["same"]) == (0, 1, 3)


@pytest.mark.parametrize("how", [{"status": 503}, {"status": 500}, {"drops": True}, {"status": 429}])
def test_a_fault_that_passes_is_waited_out(hospital, tmp_path, platform, agent, how) -> None:
    platform.misbehave(UPDATE, times=2, **how)
    result = agent("send", hospital.folder(tmp_path / "in"))
    assert (result.code, result.json["sent"], result.json["failed"]) == (0, 4, 0)


def test_three_tries_and_no_more(hospital, tmp_path, platform, agent) -> None:
    platform.misbehave(UPDATE, times=3, status=503)
    result = agent("send", hospital.folder(tmp_path / "in"), "--connections", "1")
    assert (result.code, result.json["sent"], result.json["failed"]) == (Exit.SOME_FAILED, 3, 1)
    assert platform.calls[UPDATE] == 6


def test_retry_after_is_honoured_by_all_connections(hospital, tmp_path, platform, agent) -> None:
    platform.misbehave(UPDATE, status=429, headers={"Retry-After": "1"})
    began = time.monotonic()
    assert agent("send", hospital.folder(tmp_path / "in")).code == 0
    assert time.monotonic() - began >= 1


def test_a_platform_that_is_down_ends_the_run_and_the_next_one_goes_on(hospital, tmp_path, platform, agent) -> None:
    for number in range(20):
        hospital.visit(1, f"20{number:02}", "20260104")
    source = hospital.folder(tmp_path / "in")
    platform.misbehave(UPDATE, times=3 * 7, status=503)
    result = agent("send", source)
    assert result.code == Exit.UNREACHABLE
    assert result.out == ""
    platform.next_replies.clear()
    assert agent("send", source).code == 0
    assert len(platform.visits) == 24


def test_nobody_at_the_address(hospital, tmp_path, agent) -> None:
    result = agent("send", hospital.folder(tmp_path / "in"), "--to", "http://127.0.0.1:9")
    assert result.code == Exit.UNREACHABLE
    assert "ติดต่อแพลตฟอร์มไม่ได้" in result.err


def test_an_address_that_is_no_platform(hospital, tmp_path, platform, agent) -> None:
    platform.misbehave("/token", status=404)
    assert agent("send", hospital.folder(tmp_path / "in")).code == Exit.SETTINGS


def test_a_wrong_password(hospital, tmp_path, platform, agent) -> None:
    platform.misbehave("/token", status=401)
    result = agent("send", hospital.folder(tmp_path / "in"))
    assert result.code == Exit.SIGN_IN
    assert platform.calls[UPDATE] == 0


def test_a_token_that_is_refused_is_renewed_once(hospital, tmp_path, platform, agent) -> None:
    platform.misbehave(UPDATE, status=401)
    result = agent("send", hospital.folder(tmp_path / "in"))
    assert (result.code, result.json["sent"]) == (0, 4)
    assert platform.calls["/token"] == 2


def test_a_second_refusal_ends_the_run(hospital, tmp_path, platform, agent) -> None:
    platform.misbehave(UPDATE, times=20, status=401)
    result = agent("send", hospital.folder(tmp_path / "in"), "--connections", "1")
    assert result.code == Exit.SIGN_IN
    assert platform.calls[UPDATE] <= 4
    assert platform.calls["/token"] == 2


def test_another_agent_of_the_hospital_is_left_alone(hospital, tmp_path, platform, agent) -> None:
    platform.sending_computer = "COUNTER-2"
    result = agent("send", hospital.folder(tmp_path / "in"))
    assert result.code == Exit.ANOTHER_AGENT
    assert "COUNTER-2" in result.err
    assert platform.calls[UPDATE] == 0


def test_two_agents_in_one_state_folder(hospital, tmp_path, platform, agent) -> None:
    (tmp_path / "state").mkdir()
    other = sqlite3.connect(tmp_path / "state" / "running.lock", isolation_level=None)
    other.execute("begin exclusive")
    result = agent("send", hospital.folder(tmp_path / "in"))
    other.close()
    assert result.code == Exit.ANOTHER_AGENT
    assert platform.calls["/token"] == 0
    assert agent("send", hospital.folder(tmp_path / "in")).code == 0


def test_the_platform_hears_status_and_counts(hospital, tmp_path, platform, agent) -> None:
    hospital.visit(1, "1009", "20260105", TYPEOUT="8")
    result = agent("send", hospital.folder(tmp_path / "in"), "--set", "computer_name=PHR-PC-1")
    assert platform.statuses[0]["agent_computer_name"] == "PHR-PC-1"
    assert platform.counts == [
        {"period_start": "2026-01-06", "opd_encounter_count": 1, "ipd_encounter_count": 0, "ipd_discharge_count": 0},
        {"period_start": "2026-01-05", "opd_encounter_count": 2, "ipd_encounter_count": 1, "ipd_discharge_count": 0},
    ]
    assert result.json["skipped"] == {"did_not_wait": 1}
    assert result.json["days_counted"] == 2


def test_counts_go_in_batches_of_31_days(hospital, tmp_path, platform, agent) -> None:
    for day in range(1, 32):
        hospital.visit(1, f"30{day}", f"202510{day:02}")
    assert agent("send", hospital.folder(tmp_path / "in")).json["days_counted"] == 33
    assert platform.calls["/api/OrgEncounterSummary"] == 2


def test_no_more_connections_than_allowed(hospital, tmp_path, platform, agent) -> None:
    for number in range(30):
        hospital.visit(1, f"40{number:02}", "20260104")
    platform.misbehave(UPDATE, times=12, hangs=0.05)
    assert agent("send", hospital.folder(tmp_path / "in"), "--connections", "3").code == 0
    assert 2 <= platform.most_at_once <= 4, "three, and one that asks and reports"


def test_an_upload_token_sends_and_goes_by_the_ledger_alone(hospital, tmp_path, platform, agent) -> None:
    token = tmp_path / "token.txt"
    token.write_text("10670:{abc}\n")
    source = hospital.folder(tmp_path / "in")
    first = agent("send", source, "--token-file", str(token))
    assert (first.code, first.json["sent"]) == (0, 4)
    assert agent("send", source, "--token-file", str(token)).json["same"] == 4
    assert set(platform.calls) == {UPDATE}


def many_visits(hospital, tmp_path, number: int = 60):
    for seq in range(5000, 5000 + number):
        hospital.visit(1, str(seq), "20260103")
    return hospital.folder(tmp_path / "in")


def test_what_the_hospital_deleted_is_removed_when_agreed(hospital, tmp_path, platform, agent) -> None:
    agent("send", many_visits(hospital, tmp_path))
    hospital.files["SERVICE"] = [row for row in hospital.files["SERVICE"] if row["SEQ"] not in ("5000", "5001")]
    source = hospital.folder(tmp_path / "in")
    asked = agent("send", source)
    assert (asked.json["removed"], asked.json["held"]) == (0, 2)
    assert "--yes" in asked.err
    agreed = agent("send", source, "--yes")
    assert (agreed.json["removed"], agreed.json["held"], agreed.json["sent"]) == (2, 0, 0)
    assert "5000" not in platform.visits
    assert agent("status", None).json["removed"] == 2


def test_more_than_five_per_cent_of_a_day_needs_force(hospital, tmp_path, platform, agent) -> None:
    agent("send", many_visits(hospital, tmp_path))
    gone = {str(seq) for seq in range(5000, 5010)}
    hospital.files["SERVICE"] = [row for row in hospital.files["SERVICE"] if row["SEQ"] not in gone]
    source = hospital.folder(tmp_path / "in")
    platform.counts.clear()
    held = agent("send", source, "--yes")
    assert (held.json["removed"], held.json["held"]) == (0, 10)
    assert "2026-01-03" not in {count["period_start"] for count in platform.counts}, "half a day is not counted"
    forced = agent("send", source, "--yes", "--force")
    assert (forced.json["removed"], forced.json["held"]) == (10, 0)


def test_a_visit_that_is_kept_back_or_unreadable_now_is_not_taken_for_deleted(
    hospital, tmp_path, platform, agent
) -> None:
    agent("send", many_visits(hospital, tmp_path))
    hospital.files["SERVICE"][10]["TYPEOUT"] = "8"
    hospital.files["SERVICE"][11]["DATE_SERV"] = "00000000"
    result = agent("send", hospital.folder(tmp_path / "in"), "--yes")
    assert (result.json["removed"], result.json["held"], result.json["bad_lines"]) == (0, 0, 1)


def test_a_visit_whose_day_was_corrected_moves_and_is_not_taken_for_deleted(
    hospital, tmp_path, platform, agent
) -> None:
    agent("send", many_visits(hospital, tmp_path))
    hospital.files["SERVICE"][10]["DATE_SERV"] = "20260104"
    result = agent("send", hospital.folder(tmp_path / "in"), "--yes")
    assert (result.json["sent"], result.json["removed"], result.json["held"]) == (1, 0, 0)
    assert platform.days["2026-01-04"] == {hospital.files["SERVICE"][10]["SEQ"]}


def test_a_visit_removed_by_mistake_comes_back(hospital, tmp_path, platform, agent) -> None:
    source = many_visits(hospital, tmp_path)
    agent("send", source)
    row = hospital.files["SERVICE"].pop()
    agent("send", hospital.folder(tmp_path / "in"), "--yes")
    hospital.files["SERVICE"].append(row)
    assert agent("send", hospital.folder(tmp_path / "in")).json["sent"] == 1


def test_a_stay_that_ends_outside_of_the_export_is_held(hospital, tmp_path, platform, agent) -> None:
    agent("send", many_visits(hospital, tmp_path))
    del hospital.files["ADMISSION"]
    (tmp_path / "in" / "admission.txt").unlink()
    result = agent("send", hospital.folder(tmp_path / "in"), "--yes")
    assert (result.json["removed"], result.json["held"]) == (0, 1)
    assert "690000001" in platform.visits
    assert agent("send", hospital.folder(tmp_path / "in"), "--yes", "--force").json["removed"] == 1


def test_plan_tells_what_a_run_would_do_and_does_nothing(hospital, tmp_path, platform, agent) -> None:
    source = many_visits(hospital, tmp_path)
    hospital.files["PERSON"][1]["CID"] = ""
    planned = agent("plan", hospital.folder(tmp_path / "in")).json["days"]
    assert [day["date"] for day in planned] == ["2026-01-06", "2026-01-05", "2026-01-03"]
    assert planned[1] == {
        "date": "2026-01-05", "on_platform": 0, "missing": 1, "changed": 0, "unknown": 0, "same": 0,
        "skipped": {"cid_missing": 2}, "remove": 0, "held": 0,
    }  # fmt: skip
    assert set(platform.calls) == {"/token", SUMMARY}
    agent("send", source)
    hospital.files["SERVICE"].pop()
    hospital.files["SERVICE"][5]["CHIEFCOMP"] = "เปลี่ยน"
    last = agent("plan", hospital.folder(tmp_path / "in")).json["days"][-1]
    assert (last["changed"], last["same"], last["remove"], last["on_platform"]) == (1, 58, 1, 60)


def test_status_before_anything_was_sent(agent) -> None:
    assert agent("status", None).code == Exit.SETTINGS
    assert agent("status", None, "--list", "lost").code == Exit.SETTINGS
