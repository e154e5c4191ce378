"""The shapes that senders write one fact in give one row."""

from typing import Any

import pytest

from mophphr.view_documents import KHON_KAEN, NAN, STAFF, Json, concept, document, lab, patient, read, visit
from morprom.record import Kind


def encounter(**members: Any) -> Json:
    (row,) = read("Encounter", [document(Kind.VISIT, visit("VN1", **members))])
    return row


@pytest.mark.parametrize(
    "identifier",
    [
        [{"system": "https://bps.moph.go.th/vn", "type": "VN", "value": "VN1"}],
        [{"system": "https://bps.moph.go.th/vn", "value": "VN1"}, {"system": "https://sil-th.org/hn", "value": "9"}],
        [{"system": "https://bps.moph.go.th/hcode/5", "value": f"{KHON_KAEN}:VN1"}],
        {"type": "VN", "value": f"{KHON_KAEN}:VN1"},
    ],
)
def test_a_ref_is_prefixed_once(identifier: object) -> None:
    assert encounter(identifier=identifier)["encounter_ref_code"] == f"{KHON_KAEN}:VN1"


NESTED = {
    "body_weight": {"valueQuantity": {"value": "62.5", "unit": "kg"}},
    "body_temp": {"valueQuantity": {"value": 36.8, "unit": "cel"}},
    "bp_systolic": {"valueQuantity": 110},
    "bp_diastolic": {"valueQuantity": {"value": 70}},
}


@pytest.mark.parametrize(
    "signs",
    [
        {
            "body_weight_kg": "62.5",
            "body_temp_cel": 36.8,
            "bp_systolic_mmhg": 110,
            "bp_diastolic_mmhg": "70",
            "pulse": 0,
        },
        NESTED,
        [NESTED],
        NESTED | {"0": NESTED},
    ],
)
def test_vital_signs_come_flat_nested_listed_and_in_themselves(signs: object) -> None:
    row = encounter(vital_signs=signs)
    assert row["vital_sign_body_weight_kg"] == 62.5
    assert row["vital_sign_body_temp_cel"] == 36.8
    assert row["vital_sign_bps_text"] == "110/70"
    assert row["vital_sign_pulse"] is None


@pytest.mark.parametrize("signs", [None, [], "", {}, {"body_weight_kg": ""}])
def test_a_visit_without_vital_signs_has_no_row_of_them(signs: object) -> None:
    assert read("VitalSign", [document(Kind.VISIT, visit("VN1", vital_signs=signs))]) == []


@pytest.mark.parametrize(
    "coverage",
    [
        {"class": [{"type": {"coding": [{"code": "group"}]}, "value": "UCS", "name": "บัตรทอง"}]},
        {"class": [{"type": {"coding": {"code": "group"}}, "value": "UCS", "name": "บัตรทอง"}]},
        {"class_group": {"value": "UCS", "name": "บัตรทอง"}},
    ],
)
def test_a_coverage_comes_in_full_and_short(coverage: Json) -> None:
    documents = [document(Kind.VISIT, visit("VN1", Coverage=[coverage]))]
    assert read("Coverage", documents) == [{"class_group_name": "บัตรทอง", "total": 1}]
    assert read("Coverage", documents, "Detail")[0]["class_group_value"] == "UCS"


def test_a_coverage_group_without_a_name_is_named_by_our_table() -> None:
    documents = [document(Kind.VISIT, visit("VN1", Coverage=[{"class_group": {"value": "UCS"}}]))]
    assert read("Coverage", documents)[0]["class_group_name"] == "สิทธิหลักประกันสุขภาพถ้วนหน้า"


@pytest.mark.parametrize(
    "type_",
    [
        {"coding": [{"code": "1"}], "text": "มาเอง"},
        [{"coding": [{"code": "1"}], "text": "มาเอง"}],
        {"code": "1", "display": "มาเอง"},
    ],
)
def test_an_encounter_type_comes_as_concept_list_and_coding(type_: object) -> None:
    row = encounter(type=type_)
    assert (row["type_code"], row["type_display"]) == ("1", "มาเอง")


