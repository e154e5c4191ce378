"""What becomes of an upload, told before it is sent."""

import hashlib
import json
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mophphr import item_uploading
from mophphr.test_read_counts import DAY
from mophphr.test_read_counts import body as counts_body
from mophphr.uploading import CID, HCODE, bent, sound, visit
from morprom.access import current_policy
from morprom.access.model import Ground
from morprom.kernel import Hcode
from morprom.mophphr.catalogue import CATALOGUE
from morprom.mophphr.explain import CALLS, COUNTS_CALL, VISITS_CALL, Limits, call_of, explain
from morprom.mophphr.understood import AS_OWNER, AS_READER, MOST_SHOWN, Moment
from morprom.mophphr.view import MODES
from morprom.record import Organization
from payloads import VENDORS, visit_upload

Json = dict[str, Any]

MOMENT = Moment(
    {HCODE: Organization(HCODE, "โรงพยาบาลขอนแก่น", 7), "13814": Organization("13814", "โรงพยาบาลศิริราช", 13)},
    frozenset(MODES),
    datetime(2026, 4, 1, 3, 0, tzinfo=UTC),
    date(2026, 4, 1),
)


def explained(upload: object, call: str = "", own: str | None = HCODE, encounters: int = 500) -> Json:
    """The result as it leaves, decoded."""
    body = item_uploading.body_of(upload)
    limits = Limits(encounters, 64, test_person_allowed=True, own=Hcode(own) if own else None)
    result = explain(call or call_of(body), body, limits, MOMENT).result
    return json.loads(msgspec.json.encode(result))


def codes(result: Json) -> list[str]:
    return [one["code"] for one in result["findings"]]


# Which call it is


@pytest.mark.parametrize("name", list(item_uploading.ITEMS))
def test_a_call_is_known_by_its_array(name: str) -> None:
    assert call_of(item_uploading.body_of(item_uploading.sound(name))) == name


def test_a_visit_with_allergies_beside_it_is_a_visit() -> None:
    assert call_of(json.dumps(sound() | {"AllergyIntolerance": [{}]}).encode()) == VISITS_CALL
    assert call_of(counts_body(DAY)) == COUNTS_CALL
    assert call_of(b"\xef\xbb\xbf" + counts_body(DAY)) == COUNTS_CALL
    assert call_of(b'{"person":{},"observation":{}}') == "SelfObservation"
    assert call_of(b'{"encounter":[]}') == VISITS_CALL


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"a":' * 100_000, b'"x"', b"{}"])
def test_what_tells_nothing_is_explained_as_visits(body: bytes) -> None:
    assert call_of(body) == VISITS_CALL
    assert explained(body)["accepted"] is False


# What was understood


@pytest.mark.parametrize(
    ("name", "read", "origin"),
    [
        ({"given": ["ชูใจ"], "family": "ใจดี"}, ("ชูใจ", "ใจดี"), ("given", "family")),
        ({"given": ["ชูใจ"], "suffix": ["ใจดี"]}, ("ชูใจ", "ใจดี"), ("given", "suffix")),
        ({"given": [], "family": "ชูใจ ใจดี"}, ("ชูใจ", "ใจดี"), ("family", "family")),
        ({"given": ["ชูใจ"], "family": "ชูใจ ใจดี"}, ("ชูใจ", "ใจดี"), ("given", "family")),
        ({"given": ["ชูใจ"], "family": "ณ อยุธยา"}, ("ชูใจ", "ณ อยุธยา"), ("given", "family")),
    ],
)
def test_a_name_says_where_its_parts_came_from(name: Json, read: tuple[str, str], origin: tuple[str, str]) -> None:
    [found] = explained(bent("/Patient/name", [name]))["understood"]["person"]["names"]
    assert (found["first"], found["last"]) == read
    assert (found["from"]["first"], found["from"]["last"]) == tuple(f"/Patient/name/0/{one}" for one in origin)
    assert found["language"] == "TH" and "language" not in found["from"]


