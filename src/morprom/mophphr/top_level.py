"""Cuts the top level of an upload into the slices that are stored: patient, visits, allergies; or items and the rest.

Only the arrays are taken out. Whatever else stands at the top level, known or not, stays with the patient, or with
each of the items.
"""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from morprom.mophphr.findings import Findings, Path
from morprom.mophphr.members import Member, is_array, is_object, items_of, members_of, object_of

_OBJECTS = ("managingOrganization", "Patient")
_ARRAYS = ("Encounter", "AllergyIntolerance")
MOST_KEYS = 1_000
"""Of the top level, where the specification names five (ours)."""

_NOT_SENT = msgspec.Raw(b"")


class Slice(NamedTuple):
    """The bytes of one value and where it stood; None is the whole body."""

    path: Path | None
    raw: bytes


class TopLevel(NamedTuple):
    """`encounters` and `allergies` are None when no array was sent; `patient_content` is all that is neither.

    An organization or patient that was not sent is an empty object.
    """

    organization: Slice
    patient: Slice
    encounters: list[Slice] | None
    allergies: list[Slice] | None
    patient_content: bytes


class _Usual(msgspec.Struct, gc=False):
    """The top level as nearly everyone sends it: these keys, arrays that are arrays. An empty Raw was not sent."""

    managingOrganization: msgspec.Raw = _NOT_SENT  # noqa: N815 (a key of the wire)
    Patient: msgspec.Raw = _NOT_SENT
    CarePlan: msgspec.Raw = _NOT_SENT
    AllergyIntolerance: list[msgspec.Raw] | None = None
    Encounter: list[msgspec.Raw] | None = None


_usual = msgspec.json.Decoder(_Usual)


def cut(minified: bytes, findings: Findings) -> TopLevel:
    """The slices of a minified object. Of a repeated object the last is read and all are kept; arrays are joined."""
    return _cut_usual(minified) or _cut_any(minified, findings)


def _cut_usual(minified: bytes) -> TopLevel | None:
    """The slices, when the usual keys, each sent once, are all there is: then their lengths add up. Else None."""
    try:
        top = _usual.decode(minified)
    except msgspec.ValidationError:
        return None
    if not top.managingOrganization or not top.Patient or top.Encounter is None:
        return None
    kept = [Member("managingOrganization", top.managingOrganization), Member("Patient", top.Patient)]
    if top.CarePlan:
        kept.append(Member("CarePlan", top.CarePlan))
    patient_content = object_of(kept)
    length = len(patient_content) + _length("Encounter", top.Encounter)
    if top.AllergyIntolerance is not None:
        length += _length("AllergyIntolerance", top.AllergyIntolerance)
    if length != len(minified):
        return None
    return TopLevel(
        Slice((None, "managingOrganization"), bytes(top.managingOrganization)),
        Slice((None, "Patient"), bytes(top.Patient)),
        _slices("Encounter", top.Encounter),
        _slices("AllergyIntolerance", top.AllergyIntolerance or []),
        patient_content,
    )


def _length(key: str, items: list[msgspec.Raw]) -> int:
    """How many bytes the array takes as one more member: `,"key":[item,item]`."""
    return len(key) + 6 + sum(map(len, items)) + max(len(items) - 1, 0)


def _slices(key: str, items: list[msgspec.Raw]) -> list[Slice]:
    return [Slice(((None, key), index), bytes(item)) for index, item in enumerate(items)]


def _cut_any(minified: bytes, findings: Findings) -> TopLevel:
    found = _sorted_out(minified, _ARRAYS, findings, _items)
    if "Encounter" not in found.last:
        findings.add("MISSING_KEY", (None, "Encounter"))
    return TopLevel(
        found.last.get("managingOrganization", Slice((None, "managingOrganization"), b"{}")),
        found.last.get("Patient", Slice((None, "Patient"), b"{}")),
        found.arrays.get("Encounter"),
        found.arrays.get("AllergyIntolerance"),
        object_of(found.kept),
    )


class SortedOut(NamedTuple):
    """The top level of any upload: the last value of each key, the items of its arrays, and all the rest in order."""

    last: dict[str, Slice]
    arrays: dict[str, list[Slice]]
    kept: list[Member]


def sort_out(minified: bytes, array: str, findings: Findings, *, is_single: bool = False) -> SortedOut:
    """The top level of an upload whose items are in `array`, or whose one item is the object of that name."""
    return _sorted_out(minified, (array,), findings, _items_of_single if is_single else _items)


def _sorted_out(
    minified: bytes,
    arrays_wanted: tuple[str, ...],
    findings: Findings,
    items_of_value: Callable[[bytes | msgspec.Raw, Path, Findings], list[Slice] | None],
) -> SortedOut:
    members = members_of(minified)
    if len(members) > MOST_KEYS:
        findings.add("TOO_MANY_KEYS", None)
        members = members[:MOST_KEYS]
    sent = {key for key, _ in members}
    names = {name.lower(): name for name in (*_OBJECTS, *arrays_wanted)}
    last: dict[str, Slice] = {}
    arrays: dict[str, list[Slice]] = {}
    kept: list[Member] = []
    for key, raw in members:
        name, path = _name_of(key, names, sent), (None, key)
        if name != key:
            findings.add("KEY_SPELLING", path)
        if name in last:
            findings.add("DUPLICATE_KEY", path)
        items = items_of_value(raw, path, findings) if name in arrays_wanted else None
        if items is None:
            kept.append(Member(name, raw))
        else:
            arrays.setdefault(name, []).extend(items)
        last[name] = Slice(path, bytes(raw))
    return SortedOut(last, arrays, kept)


def _name_of(key: str, names: dict[str, str], sent: set[str]) -> str:
    """The specification's spelling of a key, unless that was sent as well."""
    name = names.get(key.lower(), key)
    return key if name in sent else name


def _items(raw: bytes | msgspec.Raw, path: Path, findings: Findings) -> list[Slice] | None:
    """The items of an array, or an object alone; None of what is neither."""
    if is_array(raw):
        return [Slice((path, index), bytes(item)) for index, item in enumerate(items_of(raw))]
    if is_object(raw):
        findings.add("OBJECT_FOR_LIST", path)
        return [Slice(path, bytes(raw))]
    if bytes(raw) not in (b"null", b'""'):
        findings.add("WRONG_TYPE", path)
    return None


def _items_of_single(raw: bytes | msgspec.Raw, path: Path, findings: Findings) -> list[Slice] | None:
    """The one object, or those of an array where one belongs; None of what is neither."""
    if is_object(raw):
        return [Slice(path, bytes(raw))]
    if is_array(raw):
        findings.add("LIST_FOR_OBJECT", path)
    return _items(raw, path, findings)
