"""The right under which a visit was paid, from INSTYPE of the visit and the person's CARD."""

from morprom_agent.export import Visit
from morprom_agent.export.rows import day, number
from morprom_agent.payload.concepts import Json, coding, without_nothing
from morprom_wire import systems
from morprom_wire.coverage import GROUP_NAMES, group_of

PUBLIC = ("UCS", "OFC", "SSS", "LGO", "SEN", "NHS")


def coverage(visit: Visit) -> list[Json]:
    """One right, as FHIR Coverage.class; none when the visit names none."""
    row, instype = visit.row, visit.row["INSTYPE"]
    if not instype:
        return []
    group = group_of(instype)
    card = next((card for card in visit.person.rows.get("CARD", ()) if card["INSTYPE_NEW"] == instype), None)
    insured = row["INSID"] or (card["INSID"] if card else "")
    main = row["MAIN"] or (card["MAIN"] if card else "")
    sub = row["HSUB"] or (card["SUB"] if card else "")
    kind = "PUBLICPOL" if group in PUBLIC else "pay"
    price, paid = number(row["PRICE"]), number(row["PAYPRICE"])
    return [
        {
            "identifier": [{"system": systems.NHSO_CERTIFICATE, "value": insured}] if insured else [],
            "status": "active",
            "type": {"coding": [coding(systems.ACT_CODE, kind)]},
            "relationship": {
                "coding": [coding("http://terminology.hl7.org/CodeSystem/subscriber-relationship", "self")]
            },
            "period": _period(card["STARTDATE"], card["EXPIREDATE"]) if card else {},
            "payor": [{"reference": GROUP_NAMES[group]}],
            "class": [_class("group", group, GROUP_NAMES[group]), _class("subgroup", instype, "")],
            "reimbursementAmount": round(price - paid, 2) if price is not None and paid is not None else 0,
            "contract": [_contract("MainHospital", main), _contract("SubHospital", sub)],
        }
    ]


def _class(kind: str, value: str, name: str) -> Json:
    return {"type": {"coding": [coding(systems.COVERAGE_CLASS, kind)]}, "value": value, "name": name}


def _period(start: str, end: str) -> Json:
    first, last = day(start), day(end)
    return without_nothing({"start": first.isoformat() if first else None, "end": last.isoformat() if last else None})


def _contract(reference: str, hcode: str) -> Json:
    return {"reference": reference, "identifier": hcode, "display": ""}