@pytest.mark.parametrize("end", ["0000-00-00T00:00:00.000Z", None, ""])
def test_a_zero_end_is_no_end(end: object) -> None:
    assert encounter(period={"start": "2560-11-14T08:15:17.000Z", "end": end})["period_end"] == ""


def test_a_buddhist_year_is_reduced() -> None:
    assert encounter(period={"start": "2560-11-14T08:15:17.000Z"})["period_start"] == "2017-11-14T08:15:17"


@pytest.mark.parametrize("system", ["https://spd.moph.go.th/43file", ""])
@pytest.mark.parametrize(("code", "column"), [("05", "hba1c"), ("0531601", "hba1c"), ("0541602", "tc"), ("01", "fbs")])
def test_a_lab_column_is_found_by_the_43_file_code(system: str, code: str, column: str) -> None:
    sent = lab("", "", 7, "") | {"code": {"coding": [{"system": system, "code": code}], "text": "ผลตรวจ"}}
    assert encounter(Observation=[sent])[f"lab_{column}"] == 7


def test_two_digits_of_another_system_are_no_43_file_code() -> None:
    sent = lab("", "", 7, "") | {"code": {"coding": [{"system": "https://tmlt.this.or.th", "code": "05"}]}}
    assert encounter(Observation=[sent])["lab_hba1c"] is None


def test_urine_glucose_may_be_words_and_oxygen_is_found_by_loinc() -> None:
    urine = {"code": concept("x", "0531003", "Glucose, urine"), "valueString": "1+"}
    row = encounter(Observation=[urine, lab("59408-5", "SpO2", 98, "%")])
    assert (row["lab_glucurine"], row["lab_spo2"]) == ("1+", 98)


@pytest.mark.parametrize("key", ["Observation", "Observations"])
@pytest.mark.parametrize("shape", ["list", "lone", "with nulls"])
def test_observations_come_under_two_keys_and_alone(key: str, shape: str) -> None:
    one = lab("1558-6", "FBS", 126, "mg/dL")
    sent = {"list": [one], "lone": one, "with nulls": [None, one, "-"]}[shape]
    bare = visit("VN1", Observation=[], Observations=[]) | {key: sent}
    assert [row["total"] for row in read("Observation", [document(Kind.VISIT, bare)])] == ["1"]


LISTS = ("Condition", "Observation", "Medication", "Coverage", "Immunization", "Appointment", "DiagnosticReport")
ITEM_MEMBERS = (
    "code", "valueQuantity", "finance", "statement", "class", "note", "category", "text", "profile_group",
    "participant", "serviceType", "asserter", "recordedDate",
)  # fmt: skip


@pytest.mark.parametrize("member", [*LISTS, "period", "identifier", "division", "class", "vital_signs"])
@pytest.mark.parametrize("odd", [None, "", "x", 0, [], {}, [[]], [None], True, {"0": {"0": 1}}])
def test_no_odd_member_stops_any_view(member: str, odd: object) -> None:
    documents = [
        document(Kind.PATIENT, patient()),
        document(Kind.VISIT, visit("VN1") | {member: odd}),
        document(Kind.VISIT, visit("VN2")),
    ]
    for action in ("Encounter", "VitalSign", "PatientSummary", *LISTS):
        for mode in ("", "Detail", "Encounter"):
            assert read(action, documents, mode) != []


