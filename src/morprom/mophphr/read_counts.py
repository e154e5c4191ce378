# ruff: noqa: N815 (field names are the keys of the wire, verbatim)
"""Reads an OrgEncounterSummary body: how many visits a hospital itself counts a day (wire protocol, section 3)."""

from msgspec import UNSET, UnsetType

from morprom.mophphr import normal
from morprom.mophphr.body import read_object
from morprom.mophphr.findings import Findings, Path
from morprom.mophphr.identity import read_hospital
from morprom.mophphr.lenient import decode_leniently
from morprom.mophphr.model import CountsUpload, DayCount, Rejected
from morprom.mophphr.payload import Organization, Part, Scalar, Text

MOST_DAYS = 31
MOST_A_DAY = 1_000_000
"""More visits than any hospital has: such a count is a slip."""


class Day(Part):
    period_start: Text = UNSET
    opd_encounter_count: Text = UNSET
    ipd_encounter_count: Text = UNSET
    ipd_discharge_count: Text = UNSET
    opd_count: Text = UNSET
    ipd_count: Text = UNSET


class Summary(Part):
    managingOrganization: Organization | Scalar | UnsetType = UNSET
    EncounterSummary: list[Day | Scalar] | Day | Scalar | UnsetType = UNSET


def read_counts_upload(body: bytes, *, nesting_limit: int = 64) -> CountsUpload | Rejected:
    """The counts in `body`, or every reason why they cannot be stored. `opd_count`, `ipd_count` are older names."""
    findings = Findings()
    minified = read_object(body, nesting_limit, findings)
    if isinstance(minified, Rejected):
        return minified
    summary, misfits = decode_leniently(minified, Summary)
    for steps in misfits:
        path: Path | None = None
        for step in steps:
            path = (path, step)
        findings.add("WRONG_TYPE", path)
    sent = summary.managingOrganization
    organization = sent if isinstance(sent, Organization) else Organization()
    hcode = read_hospital(organization, (None, "managingOrganization"), findings)
    days = _days(summary, findings)
    if hcode is None or findings.faults:
        return Rejected(422, findings.faults, findings.told)
    return CountsUpload(hcode, tuple({day.day: day for day in days}.values()), findings.told)


def _days(summary: Summary, findings: Findings) -> list[DayCount]:
    path: Path = (None, "EncounterSummary")
    sent = summary.EncounterSummary
    if sent is UNSET:
        findings.add("MISSING_KEY", path)
    if isinstance(sent, Day):
        findings.add("OBJECT_FOR_LIST", path)
        return [day for day in (_day(sent, path, findings),) if day is not None]
    items = sent if isinstance(sent, list) else []
    if len(items) > MOST_DAYS:
        findings.add("TOO_MANY_DAYS", path)
        return []
    days = [_day(item, (path, index), findings) for index, item in enumerate(items)]
    return [day for day in days if day is not None]


def _day(item: Day | Scalar, path: Path, findings: Findings) -> DayCount | None:
    start = normal.birth_date(item.period_start) if isinstance(item, Day) else None
    if start is None or not isinstance(item, Day):
        findings.add("DAY_MISSING", (path, "period_start"))
        return None
    return DayCount(
        start,
        _count(item, "opd_encounter_count", "opd_count", path, findings),
        _count(item, "ipd_encounter_count", "ipd_count", path, findings),
        _count(item, "ipd_discharge_count", "", path, findings),
    )


def _count(item: Day, key: str, older: str, path: Path, findings: Findings) -> int | None:
    value: object = getattr(item, key)
    if value is UNSET and older and getattr(item, older) is not UNSET:
        findings.add("KEY_SPELLING", (path, older))
        key, value = older, getattr(item, older)
    if value is UNSET:
        findings.add("MISSING_KEY", (path, key))
    if value is UNSET or value is None:
        return None
    count = normal.number(value)
    if count is None or count != int(count) or not 0 <= count <= MOST_A_DAY:
        findings.add("WRONG_TYPE", (path, key))
        return None
    return int(count)
