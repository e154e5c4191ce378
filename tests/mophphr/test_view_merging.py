"""One row for what several hospitals told, every one of them kept; the newest decides; days in order."""

from datetime import date, timedelta
from typing import Any

import pytest

from mophphr.view_documents import (
    CID,
    KHON_KAEN,
    NAN,
    OTHERS,
    STAFF,
    Json,
    allergy,
    concept,
    diagnosis,
    dispensed,
    lab,
    read,
    visit,
)
from mophphr.view_uploads import (
    Sending,
    allergy_report,
    caregiver,
    referral,
    register,
    self_observation,
    stored,
    top,
    vaccine,
    visits,
)
from morprom.mophphr.view_merging import grouped
from morprom.record import Document, Kind

THIRD = "11111"


def rows(action: str, *sendings: Sending, mode: str = "") -> list[Json]:
    return read(action, stored(list(sendings)), mode, seeing=STAFF)


def summary(*sendings: Sending) -> Json:
    return read("PatientSummary", stored(list(sendings)), seeing=STAFF)


def test_statements_that_share_a_key_are_one_also_through_a_third() -> None:
    assert grouped([("a", [1]), ("b", [2]), ("c", [3]), ("d", [1, 3])]) == [["a", "c", "d"], ["b"]]


# Allergies


def test_an_allergy_of_several_units_is_one_row_that_names_them_all() -> None:
    listed = visits(visit("V1"), allergies=[allergy("9001", "Penicillin")])
    reported = allergy_report(NAN, criticality="low", recordedDate="2024-01-01")
    (row,) = rows("Allergy", listed, reported)
    assert [(one["organization_code"], one["came_with"], one["is_mark"]) for one in row["sources"]] == [
        (NAN, "report", True),
        (KHON_KAEN, "visits", False),
    ]
    assert [one["criticality"] for one in row["sources"]] == ["low", "high"]
    assert [one["recorded_date"] for one in row["sources"]] == ["2024-01-01", "2020-02-02"]
    assert (row["organization_code"], row["criticality"], row["source_count"]) == (NAN, "low", 2)
    assert row["sources"][0]["organization_name"] == "โรงพยาบาลน่าน" and row["sources"][0]["update_datetime"] > 0


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        (("9001", "Penicillin"), ("9001", "เพนิซิลลิน"), 1),
        (("9001", "Penicillin"), ("", "PENICILLIN "), 1),
        (("9001", "Penicillin"), ("9002", "Aspirin"), 2),
        (("00000", "Penicillin"), ("00000", "Aspirin"), 2),
    ],
)
def test_the_same_substance_is_known_by_its_shared_code_or_its_name(one: Any, other: Any, count: int) -> None:
    found = rows("Allergy", visits(visit("V1"), allergies=[allergy(*one)]), allergy_report(NAN, code=_tmt(*other)))
    assert len(found) == count
    assert sum(row["source_count"] for row in found) == 2


def _tmt(code: str, name: str) -> Json:
    return concept("https://phr1.moph.go.th/api/CodingSystem?System=tmt_substance", code, name)


def test_a_code_that_a_hospital_made_up_merges_nothing() -> None:
    own = [allergy_report(code=concept("his", "7", "Aspirin")), allergy_report(NAN, code=concept("his", "7", "Sulfa"))]
    assert {row["substance_text"] for row in rows("Allergy", *own)} == {"Aspirin", "Sulfa"}


def test_the_summary_names_a_substance_as_every_hospital_does() -> None:
    listed = visits(visit("V1"), allergies=[allergy("9001", "Penicillin")])
    told = summary(listed, allergy_report(NAN, code=_tmt("9001", "เพนิซิลลิน")))["patient"]
    assert told["allergy_intolerance_text"] == "เพนิซิลลิน, Penicillin"


def test_a_statement_that_was_entered_in_error_does_not_count() -> None:
    withdrawn = allergy_report(verificationStatus=concept("x", "entered-in-error", "Entered in Error"))
    assert rows("Allergy", withdrawn) == []
    (row,) = rows("Allergy", withdrawn, allergy_report(NAN))
    assert [one["organization_code"] for one in row["sources"]] == [NAN]


# Vaccines


