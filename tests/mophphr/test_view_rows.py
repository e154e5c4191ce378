"""Rows have exactly the members that the wire protocol lists (section 6), in every action and mode."""

from dataclasses import replace
from typing import Any

import pytest

from mophphr.view_documents import (
    CID,
    KHON_KAEN,
    NAN,
    ORGANIZATIONS,
    OTHERS,
    OWNER,
    TODAY,
    allergy,
    diagnosis,
    dispensed,
    document,
    lab,
    patient,
    read,
    visit,
)
from mophphr.view_uploads import ordinary, prescription, stored
from morprom.mophphr.view import KINDS_NEEDED, UnknownAction, render
from morprom.record import Document, Kind

SPECIFIED = {
    "patient": """RowID cid birth_date create_datetime update_datetime gender marital_status marital_status_name
        deceased_boolean deceased_date nationality_code nationality_name last_organization_code encounter_count
        organization_count cd_count cd_text patient_name_text allergy_intolerance_text coverage_text observation_count
        region_id blood_group blood_group_display pregnancy last_rcv_data last_gen_data gender_text
        birth_date_long_text birth_date_short_text full_age_text full_name_th""",
    "name": """RowID prefix first_name middle_name last_name display_name cid language_code create_datetime
        update_datetime organization_code is_mark region_id""",
    "Address": """address_use text line1 line2 line3 city district state postal_code country_code address_code
        date_start date_end cid organization_code is_mark create_datetime update_datetime region_id""",
    "Telecom": """telecom_system telecom_use value date_start date_end cid organization_code is_mark create_datetime
        update_datetime region_id""",
    "Coverage": "class_group_name total",
    "Coverage Detail": """_id period_start payer class_group_value class_group_name class_subgroup_value
        class_subgroup_name contract_main_identifier contract_main_display contract_sub_identifier
        contract_sub_display encounter_ref_code reimbursement_amount paid_amount""",
    "Encounter": """cid organization_code organization_name period_start period_end status class_code class_display
        subclass_code subclass_display priority_code priority_display subject_display type_code type_display
        vital_sign_body_weight_kg vital_sign_body_height_cm vital_sign_body_temp_cel vital_sign_bp_systolic_mmhg
        vital_sign_bp_diastolic_mmhg vital_sign_body_mass_index vital_sign_respiratory_rate vital_sign_pulse
        screen_allergy_code screen_allergy_text screen_smoking_code screen_smoking_text screen_drinking_code
        screen_drinking_text lab_fbs lab_dtx lab_hba1c lab_tg lab_tc lab_hdl lab_ldl lab_glucurine lab_bun
        lab_creatinine lab_ast lab_alt lab_cholesterol lab_sodium lab_chloride lab_potassium lab_tco2 lab_spo2
        lab_o2sat lab_egfr lab_urine_albumin lab_urine_creatinine encounter_ref_code division_code division_display
        encounter_cc_text encounter_hpi_text encounter_diagnosis_text encounter_coverage_text encounter_diagnosis_icd
        encounter_medication_text encounter_observation_text condition_count coverage_count medication_count
        observation_count diagnostic_report_count finance_reimbursement_amount finance_paid_amount
        finance_total_amount period_start_ymd period_start_ym period_start_y pass_phr_filter phr_filter_note is_mark
        create_datetime update_datetime region_id hn processing_note last_rcv_data last_gen_data vital_sign_bps_text
        period_start_text""",
    "VitalSign": """period_start period_y period_m period_d vital_sign_body_weight_kg vital_sign_body_height_cm
        vital_sign_body_temp_cel vital_sign_bp_systolic_mmhg vital_sign_bp_diastolic_mmhg""",
    "Condition": "code_display_text code_text total",
    "Condition Encounter": """cid is_mark onset_datetime recorded_datetime encounter_ref_code condition_key_md5
        clinical_status_text clinical_verification_text clinical_severity_text clinical_category_text code_text
        code_display_text asserter_reference asserter_display organization_code region_id""",
    "Observation": "display total min max avg observation_unit",
    "Observation Detail": """cid issued display display_text profile_group_text value_quantity value_string
        interpretation note body_site specimen is_mark category_code tmlt_code loinc_code observation_unit
        reference_range_normal_low reference_range_normal_high reference_range_text asserter_reference
        asserter_display encounter_ref_code display_md5 organization_code organization_name create_datetime
        update_datetime region_id""",
    "Medication": "code_text total",
    "Medication Encounter": """cid code_text code_text_md5 is_mark statement_status statement_category
        statement_effective_datetime encounter_ref_code organization_code category finance_qty finance_unit_price
        finance_total_price ref_md_code ref_md_note_text ref_md_statement_text ref_md_patient_instruction
        create_datetime update_datetime region_id""",
}
ORIGIN = {
    "cid", "encounter_ref_code", "organization_code", "organization_name", "is_mark", "create_datetime",
    "update_datetime", "region_id",
}  # fmt: skip


