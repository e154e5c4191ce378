"""What a payload should have, as one table: which keys, of which shape.

The keys whose absence is told are those the ministry's service warned about; an empty array or text silences it.
A shape other than the specification's is accepted, and told.
"""

from morprom.mophphr import payload
from morprom.mophphr.payload import Concept, Quantity, Thing, VitalSign, VitalSigns
from morprom.mophphr.shape import Rules, may, must

CODED = may("coding", list)
TEXT_AND_CODING = (must("text"), must("coding", list))
AMOUNT = may("valueQuantity", Quantity, may("value", float))
NESTED_VITALS = VitalSigns.__struct_fields__[:8]
FLAT_VITALS = VitalSigns.__struct_fields__[8:13]

ORGANIZATION = Rules(payload.Organization, may("identifier", payload.Identifier, may("value", str)))

PATIENT = Rules(
    payload.Patient,
    may("identifier", list),
    must("active"),
    may("name", list, may("given", list), must("suffix")),
    must("deceasedBoolean"),
    must("maritalStatus", Concept, *TEXT_AND_CODING),
    must("nationality", Concept, *TEXT_AND_CODING),
    must(
        "address",
        list,
        must("use"),
        must("type"),
        must("text"),
        must("line", list),
        must("postalCode", str),
        must("country"),
        must("period"),
        must("address_code", str),
    ),
    must("telecom", list),
    must("contact"),
)

ALLERGY = Rules(payload.Allergy, must("managingOrganization"), must("recordOfficer"))

IMMUNIZATION = (
    must("managingOrganization"),
    must("status"),
    must("primarySource"),
    must("location"),
    must("manufacturer"),
    must("expirationDate"),
    must("doseQuantity"),
    must("note"),
    must("reasonCode"),
    must("performer"),
)

OBSERVATION = (
    must("status"),
    must("issued"),
    may("category", Concept, CODED),
    must("code", Concept, must("text"), CODED),
    AMOUNT,
)

ENCOUNTER = Rules(
    payload.Encounter,
    must("managingOrganization"),
    may("identifier", list),
    must("type", Concept, must("text"), CODED),
    must("priority", Concept),
    must("subject", Thing),
    must("participant", list),
    must("reason", list, may("text")),
    may("financeTotalAmount", float),
    may("financeReimbursementAmount", float),
    may("financePaidAmount", float),
    may("Coverage", list, may("class", list, may("type", Concept, CODED))),
    may(
        "vital_signs",
        VitalSigns,
        *[may(key, VitalSign, AMOUNT) for key in NESTED_VITALS],
        *[may(key, float) for key in FLAT_VITALS],
    ),
    may("Observation", list, *OBSERVATION),
    may("Observations", list, *OBSERVATION),
    may("Condition", list, may("code", Concept, CODED), must("verificationStatus"), must("category"), must("severity")),
    may("Medication", list, may("code", Concept, CODED), must("statement", Thing)),
    may("Immunization", list, *IMMUNIZATION),
)
