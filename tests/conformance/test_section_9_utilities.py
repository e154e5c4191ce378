"""Section 9, utilities: notes that are taken once, and the code systems, which anybody may read."""

import json
import re
from typing import Any

import pytest

from conformance.house import House

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NOTES: list[Any] = [{"a": [1, 2.5, None, True, "ก"]}, [], "text", 0, None, True, {"": {"": ""}}, {"a": "x" * 60_000}]
NAMED = (
    "allergy_seriousness", "allergy_group", "allergy_source", "allergy_result", "allergy_naranjo_result",
    "tmt_substance", "ncd_condition", "chronic_disease", "nationality", "encounter_type", "caregiver_type",
    "referral_type", "drp_category", "vaccine_code", "marital_status", "coverage_group", "health_region", "province",
)  # fmt: skip


@pytest.mark.parametrize("note", NOTES, ids=range(len(NOTES)))
@pytest.mark.parametrize("action", ["POST", "post"])
def test_a_note_is_taken_once_as_it_was_left(house: House, note: Any, action: str) -> None:
    code = house.ask_json("POST", f"/api/PasteJSON?Action={action}", note, "sender")["result"]
    if note is None:
        return
    assert UUID.fullmatch(code)
    target = f"/api/PasteJSON?Action=get&code={code}"
    first, second = house.ask_json("GET", target, token="sender"), house.ask_json("GET", target, token="sender")
    assert first["MessageCode"] == 200 and first["result"] == note
    assert (second["MessageCode"], second["result"]) == (404, None)


def test_a_note_may_have_64_kilobytes(house: House) -> None:
    left = house.ask("POST", "/api/PasteJSON?Action=POST", b'"' + b"x" * 70_000 + b'"', "sender")
    assert left.status == 413
    left.enveloped()


@pytest.mark.parametrize("code", ["", "x", "0" * 36, "00000000-0000-4000-8000-000000000000", "%00", "'"])
def test_a_code_of_nothing_takes_nothing(house: House, code: str) -> None:
    assert house.ask_json("GET", f"/api/PasteJSON?Action=GET&code={code}", token="sender")["MessageCode"] in {400, 404}


def test_the_code_systems_are_listed_for_anybody(house: House) -> None:
    result = house.ask_json("GET", "/api/CodingSystem")["result"]
    names = {one["name"] if "name" in one else one["system"] for one in result}
    assert set(NAMED) <= names


@pytest.mark.parametrize("name", NAMED)
def test_a_code_system_is_a_list_of_codes_whatever_the_case_of_its_name(house: House, name: str) -> None:
    rows = [house.ask_json("GET", f"/api/CodingSystem?System={asked}")["result"] for asked in (name, name.upper())]
    assert rows[0] == rows[1] and isinstance(rows[0], list)
    for row in rows[0]:
        assert type(row["code"]) is str and row["code"]


def test_an_unknown_system_is_404(house: House) -> None:
    for name in ("nothing", "%ff", "x" * 5_000, "'", "allergy_group%00x"):
        assert house.ask_json("GET", f"/api/CodingSystem?System={name}")["MessageCode"] == 404


def test_a_system_that_is_known_already_is_not_sent_again(house: House) -> None:
    first = house.ask("GET", "/api/CodingSystem?System=chronic_disease")
    again = house.ask(
        "GET", "/api/CodingSystem?System=chronic_disease", headers=[("if-none-match", first.headers["etag"])]
    )
    assert (again.status, again.body) == (304, b"") and json.loads(first.body)["result"]