EMPTY_SUMMARY: dict[str, Any] = {
    "patient": None, "patient_names_th": [], "patient_names_en": [], "patient_sources": []
}  # fmt: skip


def record() -> list[Document]:
    return [
        document(Kind.PATIENT, patient()),
        document(Kind.ALLERGY, [allergy("1", "Penicillin")]),
        document(Kind.VISIT, visit("VN1", "2017-11-14T08:15:17.000Z")),
        document(Kind.VISIT, visit("VN2", "2018-01-02T09:00:00+07:00"), day=1),
    ]


@pytest.mark.parametrize("name", [name for name in SPECIFIED if name[0].isupper()])
def test_a_row_has_exactly_the_specified_members(name: str) -> None:
    action, _, mode = name.partition(" ")
    rows = read(action, record(), mode)
    assert rows
    assert all(set(row) == set(SPECIFIED[name].split()) for row in rows)


def test_a_summary_has_exactly_the_specified_members() -> None:
    summary = read("PatientSummary", record())
    assert set(summary) == {"patient", "patient_names_th", "patient_names_en", "patient_sources"}
    assert set(summary["patient"]) == set(SPECIFIED["patient"].split())
    for name in summary["patient_names_th"] + summary["patient_names_en"]:
        assert set(name) == set(SPECIFIED["name"].split())


WITHOUT_A_SAMPLE = [
    "Appointment", "Immunization", "DiagnosticReport", "Allergy", "NCD", "Referral", "SelfObservation", "CareGiver",
    "MedicationRequest", "DrugRelatedProblem",
]  # fmt: skip


@pytest.mark.parametrize("action", WITHOUT_A_SAMPLE)
@pytest.mark.parametrize("mode", ["", "Detail", "Encounter"])
def test_rows_without_a_sample_tell_where_they_come_from(action: str, mode: str) -> None:
    rows = read(action, stored(ordinary()), "1" if action == "CareGiver" else mode)
    assert rows
    assert all(set(row) > ORIGIN for row in rows)


@pytest.mark.parametrize("action", [*WITHOUT_A_SAMPLE[4:], "Pregnancy"])
def test_what_other_uploads_fill_is_an_empty_list(action: str) -> None:
    assert read(action, record()) == []


def test_there_is_no_profile_image_yet() -> None:
    assert read("ProfileImage", record()) is None


def test_action_and_mode_are_matched_without_regard_to_case() -> None:
    assert read("OBSERVATION", record(), "detail") == read("Observation", record(), "Detail")
    assert read("patientsummary", record()) == read("PatientSummary", record())


def test_an_unknown_action_is_an_answer() -> None:
    assert read("Everything", record()) == UnknownAction("Everything")


def test_each_action_tells_which_documents_it_reads() -> None:
    everything = stored(ordinary())
    for action, kinds in KINDS_NEEDED.items():
        needed = [one for one in everything if one.kind in kinds]
        assert read(action, needed, "Detail") == read(action, everything, "Detail")


def test_a_prescription_shows_who_vouches_for_it_and_never_the_token() -> None:
    (plain,) = stored([prescription()])
    vouched = replace(
        plain, content=plain.content.replace(b'"noted":{}', b'"noted":{"verified":true,"provider_id":"P7"}')
    )
    for one, verified, provider in ((plain, False, ""), (vouched, True, "P7")):
        (row,) = read("MedicationRequest", [one], seeing=OWNER)
        assert (row["verified"], row["provider_id"]) == (verified, provider)
        assert (row["prescription_identifier"], row["dispense_quantity"], row["dosage_dose"]) == ("P1", 60, "1 เม็ด")
        assert row["requester_display"] == "พญ.อรทัย ใจงาม" and "secret" not in str(row)


