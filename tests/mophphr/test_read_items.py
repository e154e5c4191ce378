"""What is read of each upload that is made of items, what is told, and what is refused."""

import json
from datetime import date

import pytest

from mophphr.item_uploading import (
    CAREGIVER,
    ITEMS,
    ORGANIZATION,
    PATIENT,
    REFS,
    accepted,
    body_of,
    faults,
    item,
    read,
    sound,
    told,
    without,
)
from mophphr.uploading import CID, HCODE
from morprom.kernel import Hcode
from morprom.mophphr import Rejected
from morprom.mophphr.model import PersonNumber
from morprom_wire.cid import check_digit
from payload_facts import invented_cid

COMPACT = {"separators": (",", ":"), "ensure_ascii": False}
ARRAYS = [name for name in ITEMS if name != "SelfObservation"]
MADE_UP = f"{HCODE}0000123" + str(check_digit(f"{HCODE}0000123"))


@pytest.mark.parametrize(("name", "ref"), [*zip(ITEMS, REFS, strict=True)])
def test_a_sound_upload_is_read_without_a_word(name: str, ref: str) -> None:
    upload = accepted(name, sound(name))
    assert upload.findings == ()
    assert upload.hcode == HCODE
    assert upload.identifiers[0] == PersonNumber("cid", CID)
    assert [one.ref for one in upload.items] == [ref]
    assert upload.agent == "test 1"
    assert upload.is_whole_list is (name == "ImmunizationRegisterv1")
    assert json.loads(upload.items[0].sent) == sound(name)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("AllergyIntolerancev1", date(2024, 5, 1)),
        ("PatientChronicRegisterv1", date(2020, 1, 15)),
        ("ImmunizationRegisterv1", date(2024, 5, 1)),
        ("ReferralRequest", date(2024, 5, 1)),
        ("SelfObservation", date(2024, 5, 1)),
        ("CareGiver", None),
        ("MedicationRequest", date(2024, 5, 1)),
        ("DrugRelatedProblem", date(2024, 5, 1)),
    ],
)
def test_the_day_of_an_item(name: str, day: date | None) -> None:
    assert accepted(name, sound(name)).items[0].day == day


def test_a_register_without_its_date_is_of_the_day_it_was_recorded() -> None:
    name = "PatientChronicRegisterv1"
    assert accepted(name, sound(name, item(name, registerDate=None))).items[0].day == date(2024, 5, 1)


def test_the_label_of_a_register_is_its_disease() -> None:
    assert accepted("PatientChronicRegisterv1", sound("PatientChronicRegisterv1")).items[0].label == "001"


def test_each_item_is_kept_with_all_that_stood_beside_it_to_the_letter() -> None:
    name = "ReferralRequest"
    sent = sound(name, item(name), item(name, referralRefCode="R2")) | {"memo": "ที่เราไม่รู้จัก"}
    body = body_of(sent).replace(b'"memo": "', b'"x": [1.10, 1e400], "y": 1, "y": 2, "memo": "')
    first, second = accepted(name, body).items
    rest = json.dumps({key: sent[key] for key in ("managingOrganization", "Patient")}, **COMPACT)[:-1]
    rest += ',"x":[1.10,1e400],"y":1,"y":2,"memo":"ที่เราไม่รู้จัก","ReferralRequest":['
    assert first.sent == (rest + json.dumps(sent[name][0], **COMPACT) + "]}").encode()
    assert second.sent == (rest + json.dumps(sent[name][1], **COMPACT) + "]}").encode()


