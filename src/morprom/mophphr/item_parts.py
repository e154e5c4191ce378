"""One item of an upload as what is stored: its key, its day, and the upload cut down to it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from morprom.kernel import Cid, Hcode
from morprom.mophphr.findings import Findings
from morprom.mophphr.identity import citizen_number
from morprom.mophphr.item_calls import ItemCall
from morprom.mophphr.item_expected import RULES
from morprom.mophphr.item_keys import Place, code_in, day_of, key_of
from morprom.mophphr.item_payload import Caregiver, ChronicDisease, Item
from morprom.mophphr.item_tell import provider_token_of, tell_item
from morprom.mophphr.members import Member, is_object, object_of
from morprom.mophphr.model import ItemPart, PersonNumber
from morprom.mophphr.numbers import LONGEST_REF, entries_of
from morprom.mophphr.parts import read_part
from morprom.mophphr.top_level import Slice


class Whose(NamedTuple):
    """Whose upload it is. `person` is () when the numbers are at fault, and told."""

    hcode: Hcode | None
    person: tuple[PersonNumber, ...]
    test_person_allowed: bool


def read_item(call: ItemCall, sent: Slice, findings: Findings) -> Item | None:
    """The item in `sent`, typed; None of what is no object is a fault, told."""
    if not is_object(sent.raw):
        findings.add("ITEM_NOT_OBJECT", sent.path)
        return None
    return read_part(sent, RULES[call.kind], findings)


def part_of(call: ItemCall, item: Item, at: Place, cut: bytes, whose: Whose, findings: Findings) -> ItemPart | None:
    """`item` as it is stored, `cut` being the upload cut down to it; None when it cannot be keyed, told."""
    ref = key_of(call.kind, item, at, whose.hcode, findings)
    tell_item(call.kind, item, at, whose.hcode, findings)
    if not ref:
        return None
    return ItemPart(
        ref,
        day_of(call.kind, item),
        cut,
        label=code_in(item.code)[:LONGEST_REF] if isinstance(item, ChronicDisease) else "",
        caregiver=_caregiver(item, at, whose, findings) if isinstance(item, Caregiver) else "",
        provider_token=provider_token_of(item),
    )


def _caregiver(item: Caregiver, at: Place, whose: Whose, findings: Findings) -> str:
    """The caregiver's citizen number when it is one that holds everywhere; else "", told."""
    entry, cid = citizen_number(entries_of(item.identifier))
    path = ((at, "identifier"), entry.place) if entry and isinstance(item.identifier, list) else (at, "identifier")
    if cid is None or not _holds_everywhere(cid, whose):
        findings.add("CAREGIVER_CID", path)
        return ""
    if whose.person and cid.digits == whose.person[0].value:
        findings.add("CAREGIVER_IS_PERSON", path)
        return ""
    return cid.digits


def _holds_everywhere(cid: Cid, whose: Whose) -> bool:
    if cid.is_test:
        return whose.test_person_allowed
    return not cid.is_made_up_by(whose.hcode or "")


def cut_down(call: ItemCall, kept: Sequence[Member], items: Sequence[Slice]) -> list[bytes]:
    """The upload once for each item, with that item alone; what stands beside the items is in every one."""
    front = object_of([*kept, Member(call.array, b"")])[:-1]
    around = (front, b"}") if call.is_single else (front + b"[", b"]}")
    return [around[0] + sent.raw + around[1] for sent in items]


def last_of_each(parts: Sequence[ItemPart | None], sent: Sequence[Slice], findings: Findings) -> tuple[ItemPart, ...]:
    """One item a key: the later one, as if they had come in two uploads."""
    last: dict[str, tuple[ItemPart, Any]] = {}
    for part, where in zip(parts, sent, strict=True):
        if part is not None:
            if part.ref in last:
                findings.add("DUPLICATE_REF", last.pop(part.ref)[1])
            last[part.ref] = part, where.path
    return tuple([part for part, _ in last.values()])
