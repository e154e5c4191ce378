"""What is read of an UpdatePHRv1 body, what is told, and what is refused."""

import json
from datetime import date

import pytest

from mophphr.uploading import CID, HCODE, accepted, bent, faults, read, sound, told, visit
from morprom.mophphr import Rejected
from morprom.mophphr.catalogue import CATALOGUE
from morprom.mophphr.model import PersonNumber
from morprom_wire import systems
from morprom_wire.cid import check_digit
from payload_facts import invented_cid


def made_up(first_twelve: str) -> str:
    return first_twelve + str(check_digit(first_twelve))


def test_a_sound_upload_is_read_without_a_word() -> None:
    upload = accepted(sound())
    assert upload.hcode == HCODE
    assert upload.identifiers == (PersonNumber("cid", CID), PersonNumber("hn", "000012345"))
    assert upload.findings == ()
    assert upload.agent == "test 1"
    assert upload.allergies is None
    assert not upload.is_whole_history
    assert [(one.ref, one.day, one.is_inpatient) for one in upload.visits] == [("10670:VN1", date(2024, 5, 1), False)]


def test_what_is_stored_is_what_was_sent_without_white_space() -> None:
    sent = sound() | {"CarePlan": [], "note": "ที่เราไม่รู้จัก"}
    sent["Encounter"][0]["odd"] = {"a": [1, {}]}
    upload = accepted(json.dumps(sent, indent=3, ensure_ascii=False).encode())
    compact = {"separators": (",", ":"), "ensure_ascii": False}
    assert upload.visits[0].content == json.dumps(sent["Encounter"][0], **compact).encode()
    kept = {key: value for key, value in sent.items() if key != "Encounter"}
    assert upload.patient == json.dumps(kept, **compact).encode()


def test_numbers_and_repeated_keys_of_a_visit_survive_to_the_letter() -> None:
    body = json.dumps(sound()).encode()
    body = body.replace(
        b'"participant": []', b'"participant": [], "x": [1.10, 1e308, 1e400, -0.0, 1E+2], "y": 1, "y": 2'
    )
    content = accepted(body).visits[0].content
    assert b'"x":[1.10,1e308,1e400,-0.0,1E+2],"y":1,"y":2' in content


@pytest.mark.parametrize(
    ("sent", "ref"),
    [
        ([{"system": "https://bps.moph.go.th/vn", "type": "VN", "value": "VN9"}], "10670:VN9"),
        ([{"system": "https://bps.moph.go.th/vn", "type": "VN", "value": "10670:VN9"}], "10670:VN9"),
        ([{"system": "https://bps.moph.go.th/vn", "value": "VN9"}, {"system": systems.HN, "value": "5"}], "10670:VN9"),
        ([{"system": systems.HN, "value": "5"}, {"system": "https://bps.moph.go.th/vn", "value": "VN9"}], "10670:VN9"),
        ([{"system": "https://bps.moph.go.th/hcode/5", "value": "00000:VN9"}], "10670:VN9"),
        ([{"system": "https://bps.moph.go.th/hcode/5", "value": "10670:VN9"}], "10670:VN9"),
        ([{"type": {"coding": [{"code": "VN"}]}, "value": 9}], "10670:9"),
        ({"system": "https://bps.moph.go.th/vn", "type": "VN", "value": " VN9 "}, "10670:VN9"),
        ([{"value": "VN9"}], "10670:VN9"),
        ([{"type": "AN", "value": "67-1"}], "10670:67-1"),
        ([{"type": "AN", "value": "67-1"}, {"type": "VN", "value": "VN9"}], "10670:VN9"),
    ],
)  # fmt: skip
def test_every_way_to_name_a_visit(sent: object, ref: str) -> None:
    assert accepted(bent("/Encounter/0/identifier", sent)).visits[0].ref == ref


def test_a_stay_is_named_by_its_admission_number_and_counted_as_one() -> None:
    sent = bent("/Encounter/0/class", {"code": "IMP"})
    sent["Encounter"][0]["identifier"] += [{"type": "AN", "value": "6700001"}]
    assert accepted(sent).visits[0].ref == "10670:6700001"
    assert accepted(sent).visits[0].is_inpatient


@pytest.mark.parametrize(
    ("start", "day"),
    [
        ("2024-05-01T23:59:59.000Z", date(2024, 5, 1)),
        ("2024-05-01T20:00:00+00:00", date(2024, 5, 2)),
        ("2567-05-01 08:00:00", date(2024, 5, 1)),
        ("2024-05-01", date(2024, 5, 1)),
    ],
)
def test_the_day_is_the_local_one(start: str, day: date) -> None:
    assert accepted(bent("/Encounter/0/period/start", start)).visits[0].day == day


