"""What the record of a person is made of, once it is opened."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum


class Kind(IntEnum):
    """What a sealed document is. A number, once given, keeps its meaning: rows and seals carry it."""

    PATIENT = 1
    VISIT = 2
    ALLERGY = 3  # a hospital's whole list, as it came with visits
    CHRONIC_REGISTER = 4
    IMMUNIZATION = 5
    ALLERGY_REPORT = 6  # one allergy, sent by itself
    REFERRAL = 7
    SELF_OBSERVATION = 8
    CONTROLS = 9
    CAREGIVER = 10  # who cares for the person
    CARED_FOR = 11  # that the person was named as somebody's caregiver
    PRESCRIPTION = 12
    DRUG_PROBLEM = 13


@dataclass(frozen=True, slots=True)
class Document:
    """One opened document of a person.

    `content` is minified JSON as its sender wrote it: PATIENT is an upload's top level without its visits and
    allergies, VISIT one Encounter object, ALLERGY the array of one hospital's allergies, CONTROLS is ours
    (`{"share_phr": bool, "masked": ["hcode:ref", …], "reported": […]}`) and has no hcode. All other kinds are
    `{"sent": …, "noted": {…}}`: an upload cut down to one item, and what the platform found out about it when it
    came. `created_at` and `received_at` are the first and the latest arrival, in UTC.
    """

    kind: Kind
    hcode: str
    content: bytes = field(repr=False)
    version: int
    created_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Organization:
    """A hospital as rows name it."""

    hcode: str
    name: str
    region_id: int | None


@dataclass(frozen=True, slots=True)
class Seeing:
    """What a permit lets its holder see of a record: decided by access, obeyed by the views.

    `masked` says whether visits that the owner masked are visible; only the owner's own permit says so.
    `recipient` is the one unit whose referrals are visible, and nothing else of the record; "" for the whole of it.
    """

    sensitive: bool
    free_text: bool
    masked: bool
    recipient: str = ""
