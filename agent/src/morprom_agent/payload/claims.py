"""Procedures and charges of a visit, as one FHIR-like Claim."""

from morprom_agent.export import Row, Visit
from morprom_agent.export.rows import moment, number
from morprom_agent.payload.concepts import Json, baht, concept, dotless, file43, wall_clock, without_nothing
from morprom_wire import systems


def claims(visit: Visit) -> list[Json]:
    """At most one Claim; none for a visit without procedures and charges."""
    procedures = visit.of("PROCEDURE_OPD", "PROCEDURE_IPD")
    charges = visit.of("CHARGE_OPD", "CHARGE_IPD")
    if not procedures and not charges:
        return []
    return [
        {
            "status": "active",
            "use": "claim",
            "created": visit.day.isoformat(),
            "procedure": [_procedure(number, row) for number, row in enumerate(procedures, start=1)],
            "item": [_item(number, row) for number, row in enumerate(charges, start=1)],
        }
    ]


def _procedure(sequence: int, row: Row) -> Json:
    code = dotless(row, "PROCEDCODE")
    # ICD-9-CM codes have at most four digits; longer ones are ICD-10-TM
    system = systems.ICD9_CM if len(code) <= 4 else file43("PROCEDCODE")
    price = number(row["SERVICEPRICE"])
    return without_nothing(
        {
            "sequence": sequence,
            "date": wall_clock(moment(row["TIMESTART"])),
            "procedureCodeableConcept": concept(system, code),
            "unitPrice": baht(price) if price is not None else None,
        }
    )


def _item(sequence: int, row: Row) -> Json:
    count, price = number(row["QUANTITY"]), number(row["PRICE"])
    return without_nothing(
        {
            "sequence": sequence,
            "category": concept(file43("CHARGEITEM"), row["CHARGEITEM"]),
            "productOrService": concept(file43("CHARGELIST"), row["CHARGELIST"]),
            "quantity": {"value": count} if count is not None else None,
            "net": baht(price) if price is not None else None,
        }
    )
