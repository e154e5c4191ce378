"""Section 6, reading: every member of every row has its listed type, whoever's software sent the visit."""

import json
import math
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest

from conformance.house import House
from conformance.uploads import CID, HCODE, PATHS_OF_ITEMS, upload
from morprom.access import current_policy
from payloads import VENDORS, invented_cid, visit_upload

NUMBERS = {
    "region_id", "total", "min", "max", "avg", "value_quantity", "reference_range_normal_low",
    "reference_range_normal_high", "period_y", "period_m", "period_d", "last_rcv_data", "last_gen_data", "finance_qty",
    "finance_unit_price", "finance_total_price", "dose_quantity", "number_of_repeats_allowed", "dispense_quantity",
    "expected_supply_duration",
}  # fmt: skip
NUMBER_ENDS = ("_count", "_amount", "_datetime", "_kg", "_cm", "_cel", "_mmhg", "_index", "_rate", "_pulse")
CLAIMS = {"is_mark", "pregnancy", "deceased_boolean", "pass_phr_filter", "verified", "is_active", "active"}
MAYBE = {"preventable", "primary_source"}  # claims that nobody need have made
LISTS = {"sources"}
TEXTS = {("Observation", "", "total")}  # a string, alone of all totals
OBJECTS = {"PatientSummary", "ProfileImage"}
MODES = ("", "Detail", "Encounter")
READINGS = [(action, mode) for action in current_policy().action for mode in MODES]


def wanted(action: str, mode: str, name: str) -> tuple[type, ...]:
    """The types that a member may have: numbers may be null, texts and claims may not."""
    if (action, mode, name) in TEXTS:
        return (str,)
    if name in CLAIMS:
        return (bool,)
    if name in MAYBE:
        return (bool, type(None))
    if name in LISTS:
        return (list,)
    if name in NUMBERS or name.endswith(NUMBER_ENDS) or name.startswith("lab_"):
        return (int, float, type(None))
    return (str,)


def rows(result: Any) -> Iterator[dict[str, Any]]:
    """Every row of a result, the objects of a summary too."""
    if isinstance(result, dict):
        yield from [result["patient"]] if result["patient"] else []
        yield from result["patient_names_th"]
        yield from result["patient_names_en"]
    elif result is not None:
        yield from result


def odd(vendor: str) -> dict[str, Any]:
    """A visit whose numbers are texts and whose texts are numbers."""
    sent = visit_upload(vendor, Random(3), hcode=HCODE, cid=invented_cid(4_200_000), ref="ODD", on=date(2026, 2, 3))

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(one) for key, one in value.items()}
        if isinstance(value, list):
            return [turned(one) for one in value]
        return str(value) if isinstance(value, int | float) else value

    sent["Encounter"] = turned(sent["Encounter"])
    return sent


@pytest.fixture(scope="module")
def people(house: House) -> list[str]:
    """One with a visit of every vendor, one with odd values, one with an item of every upload, one with nothing."""
    mixed, odd_one, items, nobody = [invented_cid(number) for number in (4_200_001, 4_200_000, 4_100_001, 4_200_002)]
    for number, vendor in enumerate(VENDORS):
        on = date(2026, 2, 1 + number)
        sent = [visit_upload(vendor, Random(number), hcode=HCODE, cid=mixed, ref=f"V{number}", on=on), odd(vendor)]
        for one in sent:
            assert house.ask_json("POST", "/api/UpdatePHRv1", one, "sender")["MessageCode"] == 200
    for path in ("/api/UpdatePHRv1", *PATHS_OF_ITEMS):
        if house.serves(path):
            assert house.ask_json("POST", path, upload(path), "sender")["MessageCode"] == 200
    assert items == CID
    return [mixed, odd_one, items, nobody]


@pytest.mark.parametrize(("action", "mode"), READINGS)
def test_members_have_the_types_that_are_listed(house: House, people: list[str], action: str, mode: str) -> None:
    for cid in people:
        result = house.read(action, cid, mode=mode)
        assert isinstance(result, dict | None if action in OBJECTS else list)
        for row in rows(result):
            wrong = {name: value for name, value in row.items() if type(value) not in wanted(action, mode, name)}
            assert not wrong, {name: type(value).__name__ for name, value in wrong.items()}
            assert all(math.isfinite(value) for value in row.values() if isinstance(value, float))


@pytest.mark.parametrize(("action", "mode"), READINGS)
def test_opaque_members_are_not_made_of_a_citizen_number(
    house: House, people: list[str], action: str, mode: str
) -> None:
    for cid in people:
        for row in rows(house.read(action, cid, mode=mode)):
            for name, value in row.items():
                if name in ("RowID", "_id") or name.endswith("_md5"):
                    assert value and cid not in value
                if name.endswith("_datetime") and value is not None:
                    assert 10**11 < value < 10**14, name  # milliseconds since 1970


def test_rows_of_time_are_oldest_first(house: House, people: list[str]) -> None:
    for action in ("Encounter", "VitalSign"):
        starts = [row["period_start"] for row in house.read(action, people[0])]
        assert len(starts) == len(VENDORS) and starts == sorted(starts)


def test_totals_fall(house: House, people: list[str]) -> None:
    for action in ("Condition", "Coverage", "Medication"):
        totals = [row["total"] for row in house.read(action, people[0])]
        assert totals == sorted(totals, reverse=True) and len(totals) > 1
    assert all(row["total"].isdecimal() for row in house.read("Observation", people[0]))


@pytest.mark.parametrize("action", ["Condition", "Observation", "Medication", "DiagnosticReport"])
def test_one_visit_is_named_by_its_code(house: House, people: list[str], action: str) -> None:
    whole = house.read(action, people[0], mode="Encounter")
    for number in range(len(VENDORS)):
        code = f"{HCODE}:V{number}"
        part = [row for row in whole if row["encounter_ref_code"] == code]
        assert house.read(action, people[0], mode="encounter", Code=code) == part
        assert part or action == "DiagnosticReport"
    assert house.read(action, people[0], mode="Encounter", Code=f"{HCODE}:NONE") == []


def test_detail_of_coverage_is_a_row_for_each_visit(house: House, people: list[str]) -> None:
    detail = house.read("Coverage", people[0], mode="Detail")
    assert len(detail) == sum(row["total"] for row in house.read("Coverage", people[0]))


def test_the_person_of_nothing_has_empty_lists(house: House, people: list[str]) -> None:
    for action, mode in READINGS:
        if action not in OBJECTS:
            assert house.read(action, people[3], mode=mode) == []


def test_a_number_never_reads_as_text_in_the_json_itself(house: House, people: list[str]) -> None:
    target = "/api/WebApp?Action=Encounter"
    body = json.dumps({"cid": people[1], "otp": house.code_for(people[1])}).encode()
    assert b'"vital_sign_body_weight_kg":"' not in house.ask("POST", target, body, "reader").body
