"""One visit reads the same, whichever hospital software sent it: from the upload's parser to the views."""

import json
from datetime import date
from random import Random
from typing import Any

import pytest

from mophphr.view_documents import CID, KHON_KAEN, document, read
from morprom.mophphr.model import Upload
from morprom.mophphr.read_upload import read_visits_upload
from morprom.record import Document, Kind
from payloads import VENDORS, visit_body

DAY = date(2026, 3, 2)


def uploaded(vendor: str) -> tuple[Upload, list[Document]]:
    body = visit_body(vendor, Random(7), hcode=KHON_KAEN, cid=CID, ref="690302001", on=DAY)
    upload = read_visits_upload(body, encounter_limit=500, nesting_limit=64, test_person_allowed=True)
    assert isinstance(upload, Upload)
    documents = [document(Kind.PATIENT, upload.patient)]
    return upload, [*documents, *(document(Kind.VISIT, visit.content) for visit in upload.visits)]


def encounter(vendor: str) -> dict[str, Any]:
    (row,) = read("Encounter", uploaded(vendor)[1])
    return row


SAME = (
    "period_start", "vital_sign_body_weight_kg", "vital_sign_bps_text", "encounter_diagnosis_icd", "medication_count",
    "observation_count", "condition_count", "lab_fbs", "lab_hba1c", "lab_creatinine", "hn", "finance_total_amount",
    "class_code",
)  # fmt: skip
NOT_SENT = {"jhcis": {"finance_total_amount"}}


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_encounter_row_is_the_same_from_every_vendor(vendor: str) -> None:
    row, ours = encounter(vendor), encounter("agent")
    same = {name for name in SAME if name not in NOT_SENT.get(vendor, ())}
    assert {name: row[name] for name in same} == {name: ours[name] for name in same}


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_view_shows_the_ref_under_which_the_upload_was_stored(vendor: str) -> None:
    upload, documents = uploaded(vendor)
    assert read("Encounter", documents)[0]["encounter_ref_code"] == upload.visits[0].ref


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("action", ["Observation", "Medication", "Condition", "VitalSign"])
def test_a_list_is_the_same_from_every_vendor(vendor: str, action: str) -> None:
    answers = [json.dumps(read(action, uploaded(name)[1])).casefold() for name in (vendor, "agent")]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_person_is_the_same_from_every_vendor(vendor: str) -> None:
    shown = ("birth_date", "gender", "full_name_th", "nationality_code", "birth_date_long_text")
    person, ours = (read("PatientSummary", uploaded(name)[1])["patient"] for name in (vendor, "agent"))
    assert {name: person[name] for name in shown} == {name: ours[name] for name in shown}
