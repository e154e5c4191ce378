"""Section 3, uploads: what a reply to an upload has in it, what is a warning, and what is rejected as a whole."""

import json
from typing import Any

import pytest

from conformance.calls import CALLS
from conformance.house import House
from conformance.uploads import HCODE, UPLOADS, upload

COUNTS = ("new", "same", "changed", "moved", "removed")
ISSUE = {"severity", "path", "code", "text_th", "text_en"}
PATHS = [call.path for call in CALLS if call.is_upload]
NAMES = {"UpdatePHRv1": "Encounter", "PatientChronicRegisterv1": "ChronicDiseaseRegister", "SelfObservation": "",
         "ImmunizationRegisterv1": "Immunization", "OrgEncounterSummary": "EncounterSummary"}  # fmt: skip
ARRAYS = {path: NAMES.get(path[5:], path[5:].removesuffix("v1")) for path in UPLOADS}


def sent(house: House, path: str, body: Any, by: str = "sender") -> dict[str, Any]:
    return house.ask_json("POST", path, body, by)


def checked(reply: dict[str, Any]) -> dict[str, Any]:
    """A good reply to an upload, member by member."""
    assert reply["MessageCode"] == 200, reply["Message"]
    assert isinstance(reply["processing_warning"], list) and isinstance(reply["processing_issue"], list)
    assert all(type(text) is str and text for text in reply["processing_warning"])
    for issue in reply["processing_issue"]:
        assert set(issue) == ISSUE and all(type(value) is str for value in issue.values())
        assert issue["severity"] in ("warning", "information") and (issue["path"] == "" or issue["path"][0] == "/")
    warned = [issue for issue in reply["processing_issue"] if issue["severity"] == "warning"]
    assert len(reply["processing_warning"]) == len(warned)
    assert reply["note"] == "Normal processing"
    assert all(len(stage) == 1 and type(ms) is float for stage in reply["profiler"] for ms in stage.values())
    return reply


@pytest.mark.parametrize("path", PATHS)
def test_a_clean_upload_has_no_warning(house: House, path: str) -> None:
    reply = checked(sent(house, path, upload(path)))
    allowed = {"PROVIDER_NOT_VERIFIED", "PROVIDER_TOKEN_MISSING"}
    assert [issue for issue in reply["processing_issue"] if issue["code"] not in allowed] == []


@pytest.mark.parametrize("path", PATHS)
def test_the_result_counts_what_became_of_it(house: House, path: str) -> None:
    sent(house, path, upload(path))
    result = sent(house, path, upload(path))["result"]
    if path == "/api/OrgEncounterSummary":
        assert result == 1
        return
    assert result == {"receipt_id": None, "new": 0, "same": 1, "changed": 0, "moved": 0, "removed": 0}


@pytest.mark.parametrize("path", PATHS)
def test_a_missing_field_is_a_warning_and_never_a_rejection(house: House, path: str) -> None:
    body = upload(path)
    body.pop("AllergyIntolerance", None) if path == "/api/UpdatePHRv1" else None
    for item in [body] if path == "/api/SelfObservation" else body[ARRAYS[path]]:
        for name in list(item):
            without = json.loads(json.dumps(body, ensure_ascii=False))
            (without if item is body else without[ARRAYS[path]][0]).pop(name)
            reply = house.ask_json("POST", path, without, "sender")
            assert reply["MessageCode"] in {200, 422}, name
            if reply["MessageCode"] == 200:
                checked(reply)


@pytest.mark.parametrize("path", PATHS)
def test_what_is_not_understood_is_no_fault(house: House, path: str) -> None:
    body = upload(path)
    body["ไม่รู้จัก"] = {"x": [1, None, {"y": "ก"}]}
    if ARRAYS[path]:
        body[ARRAYS[path]][0]["extension"] = [{"url": "x", "valueString": "y"}]
    reply = checked(sent(house, path, body))
    assert reply["processing_warning"] == checked(sent(house, path, upload(path)))["processing_warning"]


@pytest.mark.parametrize("path", PATHS)
def test_an_empty_array_is_taken(house: House, path: str) -> None:
    if not ARRAYS[path]:
        return
    reply = sent(house, path, {**upload(path), ARRAYS[path]: []})
    assert reply["MessageCode"] == 200


@pytest.mark.parametrize("path", PATHS)
def test_an_item_without_its_key_is_rejected_with_the_place(house: House, path: str) -> None:
    keys = {
        "/api/UpdatePHRv1": ("identifier",), "/api/AllergyIntolerancev1": ("identifier", "code"),
        "/api/PatientChronicRegisterv1": ("chronic_ref_code",), "/api/ImmunizationRegisterv1": ("encounterRefCode",),
        "/api/ReferralRequest": ("referralRefCode",), "/api/CareGiver": ("identifier",),
        "/api/MedicationRequest": ("identifier",), "/api/OrgEncounterSummary": ("period_start",),
        "/api/DrugRelatedProblem": ("drp_ref_code",),
    }  # fmt: skip
    body = upload(path)
    if path == "/api/SelfObservation":
        body["observation"].pop("reference_id")
        body.pop("observation_ref_code")
        place = "/observation"
    else:
        body[ARRAYS[path]].append({**body[ARRAYS[path]][0]})
        for key in keys[path]:
            body[ARRAYS[path]][1].pop(key)
        place = f"/{ARRAYS[path]}/1"
    before = house.rows()
    reply = sent(house, path, body)
    assert reply["MessageCode"] == 422 and house.rows() == before
    assert any(issue["path"].startswith(place) for issue in reply["processing_issue"]), reply["processing_issue"]


@pytest.mark.parametrize("path", PATHS)
def test_an_upload_token_sends_visits_and_nothing_else(house: House, path: str) -> None:
    reply = sent(house, path, upload(path), "upload")
    if path == "/api/UpdatePHRv1":
        checked(reply)
    else:
        assert reply["MessageCode"] in {401, 403}


@pytest.mark.parametrize("path", PATHS)
def test_an_odd_field_is_a_warning_that_names_its_place(house: House, path: str) -> None:
    if path == "/api/OrgEncounterSummary":
        return
    body = upload(path)
    subject = body["person"] if path == "/api/SelfObservation" else body["Patient"]
    name = "birth_date" if path == "/api/SelfObservation" else "birthDate"
    subject[name] = "ไม่ใช่วันที่"
    reply = checked(sent(house, path, body))
    assert any(issue["path"].endswith(f"/{name}") for issue in reply["processing_issue"])


def test_the_stages_are_named(house: House) -> None:
    body = upload("/api/UpdatePHRv1")
    body["managingOrganization"]["identifier"]["value"] = HCODE
    assert [list(stage) for stage in sent(house, "/api/UpdatePHRv1", body)["profiler"]] == [
        ["read"],
        ["parse"],
        ["write"],
    ]
