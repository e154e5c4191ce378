"""Values of an upload: what was read, what was found odd, why it was refused.

Values that hold personal data hide it from repr; `content` is JSON as the sender wrote it, without white space.
"""

from datetime import date
from typing import Literal

import msgspec

from morprom.kernel import Hcode

Severity = Literal["error", "warning", "information"]
Scheme = Literal["cid", "local", "hn", "passport"]


class Finding(msgspec.Struct, frozen=True):
    """Something odd at `path`, a JSON pointer (RFC 6901) into what was sent. Encodes as one `processing_issue`.

    For a missing key the pointer names where it should have been.
    """

    severity: Severity
    path: str
    code: str
    th: str = msgspec.field(name="text_th")
    en: str = msgspec.field(name="text_en")


class PersonNumber(msgspec.Struct, frozen=True):
    """A number that names a person. All schemes but `cid` mean something at the sending hospital only."""

    scheme: Scheme
    value: str

    def __repr__(self) -> str:
        return f"PersonNumber({self.scheme}, …)"


class VisitPart(msgspec.Struct, frozen=True):
    """One visit: `ref` is `hcode:ref`, `day` the local day of `period.start`, `content` the Encounter object."""

    ref: str
    day: date
    is_inpatient: bool
    content: bytes

    def __repr__(self) -> str:
        return f"VisitPart({len(self.content)} bytes)"


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A whole UpdatePHRv1 payload.

    The first of `identifiers` is the person's key: a `cid`, or a `local` number that the hospital made up.
    `patient` is the top level without Encounter and AllergyIntolerance; `allergies` the array, None when absent or
    empty. `is_whole_history`: visits of that hospital which are not in `visits` are to be removed.
    """

    hcode: Hcode
    identifiers: tuple[PersonNumber, ...]
    patient: bytes
    visits: tuple[VisitPart, ...]
    allergies: bytes | None
    is_whole_history: bool
    agent: str
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        return f"Upload({self.hcode}, {len(self.visits)} visits, {len(self.findings)} findings)"


class Rejected(msgspec.Struct, frozen=True):
    """Nothing of the body can be stored. `status` is the HTTP status; `faults` are all of them, not the first."""

    status: Literal[400, 413, 422]
    faults: tuple[Finding, ...]


class DayCount(msgspec.Struct, frozen=True):
    """One day as the hospital itself counts it; None is a count that was not sent."""

    day: date
    opd_encounters: int | None
    ipd_encounters: int | None
    ipd_discharges: int | None


class CountsUpload(msgspec.Struct, frozen=True):
    """An OrgEncounterSummary payload: the last row of a day counts."""

    hcode: Hcode
    days: tuple[DayCount, ...]
    findings: tuple[Finding, ...]