def test_an_empty_record_has_empty_answers() -> None:
    for action in KINDS_NEEDED:
        answer = read(action, [])
        assert answer in ([], None, EMPTY_SUMMARY)


def test_texts_are_thai() -> None:
    person = read("PatientSummary", record())["patient"]
    assert person["gender_text"] == "ชาย"
    assert person["marital_status_name"] == "คู่"
    assert person["nationality_name"] == "ไทย"
    assert person["birth_date_long_text"] == "31 ธันวาคม 2523"
    assert person["birth_date_short_text"] == "31 ธ.ค. 2523"
    assert person["full_age_text"] == "45 ปี 3 เดือน 20 วัน"
    assert person["full_name_th"] == "นายสมชาย ใจดี"
    assert person["coverage_text"] == "บัตรทอง"
    assert person["allergy_intolerance_text"] == "Penicillin"
    assert (person["encounter_count"], person["observation_count"], person["region_id"]) == (2, 10, 7)


def test_an_encounter_row_shows_the_visit() -> None:
    first, second = read("Encounter", record())
    assert first["period_start"] == "2017-11-14T08:15:17"
    assert first["period_start_text"] == "14 พฤศจิกายน 2560 08:15"
    assert (first["period_start_ymd"], first["period_start_ym"], first["period_start_y"]) == (
        "2017-11-14",
        "2017-11",
        "2017",
    )
    assert second["period_start"] == "2018-01-02T09:00:00"
    assert first["encounter_ref_code"] == f"{KHON_KAEN}:VN1"
    assert first["vital_sign_bps_text"] == "110/70"
    assert first["vital_sign_body_weight_kg"] == 62.5
    assert first["vital_sign_pulse"] is None
    assert (first["lab_fbs"], first["lab_hba1c"], first["lab_egfr"]) == (126, 7.1, 88)
    assert first["lab_tc"] == first["lab_cholesterol"] == 201
    assert first["lab_dtx"] is None
    assert first["encounter_diagnosis_icd"] == "E11.9, I10, E785"
    assert first["encounter_diagnosis_text"] == "เบาหวานชนิดที่สอง"
    assert first["finance_total_amount"] == 350.5
    assert first["condition_count"] == 3
    assert first["hn"] == "000123456"
    assert first["organization_name"] == "โรงพยาบาลขอนแก่น"
    assert (first["is_mark"], second["is_mark"]) == (False, True)
    assert first["pass_phr_filter"] is True


def test_the_hn_comes_from_the_patient_when_the_visit_has_none() -> None:
    bare = visit("VN1", identifier=[{"system": "https://bps.moph.go.th/vn", "type": "VN", "value": "VN1"}])
    assert read("Encounter", [document(Kind.PATIENT, patient()), document(Kind.VISIT, bare)])[0]["hn"] == "000123456"


def test_without_free_text_there_is_no_prose() -> None:
    first = read("Encounter", record(), seeing=OTHERS)[0]
    assert first["encounter_cc_text"] == first["encounter_hpi_text"] == ""
    assert first["encounter_diagnosis_text"].startswith("Type 2 diabetes mellitus")
    assert {row["code_text"] for row in read("Condition", record(), "Encounter", seeing=OTHERS)} == {
        "E11.9",
        "I10",
        "E785",
    }
    assert {row["note"] for row in read("Observation", record(), "Detail", seeing=OTHERS)} == {""}
    assert {row["note"] for row in read("Appointment", record(), seeing=OTHERS)} == {""}


def test_prose_has_its_own_code_and_no_total() -> None:
    rows = read("Condition", record(), "Encounter", f"{KHON_KAEN}:VN1")
    assert [row["code_text"] for row in rows] == ["E11.9", "I10", "E785", "cc", "hpi", "diagtext"]
    assert rows[3]["code_display_text"].startswith("มาตามนัด")
    assert [row["code_text"] for row in read("Condition", record())] == ["E11.9", "E785", "I10"]


def test_a_code_with_and_without_its_dot_is_one_diagnosis() -> None:
    visits = [visit("VN1", Condition=[diagnosis("E119", "DM")]), visit("VN2", Condition=[diagnosis("E11.9", "DM")])]
    totals = read("Condition", [document(Kind.VISIT, one) for one in visits])
    assert [row["total"] for row in totals] == [2]


