"""What an item of each call should have: the table of expected.py for the other uploads."""

from collections.abc import Mapping
from typing import Any

from morprom.mophphr import item_payload
from morprom.mophphr.expected import CODED, IMMUNIZATION
from morprom.mophphr.payload import Concept, HumanName, Identifier, Organization, Thing
from morprom.mophphr.shape import Rules, may, must
from morprom.record import Kind

ORGANIZATION = must("managingOrganization", Organization, may("identifier", Identifier, may("value", str)))

RULES: Mapping[Kind, Rules[Any]] = {
    Kind.ALLERGY_REPORT: Rules(
        item_payload.AllergyReport,
        ORGANIZATION,
        may("identifier", list),
        may("category", list),
        may("code", Concept, CODED),
        must("recordOfficer"),
        may("reaction", list),
    ),
    Kind.CHRONIC_REGISTER: Rules(
        item_payload.ChronicDisease,
        ORGANIZATION,
        may("code", Concept, CODED),
        may("clinicalStatus", Concept, CODED),
        must("clinicalText", str),
        must("description", list),
        may("condition", list),
    ),
    Kind.IMMUNIZATION: Rules(
        item_payload.Vaccination,
        ORGANIZATION,
        *[key for key in IMMUNIZATION if key.key != "managingOrganization"],
        may("vaccineCode", Concept, CODED),
        may("encounterRefCode", str),
    ),
    Kind.REFERRAL: Rules(
        item_payload.Referral,
        ORGANIZATION,
        must(
            "recipientOrganization",
            item_payload.Recipient,
            may("identifier", Identifier, may("value", str)),
            must("type"),
        ),
        may("encounterRefCode", str),
        may("referralRefCode", str),
        *[must(key) for key in ("intent", "occurrenceDateTime", "authoredOn", "requester", "serviceRequested")],
        *[must(key) for key in ("context", "specialty", "description", "note")],
    ),
    Kind.PRESCRIPTION: Rules(
        item_payload.Prescription,
        may("managingOrganization", Organization),
        may("identifier", list),
        may("encounter_ref_code", str),
        may("requester", item_payload.Requester),
        may("dosageInstruction", list),
        may("dispenseRequest", item_payload.DispenseRequest),
    ),
    Kind.CAREGIVER: Rules(
        item_payload.Caregiver,
        may("managingOrganization", Organization),
        may("identifier", list),
        may("name", HumanName),
        may("care_giver_name", Thing),
    ),
    Kind.DRUG_PROBLEM: Rules(
        item_payload.DrugProblem, may("managingOrganization", Organization), may("drp_ref_code", str)
    ),
    Kind.SELF_OBSERVATION: Rules(
        item_payload.SelfObservation,
        may("managingOrganization", Organization),
        must("person", item_payload.MeasuredPerson, may("cid", str)),
        may("location_gis", item_payload.Place, may("latitude", str), may("longitude", str)),
        must(
            "observation",
            item_payload.Measurement,
            may("reference_id", str),
            must("loinc_code", str),
            must("effective_datetime", str),
            must("observation_value", str),
        ),
    ),
}
"""By the kind of document that an item becomes."""
