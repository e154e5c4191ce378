"""What is withheld was never there: every answer is byte for byte the one of a record without it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mophphr.view_documents import (
    ARRIVAL,
    KHON_KAEN,
    NAN,
    OTHERS,
    OWNER,
    STAFF,
    Json,
    allergy,
    concept,
    document,
    patient,
    read,
    visit,
)
from mophphr.view_uploads import controls, ordinary, stored
from mophphr.withholding import CASES, HIV, READS, SENSITIVE, Case
from morprom.record import Document, Kind, Seeing


def answer(documents: list[Document], action: str, mode: str, seeing: Seeing) -> bytes:
    return json.dumps(read(action, documents, mode, seeing=seeing)).encode()


def answers(documents: list[Document], seeing: Seeing) -> list[bytes]:
    return [answer(documents, action, mode, seeing) for action, mode in READS]


ORDINARY = stored(ordinary())
UNTOUCHED = {seeing: answers(ORDINARY, seeing) for seeing in (OTHERS, STAFF)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_withheld_changes_no_answer(case: Case) -> None:
    held = stored(case.secret, day=40, before=ORDINARY)
    everything = [*held, controls(case.masked, case.reported)]
    for seeing, untouched in UNTOUCHED.items():
        assert answers(everything, seeing) == untouched


@pytest.mark.parametrize("case", [case for case in CASES if case.secret], ids=lambda case: case.name)
def test_the_owner_sees_what_others_do_not(case: Case) -> None:
    everything = [*stored(case.secret, day=40, before=ORDINARY), controls(case.masked, case.reported)]
    assert answers(everything, OWNER) != answers(ORDINARY, OWNER)


def test_every_ordinary_thing_is_shown() -> None:
    nothing = {action for action, mode in READS if not read(action, ORDINARY, "1" if action == "caregiver" else mode)}
    assert nothing == {"profileimage", "pregnancy"}


def test_a_reported_visit_is_shown_with_a_note_and_nothing_else_changes() -> None:
    noted = [*ORDINARY, controls([], [f"{KHON_KAEN}:V1"])]
    for (action, mode), untouched in zip(READS, UNTOUCHED[OTHERS], strict=True):
        if action == "encounter":
            before, after = json.loads(untouched), read(action, noted, mode, seeing=OTHERS)
            (row,) = [row for row in after if row["encounter_ref_code"] == f"{KHON_KAEN}:V1"]
            assert row["pass_phr_filter"] is True
            assert "แจ้งว่าการรับบริการนี้ไม่ถูกต้อง" in row["phr_filter_note"] and "reported" in row["phr_filter_note"]
            assert "ไม่เคยไป" not in row["phr_filter_note"]
            assert [one | {"phr_filter_note": ""} for one in after] == before
        else:
            assert answer(noted, action, mode, OTHERS) == untouched


def test_the_owner_of_a_masked_visit_sees_that_others_do_not() -> None:
    (row,) = read("Encounter", [document(Kind.VISIT, visit("VN1")), controls([f"{KHON_KAEN}:VN1"])], seeing=OWNER)
    assert row["pass_phr_filter"] is False and "the owner hides this visit" in row["phr_filter_note"]


@pytest.mark.parametrize("reason", SENSITIVE)
def test_a_sensitive_visit_is_seen_by_its_owner_alone(reason: str) -> None:
    documents = [document(Kind.VISIT, visit("VN1", **SENSITIVE[reason]))]
    assert read("Encounter", documents, seeing=STAFF) == []
    (row,) = read("Encounter", documents, seeing=OWNER)
    assert row["pass_phr_filter"] is False
    assert row["phr_filter_note"] != ""


def test_the_owner_of_an_ordinary_visit_sees_that_it_passes() -> None:
    (row,) = read("Encounter", [document(Kind.VISIT, visit("VN1"))], seeing=OWNER)
    assert (row["pass_phr_filter"], row["phr_filter_note"]) == (True, "")


def test_prose_is_not_searched() -> None:
    told = {"code": {"coding": [{"code": "cc"}], "text": "กลัวติดเชื้อ HIV"}}
    assert read("Encounter", [document(Kind.VISIT, visit("VN1", Condition=[told]))]) != []


Sending = tuple[str, int, str]
"""Hospital, day after the first arrival, and why the visit is withheld: a key of SENSITIVE, `masked`, or ""."""

sendings = st.lists(
    st.tuples(
        st.sampled_from([KHON_KAEN, NAN]),
        st.integers(0, 400),
        st.sampled_from(["", "", "", "masked", *SENSITIVE]),
    ),
    max_size=5,
    unique_by=lambda sending: sending[1],
)


def record(sent: list[tuple[int, Sending]], masked: list[str], order: Any = None) -> list[Document]:
    """What the platform holds after these visits arrived, each with its hospital's patient and allergies."""
    documents = [document(Kind.CONTROLS, {"share_phr": True, "masked": masked}, "")] if masked else []
    for hcode in sorted({hcode for _, (hcode, _, _) in sent}):
        days = [day for _, (sender, day, _) in sent if sender == hcode]
        for kind, content in ((Kind.PATIENT, patient(hcode)), (Kind.ALLERGY, [allergy("1", f"Penicillin {hcode}")])):
            documents.append(document(kind, content, hcode, max(days), version=len(days)))
    for number, (hcode, day, reason) in sent:
        start = (ARRIVAL + timedelta(days=day)).isoformat()
        documents.append(document(Kind.VISIT, visit(f"V{number}", start, **SENSITIVE.get(reason, {})), hcode, day))
    if order is not None:
        order.shuffle(documents)
    return documents


