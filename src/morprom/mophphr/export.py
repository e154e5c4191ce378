"""The way back: the documents of a record as the uploads that they came with.

What was sent comes out as payloads that mean the same: to the letter inside of each part, and in the top level but for
white space, the order of its keys, empty arrays, and what an upload itself had twice.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from morprom.mophphr.item_calls import ITEM_CALLS, ItemCall
from morprom.mophphr.members import Member, items_of, members_of, object_of
from morprom.record import Document, Kind
from morprom_wire import systems

VISITS_CALL = "UpdatePHRv1"

_CALL_OF = {call.kind: call for call in ITEM_CALLS.values()}


class _Kept(msgspec.Struct):
    """What the content of an item's document says; `noted` is ours and stays here."""

    sent: msgspec.Raw


class _Cut(NamedTuple):
    """An upload that was cut down to one item."""

    beside: bytes
    item: bytes


_kept = msgspec.json.Decoder(_Kept)


def export_uploads(documents: Sequence[Document]) -> list[tuple[str, bytes]]:
    """(call, payload) pairs, in the order in which hospitals and calls occur in `documents`.

    One UpdatePHRv1 payload a hospital. Items that came beside the same things are in one payload again; a whole list
    is one payload whatever it came beside, the latest, or its second half would remove its first. Settings of the
    owner and what was said of the person elsewhere (CONTROLS, CARED_FOR) were not uploaded and are not exported.
    """
    hospitals: dict[tuple[str, ItemCall | None], list[Document]] = {}
    for document in documents:
        if document.kind in _CALL_OF:
            hospitals.setdefault((document.hcode, _CALL_OF[document.kind]), []).append(document)
        elif document.kind in (Kind.PATIENT, Kind.VISIT, Kind.ALLERGY):
            hospitals.setdefault((document.hcode, None), []).append(document)
    exported: list[tuple[str, bytes]] = []
    for (hcode, call), found in hospitals.items():
        if call is None:
            exported.append((VISITS_CALL, _visits(hcode, found)))
        else:
            exported += [(call.name, payload) for payload in _items(call, found)]
    return exported


def _visits(hcode: str, documents: Sequence[Document]) -> bytes:
    """The patient's document with the arrays put back. An array without items is left out: with scope ALL, an empty
    Encounter would remove everything."""
    contents = {kind: [one.content for one in documents if one.kind is kind] for kind in Kind}
    members = members_of(contents[Kind.PATIENT][-1]) if contents[Kind.PATIENT] else [_organization(hcode)]
    if contents[Kind.ALLERGY]:
        members.append(Member("AllergyIntolerance", contents[Kind.ALLERGY][-1]))
    if contents[Kind.VISIT]:
        members.append(Member("Encounter", _array(contents[Kind.VISIT])))
    return object_of(members)


def _organization(hcode: str) -> Member:
    """For visits whose patient document is not there."""
    identifier = {"system": systems.HCODE, "value": hcode}
    return Member("managingOrganization", msgspec.json.encode({"identifier": identifier}))


def _items(call: ItemCall, documents: Sequence[Document]) -> Iterator[bytes]:
    sent = [bytes(_kept.decode(document.content).sent) for document in documents]
    if call.is_single:
        yield from sent
        return
    cuts = [_cut(upload) for upload in sent]
    if call.is_whole_list:
        latest = max(zip(documents, cuts, strict=True), key=lambda one: one[0].received_at)[1]
        cuts = [_Cut(latest.beside, cut.item) for cut in cuts]
    together: dict[bytes, list[bytes]] = {}
    for cut in cuts:
        together.setdefault(cut.beside, []).append(cut.item)
    for beside, items in together.items():
        yield object_of([*members_of(beside), Member(call.array, _array(items))])


def _cut(upload: bytes) -> _Cut:
    """The array is the last member, with one item in it: so the upload was cut (item_parts.py)."""
    *beside, (_, array) = members_of(upload)
    return _Cut(object_of(beside), bytes(items_of(array)[0]))


def _array(items: Sequence[bytes]) -> bytes:
    return b"[%b]" % b",".join(items)
