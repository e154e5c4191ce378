"""Which number is whose: the hospital's code, the person's numbers, the visit's reference, however labelled.

Senders label identifiers by system, by type, by both, wrongly, or not at all. The type wins over the system, and a
label over none. Views find a visit's reference through the same function as uploads.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

from morprom.mophphr import normal
from morprom.mophphr.findings import Path
from morprom.mophphr.payload import Concept, Identifier

LONGEST_REF = 256
"""Characters of a reference (ours): real ones have 20, and an index of PostgreSQL takes 2,700 bytes at most."""

_TYPES = {
    "VN": "VN",
    "AN": "AN",
    "HN": "HN",
    "MR": "HN",  # HL7 v2-0203, medical record number
    "CID": "CID",
    "NI": "CID",  # HL7 v2-0203, national unique individual identifier
    "PASSPORT": "PASSPORT",
    "PPN": "PASSPORT",  # HL7 v2-0203
}
_IS_STAY = {
    **dict.fromkeys(("IMP", "ACUTE", "NONAC"), True),  # HL7 v3-ActCode: inpatient, acute, non-acute
    **dict.fromkeys(("AMB", "EMER", "VR", "HH", "FLD", "SS", "OBSENC", "PRENC"), False),
}
_SYSTEM = re.compile(r"/(vn|an|hn)$|(dopa\.go\.th|th-cid$)|(passport)|(hcode|new_bps)", re.IGNORECASE)
_HCODE_IN_FRONT = re.compile(r"(?:\d{5}|[A-Za-z]{2}\d{7}):")


class Entry(NamedTuple):
    """One identifier. `kind` is VN, AN, HN, CID, PASSPORT, HCODE or ""; `value` is "" when it cannot be one."""

    place: int
    kind: str
    has_type: bool
    system: str
    value: str

    @property
    def is_of_visit_system(self) -> bool:
        """Whether the system is that of visit or admission numbers."""
        return _kind_of_system(self.system) in ("VN", "AN")


def entries_of(identifiers: object) -> list[Entry]:
    """The identifiers in a field of the payload's types or in plain JSON, one or many."""
    items = cast("list[Any]", identifiers) if isinstance(identifiers, list) else [cast("Any", identifiers)]
    return [entry for index, item in enumerate(items) if (entry := _entry(index, item)) is not None]


def _entry(index: int, item: object) -> Entry | None:
    if isinstance(item, Identifier):
        return _labelled(index, item.system, item.type, item.value)
    if isinstance(item, dict):
        plain = cast("dict[str, Any]", item)
        return _labelled(index, plain.get("system"), plain.get("type"), plain.get("value"))
    return None


def _labelled(index: int, system: object, type_: object, value: object) -> Entry:
    system_text, type_code = normal.text(system), code_of(type_)
    known = _TYPES.get(type_code.upper(), "")
    return Entry(index, known or _kind_of_system(system_text), bool(type_code), system_text, printable(value))


def entry_path(path: Path, identifiers: object, entry: Entry) -> Path:
    """Where `entry` stands: in the array at `path`, or at `path` itself when one object was sent."""
    return (path, entry.place) if isinstance(identifiers, list) else path


@lru_cache(maxsize=256)
def _kind_of_system(system: str) -> str:
    found = _SYSTEM.search(system)
    if found is None:
        return ""
    visit_or_hn, cid, passport, _ = found.groups()
    return visit_or_hn.upper() if visit_or_hn else "CID" if cid else "PASSPORT" if passport else "HCODE"


def printable(value: object) -> str:
    """The words in a scalar; "" when they hold what no number or name does, such as the NUL that databases refuse."""
    words = normal.text(value)
    return words if words.isprintable() else ""


def code_of(concept: object) -> str:
    """The first code of a concept, else its text; of the payload's types or of plain JSON; "" for none."""
    if isinstance(concept, str):
        return concept.strip()
    if isinstance(concept, Concept):
        return normal.text(concept.code) or code_of(concept.coding) or normal.text(concept.text)
    if isinstance(concept, list):
        return next((code for item in cast("list[object]", concept) if (code := code_of(item))), "")
    return next((coding.code or coding.display for coding in normal.codings(concept)), "")


def is_inpatient(class_: object, entries: Sequence[Entry]) -> bool | None:
    """Whether the visit is a stay, by its class, else by an AN that stands alone; None when nothing tells."""
    found = _IS_STAY.get(code_of(class_).upper())
    if found is None and [entry.kind for entry in entries if entry.kind in ("AN", "VN")] == ["AN"]:
        return True
    return found


def visit_entry(entries: Sequence[Entry], *, inpatient: bool) -> Entry | None:
    """The identifier that names the visit: an AN first for a stay, a VN first for a visit, then what has no label."""
    for kind in ("AN", "VN") if inpatient else ("VN", "AN"):
        for entry in entries:
            if entry.value and entry.kind == kind:
                return entry
    return next((entry for entry in entries if entry.value and entry.kind in ("HCODE", "")), None)


def ref_of(hcode: str, entry: Entry) -> str:
    """`hcode:ref` of a visit. Under a hospital's system any hospital code in front belongs to the label."""
    is_mislabelled = _kind_of_system(entry.system) == "HCODE"
    return normal.prefixed_ref(hcode, _HCODE_IN_FRONT.sub("", entry.value, count=1) if is_mislabelled else entry.value)


def is_prefixed(ref: str) -> bool:
    """Whether some hospital's code stands in front."""
    return _HCODE_IN_FRONT.match(ref) is not None


def visit_ref(hcode: str, identifier: object, class_: object) -> str:
    """`hcode:ref` from an encounter's `identifier` and `class`, of the payload's types or plain JSON; "" for none."""
    entries = entries_of(identifier)
    entry = visit_entry(entries, inpatient=is_inpatient(class_, entries) or False)
    return "" if entry is None else ref_of(hcode, entry)