@pytest.mark.parametrize(
    ("name", "changes", "ref"),
    [
        ("AllergyIntolerancev1", {"identifier": []}, "9001"),
        ("AllergyIntolerancev1", {"identifier": {"value": f"{HCODE}:A2"}}, "A2"),
        ("AllergyIntolerancev1", {"identifier": [{"type": "HN", "value": "5"}]}, "9001"),
        ("AllergyIntolerancev1", {"identifier": [{"type": "VN", "value": "5"}]}, "9001"),
        ("AllergyIntolerancev1", {"identifier": [], "code": {"text": "กุ้ง"}}, "กุ้ง"),
        ("AllergyIntolerancev1", {"identifier": [], "code": {"coding": [{"code": "00000", "display": "กุ้ง"}]}}, "กุ้ง"),
        ("AllergyIntolerancev1", {"identifier": [], "code": "กุ้ง"}, "กุ้ง"),
        ("PatientChronicRegisterv1", {"chronic_ref_code": f"{HCODE}:C2"}, "C2"),
        ("PatientChronicRegisterv1", {"chronic_ref_code": 17}, "17"),
        ("PatientChronicRegisterv1", {"chronic_ref_code": "10671:C2"}, "10671:C2"),
        ("PatientChronicRegisterv1", {"chronic_ref_code": "", "chronicRefCode": "C3"}, "C3"),
        ("ImmunizationRegisterv1", {"encounterRefCode": " VN2 "}, "VN2|815"),
        ("ImmunizationRegisterv1", {"encounterRefCode": None, "encounter_ref_code": f"{HCODE}:VN3"}, "VN3|815"),
        ("ImmunizationRegisterv1", {"vaccineCode": {"code": "C19"}}, "VN1|C19"),
        ("ImmunizationRegisterv1", {"vaccineCode": [{"coding": {"code": "C19"}}]}, "VN1|C19"),
        ("ImmunizationRegisterv1", {"vaccineCode": "ไข้หวัดใหญ่"}, "VN1|ไข้หวัดใหญ่"),
        ("ReferralRequest", {"referralRefCode": f"{HCODE}:R2"}, "R2"),
        ("ReferralRequest", {"referralRefCode": None, "referral_ref_code": "R3"}, "R3"),
        ("CareGiver", {"identifier": {"value": CAREGIVER}}, CAREGIVER),
        ("CareGiver", {"identifier": [{"type": "HN", "value": "9"}]}, "9"),
        ("MedicationRequest", {"identifier": [{"value": "X"}, {"system": "a/eprescription", "value": "P2"}]}, "P2"),
        ("MedicationRequest", {"identifier": [{"type": "VN", "value": "5"}, {"value": "P3"}]}, "P3"),
        ("DrugRelatedProblem", {"drp_ref_code": f"{HCODE}:D2"}, "D2"),
    ],
)
def test_every_way_to_name_an_item(name: str, changes: dict[str, object], ref: str) -> None:
    assert [one.ref for one in accepted(name, sound(name, item(name, **changes))).items] == [ref]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        *[("AllergyIntolerancev1", key) for key in ("managingOrganization", "recordOfficer")],
        *[("PatientChronicRegisterv1", key) for key in ("managingOrganization", "clinicalText", "description")],
        *[("ImmunizationRegisterv1", key) for key in (
            "managingOrganization", "status", "primarySource", "location", "manufacturer", "expirationDate",
            "doseQuantity", "note", "reasonCode", "performer")],
        *[("ReferralRequest", key) for key in (
            "managingOrganization", "intent", "occurrenceDateTime", "authoredOn", "requester", "serviceRequested",
            "context", "specialty", "description", "note")],
    ],
)  # fmt: skip
def test_a_missing_key_is_told_where_it_should_be_and_an_empty_one_is_not(name: str, key: str) -> None:
    array = next(iter(set(sound(name)) - {"managingOrganization", "Patient"}))
    assert told(name, sound(name, without(name, key))) == [("MISSING_KEY", f"/{array}/0/{key}")]
    for empty in ([], "", None):
        assert told(name, sound(name, item(name, **{key: empty}))) == []


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("ReferralRequest", {"recipientOrganization": {"identifier": {"value": "10671"}}},
            [("MISSING_KEY", "/0/recipientOrganization/type")]),
        ("ReferralRequest", {"recipientOrganization": {"type": "", "display": "รพ."}},
            [("RECIPIENT_MISSING", "/0/recipientOrganization")]),
        ("ReferralRequest", {"recipientOrganization": [{"type": "", "identifier": [{"value": "10671"}]}]},
            [("LIST_FOR_OBJECT", "/0/recipientOrganization")]),
        ("ReferralRequest", {"referralRefCode": 5}, [("NUMBER_FOR_TEXT", "/0/referralRefCode")]),
        ("ReferralRequest", {"authoredOn": "2567-05-01T08:00:00Z"},
            [("FALSE_ZONE", "/0/authoredOn"), ("BUDDHIST_YEAR", "/0/authoredOn")]),
        ("ReferralRequest", {"occurrencePeriod": {"start": "0000-00-00", "end": "เย็น"}},
            [("ZERO_DATE", "/0/occurrencePeriod/start"), ("DATE_UNREADABLE", "/0/occurrencePeriod/end")]),
        ("ReferralRequest", {"referralRefCode": "10671:R9"}, [("REF_OTHER_HOSPITAL", "/0/referralRefCode")]),
        ("ReferralRequest", {"managingOrganization": {"identifier": {"value": "10671"}}},
            [("ORGANIZATION_DIFFERS", "/0/managingOrganization")]),
        ("PatientChronicRegisterv1", {"code": {}}, [("DISEASE_CODE_MISSING", "/0/code")]),
        ("PatientChronicRegisterv1", {"clinicalStatus": {"code": "X"}},
            [("CLINICAL_STATUS_CODE", "/0/clinicalStatus")]),
        ("PatientChronicRegisterv1", {"clinicalStatus": {"code": "03"}}, []),
        ("PatientChronicRegisterv1", {"clinicalStatus": {"code": "remission"}}, []),
        ("PatientChronicRegisterv1", {"clinicalStatus": None}, []),
        ("PatientChronicRegisterv1", {"dischargeDate": "0000-00-00"}, [("ZERO_DATE", "/0/dischargeDate")]),
        ("PatientChronicRegisterv1", {"registerDate": "null"}, [("TEXT_NULL", "/0/registerDate")]),
        ("PatientChronicRegisterv1", {"registerDate": 20240501}, [("DATE_UNREADABLE", "/0/registerDate")]),
        ("PatientChronicRegisterv1", {"description": "ข้อความ"}, [("TEXT_FOR_LIST", "/0/description")]),
        ("PatientChronicRegisterv1", {"chronicRefCode": "C1", "chronic_ref_code": ""},
            [("KEY_SPELLING", "/0/chronicRefCode")]),
        ("ImmunizationRegisterv1", {"vaccineCode": {"code": "ไม่รู้จัก"}}, []),
        ("ImmunizationRegisterv1", {"vaccineCode": {"text": "ไข้หวัดใหญ่"}}, [("REF_MADE_OF_TEXT", "/0/vaccineCode")]),
        ("ImmunizationRegisterv1", {"expirationDate": "2568-01-01"}, [("BUDDHIST_YEAR", "/0/expirationDate")]),
        ("CareGiver", {"care_giver_name": "มานะ ใจดี"}, [("TEXT_FOR_OBJECT", "/0/care_giver_name")]),
        ("CareGiver", {"identifier": [{"type": "CID", "value": "1234567890123"}]},
            [("CAREGIVER_CID", "/0/identifier/0")]),
        ("CareGiver", {"identifier": [{"type": "CID", "value": MADE_UP}]}, [("CAREGIVER_CID", "/0/identifier/0")]),
        ("CareGiver", {"identifier": [{"type": "CID", "value": CID}]}, [("CAREGIVER_IS_PERSON", "/0/identifier/0")]),
        ("CareGiver", {"name": {"family": "undefined"}}, [("NAME_UNDEFINED", "/0/name/family")]),
        ("MedicationRequest", {"requester": {"display": "หมอ"}},
            [("PROVIDER_TOKEN_MISSING", "/0/requester/providerToken")]),
        ("MedicationRequest", {"requester": {"providerToken": ""}},
            [("PROVIDER_TOKEN_MISSING", "/0/requester/providerToken")]),
        ("MedicationRequest", {"requester": None}, [("PROVIDER_TOKEN_MISSING", "/0/requester")]),
        ("MedicationRequest", {"identifier": [{"value": "P1"}]}, [("PRESCRIPTION_SYSTEM", "/0/identifier/0")]),
        ("MedicationRequest", {"dispenseRequest": {"validityPeriod": {"start": "2024-05-01T00:00:00Z"}}},
            [("FALSE_ZONE", "/0/dispenseRequest/validityPeriod/start")]),
        ("AllergyIntolerancev1", {"identifier": {"value": "A1"}}, [("OBJECT_FOR_LIST", "/0/identifier")]),
        ("AllergyIntolerancev1", {"recordedDate": "วันนี้"}, [("DATE_UNREADABLE", "/0/recordedDate")]),
        ("DrugRelatedProblem", {"recordedDate": "2024-05-01T08:00:00Z"}, [("FALSE_ZONE", "/0/recordedDate")]),
    ],
)  # fmt: skip
def test_a_variant_is_accepted_and_told(name: str, changes: dict[str, object], expected: list[tuple[str, str]]) -> None:
    sent = sound(name, item(name, **changes))
    array = next(iter(set(sent) - {"managingOrganization", "Patient"}))
    assert told(name, sent) == [(code, f"/{array}{path}") for code, path in expected]


