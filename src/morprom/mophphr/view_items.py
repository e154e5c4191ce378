"""What was sent by itself, not inside a visit: registers, vaccines, referrals, prescriptions and the like.

An item is visible when nothing in it meets a sensitivity rule (unless the permit shows sensitive things) and the
visit that it names is visible or not stored here. Parts of visits that stand for themselves (an allergy, a vaccine,
an appointment) go by the same rule.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from morprom.mophphr import normal
from morprom.mophphr.item_calls import ITEM_CALLS
from morprom.mophphr.lenient import decode_plain
from morprom.mophphr.view_facts import About, is_sensitive_item, rules_met_by
from morprom.mophphr.view_record import Reading, Row
from morprom.mophphr.view_values import Sent, epoch_ms, first_object, objects
from morprom.record import Document, Kind, Rule

ITEM_KINDS = frozenset(call.kind for call in ITEM_CALLS.values()) | {Kind.CARED_FOR}

_ARRAYS = {call.kind: call.array.lower() for call in ITEM_CALLS.values()}
_ABOUT = {
    Kind.ALLERGY_REPORT: About.MEDICINE,
    Kind.PRESCRIPTION: About.MEDICINE,
    Kind.DRUG_PROBLEM: About.MEDICINE,
    Kind.CHRONIC_REGISTER: About.DISEASE,
    Kind.REFERRAL: About.DISEASE,
}

_VISIT_MEMBERS = ("encounterRefCode", "encounter_ref_code", "encounter_refcode", "encounter", "context")
"""Members that name the visit an item belongs to, as text or as a FHIR reference."""

_WITH_HCODE = re.compile(r"(?:\d{5}|[A-Za-z]{2}\d{7}):")


@dataclass(frozen=True, slots=True)
class Item:
    """One visible item. `upload` is what was sent, cut down to `sent`, the item itself; `noted` is the platform's."""

    document: Document
    upload: Sent = field(repr=False)
    sent: Sent = field(repr=False)
    noted: Sent = field(repr=False)
    is_newest: bool = False

    @property
    def hcode(self) -> str:
        """The hospital that sent it."""
        return self.document.hcode

    def text(self, *members: str) -> str:
        """The words in the first of `members` that has any."""
        return next(filter(None, (normal.text(self.sent.get(member)) for member in members)), "")

    def words(self, *members: str) -> str:
        """What a person would read of the first of `members` that says anything: text, or a code's name."""
        return next(filter(None, (normal.concept_text(self.sent.get(member)) for member in members)), "")

    def number(self, *members: str) -> str:
        """The hospital's own number of the item as `hcode:ref`, "" for none."""
        bare = self.text(*members)
        return normal.prefixed_ref(self.hcode, bare) if bare else ""

    def origin(self, reading: Reading) -> Row:
        """The members that tell in every row whose it is and where it comes from."""
        return {
            "cid": reading.cid,
            "encounter_ref_code": visit_of(self.hcode, self.sent),
            "organization_code": self.hcode,
            "organization_name": reading.organization_name(self.hcode),
            "is_mark": self.is_newest,
            "create_datetime": epoch_ms(self.document.created_at),
            "update_datetime": epoch_ms(self.document.received_at),
            "region_id": reading.region_id(self.hcode),
        }


def visible_items(reading: Reading, kinds: Iterable[Kind] = ITEM_KINDS) -> list[Item]:
    """The visible items of `kinds`, in the order of their latest arrival."""
    wanted = frozenset(kinds)
    items = [item for item in _items(reading, wanted) if _is_visible(reading, item)]
    return sorted(items, key=lambda item: (item.document.received_at, item.hcode, item.document.content))


def by_day(items: Iterable[Item], *members: str) -> list[Item]:
    """Items by the day or time that the first of `members` tells, the oldest first; the newest is marked."""

    def moment(item: Item) -> tuple[datetime, datetime]:
        told = (normal.local_time(item.sent.get(member)) for member in members)
        return next(filter(None, told), datetime.min), item.document.received_at  # noqa: DTZ901 (wall clock)

    ordered = sorted(items, key=moment)
    return [*ordered[:-1], replace(ordered[-1], is_newest=True)] if ordered else []


def may_show(reading: Reading, hcode: str, sent: Sent, about: About = About.ANYTHING) -> bool:
    """Whether something that stands for itself may be shown: by what it says, and by the visit that it names."""
    if not reading.seeing.sensitive and is_sensitive_item(sent, about):
        return False
    named = list(_visits_named(hcode, sent))
    return not named or reading.withheld.isdisjoint(named)


def rules_of(document: Document) -> tuple[Rule, ...]:
    """The rules that an item meets, for who asks why others do not see it."""
    item = _opened(document)
    return rules_met_by(item.sent, _about(item))


def _is_visible(reading: Reading, item: Item) -> bool:
    """The platform's own note counts too: what somebody is said to be cared for tells of them."""
    is_noted = not reading.seeing.sensitive and is_sensitive_item(item.noted)
    return not is_noted and may_show(reading, item.hcode, item.sent, _about(item))


def visit_of(hcode: str, sent: Sent) -> str:
    """`hcode:ref` of the visit that an item names, "" for none."""
    return next((_prefixed(hcode, words) for words in (normal.text(sent.get(m)) for m in _VISIT_MEMBERS) if words), "")


def _items(reading: Reading, kinds: frozenset[Kind]) -> Iterator[Item]:
    return (_opened(document) for document in reading.documents if document.kind in kinds)


def _opened(document: Document) -> Item:
    whole = first_object(decode_plain(document.content))
    upload, noted = first_object(whole.get("sent")), first_object(whole.get("noted"))
    return Item(document, upload, _sent(document.kind, upload), noted)


def _sent(kind: Kind, upload: Sent) -> Sent:
    """The item in an upload that was cut down to one. A self-observation may be the upload itself."""
    array = _ARRAYS.get(kind)
    found = next((value for name, value in upload.items() if name.lower() == array), None)
    return upload if found is None else first_object(found)


def _about(item: Item) -> About:
    return _ABOUT.get(item.document.kind, About.ANYTHING)


def _visits_named(hcode: str, sent: Sent) -> Iterator[str]:
    """Every `hcode:ref` that the item may mean. A reference is `Encounter/VN1` or has an identifier."""
    for member in _VISIT_MEMBERS:
        value = sent.get(member)
        for words in [normal.text(value), *_references(value)]:
            if words:
                yield _prefixed(hcode, words)
                yield normal.prefixed_ref(hcode, words)


def _references(value: object) -> Iterator[str]:
    for one in objects(value):
        yield normal.text(one.get("reference")).rpartition("/")[2]
        for identifier in objects(one.get("identifier")):
            yield normal.text(identifier.get("value"))


def _prefixed(hcode: str, words: str) -> str:
    """As it was sent when it names a hospital, else with ours in front."""
    return words if _WITH_HCODE.match(words) else normal.prefixed_ref(hcode, words)


def marked(rows: list[Row]) -> list[Row]:
    """`rows`, the last of them marked as the newest and no other."""
    for row in rows:
        row["is_mark"] = False
    if rows:
        rows[-1]["is_mark"] = True
    return rows
