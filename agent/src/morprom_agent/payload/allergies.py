"""Reported drug allergies, from DRUGALLERGY."""

from collections.abc import Mapping

from morprom_agent.export import Officer, Person, Row
from morprom_agent.export.rows import day
from morprom_agent.payload.concepts import Json, concept, file43, without_nothing
from morprom_agent.payload.tables import CERTAINTIES, INFORMANTS
from morprom_wire import systems

DEFINITE = {"1": "1"}
"""TYPEDX 1 (certain) is Naranjo result 1 (Definite); the platform publishes no other value."""


def allergies(person: Person, hospital: Json, officers: Mapping[str, Officer]) -> list[Json]:
    """One AllergyIntolerance a row that names a drug."""
    rows = person.rows.get("DRUGALLERGY", ())
    return [_allergy(row, hospital, officers) for row in rows if row.first("DNAME", "DRUGALLERGY")]


def _allergy(row: Row, hospital: Json, officers: Mapping[str, Officer]) -> Json:
    code = row["DRUGALLERGY"] if row["DRUGALLERGY"].strip("0") else ""
    recorded, officer = day(row["DATERECORD"]), officers.get(row["PROVIDER"])
    naranjo = DEFINITE.get(row["TYPEDX"])
    return without_nothing(
        {
            "managingOrganization": hospital,
            "identifier": [{"system": file43("DRUGALLERGY"), "value": code or row["DNAME"]}],
            "clinicalStatus": "active",
            "verificationStatus": CERTAINTIES.get(row["TYPEDX"], "unconfirmed"),
            "type": "allergy",
            "category": ["medication"],
            "criticality": "unable-to-assess",
            "code": _substance(row, code),
            "seriousness": _coded("allergy_seriousness", row["ALEVEL"]),
            "allergyInformationSource": _coded(
                "allergy_source", row["INFORMANT"], INFORMANTS.get(row["INFORMANT"], "")
            ),
            "naranjoResult": _coded("allergy_naranjo_result", naranjo or ""),
            "recordedDate": recorded.isoformat() if recorded else None,
            "recordOfficer": {
                "reference": officer.licence if officer else "",
                "identifier": {},
                "display": officer.name if officer else "",
            },
            "reaction": _reaction(row),
        }
    )


def _substance(row: Row, code: str) -> Json:
    tmt = row["DID_TMT"]
    system = f"{systems.CODING_SYSTEM}tmt_substance" if tmt else file43("DRUGALLERGY")
    return concept(system, tmt or code, row["DNAME"])


def _coded(system: str, code: str, text: str = "") -> Json | None:
    return concept(f"{systems.CODING_SYSTEM}{system}", code, text) if code else None


def _reaction(row: Row) -> list[Json]:
    if not row.first("SYMPTOM", "SYMPTOM_TEXT"):
        return []
    return [{"manifestation": [concept(file43("SYMPTOM"), row["SYMPTOM"], row["SYMPTOM_TEXT"])]}]