def test_the_caregiver_is_told_apart_only_by_a_number_that_holds() -> None:
    name = "CareGiver"
    assert accepted(name, sound(name)).items[0].caregiver == CAREGIVER
    for value in ("1234567890123", CID, MADE_UP, "0000000000001"):
        sent = sound(name, item(name, identifier=[{"type": "CID", "value": value}]))
        assert accepted(name, sent).items[0].caregiver == ""
    assert accepted(name, sent, test_person=True).items[0].caregiver == "0000000000001"


def test_the_provider_token_is_handed_on() -> None:
    assert accepted("MedicationRequest", sound("MedicationRequest")).items[0].provider_token == "tok.en.x"


@pytest.mark.parametrize(
    ("name", "missing", "path"),
    [
        ("AllergyIntolerancev1", ("identifier", "code"), "/AllergyIntolerance/0/code"),
        ("PatientChronicRegisterv1", ("chronic_ref_code",), "/ChronicDiseaseRegister/0/chronic_ref_code"),
        ("ImmunizationRegisterv1", ("encounterRefCode",), "/Immunization/0/encounterRefCode"),
        ("ImmunizationRegisterv1", ("vaccineCode",), "/Immunization/0/vaccineCode"),
        ("ReferralRequest", ("referralRefCode",), "/ReferralRequest/0/referralRefCode"),
        ("CareGiver", ("identifier",), "/CareGiver/0/identifier"),
        ("MedicationRequest", ("identifier",), "/MedicationRequest/0/identifier"),
        ("DrugRelatedProblem", ("drp_ref_code",), "/DrugRelatedProblem/0/drp_ref_code"),
        ("SelfObservation", ("observation",), "/SelfObservation/observation/reference_id"),
    ],
)
def test_an_item_without_its_key_is_refused(name: str, missing: tuple[str, ...], path: str) -> None:
    assert faults(name, sound(name, without(name, *missing))) == [("ITEM_REF_MISSING", path)]


