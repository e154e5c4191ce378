"""What a record's documents become as uploads: what went in comes out, and nothing that was not sent."""

import json
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mophphr.item_uploading import ITEMS, accepted, documents, exactly, item, sound
from mophphr.test_upload_properties import ODD, places, vendor_upload
from mophphr.uploading import HCODE, read, visit
from mophphr.uploading import sound as sound_visits
from morprom.mophphr import Upload, export_uploads
from morprom.record import Document, Kind
from payloads import VENDORS, invented_cid, visit_upload

NOW = datetime(2024, 5, 1, 8, tzinfo=UTC)


def document(kind: Kind, content: bytes, hcode: str = HCODE, at: datetime = NOW) -> Document:
    return Document(kind, hcode, content, 1, at, at)


def stored(upload: Upload) -> list[Document]:
    """The documents that an upload of visits becomes."""
    found = [document(Kind.PATIENT, upload.patient, upload.hcode)]
    found += [document(Kind.VISIT, part.content, upload.hcode) for part in upload.visits]
    if upload.allergies is not None:
        found.append(document(Kind.ALLERGY, upload.allergies, upload.hcode))
    return found


def body_of(sent: Any) -> bytes:
    return json.dumps(sent, ensure_ascii=False).encode("utf-8", "surrogatepass")


def meaning(raw: bytes) -> list[tuple[str, Any]]:
    """The members of the top level without order; an empty array says as much as none."""
    members = exactly(raw)[1]
    return sorted(
        (member for member in members if member[0] not in ("Encounter", "AllergyIntolerance") or member[1] != []),
        key=lambda member: member[0],
    )


REWRITTEN = {"KEY_SPELLING", "DUPLICATE_REF", "OBJECT_FOR_LIST"}


def check_round(body: bytes) -> None:
    upload = read(body)
    if not isinstance(upload, Upload):
        return
    [(call, payload)] = export_uploads(stored(upload))
    assert call == "UpdatePHRv1"
    again = read(payload)
    assert isinstance(again, Upload)
    assert [(one.ref, one.day, one.content) for one in again.visits] == [
        (one.ref, one.day, one.content) for one in upload.visits
    ]
    assert (again.patient, again.allergies) == (upload.patient, upload.allergies)
    if not any(one.code in REWRITTEN and one.path.count("/") <= 2 for one in upload.findings):
        assert meaning(payload) == meaning(body)


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("seed", range(5))
def test_a_vendors_upload_comes_out_as_it_went_in(vendor: str, seed: int) -> None:
    check_round(body_of(vendor_upload(vendor, seed)))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(VENDORS), st.data())
def test_a_bent_upload_comes_out_as_it_went_in(vendor: str, data: st.DataObject) -> None:
    sent = vendor_upload(vendor)
    for _ in range(data.draw(st.integers(1, 4))):
        container, key = data.draw(st.sampled_from(places(sent) or [(sent, "Patient")]))
        container[key] = data.draw(ODD)
    check_round(body_of(sent))


def test_texts_of_numbers_and_repeated_keys_come_out_to_the_letter() -> None:
    body = body_of(sound_visits() | {"AllergyIntolerance": [{"recordOfficer": {}, "managingOrganization": {}}]})
    body = body.replace(b'"participant": []', b'"participant": [1.10, 1e308, 1e400, -0.0], "y": 1, "y": 2')
    body = body[:-1] + b', "memo": 1.0, "memo": 1.00}'
    check_round(body)
    upload = read(body)
    assert isinstance(upload, Upload)
    [(_, payload)] = export_uploads(stored(upload))
    assert b'"participant":[1.10,1e308,1e400,-0.0],"y":1,"y":2' in payload
    assert b'"memo":1.0,"memo":1.00' in payload