@settings(max_examples=60, deadline=None)
@given(sendings, st.sampled_from([OTHERS, STAFF]), st.randoms(use_true_random=False))
def test_an_answer_does_not_betray_what_is_withheld(sent: list[Sending], seeing: Seeing, order: Any) -> None:
    numbered = list(enumerate(sent))
    masked = [f"{hcode}:V{number}" for number, (hcode, _, reason) in numbered if reason == "masked"]
    everything = record(numbered, masked, order)
    ordinary = record([(number, sending) for number, sending in numbered if not sending[2]], [])
    for action, mode in READS:
        assert answer(everything, action, mode, seeing) == answer(ordinary, action, mode, seeing)


@settings(max_examples=20, deadline=None)
@given(sendings)
def test_the_owner_sees_every_visit(sent: list[Sending]) -> None:
    numbered = list(enumerate(sent))
    masked = [f"{hcode}:V{number}" for number, (hcode, _, reason) in numbered if reason == "masked"]
    rows = read("Encounter", record(numbered, masked), seeing=OWNER)
    assert {row["encounter_ref_code"] for row in rows} == {f"{hcode}:V{number}" for number, (hcode, _, _) in numbered}


def test_a_masked_visit_is_not_shown_to_a_permit_for_sensitive_ones() -> None:
    documents = [document(Kind.CONTROLS, {"masked": [f"{KHON_KAEN}:VN1"]}, ""), document(Kind.VISIT, visit("VN1"))]
    assert read("Encounter", documents, seeing=Seeing(sensitive=True, free_text=True, masked=False)) == []
    assert len(read("Encounter", documents, seeing=Seeing(sensitive=False, free_text=True, masked=True))) == 1


def test_the_ref_of_a_withheld_visit_finds_nothing() -> None:
    documents = [document(Kind.VISIT, visit("VN1", Condition=[HIV])), document(Kind.VISIT, visit("VN2"))]
    assert read("Condition", documents, "Encounter", f"{KHON_KAEN}:VN1") == []
    assert read("Condition", documents, "Encounter", "nothing:such") == []


def test_an_allergy_to_a_sensitive_medicine_is_absent() -> None:
    listed = [allergy("1", "Penicillin"), allergy("2", "Nevirapine")]
    documents = [
        document(Kind.PATIENT, patient()),
        document(Kind.ALLERGY, listed),
        document(Kind.VISIT, visit("VN1")),
    ]
    assert [row["substance_text"] for row in read("Allergy", documents)] == ["Penicillin"]
    assert read("PatientSummary", documents)["patient"]["allergy_intolerance_text"] == "Penicillin"
    assert len(read("Allergy", documents, seeing=OWNER)) == 2


@pytest.mark.parametrize(
    "appointment",
    [
        {"start": "2026-05-01", "serviceType": concept("x", "09", "คลินิก")},
        {"start": "2026-05-01", "serviceType": {"text": "คลินิก ARV"}},
        {"start": "2026-05-01", "description": "นัดเจาะ CD4"},
        {"start": "2026-05-01", "note": [{"text": "รับเมทาโดน"}]},
    ],
)
def test_a_sensitive_appointment_of_an_ordinary_visit_is_absent(appointment: Json) -> None:
    planned = visit("VN1", Appointment=[appointment], appointments=[{"start": "2026-06-01", "description": "เบาหวาน"}])
    documents = [document(Kind.VISIT, planned)]
    assert [row["start"] for row in read("Appointment", documents)] == ["2026-06-01T00:00:00"]
    assert len(read("Appointment", documents, seeing=OWNER)) == 2


def test_a_hospital_that_only_registered_the_person_is_shown_to_the_owner_alone() -> None:
    documents = [document(Kind.PATIENT, patient())]
    assert read("Address", documents) == []
    assert len(read("Address", documents, seeing=OWNER)) == 1
