"""Section 8, units and agents: the types and the shapes by which hospitals reconcile, remove and report."""

import re
from typing import Any

import pytest

from conformance.house import House
from conformance.uploads import HCODE, OTHER, REF, upload

SUMMARY = "/api/OrganizationSummary"
ROW = {
    "date": str, "encounter_count": int, "opd_count": int, "ipd_count": int, "his_opd_count": (int, type(None)),
    "his_ipd_count": (int, type(None)), "percent": (int, float, type(None)),
}  # fmt: skip


def get(house: House, target: str, by: str = "sender") -> Any:
    reply = house.ask_json("GET", target, token=by)
    assert reply["MessageCode"] == 200, reply["Message"]
    return reply["result"]


@pytest.fixture(scope="module", autouse=True)
def sent(house: House) -> None:
    for path in ("/api/UpdatePHRv1", "/api/PatientChronicRegisterv1", "/api/OrgEncounterSummary"):
        assert house.ask_json("POST", path, upload(path), "sender")["MessageCode"] == 200


@pytest.mark.parametrize("day", ["2026-03-01", "2569-03-01"])
def test_refs_of_a_day_are_prefixed_texts(house: House, day: str) -> None:
    assert get(house, f"{SUMMARY}?date={day}&data=encounter_ref_code&hospital_code={HCODE}") == [f"{HCODE}:{REF}"]
    assert get(house, f"{SUMMARY}?date={day}&data=Encounter_Ref_Code") == [f"{HCODE}:{REF}"]
    assert get(house, f"{SUMMARY}?date={day}&data=encounter_ref_code", "other") == []


def test_a_month_has_a_row_for_each_of_its_days(house: House) -> None:
    rows = get(house, f"{SUMMARY}?month=2026-03&data=month_summary&hospital_code={HCODE}")
    assert [row["date"] for row in rows] == [f"2026-03-{day:02}" for day in range(1, 32)]
    for row in rows:
        assert set(row) == set(ROW) and all(isinstance(row[name], ROW[name]) for name in ROW)
    (counted,) = [row for row in rows if row["date"] == "2026-03-30"]
    assert (counted["his_opd_count"], counted["his_ipd_count"]) == (120, 8)


def test_the_registry_of_a_disease_is_its_ref_codes(house: House) -> None:
    target = f"{SUMMARY}?data=patient_chronic_registry&hospital_code={HCODE}&cd_code="
    refs = get(house, target + "001")
    assert [ref.rpartition(":")[2] for ref in refs] == ["CR-1"] and get(house, target + "002") == []


@pytest.mark.parametrize("query", ["", "data=x", "data=encounter_ref_code", "data=month_summary&month=x"])
def test_a_parameter_that_is_missing_or_unknown_is_400(house: House, query: str) -> None:
    assert house.ask_json("GET", f"{SUMMARY}?{query}", token="sender")["MessageCode"] == 400


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("named", [REF, f"{HCODE}:{REF}"])
def test_removal_answers_how_many_by_every_method(house: House, method: str, named: str) -> None:
    house.ask_json("POST", "/api/UpdatePHRv1", upload("/api/UpdatePHRv1"), "sender")
    target = f"/api/RemoveEncounter?hospital_code={HCODE}&encounter_ref_code={named}"
    assert house.ask("HEAD", target, token="sender").status == 405
    assert [house.ask_json(method, target, token="sender")["result"] for _ in range(2)] == [1, 0]
    assert get(house, f"{SUMMARY}?date=2026-03-01&data=encounter_ref_code") == []
    house.ask_json("POST", "/api/UpdatePHRv1", upload("/api/UpdatePHRv1"), "sender")


def test_entries_of_the_registry_are_removed_one_by_one_and_all_at_once(house: House) -> None:
    path = "/api/PatientChronicRegisterv1"
    house.ask_json("POST", path, upload(path), "sender")
    assert house.ask_json("POST", f"{path}?mode=remove&cd_code=002", ["CR-1"], "sender")["result"] == 0
    assert house.ask_json("POST", f"{path}?mode=REMOVE&cd_code=001", ["CR-1", "CR-9"], "sender")["result"] == 1
    house.ask_json("POST", path, upload(path), "sender")
    assert house.ask_json("POST", f"{path}?mode=remove&cd_code=001", [], "sender")["result"] == 1
    assert get(house, f"{SUMMARY}?data=patient_chronic_registry&cd_code=001") == []
    for body in ({}, "CR-1", None, [1], [None], [{}]):
        reply = house.ask_json("POST", f"{path}?mode=remove&cd_code=001", body, "sender")
        assert reply["MessageCode"] in {200, 400, 422} and not reply["result"], body
    assert house.ask_json("POST", f"{path}?mode=remove", [], "sender")["MessageCode"] == 400


def test_the_agent_says_what_it_does(house: House) -> None:
    said = {"hospital_code": HCODE, "agent_status": "sending", "agent_computer_name": "PC-7", "agent_version": "1"}
    house.clock.unix += 600
    assert house.ask_json("POST", "/api/UpdateAgentStatus", said, "sender")["result"] is True
    assert house.ask_json("POST", "/api/GetAgentComputerName", {"hospital_code": HCODE}, "sender")["result"] == "PC-7"
    wrong = {"hospital_code": HCODE, "agent_status": "no network"}
    assert house.ask_json("POST", "/api/UpdateAgentStatus?mode=ERROR", wrong, "sender")["result"] is True
    house.clock.unix += 600
    assert house.ask_json("POST", "/api/GetAgentComputerName", {"hospital_code": HCODE}, "sender")["result"] == ""
    assert house.ask_json("POST", "/api/GetAgentComputerName", {"hospital_code": OTHER}, "sender")["MessageCode"] == 403


def test_the_counts_of_a_month_at_most_are_taken_under_either_name(house: House) -> None:
    sent = upload("/api/OrgEncounterSummary")
    day = sent["EncounterSummary"][0]
    sent["EncounterSummary"] = [{**day, "period_start": f"2026-01-{number:02}"} for number in range(1, 32)]
    assert house.ask_json("POST", "/api/OrgEncounterSummary", sent, "sender")["result"] == 31
    sent["EncounterSummary"].append({**day, "period_start": "2026-02-01"})
    assert house.ask_json("POST", "/api/OrgEncounterSummary", sent, "sender")["MessageCode"] in {413, 422}
    older = {"period_start": "2026-02-03", "period_end": "2026-02-03", "opd_count": 7, "ipd_count": 2}
    sent["EncounterSummary"] = [older]
    assert house.ask_json("POST", "/api/OrgEncounterSummary", sent, "sender")["result"] == 1
    rows = get(house, f"{SUMMARY}?month=2026-02&data=month_summary")
    assert [row["his_opd_count"] for row in rows if row["date"] == "2026-02-03"] == [7]


def test_the_checklist_of_a_vendor_counts_itself(house: House) -> None:
    result = get(house, f"/api/Conformance?hospital_code={HCODE}")
    assert result["total"] == len(result["items"]) and result["done"] == sum(item["done"] for item in result["items"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", result["since"])
    for item in result["items"]:
        assert {"id", "group", "th", "en", "done", "last_at", "how"} <= set(item) and type(item["done"]) is bool