@pytest.mark.parametrize(
    ("pointer", "value", "code"),
    [
        ("/managingOrganization/identifier", [{"value": "10670"}], "LIST_FOR_OBJECT"),
        ("/managingOrganization/identifier/system", "http://bps.moph.go.th/new_bps/", "HCODE_SYSTEM"),
        ("/Patient/identifier/0/system", "https://terms.sil-th.org/id/th-cid", "CID_SYSTEM"),
        ("/Patient/name/0/family", "undefined.ใจดี", "NAME_UNDEFINED"),
        ("/Patient/name", {"suffix": ""}, "OBJECT_FOR_LIST"),
        ("/Patient/gender", "2", "GENDER_CODE"),
        ("/Patient/birthDate", "1990-01-01T00:00:00.000Z", "DATE_WITH_TIME"),
        ("/Patient/birthDate", "2533-01-01", "BUDDHIST_YEAR"),
        ("/Patient/birthDate", "เมื่อวาน", "DATE_UNREADABLE"),
        ("/Patient/nationality/coding/0/code", "99", "NATIONALITY_CODE"),
        ("/Patient/nationality/coding/0/code", "TH", "NATIONALITY_CODE"),
        ("/Patient/maritalStatus/coding/0/code", "2", "MARITAL_STATUS_CODE"),
        ("/Patient/maritalStatus", "null", "TEXT_NULL"),
        ("/Patient/telecom", 5, "WRONG_TYPE"),
        ("/Encounter/0/identifier", [{"system": "https://bps.moph.go.th/hcode/5", "value": "1"}], "REF_SYSTEM"),
        ("/Encounter/0/identifier", [{"system": "https://bps.moph.go.th/vn", "value": "1"}], "REF_UNTYPED"),
        ("/Encounter/0/class", {"code": "XYZ"}, "CLASS_UNKNOWN"),
        ("/Encounter/0/type", [{"text": "x"}], "LIST_FOR_OBJECT"),
        ("/Encounter/0/priority", {"code": "0"}, "PRIORITY_CODE"),
        ("/Encounter/0/period/start", "2024-05-01T08:00:00.000Z", "FALSE_ZONE"),
        ("/Encounter/0/period/start", "2567-05-01T08:00:00", "BUDDHIST_YEAR"),
        ("/Encounter/0/period/end", "0000-00-00T00:00:00.000Z", "ZERO_DATE"),
        ("/Encounter/0/period/end", "ค่ำ", "DATE_UNREADABLE"),
        ("/Encounter/0/reason/0", "ไข้", "TEXT_FOR_OBJECT"),
        ("/Encounter/0/screen_drinking", {"system": "x/smoking"}, "SCREEN_SYSTEM"),
        ("/Encounter/0/financePaidAmount", "100.00", "TEXT_FOR_NUMBER"),
        ("/Encounter/0/Coverage", [{"class_group": {"value": "UCS"}}], "COVERAGE_SHORT"),
        ("/Encounter/0/Coverage", [{"class": [{"type": {"coding": {"code": "group"}}}]}], "OBJECT_FOR_LIST"),
        ("/Encounter/0/Coverage", [{"period": {"end": "0000-00-00"}}], "ZERO_DATE"),
        ("/Encounter/0/vital_signs", {"body_weight_kg": 60, "pulse": 80}, "VITAL_SIGNS_FLAT"),
        ("/Encounter/0/vital_signs", [{"pulse": {"valueQuantity": {"value": 1}}}], "LIST_FOR_OBJECT"),
        ("/Encounter/0/vital_signs/0", {"pulse": {}}, "VITAL_SIGNS_REPEATED"),
        ("/Encounter/0/vital_signs/pulse/valueQuantity/value", "80", "TEXT_FOR_NUMBER"),
        ("/Encounter/0/Observations", [], "KEY_SPELLING"),
        ("/Encounter/0/appointments", [], "KEY_SPELLING"),
        ("/Encounter/0/Observation/0/category", {"coding": {"code": "x"}}, "OBJECT_FOR_LIST"),
        ("/Encounter/0/Observation/0/status", ["final"], "WRONG_TYPE"),
        ("/Encounter/0/Medication/0", {"code": {}, "status": "active"}, "MEDICATION_FLAT"),
        ("/AllergyIntolerance", {"managingOrganization": {}, "recordOfficer": ""}, "OBJECT_FOR_LIST"),
        ("/AllergyIntolerance", 5, "WRONG_TYPE"),
    ],
)  # fmt: skip
def test_a_variant_is_accepted_and_told(pointer: str, value: object, code: str) -> None:
    assert code in [found for found, _ in told(bent(pointer, value))]