def test_visits_that_came_one_by_one_are_one_payload_of_each_hospital() -> None:
    found: list[Document] = []
    for number in range(3):
        upload = read(sound_visits() | {"Encounter": [visit(f"VN{number}")]})
        assert isinstance(upload, Upload)
        found += stored(upload)[number > 0 :]
    other = read(visit_upload("hosxp", Random(1), hcode="10671", cid=invented_cid(7), ref="1", on=date(2024, 5, 1)))
    assert isinstance(other, Upload)
    exported = export_uploads([*found, *stored(other)])
    assert [call for call, _ in exported] == ["UpdatePHRv1", "UpdatePHRv1"]
    again = [read(payload) for _, payload in exported]
    assert [[part.ref for part in one.visits] for one in again if isinstance(one, Upload)] == [
        ["10670:VN0", "10670:VN1", "10670:VN2"], ["10671:1"],
    ]  # fmt: skip


def test_visits_without_a_patient_document_say_whose_hospital_they_are_of() -> None:
    [(_, payload)] = export_uploads([document(Kind.VISIT, b'{"identifier":[]}')])
    assert json.loads(payload) == {
        "managingOrganization": {"identifier": {"system": "https://bps.moph.go.th/hcode/5", "value": HCODE}},
        "Encounter": [{"identifier": []}],
    }


def test_a_hospital_without_visits_exports_no_array_that_would_remove_some() -> None:
    upload = read(sound_visits() | {"Encounter": []})
    assert isinstance(upload, Upload)
    [(_, payload)] = export_uploads(stored(upload))
    assert set(json.loads(payload)) == {"managingOrganization", "Patient"}


def test_what_was_not_uploaded_is_not_exported() -> None:
    cared_for = b'{"sent":{"managingOrganization":{}},"noted":{"active":true}}'
    assert export_uploads([document(Kind.CONTROLS, b"{}", ""), document(Kind.CARED_FOR, cared_for)]) == []
    assert export_uploads([]) == []


@pytest.mark.parametrize("name", list(ITEMS))
def test_what_the_platform_noted_stays_here(name: str) -> None:
    [found] = documents(accepted(name, sound(name)))
    forged = found.content.replace(b'"noted":{}', b'"noted":{"verified":true,"provider_id":"x"}')
    assert export_uploads([document(found.kind, forged)]) == [(name, accepted(name, sound(name)).items[0].sent)]


def test_items_that_came_beside_the_same_things_are_one_payload() -> None:
    name = "ReferralRequest"
    together = accepted(name, sound(name, item(name), item(name, referralRefCode="R2")))
    later = accepted(name, sound(name, item(name, referralRefCode="R3")))
    other = accepted(name, sound(name, item(name, referralRefCode="R4")) | {"memo": "x"})
    exported = export_uploads([*documents(together), *documents(later), *documents(other)])
    assert [[one["referralRefCode"] for one in json.loads(payload)[name]] for _, payload in exported] == [
        ["R1", "R2", "R3"],
        ["R4"],
    ]


def test_a_whole_list_is_one_payload_whatever_it_came_beside() -> None:
    name = "ImmunizationRegisterv1"
    newer = accepted(name, sound(name, item(name, encounterRefCode="VN2")) | {"memo": "newer"})
    older = accepted(name, sound(name) | {"memo": "older"})
    [(call, payload)] = export_uploads([*documents(newer, hour=9), *documents(older, hour=8)])
    assert call == name
    assert json.loads(payload)["memo"] == "newer"
    assert [one.ref for one in accepted(name, payload).items] == ["VN2|815", "VN1|815"]


def test_the_same_list_of_two_hospitals_is_two_payloads() -> None:
    name = "ImmunizationRegisterv1"
    [found] = documents(accepted(name, sound(name)))
    assert len(export_uploads([found, document(found.kind, found.content, "10671")])) == 2


def test_measurements_are_exported_one_by_one_in_the_form_that_they_had() -> None:
    name = "SelfObservation"
    flat = item(name)
    found = [*documents(accepted(name, sound(name))), *documents(accepted(name, flat))]
    assert [json.loads(payload) for _, payload in export_uploads(found)] == [sound(name), flat]