@pytest.mark.parametrize("value", ["", "  ", None, [], {}, f"{HCODE}:", "a\u0000b", "null", "-"])
def test_what_is_no_reference_is_refused(value: object) -> None:
    name = "PatientChronicRegisterv1"
    found = faults(name, sound(name, item(name, chronic_ref_code=value)))
    assert found == [("ITEM_REF_MISSING", "/ChronicDiseaseRegister/0/chronic_ref_code")]


def test_an_endless_reference_is_refused() -> None:
    name = "PatientChronicRegisterv1"
    found = faults(name, sound(name, item(name, chronic_ref_code="9" * 5_000_000)))
    assert found == [("REF_TOO_LONG", "/ChronicDiseaseRegister/0")]


def test_all_faults_come_at_once() -> None:
    sent = {"managingOrganization": {}, "Patient": {}, "ReferralRequest": [5, {}]}
    assert faults("ReferralRequest", sent) == [
        ("ITEM_NOT_OBJECT", "/ReferralRequest/0"),
        ("HCODE_MISSING", "/managingOrganization/identifier"),
        ("CID_MISSING", "/Patient/identifier"),
        ("ITEM_REF_MISSING", "/ReferralRequest/1/referralRefCode"),
    ]


def test_a_key_sent_twice_is_stored_once_as_the_later_one() -> None:
    name = "ReferralRequest"
    later = item(name, referralRefCode=f"{HCODE}:R1", status="later")
    upload = accepted(name, sound(name, item(name), item(name, referralRefCode="R2"), later))
    assert [one.ref for one in upload.items] == ["R2", "R1"]
    assert b"later" in upload.items[1].sent
    assert [(one.code, one.path) for one in upload.findings] == [("DUPLICATE_REF", "/ReferralRequest/0")]


