"""Daily counts of a hospital."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morprom.mophphr import Rejected, read_counts_upload
from morprom.mophphr.model import CountsUpload, DayCount


def body(*days: Any) -> bytes:
    organization = {"identifier": {"system": "https://bps.moph.go.th/hcode/5", "value": "10670"}}
    return json.dumps({"managingOrganization": organization, "EncounterSummary": list(days)}).encode()


DAY = {"period_start": "2024-05-01", "opd_encounter_count": 310, "ipd_encounter_count": 12, "ipd_discharge_count": 9}


def test_days_are_counted() -> None:
    found = read_counts_upload(body(DAY, DAY | {"period_start": "2567-05-02T00:00:00Z"}))
    assert isinstance(found, CountsUpload)
    assert found.hcode == "10670"
    assert found.findings == ()
    assert found.days == (DayCount(date(2024, 5, 1), 310, 12, 9), DayCount(date(2024, 5, 2), 310, 12, 9))


def test_older_names_and_odd_counts_are_told() -> None:
    sent = {"period_start": "2024-05-01", "period_end": "2024-05-01", "opd_count": "310", "ipd_count": -1}
    found = read_counts_upload(body(sent))
    assert isinstance(found, CountsUpload)
    assert found.days == (DayCount(date(2024, 5, 1), 310, None, None),)
    assert [(one.code, one.path) for one in found.findings] == [
        ("KEY_SPELLING", "/EncounterSummary/0/opd_count"),
        ("KEY_SPELLING", "/EncounterSummary/0/ipd_count"),
        ("WRONG_TYPE", "/EncounterSummary/0/ipd_count"),
        ("MISSING_KEY", "/EncounterSummary/0/ipd_discharge_count"),
    ]


def test_the_last_row_of_a_day_counts() -> None:
    found = read_counts_upload(body(DAY, DAY | {"opd_encounter_count": 311}))
    assert isinstance(found, CountsUpload)
    assert [day.opd_encounters for day in found.days] == [311]


@pytest.mark.parametrize(
    ("sent", "status", "codes"),
    [
        (b"x", 400, ["NOT_JSON"]),
        (b"{}", 422, ["HCODE_MISSING"]),
        (body(*[DAY] * 32), 422, ["TOO_MANY_DAYS"]),
        (body(DAY, 5, {"opd_count": 1}), 422, ["DAY_MISSING", "DAY_MISSING"]),
    ],
)
def test_what_cannot_be_counted_is_refused(sent: bytes, status: int, codes: list[str]) -> None:
    found = read_counts_upload(sent)
    assert isinstance(found, Rejected)
    assert (found.status, [one.code for one in found.faults]) == (status, codes)


@given(st.dictionaries(st.sampled_from(sorted(DAY)), st.none() | st.text(max_size=5) | st.floats() | st.integers()))
def test_no_day_makes_it_raise(day: dict[str, Any]) -> None:
    assert isinstance(read_counts_upload(body(day)), CountsUpload | Rejected)
