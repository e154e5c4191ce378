"""Variants of items that are a matter of meaning: each accepted, read as meant, and told (see variants.py)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from morprom.kernel import Hcode
from morprom.mophphr import normal
from morprom.mophphr.findings import Findings, Path
from morprom.mophphr.identity import hospital_of
from morprom.mophphr.item_keys import Place, code_in
from morprom.mophphr.item_payload import (
    Caregiver,
    ChronicDisease,
    DispenseRequest,
    Item,
    MeasuredPerson,
    Measurement,
    Prescription,
    Referral,
    Requester,
    SelfObservation,
)
from morprom.mophphr.payload import HumanName, Part, Period
from morprom.mophphr.variants import parts_in, tell_birth_date, tell_name, tell_time
from morprom.record import Kind

_TYPEDISCH = frozenset(f"{code}" for code in range(1, 10))
"""Of the 43 files, CHRONIC.TYPEDISCH: recovered, died, still treated … refused; with or without a zero in front."""
_FHIR_CLINICAL = frozenset(("active", "recurrence", "relapse", "inactive", "remission", "resolved"))

_TIMES: Mapping[Kind, tuple[str, ...]] = {
    Kind.ALLERGY_REPORT: ("recordedDate",),
    Kind.CHRONIC_REGISTER: ("registerDate", "dischargeDate", "recordedDate"),
    Kind.IMMUNIZATION: ("occurrenceDateTime", "expirationDate"),
    Kind.REFERRAL: ("occurrenceDateTime", "authoredOn"),
    Kind.PRESCRIPTION: ("authoredOn",),
    Kind.DRUG_PROBLEM: ("recordedDate",),
}


def tell_item(kind: Kind, item: Any, at: Place, hcode: Hcode | None, findings: Findings) -> None:
    """Variants of an item of `kind`, other than those of its key."""
    for name in _TIMES.get(kind, ()):
        tell_time(getattr(item, name), (at, name), findings)
    own = hospital_of(item.managingOrganization)
    if own and hcode and own != hcode:
        findings.add("ORGANIZATION_DIFFERS", (at, "managingOrganization"))
    tell = _TELL.get(kind)
    if tell:
        tell(item, at, findings)


def provider_token_of(item: Item) -> str:
    """The token that an e-prescription brings; "" when there is none."""
    requesters = parts_in(item.requester, Requester) if isinstance(item, Prescription) else ()
    return next((token for _, one in requesters if (token := normal.text(one.providerToken))), "")


def placed(value: object, kind: type[Part], path: Path) -> Iterator[tuple[Any, Path]]:
    """The parts in a field that holds one or many, and where each stands."""
    for index, part in parts_in(value, kind):
        yield part, path if index is None else (path, index)


def _tell_register(item: ChronicDisease, at: Place, findings: Findings) -> None:
    if not code_in(item.code):
        findings.add("DISEASE_CODE_MISSING", (at, "code"))
    status = code_in(item.clinicalStatus)
    if status and status.lstrip("0") not in _TYPEDISCH and status.lower() not in _FHIR_CLINICAL:
        findings.add("CLINICAL_STATUS_CODE", (at, "clinicalStatus"))


def _tell_referral(item: Referral, at: Place, findings: Findings) -> None:
    _tell_periods(item.occurrencePeriod, (at, "occurrencePeriod"), findings)
    if hospital_of(item.recipientOrganization) is None:
        findings.add("RECIPIENT_MISSING", (at, "recipientOrganization"))


def _tell_periods(value: object, path: Path, findings: Findings) -> None:
    for period, here in placed(value, Period, path):
        tell_time(period.start, (here, "start"), findings)
        tell_time(period.end, (here, "end"), findings)


def _tell_prescription(item: Prescription, at: Place, findings: Findings) -> None:
    for dispensed, here in placed(item.dispenseRequest, DispenseRequest, (at, "dispenseRequest")):
        _tell_periods(dispensed.validityPeriod, (here, "validityPeriod"), findings)
    if not provider_token_of(item):
        where: Path = (at, "requester")
        requester = next(placed(item.requester, Requester, where), None)
        findings.add("PROVIDER_TOKEN_MISSING", (requester[1], "providerToken") if requester else where)


def _tell_caregiver(item: Caregiver, at: Place, findings: Findings) -> None:
    for name, here in placed(item.name, HumanName, (at, "name")):
        tell_name(name, here, findings)


def _tell_self_observation(item: SelfObservation, at: Place, findings: Findings) -> None:
    for person, here in placed(item.person, MeasuredPerson, (at, "person")):
        tell_birth_date(person.birth_date, (here, "birth_date"), findings)
    for measured, here in placed(item.observation, Measurement, (at, "observation")):
        tell_time(measured.effective_datetime, (here, "effective_datetime"), findings)


_TELL: Mapping[Kind, Callable[[Any, Place, Findings], None]] = {
    Kind.CHRONIC_REGISTER: _tell_register,
    Kind.REFERRAL: _tell_referral,
    Kind.PRESCRIPTION: _tell_prescription,
    Kind.CAREGIVER: _tell_caregiver,
    Kind.SELF_OBSERVATION: _tell_self_observation,
}
