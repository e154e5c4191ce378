"""Diagnoses of a visit, the principal one first, and who made them."""

from collections.abc import Mapping
from datetime import date

from morprom_agent.export import Officer, Row, Visit
from morprom_agent.export.rows import day, moment
from morprom_agent.payload.concepts import Json, coding, concept, dotless, file43, wall_clock, without_nothing
from morprom_agent.payload.tables import DIAGNOSIS_TYPES
from morprom_wire import systems

DIAGNOSIS = ("439401001", "Diagnosis")  # SNOMED CT
PRINCIPAL = "1"


def diagnoses(visit: Visit) -> list[Row]:
    """The rows that carry a code, principal first."""
    rows = [row for row in visit.of("DIAGNOSIS_OPD", "DIAGNOSIS_IPD") if row["DIAGCODE"]]
    return sorted(rows, key=lambda row: row["DIAGTYPE"] != PRINCIPAL)


def conditions(visit: Visit, officers: Mapping[str, Officer], start: str | None) -> list[Json]:
    """One Condition a diagnosis. CHRONIC tells since when a chronic one is known."""
    since = _since(visit)
    return [_condition(row, officers, start, since.get(dotless(row, "DIAGCODE"))) for row in diagnoses(visit)]


def _condition(row: Row, officers: Mapping[str, Officer], start: str | None, since: date | None) -> Json:
    kind = row["DIAGTYPE"]
    officer = officers.get(row["PROVIDER"])
    categories = [coding(systems.SNOMED, *DIAGNOSIS)]
    if kind:
        categories.append(coding(file43("DIAGTYPE"), kind, DIAGNOSIS_TYPES.get(kind, "")))
    return without_nothing(
        {
            "clinicalStatus": concept(systems.CONDITION_CLINICAL, "active"),
            "verificationStatus": concept(systems.CONDITION_VERIFICATION, "confirmed"),
            "category": [{"coding": categories, "text": DIAGNOSIS[1]}],
            "severity": concept("", ""),
            "code": concept(systems.ICD10, dotless(row, "DIAGCODE")),
            "bodySite": [],
            "onsetDateTime": since.isoformat() if since else None,
            "recordedDate": wall_clock(moment(row["DIAG_DATETIME"])) or start,
            "asserter": {"reference": officer.licence, "display": officer.name} if officer else None,
        }
    )


def _since(visit: Visit) -> dict[str, date]:
    """The day each chronic disease was diagnosed, when that was not after the visit."""
    rows = visit.person.rows.get("CHRONIC", ())
    found = ((dotless(row, "CHRONIC"), day(row["DATE_DIAG"])) for row in rows)
    return {code: on for code, on in found if on is not None and on <= visit.day}
