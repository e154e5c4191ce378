"""How an upload was read, part by part, and what its readers would see of it (see explain.py)."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import accumulate
from typing import Final

import msgspec

from morprom.mophphr.body import read_object
from morprom.mophphr.findings import Findings
from morprom.mophphr.members import is_array, items_of, members_of
from morprom.mophphr.model import CountsUpload, ItemsUpload, Upload
from morprom.mophphr.understood_person import understood_person
from morprom.mophphr.understood_visit import understood_visit
from morprom.mophphr.view import MODES, render
from morprom.mophphr.view_items import rules_of
from morprom.mophphr.view_record import Row
from morprom.record import Document, Kind, Organization, Seeing

AnyUpload = Upload | ItemsUpload | CountsUpload

AS_READER: Final = Seeing(sensitive=False, free_text=False, masked=False)
"""What a one-time code shows; a test holds it to the policy."""
AS_OWNER: Final = Seeing(sensitive=True, free_text=True, masked=True)

MOST_SHOWN: Final = 40
MOST_BYTES_SHOWN: Final = 200_000
MOST_OBJECTS_SHOWN: Final = 4_000
"""Parts of one upload that are shown, and their size together (ours): every view searches their texts for sensitive
words, and `{}` becomes a row of a thousand bytes in many views."""

_ACTION_OF = {
    Kind.ALLERGY_REPORT: "Allergy",
    Kind.CHRONIC_REGISTER: "NCD",
    Kind.IMMUNIZATION: "Immunization",
    Kind.REFERRAL: "Referral",
    Kind.SELF_OBSERVATION: "SelfObservation",
    Kind.CAREGIVER: "CareGiver&mode=1",
    Kind.PRESCRIPTION: "MedicationRequest",
    Kind.DRUG_PROBLEM: "DrugRelatedProblem",
}
"""Where an item shows up when it is read."""

ALONGSIDE: Final = {Kind.PATIENT: "Patient", Kind.ALLERGY: "AllergyIntolerance"}
"""What comes with visits and has no number of its own, by the key it stands under."""

_AS_SENT = frozenset((Kind.PATIENT, Kind.ALLERGY, Kind.VISIT))
_PERSON_ACTIONS: Final = ("PatientSummary", "Address", "Telecom")


@dataclass(frozen=True, slots=True)
class Moment:
    """When and among which hospitals it is read; `reader_actions` are those that a one-time code opens."""

    organizations: Mapping[str, Organization]
    reader_actions: frozenset[str]
    at: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Piece:
    """One document-to-be. `content` is minified, as it was sent; `key` is the part of it that stood in the body."""

    ref: str
    kind: Kind
    content: bytes = field(repr=False)
    key: bytes = field(default=b"", repr=False)

    def document(self, hcode: str, at: datetime) -> Document:
        """What would be stored of it, were it the first of its kind."""
        content = self.content if self.kind in _AS_SENT else b'{"sent":%b,"noted":{}}' % self.content
        return Document(self.kind, str(hcode), content, 1, at, at)


@dataclass(frozen=True, slots=True)
class Shown:
    """`left_out` is how many parts were too many, or too large, to show."""

    understood: Row = field(repr=False)
    reader: Row = field(default_factory=dict[str, object], repr=False)
    owner: Row = field(default_factory=dict[str, object], repr=False)
    documents: Sequence[Document] = ()
    left_out: int = 0


def pieces_of(upload: AnyUpload) -> list[Piece]:
    """What an upload would be stored as, in the order sent."""
    if isinstance(upload, ItemsUpload):
        array = upload.call.array
        return [Piece(item.ref, upload.call.kind, item.sent, _item_of(item.sent, array)) for item in upload.items]
    if isinstance(upload, CountsUpload):
        return []
    pieces = [Piece(ALONGSIDE[Kind.PATIENT], Kind.PATIENT, upload.patient)]
    if upload.allergies is not None:
        pieces.append(Piece(ALONGSIDE[Kind.ALLERGY], Kind.ALLERGY, upload.allergies))
    return pieces + [Piece(visit.ref, Kind.VISIT, visit.content, visit.content) for visit in upload.visits]


def shown(upload: AnyUpload, body: bytes, nesting_limit: int, moment: Moment) -> Shown:
    """What was understood of `upload`, as which `body` was read, and the rows of those who may see them."""
    if isinstance(upload, CountsUpload):
        return Shown({"days": msgspec.to_builtins(upload.days)})
    pieces = pieces_of(upload)
    some = _few(pieces)
    hcode, cid = upload.hcode or "", upload.identifiers[0].value
    documents = [piece.document(hcode, moment.at) for piece in some]
    owner = _rows(documents, AS_OWNER, MODES, cid, moment)
    reader = _rows(documents, AS_READER, moment.reader_actions, cid, moment)
    places = _places(body, nesting_limit, upload.call.array if isinstance(upload, ItemsUpload) else "Encounter")
    if isinstance(upload, Upload):
        visits = [visit for visit in upload.visits if any(piece.content is visit.content for piece in some)]
        understood: Row = {
            "person": understood_person(upload.patient, upload.identifiers, owner) if some else None,
            "visits": [understood_visit(visit, places.get(visit.content, ""), owner) for visit in visits],
        }
    else:
        understood = _understood_items(upload, some, places, moment)
    return Shown(understood, reader, owner, documents, len(pieces) - len(some))


def _few(pieces: Sequence[Piece]) -> list[Piece]:
    sizes = accumulate(len(piece.content) for piece in pieces[:MOST_SHOWN])
    objects = accumulate(piece.content.count(b"{") for piece in pieces[:MOST_SHOWN])
    return [
        piece
        for piece, size, count in zip(pieces, sizes, objects, strict=False)
        if size <= MOST_BYTES_SHOWN and count <= MOST_OBJECTS_SHOWN
    ]


def _rows(documents: Sequence[Document], seeing: Seeing, actions: Iterable[str], cid: str, moment: Moment) -> Row:
    """Each action's result in each of its modes, by `Action` or `Action&mode=Mode`."""
    return {
        f"{action}&mode={mode.capitalize()}" if mode else action: _rendered(
            action, mode, documents, seeing, cid, moment
        )
        for action in MODES
        if action in actions
        for mode in MODES[action]
    }


