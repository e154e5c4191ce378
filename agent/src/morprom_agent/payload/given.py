"""What was given and planned: medicines, vaccines, appointments."""

from collections.abc import Mapping
from datetime import datetime

from morprom_agent.export import Officer, Row, Visit
from morprom_agent.export.rows import day, moment, number
from morprom_agent.payload.concepts import Json, coding, concept, file43, wall_clock, without_nothing
from morprom_wire import systems

TAKEN_HOME = "2"  # DRUG_IPD.TYPEDRUG


def medications(visit: Visit, start: str | None) -> list[Json]:
    """One Medication a dispensed item."""
    return [_medication(row, visit, start) for row in visit.of("DRUG_OPD", "DRUG_IPD")]


def _medication(row: Row, visit: Visit, start: str | None) -> Json:
    name, amount, price = row["DNAME"], number(row["AMOUNT"]), number(row["DRUGPRICE"])
    in_ward = visit.is_stay and row["TYPEDRUG"] != TAKEN_HOME
    instruction = row["INSTRUCTION"]
    total = round(amount * price, 2) if amount is not None and price is not None else None
    return {
        "code": {"coding": _drug_codes(row, name), "text": name},
        "form": {"text": row.first("UNIT_PACKING", "UNIT")},
        "finance": {"qty": amount, "unitPrice": price, "totalPrice": total},
        "statement": {
            "status": "active",
            "category": {"coding": [coding("", "inpatient" if in_ward else "outpatient")]},
            "effectiveDateTime": wall_clock(moment(row.first("DATESTART", "PREPARED_DATETIME"))) or start,
            "note": [{"text": row["NOTE"]}] if row["NOTE"] else [],
            "dosage": [{"sequence": 1, "text": instruction, "patientInstruction": instruction}] if instruction else [],
        },
    }


def _drug_codes(row: Row, name: str) -> list[Json]:
    codes = [coding(systems.TMT_GP, row["DID_TMT"], name)] if row["DID_TMT"] else []
    if row["DIDSTD"].strip("0"):
        codes.append(coding(file43("DIDSTD"), row["DIDSTD"], name))
    return codes


def immunizations(visit: Visit, hospital: Json, officers: Mapping[str, Officer], start: str | None) -> list[Json]:
    """One Immunization a vaccine, with every key whose absence the platform warns about."""
    return [
        {
            "managingOrganization": hospital,
            "status": "completed",
            "vaccineCode": concept(systems.VACCINE, row["VACCINETYPE"], row["VACCINENAME"]),
            "encounterRefCode": visit.ref,
            "occurrenceDateTime": wall_clock(moment(row["DATETIME_SERV"])) or start,
            "primarySource": row["VACCINEPLACE"] in ("", hospital["identifier"]["value"]),
            "location": row["VACCINEPLACE"],
            "manufacturer": row["MANUFACTURER"],
            "lotNumber": row["LOT"],
            "expirationDate": on.isoformat() if (on := day(row["EXPIRY_DATE"])) else "",
            "doseQuantity": {},
            "note": [{"text": row["NOTE"]}] if row["NOTE"] else [],
            "reasonCode": [],
            "performer": _performer(officers.get(row["PROVIDER"])),
        }
        for row in visit.rows.get("EPI", ())
        if row["VACCINETYPE"]
    ]


def _performer(officer: Officer | None) -> Json:
    return {"license_no": officer.licence if officer else "", "name": officer.name if officer else ""}


def appointments(visit: Visit) -> list[Json]:
    """One Appointment a row that names a day."""
    found = ((row, moment(row["APDATE"], row["APTIME"])) for row in visit.rows.get("APPOINTMENT", ()))
    return [_appointment(row, visit, at) for row, at in found if at is not None]


def _appointment(row: Row, visit: Visit, at: datetime) -> Json:
    instruction, place = row["PAT_INSTRUCTION"], row.first("APCLINICNAME", "APROOM")
    service = row["APSERVICENAME"]
    return without_nothing(
        {
            "status": "booked",
            "start": wall_clock(at),
            "created": visit.day.isoformat(),
            "serviceType": [concept(file43("APTYPE"), row["APTYPE"], service)],
            "description": service or row["APDIAG"],
            "note": [{"text": row["APNOTE"]}] if row["APNOTE"] else [],
            "patientInstruction": [{"text": instruction}] if instruction else [],
            "participant": [{"actor": {"display": place}}] if place else [],
        }
    )
