"""Whose measurement it is: kiosks name the person beside it, and often no hospital."""

from collections.abc import Iterator, Sequence

from morprom.kernel import Cid, Hcode
from morprom.mophphr import expected
from morprom.mophphr.findings import Findings, Path
from morprom.mophphr.identity import citizen_number, hospital_of, key_number, read_hospital, read_person
from morprom.mophphr.item_keys import Place
from morprom.mophphr.item_payload import Item, MeasuredPerson, SelfObservation
from morprom.mophphr.item_tell import placed
from morprom.mophphr.model import PersonNumber
from morprom.mophphr.numbers import entries_of, printable
from morprom.mophphr.parts import read_part
from morprom.mophphr.payload import Organization, Patient
from morprom.mophphr.top_level import Slice, SortedOut
from morprom.mophphr.variants import tell_patient

_EMPTY = (b"null", b'""', b"[]", b"{}")

Measured = Sequence[tuple[Item | None, Place]]
"""The items of the upload, None for one that cannot be read, and where each stands."""


def hospital_told(top: SortedOut, items: Measured, findings: Findings) -> tuple[Organization, Hcode | None]:
    """The hospital at the top level or in the measurement; None when none is named, told, or one that is at fault."""
    sent = _sent(top, "managingOrganization")
    if sent is not None:
        organization = read_part(sent, expected.ORGANIZATION, findings)
        return organization, read_hospital(organization, sent.path, findings)
    within = next((own for item, _ in items if item and (own := hospital_of(item.managingOrganization))), None)
    if within is None:
        findings.add("HCODE_OF_TOKEN", (None, "managingOrganization"))
    return Organization(), within


def person_measured(
    top: SortedOut, items: Measured, hcode: Hcode | None, findings: Findings, *, test_person_allowed: bool
) -> tuple[PersonNumber, ...]:
    """The numbers of the one person whom `person.cid` and Patient name; () is a fault, told."""
    sent = _sent(top, "Patient")
    patient = Patient() if sent is None else _patient(sent, findings)
    stated = list(_stated(items))
    if sent is not None and not stated:
        return read_person(patient, sent.path, hcode, findings, test_person_allowed=test_person_allowed)
    if not stated:
        findings.add("CID_MISSING", ((items[0][1] if items else None, "person"), "cid"))
        return ()
    numbers = [
        key_number(Cid.parse(text), path, hcode, findings, test_person_allowed=test_person_allowed)
        for text, path in stated
    ]
    _, beside = citizen_number(entries_of(patient.identifier))
    named = {number.value for number in numbers if number} | ({beside.digits} if beside else set[str]())
    if len(named) > 1:
        findings.add("CID_CONTRADICTS", stated[-1][1])
    return tuple([number for number in numbers[:1] if number])


def _patient(sent: Slice, findings: Findings) -> Patient:
    patient = read_part(sent, expected.PATIENT, findings)
    tell_patient(patient, sent.path, findings)
    return patient


def _sent(top: SortedOut, key: str) -> Slice | None:
    found = top.last.get(key)
    return None if found is None or found.raw in _EMPTY else found


def _stated(items: Measured) -> Iterator[tuple[str, Path]]:
    """Every `person.cid` and where it stands."""
    for item, at in items:
        if isinstance(item, SelfObservation):
            for person, here in placed(item.person, MeasuredPerson, (at, "person")):
                if text := printable(person.cid):
                    yield text, (here, "cid")
