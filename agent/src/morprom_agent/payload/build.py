"""One visit becomes one parcel: a payload, and the hash that tells whether it changed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from morprom_agent.export import Officer, Visit
from morprom_agent.payload.allergies import allergies
from morprom_agent.payload.concepts import organization
from morprom_agent.payload.encounter import encounter
from morprom_agent.payload.patient import full_name, patient

AGENT = "morprom-agent"
"""Without the version, so that a newer agent does not find every visit changed."""


@dataclass(frozen=True, slots=True)
class Hospital:
    """Who sends. `officers` are those of PROVIDER by their number in this hospital."""

    hcode: str
    name: str
    officers: Mapping[str, Officer]


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is sent of one visit."""

    ref: str
    is_stay: bool
    hash: str
    body: bytes = field(repr=False)


def build(visit: Visit, hospital: Hospital) -> Parcel:
    """The payload of a visit whose person is known."""
    row = visit.person.row
    assert row is not None, "a visit without a person is not sent"  # noqa: S101 (the filters see to it)
    unit = organization(hospital.hcode, hospital.name)
    payload = {
        "managingOrganization": unit | {"agent": AGENT},
        "Patient": patient(visit.person, row, visit.hn, unit),
        "AllergyIntolerance": allergies(visit.person, unit, hospital.officers),
        "CarePlan": [],
        "Encounter": [encounter(visit, unit, hospital.officers, full_name(row))],
    }
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    return Parcel(visit.ref, visit.is_stay, hashlib.blake2b(body, digest_size=16).hexdigest(), body)