@pytest.mark.parametrize("name", ARRAYS)
def test_an_absent_array_holds_nothing_and_is_no_whole_list(name: str) -> None:
    sent = {key: value for key, value in sound(name).items() if key in ("managingOrganization", "Patient")}
    upload = accepted(name, sent)
    assert upload.items == ()
    assert not upload.is_whole_list
    assert [one.code for one in upload.findings] == ["MISSING_KEY"]


def test_a_list_of_vaccines_is_whole_only_when_a_list_was_sent() -> None:
    name = "ImmunizationRegisterv1"
    assert accepted(name, sound(name) | {"Immunization": []}).is_whole_list
    for value in (None, "", 5, {}, item(name)):
        found = read(name, sound(name) | {"Immunization": value})
        assert isinstance(found, Rejected) or not found.is_whole_list


def test_an_item_alone_instead_of_in_an_array_is_read() -> None:
    name = "ReferralRequest"
    upload = accepted(name, sound(name) | {name: item(name)})
    assert [(one.code, one.path) for one in upload.findings] == [("OBJECT_FOR_LIST", "/ReferralRequest")]
    assert upload.items[0].sent == accepted(name, sound(name)).items[0].sent


def test_keys_of_the_top_level_in_other_capitals_are_read() -> None:
    name = "DrugRelatedProblem"
    upload = accepted(name, {key.lower(): value for key, value in sound(name).items()})
    assert json.loads(upload.items[0].sent) == sound(name)
    assert {one.code for one in upload.findings} == {"KEY_SPELLING"}


def test_other_arrays_of_an_upload_are_kept_and_not_read() -> None:
    name = "DrugRelatedProblem"
    upload = accepted(name, sound(name) | {"Encounter": [5], "AllergyIntolerance": "x"})
    assert upload.findings == ()
    assert b'"Encounter":[5],"AllergyIntolerance":"x"' in upload.items[0].sent


def test_more_items_than_the_limit_are_refused_unread() -> None:
    found = read("CareGiver", sound("CareGiver") | {"CareGiver": [{}] * 3}, item_limit=2)
    assert isinstance(found, Rejected)
    assert (found.status, [one.code for one in found.faults]) == (413, ["TOO_MANY_ITEMS"])


def test_what_stands_beside_many_items_is_not_multiplied_without_end() -> None:
    name = "DrugRelatedProblem"
    items = [item(name, drp_ref_code=f"D{number}") for number in range(400)]
    found = read(name, sound(name, *items) | {"note": "x" * 50_000})
    assert isinstance(found, Rejected)
    assert (found.status, [one.code for one in found.faults]) == (413, ["COPIES_TOO_LARGE"])
    assert len(accepted(name, sound(name, items[0]) | {"note": "x" * 5_000_000}).items) == 1


# SelfObservation


def test_a_measurement_is_read_in_its_flat_form_too() -> None:
    sent = {"managingOrganization": ORGANIZATION} | ITEMS["SelfObservation"]
    upload = accepted("SelfObservation", sent)
    assert (upload.hcode, upload.items[0].ref, upload.findings) == (HCODE, "S1", ())
    assert json.loads(upload.items[0].sent) == sent


