# ruff: noqa: N815 (field names are the keys of the wire, verbatim)
"""The items of the uploads of ITEM_CALLS (wire protocol, section 3) as types, as wide as payload.py."""

from typing import TypeAlias

from msgspec import UNSET, UnsetType

from morprom.mophphr.payload import (
    Concepts,
    HumanName,
    Identifiers,
    Immunization,
    Organization,
    Part,
    Periods,
    Scalar,
    Text,
    Things,
)

Organizations: TypeAlias = Organization | list[Organization | Scalar] | Scalar | UnsetType


class Item(Part):
    """What every item may say: which hospital's it is."""

    managingOrganization: Organizations = UNSET


class AllergyReport(Item):
    identifier: Identifiers = UNSET
    category: Things = UNSET
    code: Concepts = UNSET
    preventable: Text = UNSET
    recordedDate: Text = UNSET
    recordOfficer: Things = UNSET
    reaction: Things = UNSET


class ChronicDisease(Item):
    chronic_ref_code: Text = UNSET
    chronicRefCode: Text = UNSET
    code: Concepts = UNSET
    clinicalStatus: Concepts = UNSET
    clinicalText: Text = UNSET
    registerDate: Text = UNSET
    dischargeDate: Text = UNSET
    recordedDate: Text = UNSET
    description: Things = UNSET
    condition: Things = UNSET


class Vaccination(Immunization):
    """The same as in an Encounter, with the visit that it belongs to."""

    managingOrganization: Organizations = UNSET  # pyright: ignore[reportIncompatibleVariableOverride] (looked into)
    vaccineCode: Concepts = UNSET
    encounterRefCode: Text = UNSET
    encounter_ref_code: Text = UNSET
    occurrenceDateTime: Text = UNSET


class Recipient(Organization):
    """`type` is a member that the ministry's service asked for."""

    type: Concepts = UNSET


class Referral(Item):
    recipientOrganization: Recipient | list[Recipient | Scalar] | Scalar | UnsetType = UNSET
    referralRefCode: Text = UNSET
    referral_ref_code: Text = UNSET
    encounterRefCode: Text = UNSET
    encounter_ref_code: Text = UNSET
    intent: Things = UNSET
    occurrenceDateTime: Text = UNSET
    occurrencePeriod: Periods = UNSET
    authoredOn: Text = UNSET
    requester: Things = UNSET
    serviceRequested: Things = UNSET
    context: Things = UNSET
    specialty: Things = UNSET
    description: Things = UNSET
    note: Things = UNSET


class Requester(Part):
    providerToken: Text = UNSET


class DispenseRequest(Part):
    validityPeriod: Periods = UNSET


class Prescription(Item):
    identifier: Identifiers = UNSET
    encounter_ref_code: Text = UNSET
    encounterRefCode: Text = UNSET
    authoredOn: Text = UNSET
    requester: Requester | list[Requester | Scalar] | Scalar | UnsetType = UNSET
    dosageInstruction: Things = UNSET
    dispenseRequest: DispenseRequest | list[DispenseRequest | Scalar] | Scalar | UnsetType = UNSET


class Caregiver(Item):
    identifier: Identifiers = UNSET
    name: HumanName | list[HumanName | Scalar] | Scalar | UnsetType = UNSET
    care_giver_name: Things = UNSET


class DrugProblem(Item):
    drp_ref_code: Text = UNSET
    drpRefCode: Text = UNSET
    recordedDate: Text = UNSET


class MeasuredPerson(Part):
    cid: Text = UNSET
    birth_date: Text = UNSET


class Place(Part):
    latitude: Text = UNSET
    longitude: Text = UNSET


class Measurement(Part):
    reference_id: Text = UNSET
    loinc_code: Text = UNSET
    effective_datetime: Text = UNSET
    observation_value: Text = UNSET


class SelfObservation(Item):
    observation_ref_code: Text = UNSET
    person: MeasuredPerson | list[MeasuredPerson | Scalar] | Scalar | UnsetType = UNSET
    location_gis: Place | list[Place | Scalar] | Scalar | UnsetType = UNSET
    observation: Measurement | list[Measurement | Scalar] | Scalar | UnsetType = UNSET
