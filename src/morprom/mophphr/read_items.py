"""Reads the uploads of ITEM_CALLS.

The same stages and the same promises as read_upload.py: the top level is cut into raw slices, each item is decoded
typed only to learn its key and its findings, a missing or odd field is a finding, and a refusal lists all its faults:
400 what is no JSON object in UTF-8; 413 more items than the limit, or more beside them than can be kept with each;
422 what cannot be keyed or is nested too deeply. Whether the hospital is known and is the caller's own is the
caller's to check.
"""

from typing import NamedTuple

from morprom.kernel import Hcode
from morprom.mophphr import expected
from morprom.mophphr.body import read_object
from morprom.mophphr.findings import Findings, Path
from morprom.mophphr.identity import read_hospital, read_person
from morprom.mophphr.item_calls import ItemCall
from morprom.mophphr.item_parts import Whose, cut_down, last_of_each, part_of, read_item
from morprom.mophphr.item_payload import Item
from morprom.mophphr.members import is_array, object_of
from morprom.mophphr.model import ItemsUpload, PersonNumber, Rejected
from morprom.mophphr.numbers import printable
from morprom.mophphr.parts import read_part
from morprom.mophphr.payload import Organization
from morprom.mophphr.self_observation import hospital_told, person_measured
from morprom.mophphr.top_level import Slice, SortedOut, sort_out
from morprom.mophphr.variants import tell_patient

MOST_COPIED = 16_000_000
"""Bytes: what stands beside the items, times the items that it is kept with (ours)."""


class _Cut(NamedTuple):
    """An upload, its items, and for each item the upload cut down to it."""

    call: ItemCall
    top: SortedOut
    items: list[Slice]
    cuts: list[bytes]


def read_items_upload(
    call: ItemCall, body: bytes, *, item_limit: int, nesting_limit: int, test_person_allowed: bool
) -> ItemsUpload | Rejected:
    """The upload in `body`, or every reason why it cannot be stored. Never raises, whatever the bytes."""
    findings = Findings()
    minified = read_object(body, nesting_limit, findings)
    if isinstance(minified, Rejected):
        return minified
    top = sort_out(minified, call.array, findings, is_single=call.is_single)
    too_much = _too_much(top, call, item_limit)
    if too_much:
        findings.add(too_much, (None, call.array))
        return Rejected(413, findings.faults, findings.told)
    return _read(_cut(call, top, findings), findings, test_person_allowed=test_person_allowed)


def _too_much(top: SortedOut, call: ItemCall, item_limit: int) -> str:
    count = len(top.arrays.get(call.array, ()))
    if count > item_limit:
        return "TOO_MANY_ITEMS"
    beside = sum([len(raw) for _, raw in top.kept])
    return "COPIES_TOO_LARGE" if count > 1 and count * beside > MOST_COPIED else ""


def _cut(call: ItemCall, top: SortedOut, findings: Findings) -> _Cut:
    """The items of the array; or the whole body as the one object, when it was not sent under its name."""
    items = top.arrays.get(call.array)
    if items is None and call.is_single:
        whole = object_of(top.kept)
        return _Cut(call, top, [Slice(None, whole)], [whole])
    if call.array not in top.last:
        findings.add("MISSING_KEY", (None, call.array))
    return _Cut(call, top, items or [], cut_down(call, top.kept, items or []))


def _read(cut: _Cut, findings: Findings, *, test_person_allowed: bool) -> ItemsUpload | Rejected:
    items = [read_item(cut.call, sent, findings) for sent in cut.items]
    organization, hcode = _hospital(cut, items, findings)
    person = _person(cut, items, hcode, findings, test_person_allowed=test_person_allowed)
    whose = Whose(hcode, person, test_person_allowed)
    parts = [
        None if item is None else part_of(cut.call, item, sent.path, whole, whose, findings)
        for item, sent, whole in zip(items, cut.items, cut.cuts, strict=True)
    ]
    if findings.faults:
        return Rejected(422, findings.faults, findings.told)
    return ItemsUpload(
        call=cut.call,
        hcode=hcode,
        identifiers=person,
        items=last_of_each(parts, cut.items, findings),
        is_whole_list=cut.call.is_whole_list and _is_array_sent(cut),
        agent=printable(organization.agent),
        findings=findings.told,
    )


def _is_array_sent(cut: _Cut) -> bool:
    """Whether the last value under the array's name is one: null or an object alone does not say "and no others"."""
    sent = cut.top.last.get(cut.call.array)
    return sent is not None and is_array(sent.raw)


def _hospital(cut: _Cut, items: list[Item | None], findings: Findings) -> tuple[Organization, Hcode | None]:
    if cut.call.is_single:
        return hospital_told(cut.top, _with_places(cut, items), findings)
    sent = cut.top.last.get("managingOrganization", Slice((None, "managingOrganization"), b"{}"))
    organization = read_part(sent, expected.ORGANIZATION, findings)
    return organization, read_hospital(organization, sent.path, findings)


def _person(
    cut: _Cut, items: list[Item | None], hcode: Hcode | None, findings: Findings, *, test_person_allowed: bool
) -> tuple[PersonNumber, ...]:
    if cut.call.is_single:
        measured = _with_places(cut, items)
        return person_measured(cut.top, measured, hcode, findings, test_person_allowed=test_person_allowed)
    sent = cut.top.last.get("Patient", Slice((None, "Patient"), b"{}"))
    patient = read_part(sent, expected.PATIENT, findings)
    tell_patient(patient, sent.path, findings)
    return read_person(patient, sent.path, hcode, findings, test_person_allowed=test_person_allowed)


def _with_places(cut: _Cut, items: list[Item | None]) -> list[tuple[Item | None, Path | None]]:
    return [(item, sent.path) for item, sent in zip(items, cut.items, strict=True)]