def test_a_measurement_without_a_hospital_is_of_the_tokens() -> None:
    name = "SelfObservation"
    measured = item(name, person={"cid": MADE_UP})
    measured["observation"]["reference_id"] = f"{HCODE}:S1"
    upload = accepted(name, measured)
    assert upload.hcode is None
    assert upload.identifiers[0].scheme == "cid"
    assert [one.code for one in upload.findings] == ["HCODE_OF_TOKEN"]
    settled = upload.at(Hcode(HCODE))
    assert (settled.hcode, settled.items[0].ref) == (HCODE, "S1")
    assert settled.identifiers == (PersonNumber("local", MADE_UP),)
    assert settled.at(Hcode("10671")) == settled


def test_a_measurement_may_name_its_hospital_within() -> None:
    measured = item("SelfObservation", managingOrganization=ORGANIZATION)
    assert accepted("SelfObservation", {"SelfObservation": measured}).hcode == HCODE


def test_a_hospital_that_is_named_wrongly_is_a_fault_of_a_measurement() -> None:
    sent = item("SelfObservation", managingOrganization={"identifier": {"value": "x"}})
    assert faults("SelfObservation", sent) == [("HCODE_MISSING", "/managingOrganization/identifier")]


def test_whose_measurement_it_is() -> None:
    name = "SelfObservation"
    only_patient = sound(name, without(name, "person"))
    assert accepted(name, only_patient).identifiers[0] == PersonNumber("cid", CID)
    only_person = {"managingOrganization": ORGANIZATION, name: item(name)}
    assert accepted(name, only_person).identifiers == (PersonNumber("cid", CID),)
    nobody = {"managingOrganization": ORGANIZATION, name: without(name, "person")}
    assert faults(name, nobody) == [("CID_MISSING", "/SelfObservation/person/cid")]
    wrong = sound(name, item(name, person={"cid": "123"}))
    assert faults(name, wrong) == [("CID_INVALID", "/SelfObservation/person/cid")]


def test_a_measurement_of_two_persons_is_refused() -> None:
    name = "SelfObservation"
    sent = sound(name, item(name, person={"cid": invented_cid(9)}))
    assert faults(name, sent) == [("CID_CONTRADICTS", "/SelfObservation/person/cid")]
    several = {"managingOrganization": ORGANIZATION, name: [item(name), item(name, person={"cid": invented_cid(9)})]}
    assert faults(name, several) == [("CID_CONTRADICTS", "/SelfObservation/1/person/cid")]


def test_a_measurement_in_an_array_is_read() -> None:
    name = "SelfObservation"
    upload = accepted(name, {"managingOrganization": ORGANIZATION, name: [item(name)]})
    assert [(one.code, one.path) for one in upload.findings] == [("LIST_FOR_OBJECT", "/SelfObservation")]
    assert json.loads(upload.items[0].sent)[name] == item(name)


def test_the_number_of_a_whole_measurement_serves_when_the_observations_is_missing() -> None:
    name = "SelfObservation"
    sent = item(name, observation_ref_code="S9")
    del sent["observation"]["reference_id"]
    upload = accepted(name, sound(name, sent))
    assert upload.items[0].ref == "S9"
    assert [(one.code, one.path) for one in upload.findings] == [
        ("MISSING_KEY", "/SelfObservation/observation/reference_id")
    ]


@pytest.mark.parametrize(
    ("pointer", "value", "code"),
    [
        ("observation_value", 120, "NUMBER_FOR_TEXT"),
        ("effective_datetime", "2567-05-01 08:00", "BUDDHIST_YEAR"),
        ("loinc_code", None, None),
    ],
)
def test_variants_of_a_measurement(pointer: str, value: object, code: str | None) -> None:
    sent = item("SelfObservation")
    sent["observation"][pointer] = value
    found = told("SelfObservation", sound("SelfObservation", sent))
    assert found == ([(code, f"/SelfObservation/observation/{pointer}")] if code else [])


def test_personal_data_hides_from_repr() -> None:
    for name in ITEMS:
        upload = accepted(name, sound(name))
        for shown in (repr(upload), repr(upload.items), str(upload.items[0]), f"{upload.items[0]}"):
            assert not any(word in shown for word in (CID, CAREGIVER, "ชูใจ", "tok.en", PATIENT["birthDate"]))