def test_observations_are_summed_up_by_name_and_unit() -> None:
    labs = [lab("1558-6", "FBS", 100, "mg/dL"), lab("1558-6", "FBS", "125", "mg/dL"), lab("x", "Rh", "positive", "")]
    fbs, rh = read("Observation", [document(Kind.VISIT, visit("VN1", Observation=labs))])
    assert fbs == {"display": "FBS", "total": "2", "min": 100, "max": 125, "avg": 112.5, "observation_unit": "mg/dL"}
    assert rh == {"display": "Rh", "total": "1", "min": None, "max": None, "avg": None, "observation_unit": ""}


def test_medicines_are_summed_up_in_units() -> None:
    medicines = [dispensed("1", "Metformin", 60), dispensed("1", "Metformin", "30"), dispensed("2", "Aspirin", None)]
    totals = read("Medication", [document(Kind.VISIT, visit("VN1", Medication=medicines))])
    assert totals == [{"code_text": "Metformin", "total": 90}, {"code_text": "Aspirin", "total": 0}]


@pytest.mark.parametrize(
    ("action", "mode"), [("Condition", "Encounter"), ("Observation", "Encounter"), ("Medication", "Encounter"),
                         ("DiagnosticReport", "Encounter")],
)  # fmt: skip
@pytest.mark.parametrize("code", [f"{KHON_KAEN}:VN2", "VN2"])
def test_the_rows_of_one_visit_are_found_by_its_ref(action: str, mode: str, code: str) -> None:
    rows = read(action, record(), mode, code)
    assert {row["encounter_ref_code"] for row in rows} == {f"{KHON_KAEN}:VN2"}


def test_the_hospital_that_sent_last_gives_the_summary_and_is_marked() -> None:
    documents = [
        *record(),
        document(Kind.PATIENT, patient(NAN, birthDate="2523-12-30", maritalStatus={"coding": [{"code": "3"}]}), NAN),
        document(Kind.VISIT, visit("9"), NAN, day=2),
    ]
    summary = read("PatientSummary", documents)
    assert summary["patient"]["birth_date"] == "1980-12-30"
    assert summary["patient"]["marital_status_name"] == "หม้าย"
    assert summary["patient"]["last_organization_code"] == NAN
    assert summary["patient"]["organization_count"] == 2
    marks = {row["organization_code"]: row["is_mark"] for row in read("Address", documents)}
    assert marks == {NAN: True, KHON_KAEN: False}


def test_row_identifiers_are_made_by_the_callers_key_and_never_of_a_citizen_number() -> None:

    keyed: list[bytes] = []

    def key(name: bytes) -> str:
        keyed.append(name)
        return "opaque"

    for action, mode in (("PatientSummary", ""), ("Coverage", "Detail"), ("Condition", "Encounter"),
                         ("Observation", "Detail"), ("Medication", "Encounter")):  # fmt: skip
        render(action, mode, "", record(), seeing=OWNER, cid=CID, organizations=ORGANIZATIONS, row_key=key, today=TODAY)
    assert keyed
    assert not any(CID.encode() in name for name in keyed)


def check_types(row: dict[str, Any]) -> None:
    for name, value in row.items():
        if name.endswith("_count"):
            assert isinstance(value, int), name
        elif name.endswith("_amount"):
            assert value is None or isinstance(value, int | float), name
        elif name.endswith("_datetime"):
            assert value is None or (isinstance(value, int) and value > 1e11), name
        elif name.endswith(("_text", "_code", "_display", "_name")) and name != "region_id":
            assert isinstance(value, str), name


@pytest.mark.parametrize("name", [name for name in SPECIFIED if name[0].isupper()])
def test_the_types_of_members_follow_their_names(name: str) -> None:
    action, _, mode = name.partition(" ")
    for row in read(action, record(), mode):
        check_types(row)


@pytest.mark.parametrize("action", [*WITHOUT_A_SAMPLE, "CareGiver"])
def test_the_types_of_members_without_a_sample_follow_their_names(action: str) -> None:
    for row in read(action, stored(ordinary()), "1"):
        check_types(row)


def test_the_types_of_a_summary_follow_their_names() -> None:
    summary = read("PatientSummary", record())
    for row in (summary["patient"], *summary["patient_names_th"], *summary["patient_sources"]):
        check_types(row)
