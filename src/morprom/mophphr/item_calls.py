"""The uploads whose array holds items of one kind, each with a key of its own (wire protocol, section 3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from morprom.record import Kind


@dataclass(frozen=True, slots=True)
class ItemCall:
    """One such call: the last step of its path, its array, and the kind of document that an item becomes.

    `key_is_of_person`: the key means something within one person's record only (the same allergy, the same caregiver
    occur under many persons); otherwise it is the hospital's own number of the item.
    `is_whole_list`: an upload is all there is of that person at that hospital; what it leaves out is removed.
    `is_single`: one object instead of an array.
    """

    name: str
    array: str
    kind: Kind
    key_is_of_person: bool = False
    is_whole_list: bool = False
    is_single: bool = False


_CALLS = (
    ItemCall("AllergyIntolerancev1", "AllergyIntolerance", Kind.ALLERGY_REPORT, key_is_of_person=True),
    ItemCall("PatientChronicRegisterv1", "ChronicDiseaseRegister", Kind.CHRONIC_REGISTER),
    ItemCall("ImmunizationRegisterv1", "Immunization", Kind.IMMUNIZATION, is_whole_list=True),
    ItemCall("ReferralRequest", "ReferralRequest", Kind.REFERRAL),
    ItemCall("SelfObservation", "SelfObservation", Kind.SELF_OBSERVATION, is_single=True),
    ItemCall("CareGiver", "CareGiver", Kind.CAREGIVER, key_is_of_person=True),
    ItemCall("MedicationRequest", "MedicationRequest", Kind.PRESCRIPTION),
    ItemCall("DrugRelatedProblem", "DrugRelatedProblem", Kind.DRUG_PROBLEM),
)

ITEM_CALLS: Mapping[str, ItemCall] = {call.name.lower(): call for call in _CALLS}
"""By lower-case name."""