def given(code: str = "061", day: str = "2026-03-01T09:30:00", **members: Any) -> Json:
    return {"vaccineCode": concept("x", code, "MMR"), "occurrenceDateTime": day, "status": "completed"} | members


def test_a_vaccine_told_with_its_visit_and_in_the_register_is_one_row() -> None:
    by_visit = visits(visit("V1", Immunization=[given(lotNumber="AB12")]))
    by_register = vaccine(encounterRefCode="V1", lotNumber="", occurrenceDateTime="2026-03-02", note=[{"text": "ครบ"}])
    (row,) = rows("Immunization", by_visit, by_register)
    assert [(one["came_with"], one["lot_number"]) for one in row["sources"]] == [("register", ""), ("visit", "AB12")]
    assert (row["occurrence"], row["lot_number"], row["note"]) == ("2026-03-02T00:00:00", "AB12", "ครบ")


def test_the_same_vaccine_on_the_same_day_at_one_hospital_is_one_row() -> None:
    by_visit = visits(visit("V1", Immunization=[given()]))
    assert len(rows("Immunization", by_visit, vaccine(occurrenceDateTime="2026-03-01"))) == 1
    assert len(rows("Immunization", by_visit, vaccine(NAN, occurrenceDateTime="2026-03-01"))) == 2
    assert len(rows("Immunization", by_visit, vaccine(occurrenceDateTime="2026-03-03"))) == 2


def test_vaccines_are_in_the_order_given() -> None:
    dates = [row["occurrence"][:10] for row in rows("Immunization", vaccine(), visits(visit("V1")), vaccine(NAN))]
    assert dates == ["2010-05-01", "2010-05-01", "2026-03-01"]


# Over all units, in the order of time


def test_medicines_and_tests_of_all_units_are_in_the_order_of_their_visits() -> None:
    spread = [
        visits(visit("N1", "2026-03-05", Medication=[dispensed("1", "B", 1)], Observation=[lab("1", "B", 2, "x")]),
               hcode=NAN),
        visits(visit("V1", "2026-03-01", Medication=[dispensed("1", "A", 1)], Observation=[lab("1", "A", 1, "x")]),
               visit("V2", "2026-03-09", Medication=[dispensed("1", "C", 1)], Observation=[lab("1", "C", 3, "x")])),
    ]  # fmt: skip
    assert [row["code_text"] for row in rows("Medication", *spread, mode="Encounter")] == ["A", "B", "C"]
    assert [row["display"] for row in rows("Observation", *spread, mode="Detail")] == ["A", "B", "C"]
    assert [row["organization_code"] for row in rows("Medication", *spread, mode="Encounter")] == [
        KHON_KAEN, NAN, KHON_KAEN,
    ]  # fmt: skip


# Who the person is


def test_who_said_what_of_the_person_is_told_hospital_by_hospital() -> None:
    told = summary(
        visits(visit("V1"), birthDate="1980-12-31"),
        visits(visit("N1"), hcode=NAN, birthDate="2523-12-30", name=[{"given": ["สมหมาย"], "family": "ใจดี"}]),
    )
    assert [(one["organization_code"], one["is_mark"], one["birth_date"], one["patient_name_text"])
            for one in told["patient_sources"]] == [
        (NAN, True, "1980-12-30", "สมหมาย ใจดี"),
        (KHON_KAEN, False, "1980-12-31", "นายสมชาย ใจดี"),
    ]  # fmt: skip
    assert told["patient"]["birth_date"] == "1980-12-30" and told["patient"]["patient_name_text"] == "สมหมาย ใจดี"
    assert {(one["first_name"], one["organization_code"], one["is_mark"]) for one in told["patient_names_th"]} == {
        ("สมหมาย", NAN, True), ("สมชาย", KHON_KAEN, False),
    }  # fmt: skip


def test_what_the_newest_hospital_leaves_out_is_told_by_the_one_before() -> None:
    told = summary(visits(visit("V1")), self_observation(NAN, person={"cid": CID, "first_name": "ชาย", "gender": "M"}))
    patient = told["patient"]
    assert (patient["last_organization_code"], patient["marital_status"]) == (NAN, "M")
    assert patient["birth_date"] == "1980-12-31"


