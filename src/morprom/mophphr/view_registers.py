"""The NCD view: the chronic diseases for which hospitals have registered the person."""

from collections.abc import Iterable

from morprom.mophphr import normal
from morprom.mophphr.view_items import Item, by_day, visible_items
from morprom.mophphr.view_record import Reading, Row
from morprom.mophphr.view_values import day_text, first_code, objects, prose
from morprom.record import Kind

_ACTIVE = frozenset(("3", "active", "recurrence", "relapse"))
"""43-file TYPEDISCH 3 (still under treatment) and FHIR's condition-clinical codes."""

_SAME_EVERYWHERE = frozenset(("001", "002"))
"""Diabetes and hypertension: from 003 on, each hospital numbers its clinics as it likes."""

Disease = tuple[str, str]


def register_rows(reading: Reading) -> list[Row]:
    """One row for each entry of each hospital's register, oldest first; the newest of each disease is marked."""
    items = _entries(visible_items(reading, {Kind.CHRONIC_REGISTER}))
    newest = {disease_of(item): item for item in items}
    return [_row(reading, item) | {"is_mark": newest[disease_of(item)] is item} for item in items]


def active_diseases(items: Iterable[Item]) -> list[str]:
    """The names of the diseases for which some hospital's register is active, each once."""
    entries = _entries(item for item in items if item.document.kind is Kind.CHRONIC_REGISTER)
    names = {disease_of(item): _name(item) for item in entries if is_active(item)}
    return list(names.values())


def is_active(item: Item) -> bool:
    """Whether the hospital still treats the person for it; without a status, until a day of discharge."""
    status = first_code(item.sent.get("clinicalStatus")).lower()
    return status in _ACTIVE if status else not day_text(item.sent.get("dischargeDate"))


def disease_of(item: Item) -> Disease:
    """What two hospitals' entries must share to be of one disease."""
    code, name = first_code(item.sent.get("code")), "".join(_name(item).casefold().split())
    return ("code", code) if code in _SAME_EVERYWHERE or not name else ("name", name)


def _entries(items: Iterable[Item]) -> list[Item]:
    return by_day(items, "registerDate", "recordedDate")


def _name(item: Item) -> str:
    return item.words("code")


def _row(reading: Reading, item: Item) -> Row:
    sent, free_text = item.sent, reading.seeing.free_text
    return item.origin(reading) | {
        "chronic_ref_code": item.number("chronic_ref_code"),
        "cd_code": first_code(sent.get("code")),
        "cd_text": _name(item),
        "clinical_status_code": first_code(sent.get("clinicalStatus")),
        "clinical_status_text": item.words("clinicalStatus"),
        "is_active": is_active(item),
        "clinical_text": prose(sent.get("clinicalText")) if free_text else "",
        "description": prose(sent.get("description")) if free_text else "",
        "register_date": day_text(sent.get("registerDate")),
        "discharge_date": day_text(sent.get("dischargeDate")),
        "recorded_date": day_text(sent.get("recordedDate")),
        "condition_text": ", ".join(f"{_condition(one)} {normal.text(one.get('text'))}".strip()
                                    for one in objects(sent.get("condition"))),
    }  # fmt: skip


def _condition(sent: dict[str, object]) -> str:
    """`ckd_gfr_category` of `{code, display, text}`, or the name that came with the code."""
    told = normal.codings({name: sent.get(name) for name in ("coding", "code", "display")})
    return next((coding.display or coding.code for coding in told), "")