@pytest.mark.parametrize(
    ("sent", "read", "buddhist"),
    [
        ("1990-01-01", "1990-01-01", False),
        ("2533-01-01", "1990-01-01", True),
        ("2533-13-01", None, False),
        ("", None, False),
    ],
)
def test_a_birth_date_tells_its_era(sent: str, read: str | None, buddhist: bool) -> None:
    born = explained(bent("/Patient/birthDate", sent))["understood"]["person"]["birth_date"]
    assert (born["sent"], born["read"], born["buddhist"]) == (sent, read, buddhist)


def test_a_visit_is_told_part_by_part() -> None:
    upload = visit_upload("flat", Random(3), hcode=HCODE, cid=CID, ref="V1", on=date(2026, 3, 31))
    [told] = explained(upload)["understood"]["visits"]
    assert (told["ref"], told["path"], told["day"], told["is_inpatient"]) == (
        f"{HCODE}:V1", "/Encounter/0", "2026-03-31", False
    )  # fmt: skip
    assert told["start"].startswith("2026-03-31T") and told["class"]["code"] == "AMB"
    assert {"body_weight_kg", "bp_systolic_mmhg"} <= {sign["name"] for sign in told["vital_signs"]}
    assert all(sign["unit"] for sign in told["vital_signs"])
    assert told["diagnoses"] and told["observations"][0]["text"] and told["medicines"][0]["text"]
    assert told["coverage"][0]["group_name"] and told["hidden"] is False


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_is_understood_is_what_the_owner_reads(vendor: str) -> None:
    upload = visit_upload(vendor, Random(vendor), hcode=HCODE, cid=CID, ref="V1", on=date(2026, 3, 31))
    result = explained(upload)
    [told], owner = result["understood"]["visits"], result["owner"]
    [row] = owner["Encounter"]
    assert (told["start"], told["end"], told["type"]["code"]) == (
        row["period_start"],
        row["period_end"],
        row["type_code"],
    )
    assert [one["code"] for one in told["medicines"]] == [
        one["ref_md_code"] for one in owner["Medication&mode=Encounter"]
    ]
    assert [one["value"] for one in told["observations"]] == [
        one["value_quantity"] for one in owner["Observation&mode=Encounter"]
    ]
    assert len(told["diagnoses"]) + len(told["texts"]) == len(owner["Condition&mode=Encounter"])


@pytest.mark.parametrize("name", list(item_uploading.ITEMS))
def test_an_item_is_told_as_its_reader_sees_it(name: str) -> None:
    result = explained(item_uploading.sound(name))
    assert (result["call"], result["accepted"], result["status"]) == (name, True, 200)
    [item] = result["understood"]["items"]
    assert item["rows"] and item["hidden"] is False and item["sensitive"] == []
    assert item["path"] == (f"/{item_uploading.call_of(name).array}" + ("" if name == "SelfObservation" else "/0"))
    assert item["ref"] in item_uploading.REFS
    assert result["understood"]["person"]["numbers"][0] == {"scheme": "cid", "value": CID}
    assert [one["call"] for one in result["export"]] == [name]


def test_days_that_a_hospital_counts_are_told() -> None:
    result = explained(counts_body(DAY))
    assert result["understood"]["days"] == [
        {"day": "2024-05-01", "opd_encounters": 310, "ipd_encounters": 12, "ipd_discharges": 9}
    ]
    assert (result["reader"], result["owner"], result["export"]) == ({}, {}, [])


def test_the_later_of_two_visits_of_one_number_is_shown() -> None:
    upload = bent("/Encounter/1", visit("VN1") | {"period": {"start": "2024-05-02T08:00:00"}})
    [told] = explained(upload)["understood"]["visits"]
    assert (told["path"], told["day"]) == ("/Encounter/1", "2024-05-02")