ADDRESS = {
    "use": "",
    "type": "",
    "text": "",
    "line": [],
    "postalCode": "",
    "country": "",
    "period": {},
    "address_code": "",
}


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [("address_code", 120102, "NUMBER_FOR_TEXT"), ("line", "12 หมู่ 3", "TEXT_FOR_LIST")],
)
def test_odd_addresses_are_told(key: str, value: object, code: str) -> None:
    assert told(bent("/Patient/address", [ADDRESS | {key: value}])) == [(code, f"/Patient/address/0/{key}")]


@pytest.mark.parametrize(
    "pointer",
    [
        "/Patient/active", "/Patient/name/0/suffix", "/Patient/deceasedBoolean", "/Patient/maritalStatus",
        "/Patient/maritalStatus/text", "/Patient/maritalStatus/coding", "/Patient/nationality",
        "/Patient/nationality/text", "/Patient/nationality/coding", "/Patient/address", "/Patient/telecom",
        "/Patient/contact", "/Encounter/0/managingOrganization", "/Encounter/0/priority", "/Encounter/0/subject",
        "/Encounter/0/participant", "/Encounter/0/reason", "/Encounter/0/type", "/Encounter/0/type/text",
        "/Encounter/0/Observation/0/status", "/Encounter/0/Observation/0/issued",
        "/Encounter/0/Observation/0/code/text", "/Encounter/0/Condition/0/verificationStatus",
        "/Encounter/0/Condition/0/category", "/Encounter/0/Condition/0/severity",
        "/Encounter/0/Medication/0/statement", "/Encounter",
    ],
)  # fmt: skip
def test_a_missing_key_is_told_where_it_should_be(pointer: str) -> None:
    assert told(bent(pointer, drop=True)) == [("MISSING_KEY", pointer)]


@pytest.mark.parametrize("key", sorted(ADDRESS))
def test_a_missing_key_of_an_address_is_told(key: str) -> None:
    sent = {name: value for name, value in ADDRESS.items() if name != key}
    assert told(bent("/Patient/address", [sent])) == [("MISSING_KEY", f"/Patient/address/0/{key}")]


@pytest.mark.parametrize("empty", [[], "", None])
def test_an_empty_value_silences(empty: object) -> None:
    sent = bent("/Patient/maritalStatus", empty)
    sent["Patient"] |= dict.fromkeys(("active", "telecom", "contact", "address", "nationality"), empty)
    sent["Encounter"][0] |= dict.fromkeys(("priority", "subject", "reason", "type", "managingOrganization"), empty)
    assert told(sent) == []


@pytest.mark.parametrize("key", ["managingOrganization", "recordOfficer"])
def test_allergies_are_kept_as_one_list_and_looked_at(key: str) -> None:
    allergy = {"managingOrganization": {}, "recordOfficer": {}, "code": {"text": "Penicillin"}}
    sent = bent("/AllergyIntolerance", [allergy, {name: allergy[name] for name in allergy if name != key}])
    upload = accepted(sent)
    assert json.loads(upload.allergies or b"") == sent["AllergyIntolerance"]
    assert [(one.code, one.path) for one in upload.findings] == [("MISSING_KEY", f"/AllergyIntolerance/1/{key}")]
    assert b"Penicillin" not in upload.patient


@pytest.mark.parametrize("number", [made_up("106700000123"), made_up("000000000123")])
def test_a_number_that_the_hospital_made_up_stays_local(number: str) -> None:
    upload = accepted(bent("/Patient/identifier/0/value", number))
    assert upload.identifiers[0] == PersonNumber("local", number)
    assert [one.code for one in upload.findings] == ["CID_MADE_UP"]


def test_a_number_of_class_0_is_an_ordinary_citizen_number() -> None:
    number = made_up("012345678901")
    assert accepted(bent("/Patient/identifier/0/value", number)).identifiers[0] == PersonNumber("cid", number)


def test_the_test_person_is_known_only_where_that_is_allowed() -> None:
    sent = bent("/Patient/identifier/0/value", "0000000000001")
    assert faults(sent) == [("TEST_PERSON_REFUSED", "/Patient/identifier/0")]
    assert accepted(sent, test_person=True).identifiers[0] == PersonNumber("cid", "0000000000001")


