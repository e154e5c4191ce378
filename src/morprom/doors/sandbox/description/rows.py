"""The rows of `/api/WebApp` (wire protocol, section 6): names, and types by what the names say."""

from collections.abc import Mapping
from typing import Final

from morprom.doors.sandbox.description.model import Schema
from morprom.doors.sandbox.description.schemas import COUNT, NUMBER, TEXT, TRUTH, one, or_null, some

NUMERIC: Final = (
    "_count", "_amount", "_kg", "_cm", "_cel", "_mmhg", "_index", "_rate", "pulse", "_datetime", "value_quantity",
    "_low", "_high", "finance_qty", "_price", "total", "region_id", "_score", "_quantity", "_allowed", "sequence",
    "period_y", "period_m", "period_d", "start_y", "last_rcv_data", "last_gen_data", "min", "max", "avg",
)  # fmt: skip
NUMERIC_PREFIX: Final = ("lab_",)
TRUTHS: Final = {
    "is_mark", "is_active", "is_end", "is_current", "is_confirmed", "verified", "active", "deceased_boolean",
    "pregnancy", "primary_source", "pass_phr_filter", "preventable",
}  # fmt: skip
OPEN: Final = {
    "sources", "period_start_ymd", "period_start_ym", "period_start_y", "dose_quantity", "validity_start"
}  # fmt: skip
"""Members whose type the protocol leaves to each view."""

_STAMP: Final = "create_datetime update_datetime region_id"

