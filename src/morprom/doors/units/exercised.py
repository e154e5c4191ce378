"""What was particular about an upload, noted for the checklist of a test hospital (see wire/noted.py)."""

from collections.abc import Iterator, Mapping
from typing import Any

from morprom.doors.wire import noted_in
from morprom.intake import Received
from morprom.mophphr import Finding, ItemsUpload, Upload
from morprom.oversight import Trait

_MEMBERS = {
    Trait.LABORATORY: b'"Observation":[{',
    Trait.MEDICINES: b'"Medication":[{',
    Trait.APPOINTMENT: b'"Appointment":[{',
}


def note_upload(scope: Mapping[str, Any], upload: Upload | ItemsUpload, received: Received) -> None:
    """Let the layer around the doors ask for the traits of an upload; most hospitals are not watched."""
    noted_in(scope).traits = lambda: _traits(upload, received)


def _traits(upload: Upload | ItemsUpload, received: Received) -> Iterator[Trait]:
    receipt = received.receipt
    if receipt.new:
        yield Trait.NEW
    if receipt.changed:
        yield Trait.CHANGED
    if receipt.same and receipt.receipt_id is None:
        yield Trait.SAME
    if received.removed and received.removed.count:
        yield Trait.REMOVED
    if _is_clean(upload.findings):
        yield Trait.CLEAN
    if isinstance(upload, Upload):
        yield from _traits_of_visits(upload)


def _traits_of_visits(upload: Upload) -> Iterator[Trait]:
    if len(upload.visits) > 1:
        yield Trait.SEVERAL_VISITS
    if any(visit.is_inpatient for visit in upload.visits):
        yield Trait.INPATIENT
    if upload.allergies is not None:
        yield Trait.ALLERGIES
    if upload.is_whole_history:
        yield Trait.WHOLE_HISTORY
    for trait, member in _MEMBERS.items():  # minified, so the bytes tell
        if any(member in visit.content for visit in upload.visits):
            yield trait


def _is_clean(findings: tuple[Finding, ...]) -> bool:
    return all(finding.severity == "information" for finding in findings)