def test_a_hospital_is_known_by_any_item() -> None:
    told = summary(register(NAN))["patient"]
    assert (told["last_organization_code"], told["organization_count"], told["encounter_count"]) == (NAN, 1, 0)
    assert [row["organization_code"] for row in rows("Address", register(NAN))] == [NAN]


def test_the_newer_words_of_one_hospital_replace_its_older_ones() -> None:
    call, sent = register()
    moved = (call, sent | top(telecom=[{"value": "0990000009"}]))
    (phone,) = rows("Telecom", visits(visit("V1")), moved)
    assert phone["value"] == "0990000009"
    (phone,) = rows("Telecom", moved, visits(visit("V1")))
    assert phone["value"] == "0990000001"


def test_being_named_a_caregiver_makes_no_hospital_known() -> None:
    claim = b'{"sent":{"managingOrganization":{}},"noted":{"active":true,"qualification_code":"1"}}'
    documents = [
        *stored([register()]),
        Document(Kind.CARED_FOR, NAN, claim, 1, *[stored([register()])[0].created_at] * 2),
    ]
    assert read("PatientSummary", documents)["patient"]["organization_count"] == 1
    (row,) = read("CareGiver", documents)
    assert (row["organization_code"], row["active"], row["is_confirmed"]) == (NAN, True, False)


# Death


def test_a_death_is_shown_with_who_claims_it_and_when() -> None:
    told = summary(
        visits(visit("V1", "2026-03-01"), deceasedBoolean=True, deceasedDateTime="2026-03-02"),
        visits(visit("N1", "2026-02-01"), hcode=NAN),
    )
    assert (told["patient"]["deceased_boolean"], told["patient"]["deceased_date"]) == (True, "2026-03-02")
    assert {(one["organization_code"], one["deceased_boolean"]) for one in told["patient_sources"]} == {
        (KHON_KAEN, True), (NAN, False),
    }  # fmt: skip


def test_who_comes_to_a_hospital_later_is_not_dead() -> None:
    claimed = visits(visit("V1", "2026-03-01"), deceasedBoolean=True, deceasedDateTime="2026-03-02")
    told = summary(claimed, visits(visit("N1", "2026-03-10"), hcode=NAN))
    assert told["patient"]["deceased_boolean"] is False
    assert [one["deceased_date"] for one in told["patient_sources"]] == ["", "2026-03-02"]


# Chronic diseases, blood, pregnancy


def test_chronic_diseases_are_counted_once_while_some_register_is_active() -> None:
    told = summary(
        register(), register(NAN), register(THIRD, code=concept("x", "004", "โรคหืด"), clinicalStatus="active"),
        register(NAN, chronic_ref_code="C2", code=concept("x", "003", "โรคไต"), clinicalStatus="1"),
        register(NAN, chronic_ref_code="C3", code=concept("x", "009", "โรคหัวใจ"), clinicalStatus=None,
                 dischargeDate="2025-01-01"),
    )  # fmt: skip
    assert (told["patient"]["cd_count"], told["patient"]["cd_text"]) == (2, "โรคเบาหวาน, โรคหืด")


@pytest.mark.parametrize(
    ("test", "result", "group", "shown"),
    [
        (concept("http://loinc.org", "883-9", "ABO"), "AB", "AB", "AB"),
        (concept("http://loinc.org", "882-1", "ABO+Rh"), "O Rh positive", "O", "O Rh+"),
        (concept("x", "77", "หมู่เลือด"), "หมู่ B", "B", "B"),
        (concept("x", "78", "Blood group"), "A-", "A", "A Rh-"),
        (concept("x", "79", "Blood group"), "Rh positive", "", ""),
        (concept("x", "80", "Blood group"), "ตัวอย่างไม่พอ", "", ""),
        (concept("x", "81", "Complete blood count"), "A", "", ""),
    ],
)
def test_the_blood_group_is_read_from_laboratory_results(test: Json, result: str, group: str, shown: str) -> None:
    told = summary(visits(visit("V1", Observation=[{"code": test, "valueString": result}])))["patient"]
    assert (told["blood_group"], told["blood_group_display"]) == (group, shown)


