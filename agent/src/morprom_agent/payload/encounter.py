"""The Encounter of a payload: an outpatient visit (SERVICE) or a stay (ADMISSION)."""

from collections.abc import Mapping

from morprom_agent.export import Officer, Row, Visit
from morprom_agent.export.rows import number
from morprom_agent.payload.claims import claims
from morprom_agent.payload.concepts import Json, coding, concept, wall_clock, without_nothing
from morprom_agent.payload.conditions import conditions, diagnoses
from morprom_agent.payload.coverage import coverage
from morprom_agent.payload.given import appointments, immunizations, medications
from morprom_agent.payload.measured import observations, vital_signs
from morprom_agent.payload.tables import CLASSES, CLINICS, DRINKING, SMOKING, TYPES_IN
from morprom_wire import systems

EMERGENCY_CLINIC = "12"
BY_AMBULANCE, BY_SCREEN = "4", "5"  # TYPEIN


def clinic_of(row: Row) -> str:
    """Two digits of speciality, of a five-digit CLINIC or ward code."""
    code = row.first("CLINIC", "WARDDIAG")
    return code[1:3] if len(code) == 5 else code[:2]


def encounter(visit: Visit, hospital: Json, officers: Mapping[str, Officer], subject: str) -> Json:
    """The visit with everything its rows feed; `subject` is the person's full name."""
    row, start = visit.row, visit.start
    began = wall_clock(start)
    return without_nothing(
        {
            "managingOrganization": hospital,
            "identifier": _identifiers(visit),
            "status": "finished",
            **_kind(visit),
            "priority": _priority(visit),
            "period": without_nothing({"start": began, "end": wall_clock(visit.end)}),
            "subject": {"reference": f"Patient/{visit.hn}", "display": subject},
            **_screenings(visit),
            "participant": _participants(visit, officers),
            "reason": [{"text": row["CHIEFCOMP"]}] if row["CHIEFCOMP"] else [],
            **_finance(row),
            "Coverage": coverage(visit),
            "vital_signs": vital_signs(visit),
            "Observation": observations(visit, start),
            "Condition": conditions(visit, officers, began),
            "Medication": medications(visit, began),
            "Claim": claims(visit),
            "Appointment": appointments(visit),
            "Immunization": immunizations(visit, hospital, officers, began),
            "DiagnosticReport": [],
        }
    )


def _identifiers(visit: Visit) -> list[Json]:
    system, kind = (systems.AN, "AN") if visit.is_stay else (systems.VN, "VN")
    return [
        {"use": "official", "system": system, "type": kind, "value": visit.ref},
        {"use": "usual", "system": systems.HN, "type": "HN", "value": visit.hn},
    ]


def _class_of(visit: Visit, clinic: str) -> str:
    if visit.is_stay:
        return "IMP"
    if visit.row["TYPEIN"] == BY_SCREEN:
        return "VR"
    return "EMER" if clinic == EMERGENCY_CLINIC or visit.row["TYPEIN"] == BY_AMBULANCE else "AMB"


def _kind(visit: Visit) -> Json:
    rows = diagnoses(visit)
    first = rows[0] if rows else visit.row
    ward = visit.row.first("WARDDISCH", "WARDADMIT")
    local = ward or first["CLINIC"]
    clinic = clinic_of(first) or ward[1:3]
    name = CLINICS.get(clinic, "")
    code, arrival = _class_of(visit, clinic), visit.row["TYPEIN"]
    return {
        "class": coding(systems.ACT_CODE, code, CLASSES[code]),
        "subclass": coding(systems.SUBCLASS, local, first.first("CLINICNAME", "WARDDIAGNAME")) if local else None,
        "division": coding(systems.DIVISION, clinic, name) if clinic else None,
        "type": concept(f"{systems.CODING_SYSTEM}encounter_type", arrival, TYPES_IN.get(arrival, "")),
    }


def _priority(visit: Visit) -> Json:
    if not visit.is_stay and visit.row["TYPEIN"] == BY_AMBULANCE:
        return concept(systems.ACT_PRIORITY, "EM", "emergency")
    return concept(systems.ACT_PRIORITY, "R", "routine")


def _screenings(visit: Visit) -> Json:
    found: Json = {}
    for row in visit.rows.get("NCDSCREEN", ()):
        for key, column, names in (("smoking", "SMOKE", SMOKING), ("drinking", "ALCOHOL", DRINKING)):
            if code := row[column]:
                found[f"screen_{key}"] = coding(f"{systems.CODING_SYSTEM}screen_{key}", code, names.get(code, ""))
    return found


def _participants(visit: Visit, officers: Mapping[str, Officer]) -> list[Json]:
    rows = [visit.row, *diagnoses(visit)]
    named = dict.fromkeys(row.first("MAIN_PROVIDER", "PROVIDER") for row in rows)
    found = (officers.get(number) for number in named if number)
    return [
        {"individual": {"type": {"text": "ผู้ให้บริการ"}, "reference": officer.licence, "display": officer.name}}
        for officer in found
        if officer
    ]


def _finance(row: Row) -> Json:
    price, asked, paid = number(row["PRICE"]), number(row["PAYPRICE"]), number(row["ACTUALPAY"])
    return {
        "financeTotalAmount": price,
        "financeReimbursementAmount": round(price - asked, 2) if price is not None and asked is not None else None,
        "financePaidAmount": paid,
    }
