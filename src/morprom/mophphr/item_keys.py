"""The key that makes an item idempotent, by call (wire protocol, section 3), and the local day that the item is of."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from morprom.kernel import Hcode
from morprom.mophphr import normal
from morprom.mophphr.findings import Findings, Path
from morprom.mophphr.identity import citizen_number
from morprom.mophphr.item_payload import (
    AllergyReport,
    Caregiver,
    ChronicDisease,
    DrugProblem,
    Measurement,
    Prescription,
    Referral,
    SelfObservation,
    Vaccination,
)
from morprom.mophphr.numbers import LONGEST_REF, Entry, entries_of, entry_path, is_prefixed, printable
from morprom.mophphr.payload import Part
from morprom.mophphr.variants import parts_in
from morprom.record import Kind

Place = Path | None
"""Where an item stands; None is the whole body."""


def key_of(kind: Kind, item: Part, at: Place, hcode: Hcode | None, findings: Findings) -> str:
    """The key of an item without its hospital's code in front; "" is a fault, told."""
    ref = _KEYS[kind](item, at, hcode or "", findings)
    if len(ref) > LONGEST_REF:
        findings.add("REF_TOO_LONG", at)
    return ref


def day_of(kind: Kind, item: Part) -> date | None:
    """The day in the first of the item's times that tells one."""
    times = [getattr(item, name) for name in _DAYS.get(kind, ())]
    if isinstance(item, SelfObservation):
        times = [found.effective_datetime for _, found in parts_in(item.observation, Measurement)]
    return next((moment.date() for moment in map(normal.local_time, times) if moment), None)


def code_in(concept: object) -> str:
    """The first code of a concept that says something: zeros are how senders write that they have none."""
    return next((code for one in normal.codings(_plain(concept)) if (code := printable(one.code)).strip("0-")), "")


def _plain(value: object) -> object:
    return msgspec.to_builtins(value) if isinstance(value, Part | list) else value


def _allergy(item: AllergyReport, at: Place, hcode: str, findings: Findings) -> str:
    """The identifier's value, unless that is a number which many allergies share (a visit's), else the code."""
    for entry in entries_of(item.identifier):
        if entry.value and entry.kind in ("", "HCODE"):
            return _bare(entry.value, entry_path((at, "identifier"), item.identifier, entry), hcode, findings)
    return _concept(item.code, (at, "code"), findings)


def _register(item: ChronicDisease, at: Place, hcode: str, findings: Findings) -> str:
    return _named(item, ("chronic_ref_code", "chronicRefCode"), at, hcode, findings)


def _vaccination(item: Vaccination, at: Place, hcode: str, findings: Findings) -> str:
    visit = _named(item, ("encounterRefCode", "encounter_ref_code"), at, hcode, findings)
    vaccine = _concept(item.vaccineCode, (at, "vaccineCode"), findings)
    return f"{visit}|{vaccine}" if visit and vaccine else ""


def _referral(item: Referral, at: Place, hcode: str, findings: Findings) -> str:
    return _named(item, ("referralRefCode", "referral_ref_code"), at, hcode, findings)


def _drug_problem(item: DrugProblem, at: Place, hcode: str, findings: Findings) -> str:
    return _named(item, ("drp_ref_code", "drpRefCode"), at, hcode, findings)


def _prescription(item: Prescription, at: Place, hcode: str, findings: Findings) -> str:
    """An identifier of an e-prescription system, else one without a label, else any but a person's."""
    path: Path = (at, "identifier")
    entries = [one for one in entries_of(item.identifier) if one.value and one.kind not in ("CID", "HN", "PASSPORT")]
    entry = min(entries, key=_prescription_rank, default=None)
    if entry is None:
        findings.add("ITEM_REF_MISSING", path)
        return ""
    there = entry_path(path, item.identifier, entry)
    if _prescription_rank(entry):
        findings.add("PRESCRIPTION_SYSTEM", there)
    return _bare(entry.value, there, hcode, findings)


def _prescription_rank(entry: Entry) -> int:
    if entry.system.rstrip("/").lower().endswith("eprescription"):
        return 0
    return 1 if entry.kind in ("", "HCODE") else 2


def _caregiver(item: Caregiver, at: Place, _hcode: str, findings: Findings) -> str:
    entries = entries_of(item.identifier)
    entry, cid = citizen_number(entries)
    if cid is not None:
        return cid.digits
    value = entry.value if entry else next((one.value for one in entries if one.value), "")
    if not value:
        findings.add("ITEM_REF_MISSING", (at, "identifier"))
    return value


def _self_observation(item: SelfObservation, at: Place, hcode: str, findings: Findings) -> str:
    """`observation.reference_id`; when that is not there, the number of the whole."""
    here: Place = (at, "observation")
    for index, measured in parts_in(item.observation, Measurement):
        here = here if index is None else (here, index)
        if printable(measured.reference_id):
            return _bare(printable(measured.reference_id), (here, "reference_id"), hcode, findings)
        break
    other = normal.bare_ref(hcode, printable(item.observation_ref_code))
    findings.add("MISSING_KEY" if other else "ITEM_REF_MISSING", (here, "reference_id"))
    return other


def _named(item: Part, names: tuple[str, str], at: Place, hcode: str, findings: Findings) -> str:
    """The reference under the first name, the specification's, or under the other."""
    for name in names:
        value = printable(getattr(item, name))
        if value:
            if name != names[0]:
                findings.add("KEY_SPELLING", (at, name))
            return _bare(value, (at, name), hcode, findings)
    findings.add("ITEM_REF_MISSING", (at, names[0]))
    return ""


def _bare(value: str, path: Path, hcode: str, findings: Findings) -> str:
    bare = normal.bare_ref(hcode, value)
    if not bare:
        findings.add("ITEM_REF_MISSING", path)
    elif hcode and is_prefixed(bare):
        findings.add("REF_OTHER_HOSPITAL", path)
    return bare


def _concept(concept: object, path: Path, findings: Findings) -> str:
    code = code_in(concept)
    if code:
        return code
    words = printable(normal.concept_text(_plain(concept)))
    findings.add("REF_MADE_OF_TEXT" if words else "ITEM_REF_MISSING", path)
    return words


_KEYS: Mapping[Kind, Callable[[Any, Place, str, Findings], str]] = {
    Kind.ALLERGY_REPORT: _allergy,
    Kind.CHRONIC_REGISTER: _register,
    Kind.IMMUNIZATION: _vaccination,
    Kind.REFERRAL: _referral,
    Kind.SELF_OBSERVATION: _self_observation,
    Kind.CAREGIVER: _caregiver,
    Kind.PRESCRIPTION: _prescription,
    Kind.DRUG_PROBLEM: _drug_problem,
}
_DAYS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ALLERGY_REPORT: ("recordedDate",),
    Kind.CHRONIC_REGISTER: ("registerDate", "recordedDate"),
    Kind.IMMUNIZATION: ("occurrenceDateTime",),
    Kind.REFERRAL: ("authoredOn", "occurrenceDateTime"),
    Kind.PRESCRIPTION: ("authoredOn",),
    Kind.DRUG_PROBLEM: ("recordedDate",),
}