def test_many_visits_are_all_judged_and_some_shown() -> None:
    upload = sound() | {"Encounter": [visit(f"VN{number}") for number in range(60)]}
    result = explained(upload)
    assert len(result["understood"]["visits"]) == MOST_SHOWN - 1  # the patient is one part
    assert result["left_out"] == 60 - MOST_SHOWN + 1
    assert len(result["content_hash"]) == 61


def test_a_part_that_is_too_large_is_judged_and_not_shown() -> None:
    result = explained(bent("/Encounter/0/reason/0/text", "x" * 1_000_000))
    assert (result["accepted"], result["left_out"], result["understood"]["visits"]) == (True, 1, [])
    assert result["understood"]["person"]["names"]


def test_a_small_body_does_not_become_an_endless_reply() -> None:
    body = item_uploading.body_of(bent("/Encounter/0/Immunization", [{}] * 130_000))
    result = explained(body)
    assert (result["accepted"], result["left_out"]) == (True, 1)
    assert len(json.dumps(result)) < 3 * len(body)
    result = explained(bent("/Patient/name", [{"given": ["ก"]}] * 50_000))
    assert (result["accepted"], result["left_out"], result["understood"]) == (True, 2, {"person": None, "visits": []})


# Who sees it


def hiv() -> Json:
    return bent("/Encounter/0/Condition/0/code/coding/0/code", "B20")


def test_a_sensitive_visit_says_by_which_rule_it_is_hidden_and_from_whom() -> None:
    result = explained(hiv())
    [told] = result["understood"]["visits"]
    assert told["hidden"] is True
    [rule] = told["sensitive"]
    assert rule["rule"] == "hiv" and rule["th"] and rule["en"]
    assert rule["because"] == [{"class": "diagnosis", "term": "B20"}]
    assert result["reader"]["Encounter"] == [] and len(result["owner"]["Encounter"]) == 1


def test_prose_hides_nothing_and_readers_do_not_get_it() -> None:
    prose = {
        "code": {"coding": [{"code": "hpi"}], "text": "สงสัย HIV"},
        "verificationStatus": {},
        "category": [],
        "severity": "",
    }
    result = explained(bent("/Encounter/0/Condition/1", prose))
    [told] = result["understood"]["visits"]
    assert (told["hidden"], told["sensitive"]) == (False, [])
    assert told["texts"] == [{"kind": "hpi", "text": "สงสัย HIV"}]
    assert "HIV" not in json.dumps(result["reader"], ensure_ascii=False)


def test_a_sensitive_item_says_so() -> None:
    register = item_uploading.item(
        "PatientChronicRegisterv1", code={"coding": [{"system": "https://x?System=chronic_disease", "code": "B20"}]}
    )
    [item] = explained(item_uploading.sound("PatientChronicRegisterv1", register))["understood"]["items"]
    assert item["hidden"] is True and item["rows"] and "hiv" in {one["rule"] for one in item["sensitive"]}


def test_a_reader_is_who_comes_with_a_code_and_the_owner_is_the_owner() -> None:
    otp, owner = (current_policy().ground_row(ground) for ground in (Ground.OTP, Ground.SELF))
    assert (AS_READER.sensitive, AS_READER.free_text, AS_READER.masked) == (otp.sensitive, otp.free_text, otp.masked)
    assert (AS_OWNER.sensitive, AS_OWNER.free_text, AS_OWNER.masked) == (owner.sensitive, owner.free_text, owner.masked)


# What is wrong with it


def test_every_finding_says_how_to_mend_it() -> None:
    result = explained(bent("/Patient/birthDate", "2533-01-01"))
    [one] = result["findings"]
    assert one == {
        "severity": "warning", "path": "/Patient/birthDate", "code": "BUDDHIST_YEAR",
        "text_th": CATALOGUE["BUDDHIST_YEAR"].th.replace("{key}", "birthDate"),
        "text_en": CATALOGUE["BUDDHIST_YEAR"].en.replace("{key}", "birthDate"),
        "mend_th": CATALOGUE["BUDDHIST_YEAR"].mend_th, "mend_en": CATALOGUE["BUDDHIST_YEAR"].mend_en,
    }  # fmt: skip


