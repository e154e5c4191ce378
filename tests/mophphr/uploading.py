"""A small sound upload and how to bend it, for the tests of this room."""

import copy
import json
from typing import Any

from morprom.mophphr import Rejected, Upload, read_visits_upload
from payload_facts import invented_cid

HCODE = "10670"
CID = invented_cid(7)

Json = dict[str, Any]


def sound() -> Json:
    """An upload with nothing to remark: every key that is expected, empty where it can be."""
    organization = {"identifier": {"system": "https://bps.moph.go.th/hcode/5", "value": HCODE}, "agent": "test 1"}
    return {
        "managingOrganization": organization,
        "Patient": {
            "identifier": [
                {"system": "https://www.dopa.go.th", "type": "CID", "value": CID},
                {"system": "https://sil-th.org/hn", "type": "HN", "value": "000012345"},
            ],
            "active": True,
            "name": [{"languageCode": "TH", "given": ["ชูใจ"], "family": "ใจดี", "suffix": []}],
            "telecom": [],
            "gender": "female",
            "birthDate": "1990-01-01",
            "deceasedBoolean": False,
            "nationality": {"coding": [{"code": "099"}], "text": "ไทย"},
            "maritalStatus": {"coding": [{"code": "S"}], "text": "โสด"},
            "address": [],
            "contact": [],
        },
        "Encounter": [visit("VN1")],
    }


def visit(ref: str) -> Json:
    """One sound visit."""
    return {
        "managingOrganization": {},
        "identifier": [{"system": "https://bps.moph.go.th/vn", "type": "VN", "value": ref}],
        "class": {"code": "AMB"},
        "type": {"coding": [], "text": "มาเอง"},
        "priority": {"code": "R"},
        "period": {"start": "2024-05-01T08:15:17", "end": None},
        "subject": {},
        "participant": [],
        "reason": [{"text": "ไข้"}],
        "vital_signs": {"pulse": {"status": "final", "valueQuantity": {"value": 80, "unit": "/min"}}},
        "Observation": [{"status": "final", "issued": "2024-05-01T09:00:00", "code": {"coding": [], "text": "FBS"}}],
        "Condition": [
            {"code": {"coding": [{"code": "J00"}]}, "verificationStatus": {}, "category": [], "severity": ""}
        ],
        "Medication": [{"code": {"text": "PARA"}, "statement": {}}],
    }


def bent(pointer: str, value: object = None, *, drop: bool = False) -> Json:
    """The sound upload with the value at `pointer` set, or dropped."""
    upload = copy.deepcopy(sound())
    *path, last = pointer.strip("/").split("/")
    at: Any = upload
    for step in path:
        at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
    key = int(last) if isinstance(at, list) else last
    if drop:
        del at[key]
    elif isinstance(at, list) and key == len(at):
        at.append(value)
    else:
        at[key] = value
    return upload


def read(upload: object, *, encounter_limit: int = 500, test_person: bool = False) -> Upload | Rejected:
    """What reading gives; `upload` is JSON or a body."""
    body = upload if isinstance(upload, bytes) else json.dumps(upload, ensure_ascii=False).encode()
    return read_visits_upload(body, encounter_limit=encounter_limit, nesting_limit=64, test_person_allowed=test_person)


def accepted(upload: object, *, test_person: bool = False) -> Upload:
    """What reading gives when it must succeed."""
    found = read(upload, test_person=test_person)
    assert isinstance(found, Upload), found
    return found


def told(upload: object) -> list[tuple[str, str]]:
    """The (code, path) of everything told of an accepted upload."""
    return [(one.code, one.path) for one in accepted(upload).findings]


def faults(upload: object) -> list[tuple[str, str]]:
    """The (code, path) of every fault of a refused upload."""
    found = read(upload)
    assert isinstance(found, Rejected), found
    return [(one.code, one.path) for one in found.faults]