def test_the_newest_blood_group_counts() -> None:
    def typed(result: str, code: str = "883-9") -> list[Json]:
        return [{"code": concept("http://loinc.org", code, "-"), "valueString": result}]

    told = summary(
        visits(visit("V2", "2026-03-02", Observation=typed("O")), visit("V1", "2026-03-01", Observation=typed("A"))),
        visits(visit("N1", "2026-02-01", Observation=typed("Negative", "10331-7")), hcode=NAN),
    )["patient"]
    assert (told["blood_group"], told["blood_group_display"]) == ("O", "O Rh-")


def pregnancy(*told: tuple[str, int]) -> tuple[bool, list[Json]]:
    """Diagnoses so many days before today; whether she is pregnant, and the rows."""
    sent = visits(
        *(visit(f"V{days}", (date(2026, 4, 20) - timedelta(days=days)).isoformat(), Condition=[diagnosis(code, "-")])
          for code, days in told), gender="female",
    )  # fmt: skip
    return summary(sent)["patient"]["pregnancy"], rows("Pregnancy", sent)


@pytest.mark.parametrize(
    ("told", "is_pregnant"),
    [
        ([("Z34.0", 100), ("Z34.8", 30)], True),
        ([("O24.4", 1)], True),
        ([("Z33", 294)], True),
        ([("Z33", 295)], False),
        ([("Z34.0", 200), ("O80.0", 10)], False),
        ([("Z34.0", 200), ("Z37.0", 10), ("Z39.2", 2)], False),
        ([("Z34.0", 500), ("Z34.0", 60)], True),
        ([("Z34.0", 300), ("Z34.8", 150)], False),
        ([("O80.0", 400), ("Z34.0", 20)], True),
        ([("E11.9", 5)], False),
        ([("Z30.0", 5)], False),
    ],
)
def test_a_pregnancy_goes_on_until_a_delivery_or_42_weeks(told: list[tuple[str, int]], is_pregnant: bool) -> None:
    found, shown = pregnancy(*told)
    assert found is is_pregnant
    assert any(row["is_current"] for row in shown) is is_pregnant


def test_a_man_is_not_pregnant_by_a_mistyped_code() -> None:
    assert (
        summary(visits(visit("V1", "2026-04-01", Condition=[diagnosis("Z33", "-")])))["patient"]["pregnancy"] is False
    )


def test_pregnancy_rows_tell_what_the_clinic_measured() -> None:
    measured = [lab("11996-6", "Gravida", 2, ""), {"code": concept("x", "11778-8", "EDC"), "valueString": "2026-09-01"}]
    (row,) = rows("Pregnancy", visits(visit("V1", "2026-04-01", Condition=[diagnosis("Z34.8", "ANC")],
                                            Observation=measured)))  # fmt: skip
    assert (row["code_text"], row["gravida"], row["parity"]) == ("Z34.8", 2, None)
    assert (row["expected_delivery_date"], row["last_menstrual_period"]) == ("2026-09-01", "")


# Others


def test_who_has_a_code_learns_neither_a_caregivers_number_nor_where_something_was_measured() -> None:
    documents = stored([caregiver(), self_observation()])
    (carer,) = read("CareGiver", documents, "1", seeing=OTHERS)
    assert carer["caregiver_name"] == "นางมาลี ใจดี" and carer["caregiver_cid"].startswith("xxxxxxxxxx")
    (measured,) = read("SelfObservation", documents, seeing=OTHERS)
    assert (measured["latitude"], measured["longitude"]) == ("", "") and measured["observation_value"] == "128"


def test_prose_of_items_is_for_who_may_see_free_text() -> None:
    sent = [referral(), register(), allergy_report()]
    (row,) = read("Referral", stored(sent), seeing=OTHERS)
    assert (row["description"], row["note"], row["supporting_info_present_illness"]) == ("", "", "")
    assert row["supporting_info_diagnosis"] == "H25.9 Senile cataract"
    (row,) = read("Referral", stored(sent), seeing=STAFF)
    assert row["supporting_info_present_illness"] == row["description"] == "ตามัวมาสามเดือน"
    assert read("NCD", stored(sent), seeing=OTHERS)[0]["clinical_text"] == ""
