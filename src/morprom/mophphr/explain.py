"""What becomes of an upload, told to its programmer (`POST /api/Explain`). Pure; nothing of it is stored.

The upload goes through its own reader and through the views that its readers get. Documents are made of this upload
alone, as if it were all that is known of the person.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import msgspec

from morprom.kernel import Hcode
from morprom.mophphr.body import BYTE_ORDER_MARK, is_deeper_than
from morprom.mophphr.catalogue import CATALOGUE
from morprom.mophphr.export import export_uploads
from morprom.mophphr.findings import finding
from morprom.mophphr.item_calls import ITEM_CALLS
from morprom.mophphr.model import Finding, ItemsUpload, Rejected
from morprom.mophphr.read_counts import read_counts_upload
from morprom.mophphr.read_items import read_items_upload
from morprom.mophphr.read_upload import read_visits_upload
from morprom.mophphr.understood import AnyUpload, Moment, Shown, pieces_of, shown

VISITS_CALL: Final = "UpdatePHRv1"
COUNTS_CALL: Final = "OrgEncounterSummary"
CALLS: Final = (VISITS_CALL, *(call.name for call in ITEM_CALLS.values()), COUNTS_CALL)
"""Every upload that can be explained."""


@dataclass(frozen=True, slots=True)
class Limits:
    """By which uploads are judged. `own` is the hospital of the token, None when there is none."""

    encounters: int
    nesting: int
    test_person_allowed: bool
    own: Hcode | None


@dataclass(frozen=True, slots=True)
class Explained:
    """`result` lacks what would change against the stored; `upload` is there when it would be taken."""

    result: dict[str, object] = field(repr=False)
    upload: AnyUpload | None


def call_of(body: bytes) -> str:
    """The call whose array the body has; visits when nothing tells, so that their reader says what is wrong."""
    if is_deeper_than(_DEEPEST, body):
        return VISITS_CALL
    try:
        keys = {key.lower() for key in _KEYS.decode(body.removeprefix(BYTE_ORDER_MARK))}
    except (msgspec.DecodeError, UnicodeDecodeError):
        return VISITS_CALL
    return next((call for array, call in _BY_ARRAY.items() if array in keys), VISITS_CALL)


_DEEPEST: Final = 512  # what a recursive parser bears; settings allow no more
_KEYS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_BY_ARRAY = {
    "encounter": VISITS_CALL,  # first, as it has allergies beside it
    "encountersummary": COUNTS_CALL,
    **{call.array.lower(): call.name for call in ITEM_CALLS.values()},
    "observation": "SelfObservation",  # its flat form
}


def explain(call: str, body: bytes, limits: Limits, moment: Moment) -> Explained:
    """What becomes of `body`, sent to `call` (one of CALLS)."""
    upload = _read(call, body, limits)
    if isinstance(upload, Rejected):
        return Explained(_result(call, upload.status, (*upload.faults, *upload.told), None, None), None)
    fault = _fault_of_hospital(upload, limits, moment)
    status = _STATUS[fault.code] if fault else 200
    findings = (*([fault] if fault else []), *upload.findings)
    result = _result(call, status, findings, upload, shown(upload, body, limits.nesting, moment))
    return Explained(result, None if fault else upload)


def _read(call: str, body: bytes, limits: Limits) -> AnyUpload | Rejected:
    if call == COUNTS_CALL:
        return read_counts_upload(body, nesting_limit=limits.nesting)
    if call == VISITS_CALL:
        return read_visits_upload(
            body, encounter_limit=limits.encounters, nesting_limit=limits.nesting,
            test_person_allowed=limits.test_person_allowed,
        )  # fmt: skip
    upload = read_items_upload(
        ITEM_CALLS[call.lower()], body, item_limit=limits.encounters, nesting_limit=limits.nesting,
        test_person_allowed=limits.test_person_allowed,
    )  # fmt: skip
    return upload.at(limits.own) if isinstance(upload, ItemsUpload) and limits.own else upload


_STATUS: Final = {"HCODE_UNKNOWN": 422, "OTHER_HOSPITAL": 403}


def _fault_of_hospital(upload: AnyUpload, limits: Limits, moment: Moment) -> Finding | None:
    """Why the doors refuse an upload that can be read: its hospital is not known here, or not the token's."""
    if upload.hcode is None or upload.hcode == limits.own:
        return None
    path = (((None, "managingOrganization"), "identifier"), "value")
    if upload.hcode not in moment.organizations:
        return finding("HCODE_UNKNOWN", path)
    return finding("OTHER_HOSPITAL", path) if limits.own else None


def _result(
    call: str, status: int, findings: Iterable[Finding], upload: AnyUpload | None, seen: Shown | None
) -> dict[str, object]:
    pieces = pieces_of(upload) if upload else []
    return {
        "call": call,
        "accepted": status == 200,
        "status": status,
        "understood": seen.understood if seen else None,
        "findings": [_mending(one) for one in findings],
        "reader": seen.reader if seen else {},
        "owner": seen.owner if seen else {},
        "left_out": seen.left_out if seen else 0,
        "content_hash": [
            {"ref": piece.ref, "sha256": hashlib.sha256(piece.content).hexdigest()} for piece in pieces
        ],
        "export": [
            {"call": name, "payload": msgspec.Raw(payload)}
            for name, payload in export_uploads(seen.documents if seen else ())
        ],
        "changes": None,
    }  # fmt: skip


def _mending(one: Finding) -> dict[str, str]:
    explanation = CATALOGUE[one.code]
    return {
        "severity": one.severity,
        "path": one.path,
        "code": one.code,
        "text_th": one.th,
        "text_en": one.en,
        "mend_th": explanation.mend_th,
        "mend_en": explanation.mend_en,
    }