@pytest.mark.parametrize("member", ITEM_MEMBERS)
@pytest.mark.parametrize("odd", [None, "x", 7, [], {}, [[]], [None, {"coding": 5}], False])
def test_no_odd_member_of_an_item_stops_any_view(member: str, odd: object) -> None:
    sent = visit("VN1")
    for name in LISTS:
        sent[name] = [{member: odd}, *sent[name]]
    documents = [document(Kind.PATIENT, patient()), document(Kind.VISIT, sent)]
    for action in ("Encounter", "PatientSummary", *LISTS):
        for mode in ("", "Detail", "Encounter"):
            assert read(action, documents, mode) != []


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ({"prefix": ["นาย"], "given": ["สมชาย"], "family": "ใจดี"}, ("นาย", "สมชาย", "", "ใจดี")),
        ({"prefix": "-", "given": [""], "family": "สมชาย ใจดี"}, ("", "สมชาย", "", "ใจดี")),
        ({"given": ["สมชาย"], "family": "สมชาย ใจดี"}, ("", "สมชาย", "", "ใจดี")),
        ({"given": ["สมชาย"], "family": "", "suffix": ["ใจดี"]}, ("", "สมชาย", "", "ใจดี")),
        ({"given": ["สมชาย", "กลาง"], "family": "ณ อยุธยา"}, ("", "สมชาย", "กลาง", "ณ อยุธยา")),
        ({"given": "สมชาย", "family": None}, ("", "สมชาย", "", "")),
    ],
)
def test_a_name_is_found_where_the_sender_put_it(name: Json, parts: tuple[str, ...]) -> None:
    documents = [document(Kind.PATIENT, patient(name=[name])), document(Kind.VISIT, visit("VN1"))]
    (row,) = read("PatientSummary", documents)["patient_names_th"]
    assert (row["prefix"], row["first_name"], row["middle_name"], row["last_name"]) == parts


def test_an_address_may_have_one_line_and_a_number_for_its_code() -> None:
    sent = {"line": "1 หมู่ 2", "address_code": 400101}
    documents = [document(Kind.PATIENT, patient(address=sent)), document(Kind.VISIT, visit("VN1"))]
    (row,) = read("Address", documents)
    assert (row["line1"], row["line2"], row["address_code"]) == ("1 หมู่ 2", "", "400101")


def test_an_empty_telecom_is_no_row() -> None:
    sent = [{"system": "phone", "value": ""}, {"system": "phone", "value": "0990000001"}]
    documents = [document(Kind.PATIENT, patient(telecom=sent)), document(Kind.VISIT, visit("VN1"))]
    assert [row["value"] for row in read("Telecom", documents)] == ["0990000001"]


@pytest.mark.parametrize(("sent", "name"), [("M", "คู่"), ("2", "คู่"), ("S", "โสด"), ("6", "สมณะ"), ("W", "หม้าย")])
def test_a_marital_status_comes_as_hl7_and_as_43_file_code(sent: str, name: str) -> None:
    person = patient(maritalStatus={"coding": [{"code": sent}], "text": ""})
    documents = [document(Kind.PATIENT, person), document(Kind.VISIT, visit("VN1"))]
    assert read("PatientSummary", documents)["patient"]["marital_status_name"] == name


def test_an_unknown_hospital_has_no_name_and_no_region() -> None:
    (row,) = read("Encounter", [document(Kind.VISIT, visit("VN1"), "00000")], seeing=STAFF)
    assert (row["organization_name"], row["region_id"]) == ("", None)
    assert read("Encounter", [document(Kind.VISIT, visit("VN1"), NAN)])[0]["region_id"] == 1


def test_a_code_may_come_as_plain_text() -> None:
    row = encounter(screen_smoking="1", Condition=[{"code": "E11.9"}, {"code": {"text": "ปวดศีรษะ"}}])
    assert row["screen_smoking_code"] == "1"
    assert row["encounter_diagnosis_icd"] == "E11.9"


def test_test_names_that_differ_in_case_are_one() -> None:
    labs = [lab("", "POTASSIUM", 4, "mmol/L"), lab("", "Potassium", 5, "mmol/L")]
    (row,) = read("Observation", [document(Kind.VISIT, visit("VN1", Observation=labs))])
    assert (row["display"], row["total"]) == ("Potassium", "2")