@pytest.mark.parametrize(
    "identifier",
    [
        [{"type": "CID", "value": CID}],
        [{"type": {"coding": [{"code": "cid"}]}, "system": "https://terms.sil-th.org/id/th-cid", "value": CID}],
        [{"system": "https://www.dopa.go.th", "value": int(CID)}],
        {"type": "CID", "value": "1-9900-00000-07-" + CID[-1]},
        [{"value": "not it"}, {"value": CID}],
        [{"type": "CID", "value": "1234567890123"}, {"type": "CID", "value": CID}],
    ],
)
def test_the_citizen_number_is_found_however_it_is_labelled(identifier: object) -> None:
    assert accepted(bent("/Patient/identifier", identifier)).identifiers[0] == PersonNumber("cid", CID)


def test_passport_and_hospital_number_come_along() -> None:
    sent = bent("/Patient/identifier/2", {"type": "PASSPORT", "value": "AA123"})
    assert [one.scheme for one in accepted(sent).identifiers] == ["cid", "hn", "passport"]


@pytest.mark.parametrize(
    ("value", "hcode"), [("10670", "10670"), (10670, "10670"), (691, "00691"), ("AA0005291", "AA0005291")]
)
def test_hospital_codes(value: object, hcode: str) -> None:
    assert accepted(bent("/managingOrganization/identifier/value", value)).hcode == hcode


@pytest.mark.parametrize(("scope", "whole"), [("ALL", True), ("all", True), ("", False), (None, False)])
def test_scope_all_is_the_whole_history(scope: object, whole: bool) -> None:
    assert accepted(bent("/managingOrganization/scope", scope)).is_whole_history is whole


def test_scope_all_without_an_array_of_visits_removes_nothing() -> None:
    for value in (None, "", 5):
        sent = bent("/managingOrganization/scope", "ALL")
        sent["Encounter"] = value
        assert not accepted(sent).is_whole_history
    assert not accepted({key: value for key, value in sent.items() if key != "Encounter"}).is_whole_history


def test_a_visit_sent_twice_in_one_upload_is_stored_once_as_the_later_one() -> None:
    later = visit("10670:VN1") | {"later": True}
    sent = bent("/Encounter", [visit("VN1"), visit("VN2"), later])
    upload = accepted(sent)
    assert [one.ref for one in upload.visits] == ["10670:VN2", "10670:VN1"]
    assert b"later" in upload.visits[1].content
    assert [(one.code, one.path) for one in upload.findings] == [("DUPLICATE_REF", "/Encounter/0")]


def test_repeated_keys_of_the_top_level_lose_nothing() -> None:
    body = json.dumps(sound()).encode()
    body = body[:-1] + b', "note": 1, "note": 2, "Encounter": [' + json.dumps(visit("VN2")).encode() + b"]}"
    upload = accepted(body)
    assert [one.ref for one in upload.visits] == ["10670:VN1", "10670:VN2"]
    assert b'"note":1,"note":2' in upload.patient
    assert {one.code for one in upload.findings} == {"DUPLICATE_KEY"}


def test_keys_of_the_top_level_in_other_capitals_are_read() -> None:
    sent = {key.upper(): value for key, value in sound().items()}
    upload = accepted(sent)
    assert len(upload.visits) == 1
    assert set(json.loads(upload.patient)) == {"managingOrganization", "Patient"}
    assert ("KEY_SPELLING", "/ENCOUNTER") in told(sent)


def test_a_visit_sent_alone_instead_of_in_an_array_is_read() -> None:
    assert told(bent("/Encounter", visit("VN1"))) == [("OBJECT_FOR_LIST", "/Encounter")]


def test_a_byte_order_mark_is_told() -> None:
    assert told(b"\xef\xbb\xbf" + json.dumps(sound()).encode()) == [("BYTE_ORDER_MARK", "")]


def test_all_faults_come_at_once_in_two_languages() -> None:
    sent = {
        "managingOrganization": {},
        "Patient": {"identifier": [{"type": "CID", "value": "1"}]},
        "Encounter": [{}, 5],
    }
    found = read(sent)
    assert isinstance(found, Rejected)
    assert found.status == 422
    assert [(one.code, one.path) for one in found.faults] == [
        ("HCODE_MISSING", "/managingOrganization/identifier"),
        ("CID_INVALID", "/Patient/identifier/0"),
        ("REF_MISSING", "/Encounter/0/identifier"),
        ("PERIOD_START_MISSING", "/Encounter/0/period/start"),
        ("ENCOUNTER_NOT_OBJECT", "/Encounter/1"),
    ]
    assert all(one.th and one.en and one.severity == "error" for one in found.faults)


