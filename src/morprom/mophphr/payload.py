# ruff: noqa: N815 (field names are the keys of the wire, verbatim)
"""The UpdatePHRv1 payload (wire protocol, section 4) as types, as wide as the variants seen in the wild.

Only what the parser looks at is named; all else is skipped by the decoder and kept as sent. A field is UNSET when its
key was not sent, None when null was sent or when its value had a type that nothing here allows (see lenient.py).
No field is ever required: what is missing is a finding, not an error.
"""

from typing import TypeAlias

import msgspec
from msgspec import UNSET, UnsetType


class Part(msgspec.Struct, gc=False):
    """Some object of a payload. Payloads are trees, so the garbage collector need not look at them."""

    def __repr__(self) -> str:
        return type(self).__name__  # what a payload says stays out of it


class Thing(Part):
    """An object whose inside is not looked at: it is there, that is all."""


class Concept(Part):
    """A Coding, a CodeableConcept, or a mixture of both."""

    system: "Text" = UNSET
    code: "Text" = UNSET
    display: "Text" = UNSET
    text: "Text" = UNSET
    coding: "Concepts" = UNSET


Scalar: TypeAlias = str | int | float | bool | None
Text: TypeAlias = Scalar | UnsetType
Texts: TypeAlias = list[Scalar] | Scalar | UnsetType
Things: TypeAlias = Thing | list[Thing | Scalar] | Scalar | UnsetType
Concepts: TypeAlias = Concept | list[Concept | Scalar] | Scalar | UnsetType


class Period(Part):
    start: Text = UNSET
    end: Text = UNSET


Periods: TypeAlias = Period | list[Period | Scalar] | Scalar | UnsetType


class Identifier(Part):
    system: Text = UNSET
    type: Concepts = UNSET
    value: Text = UNSET


Identifiers: TypeAlias = list[Identifier | Scalar] | Identifier | Scalar | UnsetType


class Organization(Part):
    identifier: Identifiers = UNSET
    agent: Text = UNSET
    scope: Text = UNSET


class HumanName(Part):
    prefix: Texts = UNSET
    given: Texts = UNSET
    family: Texts = UNSET
    suffix: Texts = UNSET
    text: Text = UNSET


class Address(Part):
    use: Text = UNSET
    type: Text = UNSET
    text: Text = UNSET
    line: Texts = UNSET
    postalCode: Text = UNSET
    country: Text = UNSET
    period: Periods = UNSET
    address_code: Text = UNSET


class Patient(Part):
    identifier: Identifiers = UNSET
    active: Text = UNSET
    name: list[HumanName | Scalar] | HumanName | Scalar | UnsetType = UNSET
    telecom: Things = UNSET
    gender: Text = UNSET
    birthDate: Text = UNSET
    deceasedBoolean: Text = UNSET
    nationality: Concepts = UNSET
    maritalStatus: Concepts = UNSET
    address: list[Address | Scalar] | Address | Scalar | UnsetType = UNSET
    contact: Things = UNSET


class Allergy(Part):
    managingOrganization: Things = UNSET
    code: Concepts = UNSET
    recordOfficer: Things = UNSET


class Quantity(Part):
    value: Text = UNSET


class VitalSign(Part):
    valueQuantity: Quantity | Scalar | UnsetType = UNSET


Vital: TypeAlias = VitalSign | Scalar | UnsetType


class VitalSigns(Part):
    """Nested and flat form at once; `again` is where a PHP fault repeats the whole."""

    body_weight: Vital = UNSET
    body_height: Vital = UNSET
    body_temp: Vital = UNSET
    bp_systolic: Vital = UNSET
    bp_diastolic: Vital = UNSET
    body_mass_index: Vital = UNSET
    respiratory_rate: Vital = UNSET
    pulse: Vital = UNSET
    body_weight_kg: Text = UNSET
    body_height_cm: Text = UNSET
    body_temp_cel: Text = UNSET
    bp_systolic_mmhg: Text = UNSET
    bp_diastolic_mmhg: Text = UNSET
    again: Things = msgspec.field(default=UNSET, name="0")


class Observation(Part):
    status: Text = UNSET
    issued: Text = UNSET
    effectiveDateTime: Text = UNSET
    category: Concepts = UNSET
    code: Concepts = UNSET
    valueQuantity: Quantity | Scalar | UnsetType = UNSET


class Condition(Part):
    code: Concepts = UNSET
    verificationStatus: Things = UNSET
    category: Things = UNSET
    severity: Things = UNSET
    recordedDate: Text = UNSET


class Medication(Part):
    code: Concepts = UNSET
    statement: Things = UNSET
    status: Things = UNSET


class CoverageClass(Part):
    type: Concepts = UNSET


class Coverage(Part):
    class_: list[CoverageClass | Scalar] | CoverageClass | Scalar | UnsetType = msgspec.field(
        default=UNSET, name="class"
    )
    class_group: Things = UNSET
    period: Periods = UNSET


class Immunization(Part):
    managingOrganization: Things = UNSET
    status: Text = UNSET
    primarySource: Things = UNSET
    location: Things = UNSET
    manufacturer: Things = UNSET
    expirationDate: Text = UNSET
    doseQuantity: Things = UNSET
    note: Things = UNSET
    reasonCode: Things = UNSET
    performer: Things = UNSET


CoverageList: TypeAlias = list[Coverage | Scalar] | Coverage | Scalar | UnsetType
VitalSignsList: TypeAlias = list[VitalSigns | Scalar] | VitalSigns | Scalar | UnsetType
ObservationList: TypeAlias = list[Observation | Scalar] | Observation | Scalar | UnsetType
ConditionList: TypeAlias = list[Condition | Scalar] | Condition | Scalar | UnsetType
MedicationList: TypeAlias = list[Medication | Scalar] | Medication | Scalar | UnsetType
ImmunizationList: TypeAlias = list[Immunization | Scalar] | Immunization | Scalar | UnsetType


class Reason(Part):
    text: Text = UNSET


class Encounter(Part):
    managingOrganization: Things = UNSET
    identifier: Identifiers = UNSET
    class_: Concepts = msgspec.field(default=UNSET, name="class")
    type: Concepts = UNSET
    priority: Concepts = UNSET
    period: Periods = UNSET
    subject: Things = UNSET
    screen_drinking: Concepts = UNSET
    participant: Things = UNSET
    reason: list[Reason | Scalar] | Reason | Scalar | UnsetType = UNSET
    financeTotalAmount: Text = UNSET
    financeReimbursementAmount: Text = UNSET
    financePaidAmount: Text = UNSET
    Coverage: CoverageList = UNSET
    vital_signs: VitalSignsList = UNSET
    Observation: ObservationList = UNSET
    Observations: ObservationList = UNSET
    Condition: ConditionList = UNSET
    Medication: MedicationList = UNSET
    Appointment: Things = UNSET
    appointments: Things = UNSET
    Immunization: ImmunizationList = UNSET
