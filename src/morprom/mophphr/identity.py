"""Whose upload it is: the hospital that sends it and the person it is about."""

from collections.abc import Iterator, Sequence
from typing import cast

from morprom.kernel import Cid, Hcode
from morprom.mophphr.findings import Findings, Path
from morprom.mophphr.model import PersonNumber
from morprom.mophphr.numbers import Entry, entries_of, entry_path
from morprom.mophphr.payload import Organization, Patient
from morprom_wire import systems


def read_hospital(organization: Organization, path: Path | None, findings: Findings) -> Hcode | None:
    """The sending hospital's code; a code sent as a number gets its leading zeros back. None is a fault, told."""
    at = (path, "identifier")
    for entry, hcode in _hospitals(organization):
        if entry.system != systems.HCODE:
            findings.add("HCODE_SYSTEM", entry_path(at, organization.identifier, entry))
        return hcode
    findings.add("HCODE_MISSING", at)
    return None


def hospital_of(organization: object) -> Hcode | None:
    """The code in an organization, or in the first of several, without a word."""
    items = cast("list[object]", organization) if isinstance(organization, list) else [organization]
    found = (hcode for item in items if isinstance(item, Organization) for _, hcode in _hospitals(item))
    return next(found, None)


def _hospitals(organization: Organization) -> Iterator[tuple[Entry, Hcode]]:
    entries = entries_of(organization.identifier)
    for entry in [entry for entry in entries if entry.kind == "HCODE"] or entries:
        hcode = Hcode.parse(entry.value.zfill(5) if entry.value.isdecimal() else entry.value)
        if hcode is not None:
            yield entry, hcode


def read_person(
    patient: Patient, path: Path | None, hcode: Hcode | None, findings: Findings, *, test_person_allowed: bool
) -> tuple[PersonNumber, ...]:
    """The person's numbers, the key one first; () is a fault, told.

    The key is the citizen number. One that the hospital made up is `local`: it means nothing elsewhere.
    """
    at = (path, "identifier")
    entries = entries_of(patient.identifier)
    entry, cid = citizen_number(entries)
    if entry is None:
        findings.add("CID_MISSING", at)
        return ()
    there = entry_path(at, patient.identifier, entry)
    number = key_number(cid, there, hcode, findings, test_person_allowed=test_person_allowed)
    if number is None:
        return ()
    if entry.system != systems.CID or not entry.has_type:
        findings.add("CID_SYSTEM", there)
    return (number, *_other_numbers(entries))


def key_number(
    cid: Cid | None, there: Path, hcode: Hcode | None, findings: Findings, *, test_person_allowed: bool
) -> PersonNumber | None:
    """The number that stands at `there` as the person's key; None is a fault, told."""
    if cid is None:
        findings.add("CID_INVALID", there)
        return None
    if cid.is_test and not test_person_allowed:
        findings.add("TEST_PERSON_REFUSED", there)
        return None
    is_local = cid.is_made_up_by(hcode or "")
    if is_local:
        findings.add("CID_MADE_UP", there)
    return PersonNumber("local" if is_local else "cid", cid.digits)


def citizen_number(entries: Sequence[Entry]) -> tuple[Entry | None, Cid | None]:
    """The first entry that is a citizen number, else the first that says it is one, else nothing."""
    labelled = [entry for entry in entries if entry.kind == "CID" and entry.value]
    candidates = labelled or [entry for entry in entries if entry.kind == "" and Cid.parse(entry.value)]
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