def test_what_is_refused_is_told_with_all_its_faults_and_warnings() -> None:
    upload = bent("/Encounter/0/period", {})
    upload["Patient"]["identifier"] = []
    upload["Patient"]["birthDate"] = "2533-01-01"
    result = explained(upload)
    assert (result["accepted"], result["status"], result["understood"]) == (False, 422, None)
    assert {"PERIOD_START_MISSING", "CID_MISSING", "BUDDHIST_YEAR"} <= set(codes(result))
    assert [one["severity"] for one in result["findings"]][:2] == ["error", "error"]


@pytest.mark.parametrize(
    ("hcode", "own", "status", "code"),
    [
        ("99998", HCODE, 422, "HCODE_UNKNOWN"),
        ("99998", None, 422, "HCODE_UNKNOWN"),
        ("13814", HCODE, 403, "OTHER_HOSPITAL"),
        ("13814", None, 200, None),
        (HCODE, HCODE, 200, None),
    ],
)
def test_the_hospital_is_judged_as_the_doors_do(hcode: str, own: str | None, status: int, code: str | None) -> None:
    result = explained(bent("/managingOrganization/identifier/value", hcode), own=own)
    assert (result["status"], result["accepted"]) == (status, status == 200)
    assert [one for one in codes(result) if one in ("HCODE_UNKNOWN", "OTHER_HOSPITAL")] == ([code] if code else [])
    assert result["understood"]["visits"], "it is told how it was read all the same"


def test_too_many_visits_are_refused_as_too_large() -> None:
    result = explained(sound() | {"Encounter": [visit("V1"), visit("V2")]}, encounters=1)
    assert (result["status"], codes(result)) == (413, ["TOO_MANY_ENCOUNTERS"])


# Parts


def test_hashes_are_of_the_minified_parts_as_they_were_sent() -> None:
    upload = sound()
    result = explained(json.dumps(upload, ensure_ascii=False, indent=4).encode())
    minified = json.dumps(upload["Encounter"][0], ensure_ascii=False, separators=(",", ":")).encode()
    hashes = {one["ref"]: one["sha256"] for one in result["content_hash"]}
    assert hashes[f"{HCODE}:VN1"] == hashlib.sha256(minified).hexdigest()
    assert list(hashes) == ["Patient", f"{HCODE}:VN1"]


def test_what_is_exported_means_the_same() -> None:
    first = explained(sound())
    [export] = first["export"]
    again = explained(export["payload"])
    assert export["call"] == VISITS_CALL
    assert (again["understood"], again["content_hash"]) == (first["understood"], first["content_hash"])


# Whatever comes


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(["0000-00-00", "2533-02-29", "null", "\x00", "1e999"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["0", "coding", "text", "value"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.data())
def test_an_upload_bent_anywhere_is_explained(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([VISITS_CALL, *item_uploading.ITEMS]))
    upload = sound() if name == VISITS_CALL else item_uploading.sound(name)
    bend(upload, data)
    result = explained(upload, data.draw(st.sampled_from([name, *CALLS])))
    assert result["accepted"] is (result["status"] == 200)
    assert result["accepted"] or any(one["severity"] == "error" for one in result["findings"])


def bend(value: Any, data: st.DataObject) -> None:
    """Put something odd somewhere into `value`."""
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(value[key], dict | list) or not value[key] or data.draw(st.integers(0, 4)) == 0:
            value[key] = data.draw(ODD)
            return
        value = value[key]


@pytest.mark.parametrize("name", [VISITS_CALL, *item_uploading.ITEMS])
@pytest.mark.parametrize("text", ["\ud800", "\x00", "\u202e", "ก" * 100_000])
def test_texts_that_databases_and_encoders_refuse_are_explained(name: str, text: str) -> None:
    upload = sound() if name == VISITS_CALL else item_uploading.sound(name)
    upload["Patient"]["name"] = [{"family": text, "given": [text]}]
    body = json.dumps(upload).encode()
    explained(body, name)
