"""Whose upload it is: the hospital that sends it and the person it is about."""

from collections.abc import Iterator, Sequence

from morprom.kernel import Cid, Hcode
from morprom.mophphr.findings import Findings, Path
from morprom.mophphr.model import PersonNumber
from morprom.mophphr.numbers import Entry, entries_of, entry_path
from morprom.mophphr.payload import Organization, Patient
from morprom_wire import systems


def read_hospital(organization: Organization, path: Path, findings: Findings) -> Hcode | None:
    """The sending hospital's code; a code sent as a number gets its leading zeros back. None is a fault, told."""
    at = (path, "identifier")
    entries = entries_of(organization.identifier)
    for entry in [entry for entry in entries if entry.kind == "HCODE"] or entries:
        hcode = Hcode.parse(entry.value.zfill(5) if entry.value.isdecimal() else entry.value)
        if hcode is not None:
            if entry.system != systems.HCODE:
                findings.add("HCODE_SYSTEM", entry_path(at, organization.identifier, entry))
            return hcode
    findings.add("HCODE_MISSING", at)
    return None


def read_person(
    patient: Patient, path: Path, hcode: Hcode | None, findings: Findings, *, test_person_allowed: bool
) -> tuple[PersonNumber, ...]:
    """The person's numbers, the key one first; () is a fault, told.

    The key is the citizen number. One that the hospital made up is `local`: it means nothing elsewhere.
    """
    at = (path, "identifier")
    entries = entries_of(patient.identifier)
    labelled = [entry for entry in entries if entry.kind == "CID" and entry.value]
    candidates = labelled or [entry for entry in entries if entry.kind == "" and Cid.parse(entry.value)]
    entry, cid = _first_cid(candidates)
    if entry is None:
        findings.add("CID_MISSING", at)
        return ()
    there = entry_path(at, patient.identifier, entry)
    if cid is None:
        findings.add("CID_INVALID", there)
        return ()
    if cid.is_test and not test_person_allowed:
        findings.add("TEST_PERSON_REFUSED", there)
        return ()
    if entry.system != systems.CID or not entry.has_type:
        findings.add("CID_SYSTEM", there)
    is_local = cid.is_made_up_by(hcode or "")
    if is_local:
        findings.add("CID_MADE_UP", there)
    return (PersonNumber("local" if is_local else "cid", cid.digits), *_other_numbers(entries))


def _first_cid(candidates: Sequence[Entry]) -> tuple[Entry | None, Cid | None]:
    """The first candidate that is a citizen number, else the first, else nothing."""
    for entry in candidates:
        cid = Cid.parse(entry.value)
        if cid is not None:
            return entry, cid
    return (candidates[0] if candidates else None), None


def _other_numbers(entries: Sequence[Entry]) -> Iterator[PersonNumber]:
    for entry in entries:
        if entry.kind == "HN" and entry.value:
            yield PersonNumber("hn", entry.value)
        elif entry.kind == "PASSPORT" and entry.value:
            yield PersonNumber("passport", entry.value)