@pytest.mark.parametrize(
    ("pointer", "value", "fault"),
    [
        ("/managingOrganization", [], ("HCODE_MISSING", "/managingOrganization/identifier")),
        ("/Patient", "x", ("CID_MISSING", "/Patient/identifier")),
        ("/Patient/identifier", [{"type": "HN", "value": "5"}], ("CID_MISSING", "/Patient/identifier")),
        ("/Patient/identifier/0/value", invented_cid(7)[:-1] + "x", ("CID_INVALID", "/Patient/identifier/0")),
        ("/Encounter/0/identifier", [{"type": "HN", "value": "5"}], ("REF_MISSING", "/Encounter/0/identifier")),
        ("/Encounter/0/identifier/0/value", "a\u0000b", ("REF_MISSING", "/Encounter/0/identifier")),
        ("/Encounter/0/identifier/0/value", "9" * 257, ("REF_TOO_LONG", "/Encounter/0/identifier/0")),
        ("/Encounter/0/period", None, ("PERIOD_START_MISSING", "/Encounter/0/period/start")),
        ("/Encounter/0/period/start", "0000-00-00", ("PERIOD_START_MISSING", "/Encounter/0/period/start")),
    ],
)  # fmt: skip
def test_what_cannot_be_keyed_is_refused(pointer: str, value: object, fault: tuple[str, str]) -> None:
    assert faults(bent(pointer, value)) == [fault]


def body_of(text: str) -> bytes:
    return json.dumps(bent("/Encounter/0/note", "?"), ensure_ascii=False).replace('"?"', text).encode("utf-8")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "NOT_JSON"),
        (b"{", 400, "NOT_JSON"),
        (b"null", 400, "NOT_AN_OBJECT"),
        (b"[]", 400, "NOT_AN_OBJECT"),
        (b"{} {}", 400, "NOT_JSON"),
        (body_of("NaN"), 400, "NOT_JSON"),
        (body_of('"\\ud800"'), 400, "NOT_JSON"),
        (body_of('"\x00"'), 400, "NOT_JSON"),
        ("ไข้".encode("cp874"), 400, "NOT_UTF8"),
        (json.dumps(sound(), ensure_ascii=False).encode("cp874"), 400, "NOT_UTF8"),
        (json.dumps(sound()).encode("utf-16"), 400, "NOT_UTF8"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 422, "TOO_DEEP"),
        (b"[" * 3_000_000, 422, "TOO_DEEP"),
        (body_of("[" * 62 + "]" * 62), 422, "TOO_DEEP"),
    ],
)
def test_what_is_no_json_object_is_refused(body: bytes, status: int, code: str) -> None:
    found = read(body)
    assert isinstance(found, Rejected)
    assert (found.status, [one.code for one in found.faults]) == (status, [code])


@pytest.mark.parametrize("text", ["[" * 61 + "]" * 61, '"a\\u0000b"', "1e400", "9" * 5000, '"[[{"', '"\\"[\\\\"'])
def test_odd_but_well_formed_values_are_kept(text: str) -> None:
    assert f'"note":{text}'.encode() in accepted(body_of(text)).visits[0].content


def test_numbers_beyond_measure_where_they_are_read_are_told() -> None:
    body = json.dumps(sound()).encode().replace(b'"value": 80', b'"value": 1e400')
    assert told(body) == [("WRONG_TYPE", "/Encounter/0/vital_signs/pulse/valueQuantity/value")]


def test_more_encounters_than_the_limit_are_refused_unread() -> None:
    sent = bent("/Encounter", [{}] * 3)
    found = read(sent, encounter_limit=2)
    assert isinstance(found, Rejected)
    assert (found.status, [one.code for one in found.faults]) == (413, ["TOO_MANY_ENCOUNTERS"])


def test_a_reply_does_not_list_findings_without_end() -> None:
    found = told(bent("/Encounter/0/Observation", [{}] * 3000))
    assert len(found) == 2001
    assert found[-1] == ("MORE_FINDINGS", "")


def test_personal_data_hides_from_repr() -> None:
    shown = repr(accepted(sound()))
    assert CID not in shown
    assert "ชูใจ" not in shown


def test_every_row_of_the_catalogue_is_whole() -> None:
    for code, row in CATALOGUE.items():
        assert code == code.upper()
        assert all(row)
        assert any("\u0e00" < letter < "\u0e7f" for letter in row.th + row.mend_th)
