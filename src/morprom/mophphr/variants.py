"""Variants of a payload that are a matter of meaning, not of shape: each accepted, read as meant, and told."""

from collections.abc import Iterator
from typing import Any, cast

import msgspec
from msgspec import UNSET

from morprom.mophphr import normal
from morprom.mophphr.expected import FLAT_VITALS
from morprom.mophphr.findings import Findings, Path
from morprom.mophphr.numbers import code_of
from morprom.mophphr.payload import (
    Concept,
    Coverage,
    Encounter,
    HumanName,
    Medication,
    Part,
    Patient,
    Period,
    VitalSigns,
)

_ZERO_DATE = "0000-00-00"


def tell_patient(patient: Patient, path: Path | None, findings: Findings) -> None:
    """Variants of a Patient."""
    tell_birth_date(patient.birthDate, (path, "birthDate"), findings)
    if patient.gender not in ("male", "female", "other", "unknown", "", None, UNSET):
        findings.add("GENDER_CODE", (path, "gender"))
    nationality = code_of(patient.nationality)
    if nationality.isascii() and nationality and not (len(nationality) == 3 and nationality.isdigit()):
        findings.add("NATIONALITY_CODE", (path, "nationality"))
    if code_of(patient.maritalStatus).isdigit():
        findings.add("MARITAL_STATUS_CODE", (path, "maritalStatus"))
    for index, name in parts_in(patient.name, HumanName):
        tell_name(name, (path, "name") if index is None else ((path, "name"), index), findings)


def tell_birth_date(value: object, path: Path, findings: Findings) -> None:
    """Variants of a birth date."""
    sent = normal.text(value)
    if not sent or sent.startswith(_ZERO_DATE):
        return
    if normal.birth_date(sent) is None:
        findings.add("DATE_UNREADABLE", path)
    elif len(sent) > len("yyyy-mm-dd"):
        findings.add("DATE_WITH_TIME", path)
    _tell_era(sent, path, findings)


def tell_name(name: HumanName, path: Path, findings: Findings) -> None:
    """Variants of a name."""
    for key in ("text", "family"):
        value = getattr(name, key)
        if isinstance(value, str) and "undefined" in value:
            findings.add("NAME_UNDEFINED", (path, key))


def tell_encounter(encounter: Encounter, path: Path | None, findings: Findings) -> None:
    """Variants of an Encounter other than its identifier and class, which the reader of uploads sees to."""
    if isinstance(encounter.period, Period):
        _tell_period(encounter.period, (path, "period"), findings)
    if code_of(encounter.priority).isdigit():
        findings.add("PRIORITY_CODE", (path, "priority"))
    drinking = encounter.screen_drinking
    if isinstance(drinking, Concept) and "smok" in normal.text(drinking.system):
        findings.add("SCREEN_SYSTEM", ((path, "screen_drinking"), "system"))
    for key in ("Observations", "appointments"):
        if getattr(encounter, key) is not UNSET:
            findings.add("KEY_SPELLING", (path, key))
    _tell_vital_signs(encounter.vital_signs, (path, "vital_signs"), findings)
    for index, coverage in parts_in(encounter.Coverage, Coverage):
        if coverage.class_ is UNSET and coverage.class_group is not UNSET:
            findings.add("COVERAGE_SHORT", ((path, "Coverage"), index) if index is not None else (path, "Coverage"))
    for index, medication in parts_in(encounter.Medication, Medication):
        if medication.statement is UNSET and medication.status is not UNSET:
            findings.add(
                "MEDICATION_FLAT", ((path, "Medication"), index) if index is not None else (path, "Medication")
            )


def _tell_period(period: Period, path: Path, findings: Findings) -> None:
    for key, value in (("start", period.start), ("end", period.end)):
        if isinstance(value, str) and value and not value.startswith(_ZERO_DATE):
            if value[-1] in "Zz":
                findings.add("FALSE_ZONE", (path, key))
            _tell_era(value, (path, key), findings)
            if key == "end" and normal.local_time(value) is None:
                findings.add("DATE_UNREADABLE", (path, key))


def tell_time(value: object, path: Path, findings: Findings) -> None:
    """Variants of a time or a day; texts that stand for nothing are told with the part that they are in."""
    sent = normal.text(value)
    if not sent or sent.startswith(_ZERO_DATE):
        return
    if sent[-1] in "Zz":
        findings.add("FALSE_ZONE", path)
    _tell_era(sent, path, findings)
    if normal.local_time(value) is None:
        findings.add("DATE_UNREADABLE", path)


def _tell_era(sent: str, path: Path, findings: Findings) -> None:
    year = sent[:4]
    if year.isdecimal() and int(year) > normal.FIRST_BUDDHIST_YEAR:
        findings.add("BUDDHIST_YEAR", path)


def _tell_vital_signs(value: object, path: Path, findings: Findings) -> None:
    for index, signs in parts_in(value, VitalSigns):
        at = path if index is None else (path, index)
        if signs.again is not UNSET:
            findings.add("VITAL_SIGNS_REPEATED", (at, "0"))
        if any(getattr(signs, key) is not UNSET for key in FLAT_VITALS):
            findings.add("VITAL_SIGNS_FLAT", at)


def parts_in(value: object, kind: type[Any]) -> Iterator[tuple[int | None, Any]]:
    """The parts in a field that holds one (None) or many (with their index)."""
    if isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            if isinstance(item, kind):
                yield index, item
    elif isinstance(value, kind):
        yield None, value


def tell_texts(raw: bytes, part: Part, path: Path | None, findings: Findings) -> None:
    """Texts that stand for nothing, "null" and zero dates, in any field that is read. Most parts have none."""
    if _has_empty_text(raw):
        for key, value in zip(part.__struct_encode_fields__, msgspec.structs.astuple(part), strict=True):
            _tell_texts_in(value, (path, key), findings)


def _has_empty_text(raw: bytes) -> bool:
    return b"0000-00-00" in raw or b'"null"' in raw


def _tell_texts_in(value: object, path: Path, findings: Findings) -> None:
    """Encoding a value again and searching that is quicker than looking into each: few hold what is looked for."""
    if isinstance(value, str):
        if value == "null":
            findings.add("TEXT_NULL", path)
        elif value.startswith(_ZERO_DATE):
            findings.add("ZERO_DATE", path)
    elif isinstance(value, Part):
        tell_texts(msgspec.json.encode(value), value, path, findings)
    elif isinstance(value, list) and _has_empty_text(msgspec.json.encode(value)):
        for index, item in enumerate(cast("list[object]", value)):
            if findings.is_full:
                return
            _tell_texts_in(item, (path, index), findings)