def _rendered(
    action: str, mode: str, documents: Sequence[Document], seeing: Seeing, cid: str, moment: Moment
) -> object:
    return render(
        action, mode, "", documents, seeing=seeing, cid=cid, organizations=moment.organizations, row_key=_row_key,
        today=moment.today,
    )  # fmt: skip


def _row_key(name: bytes) -> str:
    """Not the identifiers of a stored record, which are keyed for its person."""
    return hashlib.sha256(b"explained" + name).hexdigest()[:32]


def _understood_items(upload: ItemsUpload, some: Sequence[Piece], places: Mapping[bytes, str], moment: Moment) -> Row:
    hcode, cid = upload.hcode or "", upload.identifiers[0].value
    content = some[0].content if some else b"{}"
    lone = [Piece("", Kind.PATIENT, content).document(hcode, moment.at)]
    person = {action: _rendered(action, "", lone, AS_OWNER, cid, moment) for action in _PERSON_ACTIONS}
    return {
        "person": understood_person(content, upload.identifiers, person),
        "items": [
            {
                "ref": item.ref,
                "path": places.get(piece.key, ""),
                "day": item.day.isoformat() if item.day else None,
                "label": item.label,
                **_understood_item(piece.document(hcode, moment.at), cid, moment),
            }
            for piece, item in zip(some, upload.items, strict=False)
        ],
    }


def _understood_item(document: Document, cid: str, moment: Moment) -> Row:
    action, _, mode = _ACTION_OF[document.kind].partition("&mode=")
    rows, seen = (_rendered(action, mode, [document], seeing, cid, moment) for seeing in (AS_OWNER, AS_READER))
    return {
        "rows": rows,
        "hidden": bool(rows) and not seen,
        "sensitive": [{"rule": one.id, "th": one.words.th, "en": one.words.en} for one in rules_of(document)],
    }


def _places(body: bytes, nesting_limit: int, array: str) -> dict[bytes, str]:
    """From the bytes of each item of the array to its JSON pointer; of equal items the last, which is the one kept."""
    minified = read_object(body, nesting_limit, Findings())
    places: dict[bytes, str] = {}
    for key, raw in members_of(minified) if isinstance(minified, bytes) else ():
        if key.lower() != array.lower():
            continue
        if is_array(raw):
            places |= {bytes(item): f"/{key}/{place}" for place, item in enumerate(items_of(raw))}
        else:
            places[bytes(raw)] = f"/{key}"
    return places


def _item_of(sent: bytes, array: str) -> bytes:
    """The one item in an upload that was cut down to it."""
    for key, raw in members_of(sent):
        if key == array:
            return bytes(items_of(raw)[0]) if is_array(raw) else bytes(raw)
    return b""
