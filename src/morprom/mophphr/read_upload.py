"""Reads an UpdatePHRv1 body: what to store, whom it belongs to, and everything there is to say about it.

Two stages. The top level is cut into raw slices, which are what is stored. Each part is then decoded typed, only to
learn the person, the visit's reference and day, and the findings. A missing or odd field is a finding, never a
refusal; a refusal lists all its faults. Refused are (wire protocol, section 3):
400 what is no JSON object in UTF-8; 413 more encounters than the limit; 422 what cannot be keyed or is nested too
deeply. Whether the hospital is known and is the caller's own is the caller's to check.
"""

from collections.abc import Sequence
from datetime import date

from morprom.kernel import Hcode
from morprom.mophphr import expected, normal
from morprom.mophphr.body import read_object
from morprom.mophphr.findings import Findings
from morprom.mophphr.identity import read_hospital, read_person
from morprom.mophphr.members import is_object
from morprom.mophphr.model import Rejected, Upload, VisitPart
from morprom.mophphr.numbers import (
    LONGEST_REF,
    code_of,
    entries_of,
    entry_path,
    is_inpatient,
    printable,
    ref_of,
    visit_entry,
)
from morprom.mophphr.parts import read_part
from morprom.mophphr.payload import Encounter, Period
from morprom.mophphr.top_level import Slice, TopLevel, cut
from morprom.mophphr.variants import tell_encounter, tell_patient


def read_visits_upload(
    body: bytes, *, encounter_limit: int, nesting_limit: int, test_person_allowed: bool
) -> Upload | Rejected:
    """The upload in `body`, or every reason why it cannot be stored. Never raises, whatever the bytes."""
    findings = Findings()
    minified = read_object(body, nesting_limit, findings)
    if isinstance(minified, Rejected):
        return minified
    top = cut(minified, findings)
    if len(top.encounters or ()) > encounter_limit:
        findings.add("TOO_MANY_ENCOUNTERS", (None, "Encounter"))
        return Rejected(413, findings.faults, findings.told)
    return _read(top, findings, test_person_allowed=test_person_allowed)


def _read(top: TopLevel, findings: Findings, *, test_person_allowed: bool) -> Upload | Rejected:
    organization = read_part(top.organization, expected.ORGANIZATION, findings)
    hcode = read_hospital(organization, top.organization.path, findings)
    patient = read_part(top.patient, expected.PATIENT, findings)
    tell_patient(patient, top.patient.path, findings)
    person = read_person(patient, top.patient.path, hcode, findings, test_person_allowed=test_person_allowed)
    visits = [_read_visit(sent, hcode or Hcode(), findings) for sent in top.encounters or ()]
    for sent in top.allergies or ():
        read_part(sent, expected.ALLERGY, findings)
    if findings.faults or hcode is None:
        return Rejected(422, findings.faults, findings.told)
    return Upload(
        hcode=hcode,
        identifiers=person,
        patient=top.patient_content,
        visits=_last_of_each(visits, top.encounters or (), findings),
        allergies=b"[%b]" % b",".join([sent.raw for sent in top.allergies]) if top.allergies else None,
        is_whole_history=normal.text(organization.scope).upper() == "ALL" and top.encounters is not None,
        agent=printable(organization.agent),
        findings=findings.told,
    )


def _read_visit(sent: Slice, hcode: str, findings: Findings) -> VisitPart | None:
    """The visit in `sent`; None when it cannot be keyed, told."""
    if not is_object(sent.raw):
        findings.add("ENCOUNTER_NOT_OBJECT", sent.path)
        return None
    encounter = read_part(sent, expected.ENCOUNTER, findings)
    tell_encounter(encounter, sent.path, findings)
    inpatient, ref = _read_ref(encounter, sent, hcode, findings)
    day = _read_day(encounter, sent, findings)
    if not ref or day is None:
        return None
    return VisitPart(ref, day, inpatient, sent.raw)


def _read_ref(encounter: Encounter, sent: Slice, hcode: str, findings: Findings) -> tuple[bool, str]:
    """Whether the visit is a stay, and its reference, "" (told) when it has none."""
    path = (sent.path, "identifier")
    entries = entries_of(encounter.identifier)
    inpatient = is_inpatient(encounter.class_, entries)
    if inpatient is None or not code_of(encounter.class_):
        findings.add("CLASS_UNKNOWN", (sent.path, "class"))
    entry = visit_entry(entries, inpatient=bool(inpatient))
    if entry is None:
        findings.add("REF_MISSING", path)
        return bool(inpatient), ""
    there = entry_path(path, encounter.identifier, entry)
    if not entry.has_type:
        findings.add("REF_UNTYPED", there)
    if not entry.is_of_visit_system:
        findings.add("REF_SYSTEM", there)
    ref = ref_of(hcode, entry)
    if len(ref) > LONGEST_REF:
        findings.add("REF_TOO_LONG", there)
    return bool(inpatient), ref


def _read_day(encounter: Encounter, sent: Slice, findings: Findings) -> date | None:
    period = encounter.period
    start = normal.local_time(period.start) if isinstance(period, Period) else None
    if start is None:
        findings.add("PERIOD_START_MISSING", ((sent.path, "period"), "start"))
        return None
    return start.date()


def _last_of_each(
    visits: Sequence[VisitPart | None], sent: Sequence[Slice], findings: Findings
) -> tuple[VisitPart, ...]:
    """One visit a reference: the later one, as if they had come in two uploads."""
    last: dict[str, tuple[VisitPart, Slice]] = {}
    for visit, part in zip(visits, sent, strict=True):
        if visit is not None:
            if visit.ref in last:
                findings.add("DUPLICATE_REF", last.pop(visit.ref)[1].path)
            last[visit.ref] = visit, part
    return tuple([visit for visit, _ in last.values()])
