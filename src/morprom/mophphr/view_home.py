"""What was measured and who cares at home: SelfObservation, CareGiver."""

from typing import Final

from morprom.mophphr import normal
from morprom.mophphr.numbers import entries_of
from morprom.mophphr.view_items import Item, marked, visible_items
from morprom.mophphr.view_names import full_name
from morprom.mophphr.view_record import Reading, Row
from morprom.mophphr.view_values import Sent, first_code, first_object, objects, wall_ms, wall_text
from morprom.record import Kind

_MASK: Final = "x" * 10


def self_observation_rows(reading: Reading) -> list[Row]:
    """One row for each measurement, oldest first. Where the person was when measuring is for the owner alone."""
    rows = [
        _observation(reading, item, first_object(item.sent.get("observation")))
        for item in visible_items(reading, {Kind.SELF_OBSERVATION})
    ]
    return marked(sorted(rows, key=lambda row: str(row["effective"])))


def caregivers(reading: Reading) -> list[Row]:
    """Who cares for this person, as hospitals say; nobody's right to read follows from it."""
    return marked([_caregiver(reading, item) for item in visible_items(reading, {Kind.CAREGIVER})])


def cared_for(reading: Reading) -> list[Row]:
    """Which hospitals say that this person cares for somebody. Whom is not told: the claim is not accepted."""
    return marked([_claim(reading, item) for item in visible_items(reading, {Kind.CARED_FOR})])


def _observation(reading: Reading, item: Item, sent: Sent) -> Row:
    place = first_object(item.sent.get("location_gis")) if reading.seeing.sensitive else {}
    return item.origin(reading) | {
        "system_name": item.text("system_name"),
        "latitude": normal.text(place.get("latitude")),
        "longitude": normal.text(place.get("longitude")),
        "observation_ref_code": item.text("observation_ref_code"),
        "reference_id": normal.text(sent.get("reference_id")),
        "loinc_code": normal.text(sent.get("loinc_code")),
        "loinc_display": normal.text(sent.get("loinc_display")),
        "effective": wall_text(sent.get("effective_datetime")),
        "effective_datetime": wall_ms(sent.get("effective_datetime")),
        "device_display": normal.text(sent.get("device_display")),
        "performer_display": normal.text(sent.get("performer_display")),
        "observation_value": normal.text(sent.get("observation_value")),
        "observation_unit": normal.text(sent.get("observation_unit")),
    }


def _caregiver(reading: Reading, item: Item) -> Row:
    sent = item.sent
    return item.origin(reading) | {
        "caregiver_cid": _shown(_number(sent), whole=reading.seeing.sensitive),
        "caregiver_name": full_name(sent.get("name")) or _care_giver_name(sent),
        "telecom_phone": _phone(sent.get("telecom_phone")) or _phone(sent.get("telecom")),
        "active": _is_true(sent.get("active")),
        "intent": first_code(sent.get("intent")),
        "qualification_code": first_code(sent.get("qualification")),
        "qualification_text": item.words("qualification"),
    }


def _claim(reading: Reading, item: Item) -> Row:
    return item.origin(reading) | {
        "active": _is_true(item.noted.get("active")),
        "qualification_code": normal.text(item.noted.get("qualification_code")),
        "qualification_text": normal.text(item.noted.get("qualification_text")),
        "is_confirmed": False,
    }


def _care_giver_name(sent: Sent) -> str:
    """Text, or names as `name` has them."""
    return normal.text(sent.get("care_giver_name")) or full_name(sent.get("care_giver_name"))


def _phone(value: object) -> str:
    return normal.text(value) or next(filter(None, (normal.text(one.get("value")) for one in objects(value))), "")


def _number(sent: Sent) -> str:
    entries = entries_of(sent.get("identifier"))
    return next((entry.value for entry in entries if entry.kind == "CID"), entries[0].value if entries else "")


def _shown(number: str, *, whole: bool) -> str:
    """The caregiver's own number is for who sees everything; others see its last digits."""
    return number if whole or not number else f"{_MASK}{number[-3:]}"


def _is_true(value: object) -> bool:
    return normal.text(value).lower() in {"true", "1", "active"}
