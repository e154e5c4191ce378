"""What pharmacists work with: MedicationRequest (prescriptions) and DrugRelatedProblem.

Reading them is ours: the protocol describes their uploads alone.
"""

from collections.abc import Iterator

from morprom.mophphr import normal
from morprom.mophphr.view_items import Item, by_day, visible_items
from morprom.mophphr.view_record import Reading, Row
from morprom.mophphr.view_values import (
    Sent,
    day_text,
    first_code,
    first_object,
    named,
    objects,
    prose,
    quantity,
    unit,
    wall_text,
)
from morprom.record import Kind


def prescription_rows(reading: Reading) -> list[Row]:
    """One row for each prescribed medicine, the newest last and marked.

    `verified`: the prescriber's own Provider ID token was with it and held when it came.
    """
    items = by_day(visible_items(reading, {Kind.PRESCRIPTION}), "authoredOn")
    return [_prescription(reading, item) for item in items]


def problem_rows(reading: Reading) -> list[Row]:
    """One row for each finding of a pharmacist, the newest last and marked."""
    items = by_day(visible_items(reading, {Kind.DRUG_PROBLEM}), "recordedDate")
    return [_problem(reading, item) for item in items]


def _prescription(reading: Reading, item: Item) -> Row:
    sent = item.sent
    dosage = objects(sent.get("dosageInstruction"))
    return item.origin(reading) | _dispensing(first_object(sent.get("dispenseRequest"))) | {
        "prescription_identifier": _number(sent),
        "status": first_code(sent.get("status")),
        "intent": first_code(sent.get("intent")),
        "medication_code": first_code(_medication(sent)),
        "medication_text": normal.concept_text(_medication(sent)),
        "authored_on": wall_text(sent.get("authoredOn")),
        "requester_display": _requester(sent),
        "verified": item.noted.get("verified") is True,
        "provider_id": normal.text(item.noted.get("provider_id")),
        "dosage_text": "\n".join(_each(dosage, "text")),
        "dosage_patient_instruction": "\n".join(_each(dosage, "patientInstruction")),
        "dosage_route": ", ".join(dict.fromkeys(filter(None, (prose(one.get("route")) for one in dosage)))),
        "dosage_dose": ", ".join(filter(None, map(_dose, dosage))),
        "note": prose(sent.get("note")) if reading.seeing.free_text else "",
    }  # fmt: skip


def _dispensing(sent: Sent) -> Row:
    validity = first_object(sent.get("validityPeriod"))
    return {
        "validity_start": wall_text(validity.get("start")),
        "validity_end": wall_text(validity.get("end")),
        "number_of_repeats_allowed": normal.number(sent.get("numberOfRepeatsAllowed")),
        "dispense_quantity": quantity(sent.get("quantity")),
        "dispense_unit": unit(sent.get("quantity")),
        "expected_supply_duration": quantity(sent.get("expectedSupplyDuration")),
        "expected_supply_unit": unit(sent.get("expectedSupplyDuration")),
    }


def _problem(reading: Reading, item: Item) -> Row:
    sent = item.sent
    return item.origin(reading) | {
        "drp_ref_code": item.number("drp_ref_code"),
        "active": normal.text(sent.get("active")).lower() in {"true", "1", "active"},
        "intent": first_code(sent.get("intent")),
        "medication_code": first_code(_medication(sent)),
        "medication_text": normal.concept_text(_medication(sent)),
        "category_code": first_code(sent.get("category")),
        "category_text": item.words("category"),
        "description": prose(sent.get("description")) if reading.seeing.free_text else "",
        "recorded_date": day_text(sent.get("recordedDate")),
    }


def _medication(sent: Sent) -> object:
    """The medicine's concept; some nest it into a resource of its own."""
    found = sent.get("medication") or sent.get("medicationCodeableConcept")
    return first_object(found).get("code") if isinstance(first_object(found).get("code"), dict) else found


def _number(sent: Sent) -> str:
    """The prescription's own number, of the system `…/eprescription` first."""
    entries = objects(sent.get("identifier"))
    ordered = sorted(entries, key=lambda one: "eprescription" not in normal.text(one.get("system")).lower())
    return next(filter(None, (normal.text(one.get("value")) for one in ordered)), "")


def _requester(sent: Sent) -> str:
    """Who prescribed; never the token that came along."""
    requester = first_object(sent.get("requester"))
    return named(requester.get("agent")) or normal.text(requester.get("display")) or normal.text(requester.get("name"))


def _each(dosage: list[Sent], member: str) -> Iterator[str]:
    return filter(None, (prose(one.get(member)) for one in dosage))


def _dose(sent: Sent) -> str:
    """`1 เม็ด`."""
    rate = first_object(sent.get("doseAndRate"))
    dose = rate.get("doseQuantity") or rate.get("dose")
    amount = quantity(dose)
    return "" if amount is None else f"{amount} {unit(dose)}".strip()
