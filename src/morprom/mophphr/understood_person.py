"""What was understood of the person: each value as it is read, and the place in what was sent that it came from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from morprom.mophphr import normal
from morprom.mophphr.lenient import decode_plain
from morprom.mophphr.model import PersonNumber
from morprom.mophphr.view_names import Name, name_of
from morprom.mophphr.view_record import Row
from morprom.mophphr.view_values import Sent, first_object, words

_READ = {
    "gender": ("gender", "gender", "gender_text"),
    "nationality": ("nationality", "nationality_code", "nationality_name"),
    "marital_status": ("maritalStatus", "marital_status", "marital_status_name"),
}
"""What we call it: the member of `Patient`, and the row's members for its code and its Thai name."""


def understood_person(content: bytes, numbers: Sequence[PersonNumber], owner: Mapping[str, object]) -> Row:
    """The person of an upload whose top level is `content`, as `owner`, the owner's rows, show it."""
    sent = first_object(first_object(decode_plain(content)).get("Patient"))
    summary = cast("Row", owner.get("PatientSummary", {}))
    row = cast("Row", summary.get("patient") or {})
    return {
        "numbers": [{"scheme": number.scheme, "value": number.value} for number in numbers],
        "names": list(_names(sent)),
        "birth_date": _birth(sent, row),
        **{name: _coded(sent, row, *members) for name, members in _READ.items()},
        "deceased": {"sent": sent.get("deceasedBoolean"), "read": row.get("deceased_boolean")},
        "addresses": owner.get("Address", []),
        "telecoms": owner.get("Telecom", []),
    }


def _coded(sent: Sent, row: Row, member: str, code: str, name: str) -> Row:
    return {"sent": sent.get(member), "code": row.get(code), "name": row.get(name), "path": f"/Patient/{member}"}


def _birth(sent: Sent, row: Row) -> Row:
    """`buddhist`: whether the year was of the Buddhist Era and was reduced by 543."""
    written = normal.text(sent.get("birthDate"))
    read = normal.birth_date(written)
    reduced = read is not None and written[:4].isdecimal() and int(written[:4]) > normal.FIRST_BUDDHIST_YEAR
    return {
        "sent": sent.get("birthDate"),
        "read": row.get("birth_date") or None,
        "buddhist": reduced,
        "age": row.get("full_age_text"),
        "path": "/Patient/birthDate",
    }


def _names(sent: Sent) -> Iterator[Row]:
    """Each name in the order sent; `from` are the places that its parts were taken from."""
    written = sent.get("name")
    for place, item in enumerate(cast("list[Any]", written) if isinstance(written, list) else [written]):
        if isinstance(item, dict):
            path = f"/Patient/name/{place}" if isinstance(written, list) else "/Patient/name"
            name = name_of(cast("Sent", item))
            yield {**name._asdict(), "path": path, "from": _origins(cast("Sent", item), name, path)}


def _origins(sent: Sent, name: Name, path: str) -> dict[str, str]:
    """Where each part came from, by comparing what was read with what was sent; a language code may be guessed."""
    family, given = normal.text(sent.get("family")), words(sent.get("given"))
    origins = {
        "prefix": f"{path}/prefix" if name.prefix else "",
        "first": f"{path}/given" if name.first in given[:1] else f"{path}/family",
        "middle": f"{path}/given" if name.middle else "",
        "last": f"{path}/family" if name.last and family.endswith(name.last) else f"{path}/suffix",
        "display": f"{path}/text" if not any(name[:4]) else "",
        "language": f"{path}/languageCode" if normal.text(sent.get("languageCode")) else "",
    }
    return {part: origin for part, origin in origins.items() if origin and getattr(name, part)}