ROWS: Final[Mapping[str, str]] = {
    "patient": "RowID cid birth_date create_datetime update_datetime gender marital_status "
    "marital_status_name deceased_boolean deceased_date nationality_code nationality_name "
    "last_organization_code encounter_count organization_count cd_count cd_text "
    "patient_name_text allergy_intolerance_text coverage_text observation_count region_id "
    "blood_group blood_group_display pregnancy last_rcv_data last_gen_data gender_text "
    "birth_date_long_text birth_date_short_text full_age_text full_name_th",
    "patient_name": "RowID prefix first_name middle_name last_name display_name cid language_code "
    f"organization_code is_mark {_STAMP}",
    "Address": "address_use text line1 line2 line3 city district state postal_code country_code "
    f"address_code date_start date_end cid organization_code is_mark {_STAMP}",
    "Telecom": f"telecom_system telecom_use value date_start date_end cid organization_code is_mark {_STAMP}",
    "Coverage": "class_group_name total",
    "Coverage.Detail": "_id period_start payer class_group_value class_group_name class_subgroup_value "
    "class_subgroup_name contract_main_identifier contract_main_display "
    "contract_sub_identifier contract_sub_display encounter_ref_code reimbursement_amount "
    "paid_amount",
    "Encounter": "cid organization_code organization_name period_start period_end status class_code "
    "class_display subclass_code subclass_display priority_code priority_display "
    "subject_display type_code type_display vital_sign_body_weight_kg "
    "vital_sign_body_height_cm vital_sign_body_temp_cel vital_sign_bp_systolic_mmhg "
    "vital_sign_bp_diastolic_mmhg vital_sign_body_mass_index vital_sign_respiratory_rate "
    "vital_sign_pulse screen_allergy_code screen_allergy_text screen_smoking_code "
    "screen_smoking_text screen_drinking_code screen_drinking_text lab_fbs lab_dtx "
    "lab_hba1c lab_tg lab_tc lab_hdl lab_ldl lab_glucurine lab_bun lab_creatinine lab_ast "
    "lab_alt lab_cholesterol lab_sodium lab_chloride lab_potassium lab_tco2 lab_spo2 "
    "lab_o2sat lab_egfr lab_urine_albumin lab_urine_creatinine encounter_ref_code "
    "division_code division_display encounter_cc_text encounter_hpi_text "
    "encounter_diagnosis_text encounter_coverage_text encounter_diagnosis_icd "
    "encounter_medication_text encounter_observation_text condition_count coverage_count "
    "medication_count observation_count diagnostic_report_count "
    "finance_reimbursement_amount finance_paid_amount finance_total_amount "
    "period_start_ymd period_start_ym period_start_y pass_phr_filter phr_filter_note "
    "is_mark hn processing_note last_rcv_data last_gen_data vital_sign_bps_text "
    f"period_start_text {_STAMP}",
    "VitalSign": "period_start period_y period_m period_d vital_sign_body_weight_kg "
    "vital_sign_body_height_cm vital_sign_body_temp_cel vital_sign_bp_systolic_mmhg "
    "vital_sign_bp_diastolic_mmhg",
    "Condition": "code_display_text code_text total",
    "Condition.Encounter": "cid is_mark onset_datetime recorded_datetime encounter_ref_code condition_key_md5 "
    "clinical_status_text clinical_verification_text clinical_severity_text "
    "clinical_category_text code_text code_display_text asserter_reference "
    "asserter_display organization_code region_id",
    "Observation": "display total min max avg observation_unit",
    "Observation.Detail": "cid issued display display_text profile_group_text value_quantity value_string "
    "interpretation note body_site specimen is_mark category_code tmlt_code loinc_code "
    "observation_unit reference_range_normal_low reference_range_normal_high "
    "reference_range_text asserter_reference asserter_display encounter_ref_code "
    f"display_md5 organization_code organization_name {_STAMP}",
    "Medication": "code_text total",
    "Medication.Encounter": "cid code_text code_text_md5 is_mark statement_status statement_category "
    "statement_effective_datetime encounter_ref_code organization_code category "
    "finance_qty finance_unit_price finance_total_price ref_md_code ref_md_note_text "
    f"ref_md_statement_text ref_md_patient_instruction {_STAMP}",
    "Appointment": "status start end created service_type_code service_type_text specialty_text "
    "participant_display description note patient_instruction",
    "DiagnosticReport": "report_identifier status category_text code code_text effective issued "
    "performer_display result_display conclusion conclusion_code_text",
    "Immunization": "encounter_ref_code status vaccine_code vaccine_text occurrence primary_source "
    "location manufacturer lot_number expiration_date site route dose_quantity dose_unit "
    "reason note performer_license_no performer_name sources is_mark",
    "Allergy": "substance_code substance_text type category criticality clinical_status_code "
    "verification_status_code preventable preventable_score recorded_date "
    "record_officer_display reaction_text note source_count sources is_mark",
    "NCD": "is_mark chronic_ref_code cd_code cd_text clinical_status_code clinical_status_text "
    "is_active clinical_text description register_date discharge_date recorded_date "
    "condition_text",
    "Referral": "referral_ref_code recipient_organization_code recipient_organization_name "
    "patient_name_text status intent type_code type_text priority service_requested_code "
    "service_requested_text specialty_code specialty_text occurrence occurrence_end "
    "authored_on requester_display description note",
    "SelfObservation": "system_name latitude longitude observation_ref_code reference_id loinc_code "
    "loinc_display effective effective_datetime device_display performer_display "
    "observation_value observation_unit",
    "Pregnancy": "period_start code_text code_display_text is_end is_current last_menstrual_period "
    "expected_delivery_date",
    "CareGiver": "active qualification_code qualification_text is_confirmed",
    "CareGiver.1": "caregiver_cid caregiver_name telecom_phone active intent qualification_code qualification_text",
    "MedicationRequest": "prescription_identifier status intent medication_code medication_text authored_on "
    "requester_display verified provider_id dosage_text note validity_start validity_end "
    "number_of_repeats_allowed dispense_quantity dispense_unit",
    "DrugRelatedProblem": "drp_ref_code active intent medication_code medication_text category_code "
    "category_text description recorded_date",
}
"""By action, and by `Action.mode` where a mode has other rows."""

SUMMARY: Final = "PatientSummary"
IMAGE: Final = "ProfileImage"


def row(name: str) -> Schema:
    """The schema of a row."""
    return one(**{member: _type_of(name, member) for member in ROWS[name].split()})


def result_of(action: str, mode: str) -> Schema:
    """The schema of the result of an action in a mode."""
    if action == SUMMARY:
        name = some({"$ref": "#/components/schemas/Row.patient_name"})
        return one(
            patient=or_null({"$ref": "#/components/schemas/Row.patient"}), patient_names_th=name, patient_names_en=name
        )
    if action == IMAGE:
        return {"type": ["object", "null"]}
    names = (f"{action}.{mode}", f"{action}.Detail" if mode else "", action)
    return some({"$ref": f"#/components/schemas/Row.{next(name for name in names if name in ROWS)}"})


def _type_of(row_name: str, member: str) -> Schema:
    if member in OPEN:
        return {}
    if member in TRUTHS:
        return or_null(TRUTH)
    if row_name == "Observation" and member == "total":
        return TEXT  # the protocol writes this one as text
    if member == "total":
        return NUMBER
    if member.endswith("_count"):
        return or_null(COUNT)
    if member.endswith(NUMERIC) or member.startswith(NUMERIC_PREFIX):
        return {"type": ["number", "string", "null"]} if member.startswith("lab_") else or_null(NUMBER)
    return TEXT
