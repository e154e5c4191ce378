"""The Referral view: who sent the person to whom, and what for; and what of it the receiving hospital may see.

The receiving hospital's permit (`Seeing.recipient`) shows the referrals that are addressed to it and nothing else,
until 30 days after they were closed (identity rules, section 3).
"""

from collections.abc import Iterable
from datetime import date, timedelta

from morprom.kernel import BANGKOK, Hcode
from morprom.mophphr import normal
from morprom.mophphr.numbers import entries_of
from morprom.mophphr.view_items import Item, by_day, visible_items
from morprom.mophphr.view_names import full_name
from morprom.mophphr.view_record import Reading, Row
from morprom.mophphr.view_values import Sent, first_code, first_object, named, objects, prose, wall_text
from morprom.record import Kind

_CLOSED = frozenset(
    ("completed", "cancelled", "canceled", "revoked", "rejected", "entered-in-error", "stopped", "closed")
)
READABLE_AFTER_CLOSING = timedelta(days=30)


def referral_rows(reading: Reading) -> list[Row]:
    """One row for each referral, the newest last and marked."""
    items = visible_items(reading, {Kind.REFERRAL})
    if reading.seeing.recipient:
        items = [item for item in items if is_readable_by(item, reading.seeing.recipient, reading.today)]
    return [_row(reading, item) for item in by_day(items, "authoredOn", "occurrenceDateTime")]


def is_readable_by(item: Item, unit: str, today: date) -> bool:
    """Whether the referral is addressed to `unit`, sent by another, and not closed for longer than 30 days."""
    closed = closed_on(item, today)
    return recipient_of(item) == unit != item.hcode and (closed is None or today <= closed + READABLE_AFTER_CLOSING)


def closed_on(item: Item, today: date) -> date | None:
    """The day on which it was closed: the end of its period once that has passed, else when a closing status came."""
    ends = normal.local_time(first_object(item.sent.get("occurrencePeriod")).get("end"))
    told = item.document.received_at.astimezone(BANGKOK).date()
    is_closed = first_code(item.sent.get("status")).lower() in _CLOSED
    days = [ends.date()] if ends is not None and ends.date() <= today else []
    return min([*days, told] if is_closed else days, default=None)


def recipient_of(item: Item) -> str:
    """The hospital code of the recipient, "" when none can be read."""
    sent = first_object(item.sent.get("recipientOrganization"))
    entries = entries_of(sent.get("identifier"))
    for entry in [entry for entry in entries if entry.kind == "HCODE"] or entries:
        if hcode := Hcode.parse(entry.value.zfill(5) if entry.value.isdecimal() else entry.value):
            return str(hcode)  # a plain one, as rows are encoded
    return ""


def _row(reading: Reading, item: Item) -> Row:
    sent, free_text = item.sent, reading.seeing.free_text
    recipient = recipient_of(item)
    period = first_object(sent.get("occurrencePeriod"))
    row = item.origin(reading) | _supporting(reading, sent)
    return row | {
        "referral_ref_code": item.number("referralRefCode", "referral_ref_code"),
        "recipient_organization_code": recipient,
        "recipient_organization_name": reading.organization_name(recipient) or named(sent.get("recipientOrganization")),
        "patient_name_text": full_name(first_object(item.upload.get("Patient")).get("name")),
        "status": first_code(sent.get("status")),
        "intent": first_code(sent.get("intent")),
        "type_code": first_code(sent.get("type")),
        "type_text": item.words("type"),
        "priority": item.words("priority"),
        "service_requested_code": first_code(sent.get("serviceRequested")),
        "service_requested_text": _coded(sent.get("serviceRequested"), free_text=free_text),
        "specialty_code": first_code(sent.get("specialty")),
        "specialty_text": item.words("specialty"),
        "occurrence": wall_text(sent.get("occurrenceDateTime")) or wall_text(period.get("start")),
        "occurrence_end": wall_text(period.get("end")),
        "authored_on": wall_text(sent.get("authoredOn")),
        "requester_display": _requester(sent),
        "description": prose(sent.get("description")) if free_text else "",
        "note": prose(sent.get("note")) if free_text else "",
    }


def _requester(sent: Sent) -> str:
    requester = first_object(sent.get("requester"))
    return named(requester.get("agent")) or named(requester)


_SUPPORTING = ("diagnosis", "vital_sign", "medication", "observation", "social_problem", "present_illness")


def _supporting(reading: Reading, sent: Sent) -> Row:
    """What was sent along: coded things by their names; prose to who may see free text."""
    return {
        f"supporting_info_{name}": _coded(sent.get(f"supporting_info_{name}"), free_text=reading.seeing.free_text)
        for name in _SUPPORTING
    }


def _coded(value: object, *, free_text: bool) -> str:
    """The names of what has a code, a line each; without free text nothing that has none."""
    if free_text:
        return prose(value) or "\n".join(filter(None, map(_flat, objects(value))))
    return "\n".join(dict.fromkeys(_names_of_codes(objects(value))))


def _names_of_codes(concepts: Iterable[Sent]) -> Iterable[str]:
    for sent in concepts:
        for coding in normal.codings([sent, sent.get("code")]):
            if coding.code:
                yield f"{coding.code} {coding.display}".strip()


def _flat(sent: Sent) -> str:
    """`bp_systolic 120, pulse 80` of an object of scalars."""
    pairs = ((name, normal.text(value)) for name, value in sent.items())
    return ", ".join(f"{name} {value}" for name, value in pairs if value)
